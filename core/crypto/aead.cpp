// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/aead.h"

#include "core/crypto/openssl_check.h"

#include <openssl/evp.h>

#include <algorithm>

namespace mf {
namespace {
struct FreeCipherContext {
    void operator()(EVP_CIPHER_CTX *context) const { EVP_CIPHER_CTX_free(context); }
};

const EVP_CIPHER *algorithm()
{
    static const EVP_CIPHER *const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    requireCrypto(cipher != nullptr, "AES-256-GCM");
    return cipher;
}

// OpenSSL counts in int: longer input goes in pieces. With out == nullptr the bytes are only authenticated.
bool feed(EVP_CIPHER_CTX *context, ByteView in, std::uint8_t *out)
{
    constexpr std::size_t kMostAtOnce = std::size_t(1) << 30;
    while (!in.empty()) {
        const std::size_t part = std::min(in.size(), kMostAtOnce);
        int written = 0;
        if (EVP_CipherUpdate(context, out, &written, in.data(), static_cast<int>(part)) != 1)
            return false;
        in = in.subspan(part);
        if (out)
            out += part;
    }
    return true;
}
} // namespace

struct Aead::Context {
    std::unique_ptr<EVP_CIPHER_CTX, FreeCipherContext> cipher { EVP_CIPHER_CTX_new() };

    // The key schedule stays: only the nonce and the direction change from message to message.
    bool begin(const Nonce &nonce, bool encrypt)
    {
        return EVP_CipherInit_ex(cipher.get(), nullptr, nullptr, nullptr, nonce.data(), encrypt ? 1 : 0) == 1;
    }
};

Aead::Nonce Aead::counter(std::uint64_t value)
{
    Nonce nonce {};
    storeLe(nonce.data(), value);
    return nonce;
}

Aead::Aead(const SecretKey &key)
    : m_context(std::make_unique<Context>())
{
    EVP_CIPHER_CTX *const cipher = m_context->cipher.get();
    requireCrypto(
        cipher && EVP_CipherInit_ex2(cipher, algorithm(), key.view().data(), nullptr, 1, nullptr) == 1, "AES-256-GCM");
}

Aead::~Aead() = default;

void Aead::seal(const Nonce &nonce, ByteView aad, ByteView plain, MutableBytes out)
{
    Q_ASSERT(out.size() == plain.size() + kTag);
    EVP_CIPHER_CTX *const cipher = m_context->cipher.get();
    std::uint8_t *const tag = out.data() + plain.size();
    int written = 0;
    const bool ok = m_context->begin(nonce, true) && feed(cipher, aad, nullptr) && feed(cipher, plain, out.data())
        && EVP_CipherFinal_ex(cipher, tag, &written) == 1
        && EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_GET_TAG, kTag, tag) == 1;
    requireCrypto(ok, "AES-256-GCM");
}

bool Aead::open(const Nonce &nonce, ByteView aad, ByteView sealed, MutableBytes plain)
{
    return open(nonce, aad, std::span(&sealed, 1), plain);
}

bool Aead::open(const Nonce &nonce, ByteView aad, std::span<const ByteView> sealed, MutableBytes plain)
{
    EVP_CIPHER_CTX *const cipher = m_context->cipher.get();
    requireCrypto(m_context->begin(nonce, false), "AES-256-GCM");
    bool genuine = feed(cipher, aad, nullptr);
    std::array<std::uint8_t, kTag> tag {};
    std::size_t fed = 0; // bytes of plain
    std::size_t tagBytes = 0;
    for (const ByteView part : sealed) {
        const std::size_t text = std::min(part.size(), plain.size() - fed);
        genuine = genuine && feed(cipher, part.first(text), plain.data() + fed);
        fed += text;
        const ByteView rest = part.subspan(text);
        Q_ASSERT(tagBytes + rest.size() <= kTag);
        for (const std::uint8_t byte : rest)
            tag[tagBytes++] = byte;
    }
    Q_ASSERT(fed == plain.size() && tagBytes == kTag);
    requireCrypto(EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_AEAD_SET_TAG, kTag, tag.data()) == 1, "AES-256-GCM");
    std::uint8_t nothing = 0;
    int written = 0;
    genuine = genuine && EVP_CipherFinal_ex(cipher, &nothing, &written) == 1;
    if (!genuine)
        wipe(plain);
    return genuine;
}

} // namespace mf
