// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/file_secret_store.h"

#include "core/crypto/aead.h"
#include "core/crypto/hkdf.h"
#include "core/crypto/password.h"
#include "core/secrets/private_file.h"

#include <QCborMap>
#include <QCborValue>

namespace mf {

namespace {

constexpr qsizetype kLongestFile = 64 << 20;
constexpr qsizetype kPrefix = 7; // magic, version, length of the wrap
constexpr qsizetype kSalt = 32;
constexpr qsizetype kTag = Aead::kTag;
const QByteArray kMagic = QByteArrayLiteral("MFSF\x01");
const QByteArray kPurpose = QByteArrayLiteral("mf1 secrets file");

Error damaged(const QString &path)
{
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-SECRETS-DAMAGED"),
        QStringLiteral("the secret store %1 is damaged: put a copy of it back, or move it away and enter "
                       "the accounts' secrets and the recovery kit again")
            .arg(path));
}

// The passphrase-wrapped data key of a file.
Result<QByteArray> wrapOf(const QByteArray &bytes, const QString &path)
{
    if (bytes.size() < kPrefix || !bytes.startsWith(kMagic))
        return damaged(path);
    const qsizetype length = loadLe<std::uint16_t>(viewOf(bytes).data() + kMagic.size());
    if (length == 0 || bytes.size() < kPrefix + length + kSalt + kTag)
        return damaged(path);
    return bytes.mid(kPrefix, length);
}

SecretKey sealingKey(const SecretKey &dataKey, ByteView salt)
{
    std::array<std::uint8_t, SecretKey::kSize> derived;
    hkdfSha256(dataKey.view(), salt, viewOf(kPurpose), derived);
    SecretKey key(derived);
    wipe(derived);
    return key;
}

} // namespace

QString FileSecretStore::pathBelow(const QString &home) { return home + QStringLiteral("/secrets.mfs"); }

Result<FileSecretStore::Entries> FileSecretStore::Vault::load() const
{
    const auto bytes = readPrivateFile(path, kLongestFile);
    if (!bytes)
        return bytes.error();
    if (!bytes->has_value())
        return Entries();
    const QByteArray &file = **bytes;
    const auto wrapped = wrapOf(file, path);
    if (!wrapped)
        return wrapped.error();
    if (*wrapped != wrap) {
        return Error(Error::Kind::Network, QStringLiteral("MF-SECRETS-CHANGED"),
            QStringLiteral("another ModelFloat replaced %1 meanwhile; try again").arg(path));
    }
    const qsizetype head = kPrefix + wrapped->size() + kSalt;
    const ByteView all = viewOf(file);
    const ByteView aad = all.first(static_cast<std::size_t>(head));
    const ByteView sealed = all.subspan(static_cast<std::size_t>(head));
    QByteArray plain(static_cast<qsizetype>(sealed.size()) - kTag, '\0');
    Aead aead(sealingKey(key, aad.last(kSalt)));
    if (!aead.open(Aead::counter(0), aad, sealed, mutableViewOf(plain)))
        return damaged(path);

    QCborParserError parsing;
    const QCborValue value = QCborValue::fromCbor(plain, &parsing);
    wipe(mutableViewOf(plain));
    if (parsing.error != QCborError::NoError || !value.isMap())
        return damaged(path);
    Entries entries;
    const QCborMap map = value.toMap();
    for (const auto &entry : map) {
        if (!entry.first.isString() || !entry.second.isByteArray())
            return damaged(path);
        entries.insert(entry.first.toString(), entry.second.toByteArray());
    }
    return entries;
}

Result<> FileSecretStore::Vault::save(const Entries &entries) const
{
    QCborMap map;
    for (auto entry = entries.begin(); entry != entries.end(); ++entry)
        map.insert(entry.key(), entry.value());
    QByteArray plain = QCborValue(map).toCbor();

    QByteArray file = kMagic;
    QByteArray length(2, '\0');
    storeLe(mutableViewOf(length).data(), static_cast<std::uint16_t>(wrap.size()));
    QByteArray salt(kSalt, '\0');
    fillRandom(mutableViewOf(salt));
    file += length;
    file += wrap;
    file += salt;
    QByteArray sealed(plain.size() + kTag, '\0');
    Aead aead(sealingKey(key, viewOf(salt)));
    aead.seal(Aead::counter(0), viewOf(file), viewOf(plain), mutableViewOf(sealed));
    wipe(mutableViewOf(plain));
    file += sealed;
    return replacePrivateFile(path, file);
}

Task<Result<std::unique_ptr<FileSecretStore>>> FileSecretStore::open(
    QString home, QString passphrase, Pool &pool, int log2N)
{
    const QString path = pathBelow(home);
    auto unlock = [path, passphrase, log2N]() -> Result<std::shared_ptr<const Vault>> {
        const auto bytes = readPrivateFile(path, kLongestFile);
        if (!bytes)
            return bytes.error();
        auto vault = std::make_shared<Vault>();
        vault->path = path;
        if (!bytes->has_value()) {
            vault->key = randomKey();
            vault->wrap = wrapWithPassphrase(passphrase, vault->key.view(), log2N);
            return std::shared_ptr<const Vault>(std::move(vault));
        }
        const auto wrapped = wrapOf(**bytes, path);
        if (!wrapped)
            return wrapped.error();
        auto plain = unwrapWithPassphrase(passphrase, viewOf(*wrapped));
        if (!plain && plain.error().kind == Error::Kind::Unauthorised) {
            return Error(Error::Kind::Unauthorised, QStringLiteral("MF-SECRETS-PASSPHRASE"),
                QStringLiteral("the passphrase in MODELFLOAT_PASSPHRASE does not open %1").arg(path))
                .offering(Error::Action::Unlock);
        }
        if (!plain || plain->size() != qsizetype(SecretKey::kSize))
            return damaged(path);
        vault->key = SecretKey(viewOf(*plain));
        wipe(mutableViewOf(*plain));
        vault->wrap = *wrapped;
        return std::shared_ptr<const Vault>(std::move(vault));
    };
    auto vault = co_await onPool(pool, unlock);
    if (!vault)
        co_return vault.error();
    co_return std::unique_ptr<FileSecretStore>(new FileSecretStore(std::move(*vault)));
}

Task<Result<QByteArray>> FileSecretStore::read(QString key)
{
    const auto good = checkKey(key);
    if (!good)
        co_return good.error();
    auto look = [vault = m_vault] { return vault->load(); };
    const auto entries = co_await onPool(m_worker, look);
    if (!entries)
        co_return entries.error();
    const auto found = entries->constFind(key);
    if (found == entries->constEnd())
        co_return missing(key);
    co_return *found;
}

Task<Result<>> FileSecretStore::write(QString key, QByteArray value)
{
    const auto good = checkEntry(key, value);
    if (!good)
        co_return good.error();
    auto change = [vault = m_vault, key, value]() -> Result<> {
        auto entries = vault->load();
        if (!entries)
            return entries.error();
        entries->insert(key, value);
        return vault->save(*entries);
    };
    const auto changed = co_await onPool(m_worker, change);
    co_return changed;
}

Task<Result<>> FileSecretStore::remove(QString key)
{
    const auto good = checkKey(key);
    if (!good)
        co_return good.error();
    auto change = [vault = m_vault, key]() -> Result<> {
        auto entries = vault->load();
        if (!entries)
            return entries.error();
        if (entries->remove(key) == 0)
            return {};
        return vault->save(*entries);
    };
    const auto changed = co_await onPool(m_worker, change);
    co_return changed;
}

} // namespace mf
