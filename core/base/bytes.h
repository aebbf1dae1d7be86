// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Bytes in memory and the small text forms of them.

#include <QByteArray>
#include <QString>

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

namespace mf {

using ByteView = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

inline ByteView viewOf(const QByteArray &bytes)
{
    return { reinterpret_cast<const std::uint8_t *>(bytes.constData()), static_cast<std::size_t>(bytes.size()) };
}
// Detaches a shared array.
inline MutableBytes mutableViewOf(QByteArray &bytes)
{
    return { reinterpret_cast<std::uint8_t *>(bytes.data()), static_cast<std::size_t>(bytes.size()) };
}
inline QByteArray toByteArray(ByteView bytes)
{
    return { reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size()) };
}

// RFC 4648 base32, lower case, no padding: 32 bytes -> 52 characters.
QString toBase32(ByteView bytes);
// Strict inverse: nothing for a wrong character, length or non-zero spare bits.
std::optional<QByteArray> fromBase32(QStringView text);

QString toHex(ByteView bytes);
std::optional<QByteArray> fromHex(QStringView text);

// Little-endian integers at the front of a buffer that is long enough.
template <typename T> T loadLe(const std::uint8_t *bytes)
{
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
        value = static_cast<T>(value | (static_cast<T>(bytes[i]) << (8 * i)));
    return value;
}
template <typename T> void storeLe(std::uint8_t *bytes, T value)
{
    for (std::size_t i = 0; i < sizeof(T); ++i)
        bytes[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

// True if all bytes are zero.
bool isZero(ByteView bytes);

} // namespace mf
