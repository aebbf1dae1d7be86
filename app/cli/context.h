// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/output.h"
#include "app/cli/parse.h"
#include "app/cli/progress.h"
#include "core/base/event.h"
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
    // Of a command that has something to put in order first (Tidily): set when the user interrupts it.
    Event *interrupted = nullptr;
};

// As long as it is there an interruption does not destroy the command but sets the event; the command then ends by
// itself, and soon. A second one ends the process as always.
class Tidily
{
public:
    explicit Tidily(CommandContext &context)
        : m_context(context)
    {
        m_context.interrupted = &m_event;
    }
    Tidily(const Tidily &) = delete;
    Tidily &operator=(const Tidily &) = delete;
    ~Tidily() { m_context.interrupted = nullptr; }
    Event *interrupted() { return &m_event; }

private:
    CommandContext &m_context;
    Event m_event;
};

// A command: one file in app/cli/commands. Returns the exit status; what fails goes through
// `return context.output.fail(error)`. It is destroyed at its next suspension when the user interrupts, unless it asks
// for other (Tidily): what it leaves must be resumable.
using RunCommand = Task<int> (*)(CommandContext &context, const ParsedArguments &arguments);
// By the command's name ("account add").
using CommandMap = QMap<QString, RunCommand>;

} // namespace mf::cli
