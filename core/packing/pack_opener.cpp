// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/sha256.h"
#include "core/packing/pack_parts.h"

#include <optional>

namespace mf {
namespace {
Error corruptRecord(const PackId &pack, std::size_t number, const QString &what)
{
    const QString place = QStringLiteral("piece ") + QString::number(number) + u' ' + what;
    return corruptPack(place, &pack).with(QStringLiteral("record"), QString::number(number));
}

std::size_t sizeOf(std::span<const ByteView> parts)
{
    std::size_t size = 0;
    for (const ByteView part : parts)
        size += part.size();
    return size;
}
} // namespace

struct PackOpener::State {
    PackId id;
    std::optional<Aead> aead; // none if no epoch fits
    ChunkCodec codec;
    std::vector<std::uint8_t> scratch;

    Result<> open(
        std::size_t number, const Record &record, std::span<const ByteView> sealed, MutableBytes plain, bool verify);
};

PackOpener::PackOpener(const KeyRing &ring, const PackId &id, ByteView salt, const Sha256 &commitment)
    : m_state(std::make_unique<State>())
{
    m_state->id = id;
    const auto &epochs = ring.epochs();
    for (auto epoch = epochs.rbegin(); epoch != epochs.rend() && !m_state->aead; ++epoch) {
        const DerivedKey key = KeyRing::derive(epoch->master, salt, kPackKeyType, id.view());
        if (equalConstantTime(key.commitment.view(), commitment.view()))
            m_state->aead.emplace(key.key);
    }
}

PackOpener::~PackOpener() = default;

bool PackOpener::isValid() const { return m_state->aead.has_value(); }

Result<> PackOpener::State::open(
    std::size_t number, const Record &record, std::span<const ByteView> sealed, MutableBytes plain, bool verify)
{
    if (!aead)
        return corruptPack(QStringLiteral("no key of this library fits it"), &id);
    if (sizeOf(sealed) != record.encodedLength + Aead::kTag || plain.size() != record.plainLength)
        return corruptRecord(id, number, QStringLiteral("has a wrong length"));
    const bool isRaw = record.codec == Codec::Raw && record.encodedLength == record.plainLength;
    MutableBytes encoded = plain;
    if (!isRaw) {
        if (scratch.size() < record.encodedLength)
            scratch.resize(record.encodedLength);
        encoded = MutableBytes(scratch).first(record.encodedLength);
    }
    const QByteArray aad = recordAad(id, number, record);
    if (!aead->open(Aead::counter(number), viewOf(aad), sealed, encoded))
        return corruptRecord(id, number, QStringLiteral("is not what was written"));
    if (!isRaw) {
        const Result<> decoded = codec.decode(record.codec, encoded, plain);
        if (!decoded && decoded.error().kind != Error::Kind::Corrupt)
            return decoded.error();
        if (!decoded)
            return corruptRecord(id, number, QStringLiteral("cannot be decoded"));
    }
    if (verify && sha256(plain).bytes != record.hash.bytes)
        return corruptRecord(id, number, QStringLiteral("has other contents than its name says"));
    return {};
}

Result<> PackOpener::openRecord(
    std::size_t number, const Record &record, ByteView sealed, MutableBytes plain, bool verify)
{
    return openRecord(number, record, std::span(&sealed, 1), plain, verify);
}

Result<> PackOpener::openRecord(
    std::size_t number, const Record &record, std::span<const ByteView> sealed, MutableBytes plain, bool verify)
{
    Result<> opened = m_state->open(number, record, sealed, plain, verify);
    if (!opened && !plain.empty())
        std::memset(plain.data(), 0, plain.size());
    return opened;
}

Result<QByteArray> PackOpener::decryptRecord(std::size_t number, const Record &record, std::span<const ByteView> sealed)
{
    if (!m_state->aead || sizeOf(sealed) != record.encodedLength + Aead::kTag)
        return corruptRecord(m_state->id, number, QStringLiteral("has a wrong length"));
    QByteArray encoded(static_cast<qsizetype>(record.encodedLength), Qt::Uninitialized);
    const QByteArray aad = recordAad(m_state->id, number, record);
    if (!m_state->aead->open(Aead::counter(number), viewOf(aad), sealed, mutableViewOf(encoded)))
        return corruptRecord(m_state->id, number, QStringLiteral("is not what was written"));
    return encoded;
}

Result<PackFooter> PackOpener::openFooter(ByteView sealed, qint64 payloadLength)
{
    std::array<std::uint8_t, kFooterPlain> plain {};
    const QByteArray aad = partAad("mf1 footer", m_state->id);
    if (!m_state->aead || sealed.size() != static_cast<std::size_t>(kFooterSize)
        || !m_state->aead->open(Aead::counter(kFooterNonce), viewOf(aad), sealed, plain))
        return corruptPack(QStringLiteral("its footer is not what was written"), &m_state->id);
    if (loadLe<std::uint16_t>(plain.data() + 12) != kPackVersion)
        return Error(Error::Kind::Unsupported, QStringLiteral("MF-PACK-VERSION"),
            QStringLiteral("A pack was written by a newer version of ModelFloat; update it"));
    PackFooter footer;
    footer.directoryOffset = loadLe<std::uint32_t>(plain.data());
    footer.directoryLength = loadLe<std::uint32_t>(plain.data() + 4);
    footer.recordCount = loadLe<std::uint32_t>(plain.data() + 8);
    const qint64 end = footer.directoryOffset + footer.directoryLength + qint64(Aead::kTag) + kFooterSize;
    if (end != payloadLength || footer.recordCount > kMaxRecords || loadLe<std::uint16_t>(plain.data() + 14) != 0)
        return corruptPack(QStringLiteral("its footer contradicts its length"), &m_state->id);
    return footer;
}

Result<std::vector<Record>> PackOpener::openDirectory(const PackFooter &footer, ByteView sealed)
{
    if (!m_state->aead || sealed.size() != static_cast<std::size_t>(footer.directoryLength) + Aead::kTag)
        return corruptPack(QStringLiteral("its directory has a wrong length"), &m_state->id);
    QByteArray plain(footer.directoryLength, Qt::Uninitialized);
    const QByteArray aad = partAad("mf1 directory", m_state->id);
    if (!m_state->aead->open(Aead::counter(kDirectoryNonce), viewOf(aad), sealed, mutableViewOf(plain)))
        return corruptPack(QStringLiteral("its directory is not what was written"), &m_state->id);
    Result<std::vector<Record>> records = decodeDirectory(viewOf(plain));
    if (!records)
        return records;
    if (records->size() != footer.recordCount || recordOffset(*records, records->size()) != footer.directoryOffset)
        return corruptPack(QStringLiteral("its directory contradicts its footer"), &m_state->id);
    return records;
}

Result<std::vector<Record>> PackOpener::readDirectory(ByteView payload)
{
    if (payload.size() < static_cast<std::size_t>(kFooterSize))
        return corruptPack(QStringLiteral("it is too short"), &m_state->id);
    const Result<PackFooter> footer = openFooter(payload.last(kFooterSize), static_cast<qint64>(payload.size()));
    if (!footer)
        return footer.error();
    const auto offset = static_cast<std::size_t>(footer->directoryOffset);
    const auto length = static_cast<std::size_t>(footer->directoryLength) + Aead::kTag;
    return openDirectory(*footer, payload.subspan(offset, length));
}

} // namespace mf
