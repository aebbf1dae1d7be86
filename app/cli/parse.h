// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/command_table.h"
#include "core/base/result.h"

#include <QMap>
#include <QStringList>

namespace mf::cli {

// What a command was called with; only what the table allows is in it.
class ParsedArguments
{
public:
    const CommandSpec *command = nullptr; // null: no command was given
    QString group; // "account", if only that was given (with --help)
    QStringList arguments; // positional ones
    QMap<QString, QStringList> options; // by name, without dashes; a flag has one empty value

    bool has(const char *option) const { return options.contains(text(option)); }
    // The (last) value of an option; empty without one.
    QString value(const char *option) const
    {
        const QStringList all = options.value(text(option));
        return all.isEmpty() ? QString() : all.last();
    }
    QStringList values(const char *option) const { return options.value(text(option)); }
    // The n-th positional argument; empty without one.
    QString argument(int n) const { return arguments.value(n); }

    bool wantsHelp() const { return has("help"); }
    bool wantsVersion() const { return has("version"); }
    bool isJson() const { return has("json"); }
    bool isQuiet() const { return has("quiet"); }
};

// Reads the words after the program's name. Global options may stand before or after the command;
// "--" ends the options; "--name=value" and "--name value" are the same; -h is --help.
// Invalid "MF-USAGE-…": the message names the word, and the nearest known one. With --help or
// --version among the words nothing else is required.
Result<ParsedArguments> parseArguments(const QStringList &words);

// For a command line that was refused: did it ask for JSON?
bool asksForJson(const QStringList &words);

} // namespace mf::cli
