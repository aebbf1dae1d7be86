// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/scrypt.h"

#include <openssl/evp.h>

namespace mf {

bool isBearable(const ScryptCost &cost)
{
    constexpr int kMostLog2N = 22;
    constexpr std::uint64_t kMostWork = 16 * (std::uint64_t(1) << 17) * 8;
    if (cost.log2N < 1 || cost.log2N > kMostLog2N || cost.r < 1 || cost.r > 255 || cost.p < 1 || cost.p > 255)
        return false;
    if (static_cast<unsigned>(cost.log2N) >= 16 * cost.r) // RFC 7914, section 2: N < 2^(128 r / 8)
        return false;
    const std::uint64_t rounds = std::uint64_t(1) << cost.log2N;
    // The table of 128 r N bytes is what counts; the rest is a few MiB at the very most.
    return rounds * 128 * cost.r <= kScryptMostMemory && rounds * cost.r * cost.p <= kMostWork;
}

bool scrypt(ByteView passphrase, ByteView salt, const ScryptCost &cost, MutableBytes out)
{
    if (!isBearable(cost))
        return false;
    // OpenSSL counts the working buffers too: at most 128 r (p + 2) bytes and some.
    constexpr std::uint64_t kMargin = std::uint64_t(16) << 20;
    const std::uint64_t rounds = std::uint64_t(1) << cost.log2N;
    return EVP_PBE_scrypt(reinterpret_cast<const char *>(passphrase.data()), passphrase.size(), salt.data(),
               salt.size(), rounds, cost.r, cost.p, kScryptMostMemory + kMargin, out.data(), out.size())
        == 1;
}

} // namespace mf
