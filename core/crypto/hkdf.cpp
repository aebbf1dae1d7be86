// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/hkdf.h"

#include "core/crypto/secret.h"
#include "core/crypto/sha256.h"

#include <algorithm>
#include <vector>

namespace mf {

void hkdfSha256(ByteView secret, ByteView salt, ByteView info, MutableBytes out)
{
    Q_ASSERT(out.size() <= 255 * Sha256::size());
    // An absent salt is 32 zero bytes in RFC 5869; HMAC pads an empty key to the same.
    Sha256 pseudoRandomKey = hmacSha256(salt, secret);

    // T(i) = HMAC(PRK, T(i-1) || info || i); `message` keeps the room for T(i-1) at its front.
    std::vector<std::uint8_t> message(Sha256::size() + info.size() + 1);
    std::copy(info.begin(), info.end(), message.begin() + Sha256::size());
    Sha256 block;
    for (std::uint8_t number = 1; !out.empty(); ++number) {
        message.back() = number;
        const ByteView whole = message;
        block = hmacSha256(pseudoRandomKey.view(), number == 1 ? whole.subspan(Sha256::size()) : whole);
        std::copy(block.bytes.begin(), block.bytes.end(), message.begin());
        const std::size_t part = std::min(out.size(), block.bytes.size());
        std::copy_n(block.bytes.begin(), part, out.begin());
        out = out.subspan(part);
    }
    wipe(message);
    wipe(block.bytes);
    wipe(pseudoRandomKey.bytes);
}

} // namespace mf
