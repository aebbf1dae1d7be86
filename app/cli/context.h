// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/output.h"
#include "app/cli/parse.h"
#include "app/cli/progress.h"
#include "core/base/log.h"
#include "core/secrets/secret_store.h"
#include "core/settings/places.h"

#include <QMap>

namespace mf::cli {

// What every command works with; lives until the command has ended.
struct CommandContext {
    Output &output;
    ProgressDisplay &progress;
    Clock &clock;
    Places places;
    SecretStoreKind secretStore = SecretStoreKind::Keychain;
    LogLevel logLevel = LogLevel::Info;
    const std::vector<KindHelp> &kinds;
};

// A command: one file in app/cli/commands. Returns the exit status; what fails goes through
// `return context.output.fail(error)`. It is destroyed at its next suspension when the user interrupts:
// what it leaves must be resumable.
using RunCommand = Task<int> (*)(CommandContext &context, const ParsedArguments &arguments);
// By the command's name ("account add").
using CommandMap = QMap<QString, RunCommand>;

} // namespace mf::cli
