// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/tar.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <numeric>
#include <optional>

namespace mf {
namespace {

// Fields of a header block (POSIX.1-2001, pax, "ustar Interchange Format").
constexpr std::size_t kName = 0, kNameLength = 100;
constexpr std::size_t kSize = 124, kSizeLength = 12;
constexpr std::size_t kChecksum = 148, kChecksumLength = 8;
constexpr std::size_t kType = 156;
constexpr qint64 kLongestExtension = 64 << 10; // a pax header that is longer is not searched for a size

std::optional<qint64> octal(ByteView field)
{
    qint64 value = 0;
    bool any = false;
    for (const std::uint8_t c : field) {
        if (c == ' ' && !any)
            continue;
        if (c == ' ' || c == 0)
            break;
        if (c < '0' || c > '7' || value > std::numeric_limits<qint64>::max() / 8)
            return std::nullopt;
        value = value * 8 + (c - '0');
        any = true;
    }
    return any ? std::optional(value) : std::nullopt;
}

// GNU: a set high bit says that the rest is a number, most significant byte first.
std::optional<qint64> sizeIn(ByteView block)
{
    const ByteView field = block.subspan(kSize, kSizeLength);
    if ((field[0] & 0x80) == 0)
        return octal(field);
    qint64 value = field[0] & 0x7f;
    for (const std::uint8_t byte : field.subspan(1)) {
        if (value > std::numeric_limits<qint64>::max() >> 8)
            return std::nullopt;
        value = value << 8 | byte;
    }
    return value;
}

bool isHeader(ByteView block)
{
    const auto told = octal(block.subspan(kChecksum, kChecksumLength));
    const auto sum = [block](std::size_t from, std::size_t length) {
        return std::accumulate(block.begin() + static_cast<std::ptrdiff_t>(from),
            block.begin() + static_cast<std::ptrdiff_t>(from + length), qint64(0));
    };
    const std::size_t rest = kChecksum + kChecksumLength;
    return told == sum(0, kChecksum) + qint64(kChecksumLength) * ' ' + sum(rest, kTarBlock - rest);
}

// "size" of a pax header, whose records are "LENGTH KEY=VALUE\n".
std::optional<qint64> paxSize(QByteArrayView records)
{
    std::optional<qint64> size;
    while (!records.isEmpty()) {
        qsizetype length = 0;
        const auto number = std::from_chars(records.begin(), records.end(), length);
        if (number.ec != std::errc() || length <= number.ptr - records.begin() || length > records.size())
            break;
        QByteArrayView record = records.first(length).sliced(number.ptr - records.begin());
        records = records.sliced(length);
        static constexpr QByteArrayView key(" size=");
        qint64 value = 0;
        if (record.startsWith(key)
            && std::from_chars(record.begin() + key.size(), record.end(), value).ec == std::errc() && value >= 0)
            size = value;
    }
    return size;
}

} // namespace

bool looksLikeTar(ByteView head) { return head.size() >= kTarBlock && isHeader(head.first(kTarBlock)); }

std::vector<TarMember> readTar(const ByteSource &source)
{
    constexpr auto block = static_cast<qint64>(kTarBlock);
    std::vector<TarMember> members;
    std::array<std::uint8_t, kTarBlock> header {};
    std::optional<qint64> extended; // the size that a pax header gave for what follows it
    qint64 at = 0;
    for (std::size_t seen = 0; seen < kMostTarMembers && source.size() - at >= block; ++seen) {
        if (!source.readAt(at, header) || !isHeader(header))
            break; // two blocks of zeros end a tar
        const auto type = static_cast<char>(header[kType]);
        const bool isExtension = type == 'x' || type == 'g' || type == 'L' || type == 'K';
        auto size = sizeIn(header);
        if (extended && !isExtension)
            size = std::exchange(extended, std::nullopt);
        at += block;
        if (!size || *size < 0 || *size > source.size() - at)
            break;
        if (type == 'x' && *size <= kLongestExtension) {
            QByteArray records(static_cast<qsizetype>(*size), Qt::Uninitialized);
            if (!source.readAt(at, mutableViewOf(records)))
                break;
            extended = paxSize(records);
        } else if ((type == '0' || type == 0 || type == '7') && *size > 0) {
            const auto *name = reinterpret_cast<const char *>(header.data() + kName);
            members.push_back(
                { QString::fromUtf8(name, static_cast<qsizetype>(qstrnlen(name, kNameLength))), at, *size });
        }
        at += *size + (block - *size % block) % block;
        if (at > source.size())
            break;
    }
    return members;
}

} // namespace mf
