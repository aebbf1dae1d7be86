// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/pool.h"
#include "core/crypto/secret_text.h"
#include "core/providers/form_field.h"
#include "core/providers/provider.h"

#include <functional>
#include <memory>

namespace mf {

// What adapters get from the program; all outlive every provider.
struct ProviderContext {
    Clock &clock;
    Pool &io; // for blocking file calls
};

// A kind of storage: a row of the catalogue.
struct ProviderKind {
    QString id; // "folder"
    QString title; // "Folder"
    std::vector<FormField> fields;
    std::vector<FormPreset> presets; // well-known services of this kind
    // The settings as they are to be kept: a path relative to the working directory made absolute.
    std::function<AccountSettings(AccountSettings)> normalise;
    // The bare adapter. Invalid "MF-ACCOUNT-SETTING" naming the field. create: the account is
    // being added, so its place may be made (which may block); otherwise this touches nothing
    // and a missing place is NotFound "MF-ACCOUNT-GONE" later.
    std::function<Result<std::unique_ptr<Provider>>(
        const ProviderContext &, const AccountSettings &, const SecretText &secret, bool create)>
        make;
    // Asks the server, while an account is being added or its settings change, what a person need not know: returns the
    // settings to keep. None: they are kept as they are. Precondition: checkSettings() is content. What it is given
    // outlives the task. Errors: those of the place.
    std::function<Task<Result<AccountSettings>>(const ProviderContext &, AccountSettings settings, SecretText secret)>
        complete;
    // The failure domain by default: for folders the disk they lie on.
    std::function<QString(const AccountSettings &)> defaultDomain;
};

// All kinds, less those that MODELFLOAT_DISABLE names.
const std::vector<ProviderKind> &catalogue();
const ProviderKind *findKind(QStringView id); // null: unknown or switched off
Error noSuchKind(const QString &id); // what to say then, which of the two it is: Invalid "MF-ACCOUNT-KIND"
bool hasSecret(const ProviderKind &kind); // a password or a key
std::vector<ProviderKind> kindsWithout(const QString &disabled); // "ipfs,mega"

// Invalid "MF-ACCOUNT-SETTING" for a setting that the kind does not have ("domain" belongs to
// every kind) or that is missing or impossible; the parameter "setting" names it.
Result<> checkSettings(const ProviderKind &kind, const AccountSettings &settings);

// Limits of one account; 0 = none.
struct AccountLimits {
    int connections = 0; // 0: as traits say
    qint64 upBytesPerSecond = 0;
    qint64 downBytesPerSecond = 0;
};

class RateLimiter; // rate_limiter.h: token buckets, shared by all accounts for the global limits

// The adapter in its decorators, in this order from the outside:
// Retrying( Limited( Verified( adapter ) ) ).
std::unique_ptr<Provider> decorate(std::unique_ptr<Provider> adapter, const ProviderContext &context,
    const AccountLimits &limits, RateLimiter &global);

// Gives what decorate() made other limits, at once. False: decorate() did not make it.
bool changeLimits(Provider &decorated, const AccountLimits &limits);

} // namespace mf
