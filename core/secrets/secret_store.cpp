// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/secret_store.h"

#include "core/secrets/file_secret_store.h"
#include "core/secrets/keychain_secret_store.h"

#include <algorithm>

namespace mf {

Result<> SecretStore::checkKey(const QString &key)
{
    const auto printable = [](QChar c) { return c.unicode() > 0x20 && c.unicode() < 0x7f; };
    if (key.isEmpty() || key.size() > kLongestKey || !std::all_of(key.begin(), key.end(), printable)) {
        return Error(Error::Kind::Invalid, QStringLiteral("MF-SECRETS-ENTRY"),
            QStringLiteral("“%1” cannot name a secret: 1 to %2 printable ASCII characters are allowed")
                .arg(key.left(40))
                .arg(kLongestKey));
    }
    return {};
}

Result<> SecretStore::checkEntry(const QString &key, const QByteArray &value)
{
    const auto good = checkKey(key);
    if (!good)
        return good.error();
    if (value.size() > kLargestValue) {
        return Error(Error::Kind::Invalid, QStringLiteral("MF-SECRETS-ENTRY"),
            QStringLiteral("the secret “%1” is too long: %2 bytes, at most %3 can be kept")
                .arg(key)
                .arg(value.size())
                .arg(kLargestValue));
    }
    return {};
}

Error SecretStore::missing(const QString &key)
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-SECRETS-MISSING"),
        QStringLiteral("there is no secret “%1” in the secret store of this computer").arg(key));
}

std::optional<SecretStoreKind> secretStoreKindFrom(QStringView word)
{
    if (word == QLatin1String("keychain"))
        return SecretStoreKind::Keychain;
    if (word == QLatin1String("file"))
        return SecretStoreKind::File;
    return std::nullopt;
}

Task<Result<std::unique_ptr<SecretStore>>> openSecretStore(SecretStoreKind kind, QString home, Pool &pool)
{
    if (kind == SecretStoreKind::Keychain) {
        auto keychain = std::make_unique<KeychainSecretStore>();
        const auto works = co_await keychain->probe();
        if (!works)
            co_return works.error();
        co_return std::unique_ptr<SecretStore>(std::move(keychain));
    }
    const QString passphrase = QString::fromUtf8(qgetenv("MODELFLOAT_PASSPHRASE"));
    if (passphrase.isEmpty()) {
        co_return Error(Error::Kind::Unauthorised, QStringLiteral("MF-SECRETS-NO-PASSPHRASE"),
            QStringLiteral("the secret store is a file, and the passphrase for it is missing: "
                           "set the environment variable MODELFLOAT_PASSPHRASE"))
            .offering(Error::Action::Unlock);
    }
    auto file = co_await FileSecretStore::open(home, passphrase, pool);
    if (!file)
        co_return file.error();
    co_return std::unique_ptr<SecretStore>(std::move(*file));
}

} // namespace mf
