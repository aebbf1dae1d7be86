// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The command line as data: parser, help, completions and the man page all come from this table.

#include <QString>

#include <vector>

namespace mf::cli {

// What a word stands for: decides what is accepted, and what the shell offers.
enum class Value {
    None, // an option without a value
    Text, // anything
    File, // a file
    Folder, // a folder
    Path, // a file or folder
    Choice, // one of `choices`
    Count, // a whole number from 1 on
    Copies, // 1 to 255
    Percent, // above 0, at most 100
    Setting, // K=V
    Erasure, // K+M
    Range, // A-B, bytes
    Model, // the name of a stored model
    Account, // the name of an account
    Accounts, // names of accounts, with commas between
    Kind, // a kind of account
    Tag, // +WORD or -WORD
    Command, // the name of a command
};

// Texts are UTF-8 and live as long as the program.
struct OptionSpec {
    const char *name; // "lose", without the dashes
    Value value = Value::None;
    const char *valueName = ""; // "N", as help shows it
    const char *help = ""; // one sentence, lower case, no full stop
    bool repeats = false;
    std::vector<const char *> choices = {};
};

struct ArgumentSpec {
    const char *name; // "PATH"
    Value value = Value::Text;
    const char *help = "";
    bool required = true;
    bool repeats = false; // only the last argument may
    std::vector<const char *> choices = {};
};

struct ExampleSpec {
    const char *line; // without the program's name
    const char *what;
};

struct CommandSpec {
    const char *name; // "account add"
    const char *summary; // one line, upper case, full stop
    std::vector<const char *> description; // paragraphs
    std::vector<ArgumentSpec> arguments = {};
    std::vector<OptionSpec> options = {};
    std::vector<ExampleSpec> examples = {};
    // Of these at most one may be given: {"lose", "copies", "erasure"}.
    std::vector<const char *> exclusive = {};
    bool hidden = false; // in no list
};

inline constexpr const char *kProgram = "modelfloat-cli";

const std::vector<CommandSpec> &commandTable();
const std::vector<OptionSpec> &globalOptions();
// Null if there is none of that name ("account add").
const CommandSpec *findCommand(const QString &name);

// A kind of account and its settings, for help and completions; the program fills it from the catalogue.
struct KindHelp {
    struct Setting {
        QString key;
        QString help;
        bool required = false;
    };
    QString id;
    QString title;
    std::vector<Setting> settings;
};

// The rows of "Exit status" and of "Environment".
struct Explained {
    const char *word;
    const char *what;
};
const std::vector<Explained> &exitCodes();
const std::vector<Explained> &environmentVariables();

inline QString text(const char *utf8) { return QString::fromUtf8(utf8); }

// "PATH… [--name N] [--lose 0|1|2 | --copies N | --erasure K+M]"
QString synopsisOf(const CommandSpec &command);

} // namespace mf::cli
