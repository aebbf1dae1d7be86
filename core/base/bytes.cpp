// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"

#include <algorithm>

namespace mf {
namespace {
constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

int valueOf(QChar c)
{
    const char16_t u = c.unicode();
    if (u >= u'a' && u <= u'z')
        return u - u'a';
    if (u >= u'2' && u <= u'7')
        return u - u'2' + 26;
    return -1;
}
} // namespace

QString toBase32(ByteView bytes)
{
    QString text;
    text.reserve(static_cast<qsizetype>((bytes.size() * 8 + 4) / 5));
    std::uint32_t bits = 0;
    int count = 0;
    for (const std::uint8_t byte : bytes) {
        bits = (bits << 8) | byte;
        count += 8;
        while (count >= 5) {
            count -= 5;
            text += QLatin1Char(kAlphabet[(bits >> count) & 31]);
        }
        bits &= (1U << count) - 1;
    }
    if (count > 0)
        text += QLatin1Char(kAlphabet[(bits << (5 - count)) & 31]);
    return text;
}

std::optional<QByteArray> fromBase32(QStringView text)
{
    QByteArray bytes;
    bytes.reserve(text.size() * 5 / 8);
    std::uint32_t bits = 0;
    int count = 0;
    for (const QChar c : text) {
        const int value = valueOf(c);
        if (value < 0)
            return std::nullopt;
        bits = (bits << 5) | static_cast<std::uint32_t>(value);
        count += 5;
        if (count >= 8) {
            count -= 8;
            bytes.append(static_cast<char>(bits >> count));
            bits &= (1U << count) - 1;
        }
    }
    if (count >= 5 || bits != 0)
        return std::nullopt;
    return bytes;
}

QString toHex(ByteView bytes) { return QString::fromLatin1(toByteArray(bytes).toHex()); }

std::optional<QByteArray> fromHex(QStringView text)
{
    if (text.size() % 2 != 0)
        return std::nullopt;
    const auto isDigit = [](QChar c) {
        const char16_t u = c.unicode();
        return (u >= u'0' && u <= u'9') || (u >= u'a' && u <= u'f') || (u >= u'A' && u <= u'F');
    };
    if (!std::all_of(text.begin(), text.end(), isDigit))
        return std::nullopt;
    return QByteArray::fromHex(text.toLatin1());
}

bool isZero(ByteView bytes)
{
    return bytes.empty() || (bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

} // namespace mf
