// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/cid.h"

#include <algorithm>
#include <vector>

namespace mf {

namespace {

constexpr std::uint64_t kSha256Code = 0x12;
constexpr std::size_t kLongestDigest = 128;
constexpr qsizetype kLongestText = 512; // a digest of 128 bytes in base16, and more

constexpr const char *kBase58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr const char *kBase36 = "0123456789abcdefghijklmnopqrstuvwxyz";

// Digits of a large number in one base to digits in another, most significant first, without leading zeros.
std::vector<std::uint8_t> convert(const std::vector<std::uint8_t> &digits, unsigned from, unsigned to)
{
    std::vector<std::uint8_t> result; // least significant first
    for (const auto digit : digits) {
        unsigned carry = digit;
        for (auto &place : result) {
            carry += place * from;
            place = static_cast<std::uint8_t>(carry % to);
            carry /= to;
        }
        for (; carry > 0; carry /= to)
            result.push_back(static_cast<std::uint8_t>(carry % to));
    }
    std::ranges::reverse(result);
    return result;
}

// Each zero byte in front is a zero digit in front, in both directions.
QString encodeNumber(ByteView bytes, const char *alphabet)
{
    const auto base = static_cast<unsigned>(std::strlen(alphabet));
    const auto first = std::ranges::find_if(bytes, [](std::uint8_t b) { return b != 0; });
    QString text(first - bytes.begin(), QLatin1Char(alphabet[0]));
    for (const auto digit : convert({ first, bytes.end() }, 256, base))
        text.append(QLatin1Char(alphabet[digit]));
    return text;
}

std::optional<QByteArray> decodeNumber(QStringView text, const char *alphabet)
{
    const QLatin1String letters(alphabet);
    std::vector<std::uint8_t> digits;
    for (const QChar c : text) {
        const qsizetype digit = letters.indexOf(c);
        if (digit < 0)
            return std::nullopt;
        digits.push_back(static_cast<std::uint8_t>(digit));
    }
    const auto first = std::ranges::find_if(digits, [](std::uint8_t d) { return d != 0; });
    QByteArray bytes(first - digits.begin(), '\0');
    const auto rest = convert({ first, digits.end() }, static_cast<unsigned>(letters.size()), 256);
    return bytes.append(toByteArray(rest));
}

std::optional<QByteArray> decodeBase64(QStringView text, QByteArray::Base64Options alphabet)
{
    const auto options = alphabet | QByteArray::OmitTrailingEquals | QByteArray::AbortOnBase64DecodingErrors;
    const QByteArray plain = text.toLatin1();
    const auto result = QByteArray::fromBase64Encoding(plain, options);
    // Encoded again it must be the same: only then was no bit of it ignored.
    if (!result || result.decoded.toBase64(alphabet | QByteArray::OmitTrailingEquals) != plain)
        return std::nullopt;
    return result.decoded;
}

std::optional<QByteArray> decodeMultibase(QStringView text)
{
    const QStringView rest = text.mid(1);
    switch (text.front().unicode()) {
    case 'b':
        return rest.toString() == rest.toString().toLower() ? fromBase32(rest) : std::nullopt;
    case 'B':
        return rest.toString() == rest.toString().toUpper() ? fromBase32(rest.toString().toLower()) : std::nullopt;
    case 'f':
    case 'F':
        return fromHex(rest.toString().toLower());
    case 'z':
        return decodeNumber(rest, kBase58);
    case 'k':
        return decodeNumber(rest, kBase36);
    case 'K':
        return decodeNumber(rest.toString().toLower(), kBase36);
    case 'm':
        return decodeBase64(rest, QByteArray::Base64Encoding);
    case 'u':
        return decodeBase64(rest, QByteArray::Base64UrlEncoding);
    default:
        return std::nullopt;
    }
}

bool isMultihash(ByteView bytes)
{
    const auto code = takeVarint(bytes);
    const auto length = code ? takeVarint(bytes) : std::nullopt;
    if (!length || *length != bytes.size() || bytes.size() > kLongestDigest)
        return false;
    return code != kSha256Code || bytes.size() == Sha256::size();
}

} // namespace

Cid Cid::ofSha256(std::uint64_t codec, const Sha256 &digest, int version)
{
    Cid cid;
    cid.version = version;
    cid.codec = codec;
    appendVarint(cid.multihash, kSha256Code);
    appendVarint(cid.multihash, Sha256::size());
    cid.multihash.append(digest.toByteArray());
    return cid;
}

std::optional<Cid> Cid::fromBytes(ByteView bytes)
{
    Cid cid;
    if (bytes.size() == 34 && bytes[0] == kSha256Code && bytes[1] == 32) {
        cid.version = 0;
        cid.codec = kDagPb;
        cid.multihash = toByteArray(bytes);
        return cid;
    }
    const auto version = takeVarint(bytes);
    const auto codec = version == 1 ? takeVarint(bytes) : std::nullopt;
    if (!codec || !isMultihash(bytes))
        return std::nullopt;
    cid.codec = *codec;
    cid.multihash = toByteArray(bytes);
    return cid;
}

std::optional<Cid> Cid::parse(QStringView text)
{
    if (text.size() < 2 || text.size() > kLongestText)
        return std::nullopt;
    const bool isVersion0 = text.size() == 46 && text.startsWith(QLatin1String("Qm"));
    const auto bytes = isVersion0 ? decodeNumber(text, kBase58) : decodeMultibase(text);
    if (!bytes)
        return std::nullopt;
    auto cid = fromBytes(viewOf(*bytes));
    // Version 0 has no multibase form.
    if (cid && (cid->version == 0) != isVersion0)
        return std::nullopt;
    return cid;
}

QByteArray Cid::bytes() const
{
    if (version == 0)
        return multihash;
    QByteArray out;
    appendVarint(out, 1);
    appendVarint(out, codec);
    return out.append(multihash);
}

QString Cid::toString() const
{
    if (version == 0)
        return encodeNumber(viewOf(multihash), kBase58);
    return u'b' + toBase32(viewOf(bytes()));
}

std::optional<Sha256> Cid::sha256() const
{
    if (multihash.size() != 34 || !multihash.startsWith("\x12\x20"))
        return std::nullopt;
    return Sha256(viewOf(multihash).subspan(2));
}

QString toBase58Text(const Cid &cid) { return u'z' + encodeNumber(viewOf(cid.bytes()), kBase58); }

QString toBase36Text(const Cid &cid) { return u'k' + encodeNumber(viewOf(cid.bytes()), kBase36); }

} // namespace mf
