// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/varint.h"

namespace mf {

void appendVarint(QByteArray &out, std::uint64_t value)
{
    while (value >= 0x80) {
        out.append(static_cast<char>(static_cast<std::uint8_t>(value) | 0x80));
        value >>= 7;
    }
    out.append(static_cast<char>(value));
}

std::optional<std::uint64_t> takeVarint(ByteView &bytes)
{
    constexpr std::size_t kLongest = 9;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < std::min(bytes.size(), kLongest); ++i) {
        const std::uint8_t byte = bytes[i];
        value |= static_cast<std::uint64_t>(byte & 0x7F) << (7 * i);
        if ((byte & 0x80) == 0) {
            if (byte == 0 && i > 0)
                return std::nullopt; // not minimal
            bytes = bytes.subspan(i + 1);
            return value;
        }
    }
    return std::nullopt;
}

} // namespace mf
