// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/sha256.h"

#include "core/crypto/openssl_check.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace mf {
namespace {
struct FreeDigestContext {
    void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
};
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeDigestContext>;

// Looked up once and kept for the life of the program: the look-up costs more than a short hash.
const EVP_MD *algorithm()
{
    static const EVP_MD *const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    requireCrypto(md != nullptr, "SHA-256");
    return md;
}

DigestContext begin()
{
    DigestContext context(EVP_MD_CTX_new());
    requireCrypto(context && EVP_DigestInit_ex2(context.get(), algorithm(), nullptr) == 1, "SHA-256");
    return context;
}

void feed(EVP_MD_CTX *context, ByteView bytes)
{
    requireCrypto(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1, "SHA-256");
}

Sha256 end(EVP_MD_CTX *context)
{
    Sha256 digest;
    requireCrypto(EVP_DigestFinal_ex(context, digest.bytes.data(), nullptr) == 1, "SHA-256");
    return digest;
}
} // namespace

Sha256 sha256(ByteView bytes)
{
    const DigestContext context = begin();
    feed(context.get(), bytes);
    return end(context.get());
}

struct Sha256Stream::Context {
    DigestContext digest = begin();
};

Sha256Stream::Sha256Stream()
    : m_context(std::make_unique<Context>())
{
}

Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream &&) noexcept = default;
Sha256Stream &Sha256Stream::operator=(Sha256Stream &&) noexcept = default;

void Sha256Stream::update(ByteView bytes) { feed(m_context->digest.get(), bytes); }

Sha256 Sha256Stream::finish() { return end(m_context->digest.get()); }

Sha256 hmacSha256(ByteView key, ByteView message)
{
    // OpenSSL reads a null key as "the key of last time" in places; an empty one needs an address.
    static constexpr std::uint8_t kNothing = 0;
    Sha256 mac;
    const unsigned char *const done
        = HMAC(algorithm(), key.empty() ? &kNothing : key.data(), static_cast<int>(key.size()),
            message.empty() ? &kNothing : message.data(), message.size(), mac.bytes.data(), nullptr);
    requireCrypto(done != nullptr, "HMAC-SHA-256");
    return mac;
}

} // namespace mf
