// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/event.h"
#include "core/secrets/keychain_entry.h"
#include "core/secrets/secret_store.h"

#include <chrono>

namespace mf {

// Secrets in the keychain of the operating system, by QtKeychain.
//
// A locked gnome-keyring answers a read with "entry not found" and a removal with success, and only
// refuses to write. So neither is believed unless an entry of our own, kept for this purpose, was
// readable (or writable) just before and after.
class KeychainSecretStore final : public SecretStore
{
public:
    static constexpr std::chrono::milliseconds kJobLimit = std::chrono::seconds(10);

    // `limit`: how long one job of the keychain may take.
    explicit KeychainSecretStore(
        QString service = QStringLiteral("ModelFloat"), std::chrono::milliseconds limit = kJobLimit);
    ~KeychainSecretStore() override;

    // Success: the keychain is there and unlocked. Unsupported "MF-SECRETS-NONE": there is none.
    Task<Result<>> probe();

    Task<Result<QByteArray>> read(QString key) override;
    Task<Result<>> write(QString key, QByteArray value) override;
    Task<Result<>> remove(QString key) override;

private:
    struct Job;
    struct Outcome;
    Task<Outcome> runOnce(Job job);
    Task<Outcome> run(Job job); // with the retry
    // The raw bytes of one entry; nullopt: certainly not there.
    Task<Result<std::optional<QByteArray>>> readEntry(QString key);
    Task<Result<>> writeEntry(QString key, QByteArray bytes);
    Task<Result<>> removeEntry(QString key);
    Error refusal(const Outcome &outcome) const;

    QString m_service;
    std::chrono::milliseconds m_limit;
    Budget m_turn { 1 }; // a value of several entries is written by one task at a time
};

} // namespace mf
