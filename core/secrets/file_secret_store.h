// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto/secret.h"
#include "core/secrets/secret_store.h"

#include <QMap>

namespace mf {

// Secrets in one file, encrypted with a passphrase: for machines without a keychain.
//
//     "MFSF" | version 1 | length of the wrap u16 | wrap = wrapWithPassphrase(32 bytes data key)
//     | salt 32 | AES-256-GCM(CBOR map: key -> bytes), under HKDF(data key, salt, "mf1 secrets file"),
//     nonce 0, AAD = all that stands before it
//
// The data key in between is why scrypt runs once per process and not at every write; a fresh salt at
// every write is why no key and nonce meet two plaintexts. The file is read again for every call, so
// the plain secrets never stay in memory, and what another process wrote before is seen.
class FileSecretStore final : public SecretStore
{
public:
    static QString pathBelow(const QString &home); // <home>/secrets.mfs

    // Checks the passphrase if the file exists; makes nothing until the first write.
    // Unauthorised "MF-SECRETS-PASSPHRASE": the passphrase is wrong. The pool runs scrypt.
    // `log2N`: of scrypt, for a new file; tests take a small one.
    static Task<Result<std::unique_ptr<FileSecretStore>>> open(
        QString home, QString passphrase, Pool &pool, int log2N = 17);

    Task<Result<QByteArray>> read(QString key) override;
    Task<Result<>> write(QString key, QByteArray value) override;
    Task<Result<>> remove(QString key) override;

private:
    using Entries = QMap<QString, QByteArray>;
    // What the jobs on the worker use: values, shared with a job whose task was cancelled.
    struct Vault {
        QString path;
        QByteArray wrap;
        SecretKey key;
        Result<Entries> load() const;
        Result<> save(const Entries &entries) const;
    };
    explicit FileSecretStore(std::shared_ptr<const Vault> vault)
        : m_vault(std::move(vault))
    {
    }

    std::shared_ptr<const Vault> m_vault;
    Pool m_worker { 1 }; // reads, changes and writes one after the other, cancelled ones included
};

} // namespace mf
