// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/exit_code.h"

#include <algorithm>
#include <array>

namespace mf::cli {

namespace {

struct Rule {
    const char *begin; // of the id
    ExitCode code;
};

// The first that fits; before the kinds.
constexpr std::array<Rule, 10> kRules = { {
    { "MF-USAGE-", ExitCode::Usage }, { "MF-ACCOUNT-SETTING", ExitCode::Usage }, { "MF-ACCOUNT-KIND", ExitCode::Usage },
    { "MF-MODEL-AMBIGUOUS", ExitCode::Usage }, { "MF-PLACE-DOMAINS", ExitCode::NoRoom },
    { "MF-SECRETS-MISSING", ExitCode::SignIn }, // an account whose secret is gone wants it again
    { "MF-SECRETS-DAMAGED", ExitCode::SignIn },
    { "MF-REGISTRY-", ExitCode::Failed }, // a damaged index is rebuilt; no model is lost with it
    { "MF-KIT-", ExitCode::Failed }, { "MF-BLOB-MISSING", ExitCode::Unreadable }, // nobody named that blob but a model
} };

} // namespace

ExitCode exitCodeOf(const Error &error)
{
    const auto rule = std::find_if(
        kRules.begin(), kRules.end(), [&](const Rule &r) { return error.id.startsWith(QLatin1String(r.begin)); });
    if (rule != kRules.end())
        return rule->code;
    if (error.id.endsWith(QLatin1String("-UNREADABLE")))
        return ExitCode::Unreadable;
    if (error.id.endsWith(QLatin1String("-REDUCED")))
        return ExitCode::Reduced;
    switch (error.kind) {
    case Error::Kind::NotFound:
        return ExitCode::NotFound;
    case Error::Kind::Corrupt:
        return ExitCode::Unreadable;
    case Error::Kind::Unauthorised:
        return ExitCode::SignIn;
    case Error::Kind::Quota:
        return ExitCode::NoRoom;
    case Error::Kind::Cancelled:
        return ExitCode::Interrupted;
    case Error::Kind::Network:
    case Error::Kind::Throttled:
    case Error::Kind::AlreadyExists:
    case Error::Kind::Unsupported:
    case Error::Kind::Invalid:
    case Error::Kind::Internal:
        break;
    }
    return ExitCode::Failed;
}

} // namespace mf::cli
