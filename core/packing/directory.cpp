// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/packing/pack_parts.h"

#include <algorithm>

namespace mf {
namespace {
constexpr std::size_t kFixed = 32 + 3 + 3 + 1;
constexpr std::uint8_t kHasParameters = 0x80;

void append24(QByteArray &bytes, std::uint32_t value)
{
    for (int shift = 0; shift < 24; shift += 8)
        bytes.append(static_cast<char>(value >> shift));
}

std::uint32_t load24(const std::uint8_t *bytes)
{
    return bytes[0] | (std::uint32_t(bytes[1]) << 8) | (std::uint32_t(bytes[2]) << 16);
}

// A varint of at most 255, shortest form only, nothing for zero: one way to write each directory.
std::optional<std::size_t> takeParameterLength(ByteView bytes, std::size_t &at)
{
    if (at >= bytes.size())
        return std::nullopt;
    std::size_t length = bytes[at++];
    if (length >= 0x80) {
        if (at >= bytes.size() || bytes[at] != 1)
            return std::nullopt;
        length = 0x80 | (length & 0x7f);
        ++at;
    }
    if (length == 0 || length > bytes.size() - at)
        return std::nullopt;
    return length;
}
} // namespace

Error corruptPack(const QString &what, const PackId *pack)
{
    QString where = QStringLiteral("A pack");
    if (pack)
        where += u' ' + pack->toHex();
    Error error(Error::Kind::Corrupt, QStringLiteral("MF-PACK-CORRUPT"),
        where + QStringLiteral(" is damaged: ") + what
            + QStringLiteral("; run a check, which repairs it from the other fragments"));
    if (pack)
        error.parameters.insert(QStringLiteral("pack"), pack->toHex());
    return error;
}

qint64 directoryLength(std::span<const Record> records)
{
    qint64 length = 0;
    for (const Record &record : records) {
        const qint64 parameters = record.parameters.size();
        length += static_cast<qint64>(kFixed) + parameters + (parameters == 0 ? 0 : parameters < 0x80 ? 1 : 2);
    }
    return length;
}

QByteArray encodeDirectory(std::span<const Record> records)
{
    QByteArray bytes;
    bytes.reserve(directoryLength(records));
    for (const Record &record : records) {
        Q_ASSERT(record.encodedLength < (1U << 24) && record.plainLength < (1U << 24));
        const auto length = static_cast<std::size_t>(record.parameters.size());
        Q_ASSERT(length <= 255);
        bytes.append(reinterpret_cast<const char *>(record.hash.bytes.data()), ChunkHash::size());
        append24(bytes, record.encodedLength);
        append24(bytes, record.plainLength);
        const unsigned codec = static_cast<unsigned>(record.codec);
        bytes.append(static_cast<char>(length > 0 ? codec | kHasParameters : codec));
        if (length >= 0x80)
            bytes.append(static_cast<char>((length & 0x7f) | 0x80));
        if (length > 0)
            bytes.append(static_cast<char>(length >= 0x80 ? 1 : length));
        bytes.append(record.parameters);
    }
    return bytes;
}

Result<std::vector<Record>> decodeDirectory(ByteView bytes)
{
    std::vector<Record> records;
    records.reserve(std::min(bytes.size() / kFixed, kMaxRecords));
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (bytes.size() - at < kFixed || records.size() == kMaxRecords)
            return corruptPack(QStringLiteral("its directory has a wrong length"));
        Record record;
        const std::uint8_t *fields = bytes.data() + at;
        record.hash = ChunkHash(bytes.subspan(at, ChunkHash::size()));
        record.encodedLength = load24(fields + 32);
        record.plainLength = load24(fields + 35);
        record.codec = static_cast<Codec>(fields[38] & ~kHasParameters);
        at += kFixed;
        if (record.plainLength > Chunker::kLargest || record.encodedLength > record.plainLength)
            return corruptPack(QStringLiteral("its directory names a piece that is too long"));
        if (fields[38] & kHasParameters) {
            const std::optional<std::size_t> length = takeParameterLength(bytes, at);
            if (!length)
                return corruptPack(QStringLiteral("its directory ends early"));
            record.parameters = toByteArray(bytes.subspan(at, *length));
            at += *length;
        }
        records.push_back(std::move(record));
    }
    return records;
}

qint64 payloadLengthOf(std::span<const Record> records)
{
    return recordOffset(records, records.size()) + directoryLength(records) + qint64(Aead::kTag) + kFooterSize;
}

qint64 recordOffset(std::span<const Record> records, std::size_t record)
{
    qint64 offset = 0;
    for (std::size_t i = 0; i < record; ++i)
        offset += records[i].encodedLength + qint64(Aead::kTag);
    return offset;
}

} // namespace mf
