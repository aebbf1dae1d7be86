// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/password.h"

#include "core/crypto/aead.h"
#include "core/crypto/key_ring.h"
#include "core/crypto/openssl_check.h"
#include "core/crypto/scrypt.h"

#include <algorithm>
#include <optional>

namespace mf {
namespace {
constexpr std::array<std::uint8_t, 4> kMagic { 'M', 'F', 'P', 'W' };
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kSaltAt = kMagic.size() + 4; // after version, log2 N, r, p
constexpr std::size_t kSalt = 32;
constexpr std::size_t kCommitmentAt = kSaltAt + kSalt;
constexpr std::size_t kHead = kCommitmentAt + Sha256::size();

// What scrypt makes of a passphrase: nothing if there is not the memory for it.
std::optional<DerivedKey> derive(const QString &passphrase, ByteView salt, const ScryptCost &cost)
{
    QByteArray typed = passphrase.normalized(QString::NormalizationForm_C).toUtf8();
    std::array<std::uint8_t, SecretKey::kSize + Sha256::size()> bytes {};
    const bool done = scrypt(viewOf(typed), salt, cost, bytes);
    wipe(mutableViewOf(typed));
    const ByteView both = bytes;
    std::optional<DerivedKey> derived;
    if (done)
        derived = DerivedKey { SecretKey(both.first(SecretKey::kSize)), Sha256(both.subspan(SecretKey::kSize)) };
    wipe(bytes);
    return derived;
}

Error damaged(const QString &why)
{
    const QString message = QStringLiteral("the file of secrets cannot be read: ") % why
        % QStringLiteral("; restore it from a backup, or start again from the recovery kit");
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-SECRETS-DAMAGED"), message);
}
} // namespace

QByteArray wrapWithPassphrase(const QString &passphrase, ByteView plain, int log2N)
{
    const ScryptCost cost { log2N };
    QByteArray wrapped(static_cast<qsizetype>(kHead + plain.size() + Aead::kTag), Qt::Uninitialized);
    const MutableBytes bytes = mutableViewOf(wrapped);
    std::copy(kMagic.begin(), kMagic.end(), bytes.begin());
    bytes[kMagic.size()] = kVersion;
    bytes[kMagic.size() + 1] = static_cast<std::uint8_t>(cost.log2N);
    bytes[kMagic.size() + 2] = static_cast<std::uint8_t>(cost.r);
    bytes[kMagic.size() + 3] = static_cast<std::uint8_t>(cost.p);
    const MutableBytes salt = bytes.subspan(kSaltAt, kSalt);
    fillRandom(salt);
    const std::optional<DerivedKey> derived = derive(passphrase, salt, cost);
    requireCrypto(derived.has_value(), "scrypt");
    std::copy(derived->commitment.bytes.begin(), derived->commitment.bytes.end(), bytes.begin() + kCommitmentAt);
    Aead(derived->key).seal(Aead::counter(0), bytes.first(kHead), plain, bytes.subspan(kHead));
    return wrapped;
}

Result<QByteArray> unwrapWithPassphrase(const QString &passphrase, ByteView wrapped)
{
    if (wrapped.size() < kHead + Aead::kTag)
        return damaged(QStringLiteral("it is too short"));
    if (!std::equal(kMagic.begin(), kMagic.end(), wrapped.begin()))
        return damaged(QStringLiteral("it is not such a file"));
    if (wrapped[kMagic.size()] != kVersion)
        return Error(Error::Kind::Unsupported, QStringLiteral("MF-SECRETS-VERSION"),
            QStringLiteral("the file of secrets was written by another version of ModelFloat; use that version "
                           "or a newer one"));
    const ScryptCost cost { wrapped[kMagic.size() + 1], wrapped[kMagic.size() + 2], wrapped[kMagic.size() + 3] };
    if (!isBearable(cost))
        return damaged(QStringLiteral("it asks for more memory or time than any file of ours"));

    const std::optional<DerivedKey> derived = derive(passphrase, wrapped.subspan(kSaltAt, kSalt), cost);
    if (!derived)
        return Error(Error::Kind::Internal, QStringLiteral("MF-SECRETS-MEMORY"),
            QStringLiteral("the passphrase cannot be checked: there is not enough memory; end other programs "
                           "and try again"))
            .offering(Error::Action::Retry);
    if (!equalConstantTime(derived->commitment.view(), wrapped.subspan(kCommitmentAt, Sha256::size())))
        return Error(Error::Kind::Unauthorised, QStringLiteral("MF-SECRETS-PASSPHRASE"),
            QStringLiteral("this passphrase does not open the file of secrets; check it and try again"))
            .offering(Error::Action::Unlock);

    QByteArray plain(static_cast<qsizetype>(wrapped.size() - kHead - Aead::kTag), Qt::Uninitialized);
    if (!Aead(derived->key).open(Aead::counter(0), wrapped.first(kHead), wrapped.subspan(kHead), mutableViewOf(plain)))
        return damaged(QStringLiteral("its contents were changed"));
    return plain;
}

} // namespace mf
