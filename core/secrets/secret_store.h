// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/pool.h"
#include "core/base/result.h"
#include "core/base/task.h"

#include <memory>
#include <optional>

namespace mf {

// Where keys, passwords and tokens are kept: never in settings, registry, log or arguments.
//
// Keys are short ASCII words ("library/…", "account/…"); values are any bytes up to kLargestValue.
// Errors of every method:
//   NotFound "MF-SECRETS-MISSING"           there is certainly no such entry (read)
//   Unauthorised "MF-SECRETS-LOCKED"        the keychain is locked or refused; nothing is known about the entry
//   Network "MF-SECRETS-UNAVAILABLE"        the keychain does not answer; nothing is known about the entry
//   Unauthorised "MF-SECRETS-PASSPHRASE"    wrong passphrase
//   Corrupt "MF-SECRETS-DAMAGED"            what is kept there is not what was written
//   Unsupported "MF-SECRETS-NONE"           the keychain went away
//   Invalid "MF-SECRETS-ENTRY"              key or value cannot be kept (empty key, value too long)
// and those of systemError. An account is never to be deleted because its secret is missing.
class SecretStore
{
public:
    static constexpr qsizetype kLargestValue = qsizetype(64) << 10; // bytes
    static constexpr qsizetype kLongestKey = 120; // characters

    virtual ~SecretStore() = default;

    virtual Task<Result<QByteArray>> read(QString key) = 0;
    // Replaces what was there: a reader sees the old value or the new one, also after a crash.
    virtual Task<Result<>> write(QString key, QByteArray value) = 0;
    // Success also if it is not there; success means that it is gone.
    virtual Task<Result<>> remove(QString key) = 0;

protected:
    // The checks that all stores share.
    static Result<> checkKey(const QString &key);
    static Result<> checkEntry(const QString &key, const QByteArray &value);
    static Error missing(const QString &key);
};

enum class SecretStoreKind { Keychain, File };

// "keychain", "file"; the words of --secret-store.
std::optional<SecretStoreKind> secretStoreKindFrom(QStringView word);

// Opens the store and makes sure that it works.
//
// Keychain: the operating system's. Unsupported "MF-SECRETS-NONE" where none is reachable: the message
// names `--secret-store file`. Unauthorised "MF-SECRETS-LOCKED" if it is locked and nobody unlocks it.
// File: one file below `home`, encrypted with the passphrase in MODELFLOAT_PASSPHRASE (Unauthorised
// "MF-SECRETS-NO-PASSPHRASE" without it); the passphrase is checked here if the file exists.
// The pool runs scrypt once; it must outlive the store.
Task<Result<std::unique_ptr<SecretStore>>> openSecretStore(SecretStoreKind kind, QString home, Pool &pool);

} // namespace mf
