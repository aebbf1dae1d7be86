// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/secret.h"

#include <openssl/crypto.h>

#include <algorithm>

#include <unistd.h>

namespace mf {

void wipe(MutableBytes bytes) { OPENSSL_cleanse(bytes.data(), bytes.size()); }

SecretKey::SecretKey(ByteView bytes)
{
    Q_ASSERT(bytes.size() == kSize);
    std::copy_n(bytes.begin(), kSize, m_bytes.begin());
}

SecretKey::~SecretKey() { wipe(m_bytes); }

bool operator==(const SecretKey &a, const SecretKey &b) { return equalConstantTime(a.m_bytes, b.m_bytes); }

// Not OpenSSL's generator: that one keeps its state in this process, and a snapshot or a copy of
// the machine would draw the same salts again.
void fillRandom(MutableBytes bytes)
{
    constexpr std::size_t kMostAtOnce = 256; // what getentropy promises to give
    while (!bytes.empty()) {
        const std::size_t part = std::min(bytes.size(), kMostAtOnce);
        if (::getentropy(bytes.data(), part) != 0)
            qFatal("the operating system gives no random bytes");
        bytes = bytes.subspan(part);
    }
}

SecretKey randomKey()
{
    std::array<std::uint8_t, SecretKey::kSize> bytes;
    fillRandom(bytes);
    const SecretKey key(bytes);
    wipe(bytes);
    return key;
}

bool equalConstantTime(ByteView a, ByteView b)
{
    return a.size() == b.size() && (a.empty() || CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0);
}

} // namespace mf
