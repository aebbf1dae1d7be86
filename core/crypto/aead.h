// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto/secret.h"

#include <memory>

namespace mf {

// AES-256-GCM (NIST SP 800-38D) by OpenSSL, one key, many messages.
//
// The nonce is 12 bytes: a counter, little-endian in the first 8, zero in the
// last 4, or 12 bytes given. Callers guarantee that no nonce is used twice for
// two plaintexts under one key (storage.md section 6). Not thread-safe; make one per job.
class Aead
{
public:
    static constexpr std::size_t kTag = 16;
    using Nonce = std::array<std::uint8_t, 12>;
    static Nonce counter(std::uint64_t value);

    explicit Aead(const SecretKey &key);
    ~Aead();
    Aead(const Aead &) = delete;
    Aead &operator=(const Aead &) = delete;

    // out.size() == plain.size() + kTag: ciphertext, then tag. May not overlap plain.
    void seal(const Nonce &nonce, ByteView aad, ByteView plain, MutableBytes out);
    // plain.size() + kTag == sealed.size(). False: not what was sealed; plain is then wiped.
    [[nodiscard]] bool open(const Nonce &nonce, ByteView aad, ByteView sealed, MutableBytes plain);
    // The same of a message that lies in several places, in their order.
    [[nodiscard]] bool open(const Nonce &nonce, ByteView aad, std::span<const ByteView> sealed, MutableBytes plain);

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

} // namespace mf
