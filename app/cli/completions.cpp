// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/completions.h"

#include <QStringList>

#include <cstring>

namespace mf::cli {

namespace {

QString program() { return text(kProgram); }

// Words to choose from; empty where the shell completes files or nothing.
QStringList choicesOf(Value value, const std::vector<const char *> &choices, const std::vector<KindHelp> &kinds)
{
    QStringList words;
    for (const char *choice : choices)
        words << text(choice);
    if (value == Value::Kind) {
        for (const KindHelp &kind : kinds)
            words << kind.id;
    }
    return words;
}

QStringList commandWords(const QString &group)
{
    QStringList words;
    for (const CommandSpec &command : commandTable()) {
        const QString name = text(command.name);
        const QString word = group.isEmpty() ? name.section(u' ', 0, 0)
            : name.startsWith(group + u' ')  ? name.section(u' ', 1)
                                             : QString();
        if (!command.hidden && !word.isEmpty() && !words.contains(word))
            words << word;
    }
    return words;
}

QStringList groups()
{
    QStringList words;
    for (const CommandSpec &command : commandTable()) {
        const QString name = text(command.name);
        const QString first = name.section(u' ', 0, 0);
        if (name.contains(u' ') && !words.contains(first))
            words << first;
    }
    return words;
}

QStringList optionWords(const std::vector<OptionSpec> &options)
{
    QStringList words;
    for (const OptionSpec &option : options)
        words << QStringLiteral("--") + text(option.name);
    return words;
}

bool takesFiles(Value value) { return value == Value::File || value == Value::Path; }

// ---- bash

QString bashReply(Value value, const QStringList &choices)
{
    if (!choices.isEmpty())
        return QStringLiteral("COMPREPLY=($(compgen -W '%1' -- \"$cur\"))").arg(choices.join(u' '));
    if (value == Value::Folder)
        return QStringLiteral("compopt -o filenames; COMPREPLY=($(compgen -d -- \"$cur\"))");
    if (takesFiles(value))
        return QStringLiteral("compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\"))");
    return QStringLiteral("COMPREPLY=()");
}

QString bashScript(const std::vector<KindHelp> &kinds)
{
    QStringList values; // case lines: what an option's value may be
    QStringList commands; // case lines: what a command takes
    QStringList withValues; // options whose next word is no command
    const auto addOption = [&](const QString &command, const OptionSpec &option) {
        if (option.value == Value::None)
            return;
        withValues << QStringLiteral("--") + text(option.name);
        values << QStringLiteral("        '%1 --%2') %3; return;;")
                      .arg(command, text(option.name),
                          bashReply(option.value, choicesOf(option.value, option.choices, kinds)));
    };
    for (const OptionSpec &option : globalOptions())
        addOption(QStringLiteral("*"), option);
    values.replaceInStrings(QStringLiteral("'* "), QStringLiteral("*' "));
    for (const CommandSpec &command : commandTable()) {
        if (command.hidden)
            continue;
        for (const OptionSpec &option : command.options)
            addOption(text(command.name), option);
        QString reply = QStringLiteral("COMPREPLY=()");
        if (!command.arguments.empty()) {
            const ArgumentSpec &argument = command.arguments.front();
            const QStringList choices = argument.value == Value::Command
                ? commandWords(QString())
                : choicesOf(argument.value, argument.choices, kinds);
            reply = bashReply(argument.value, choices);
        }
        commands << QStringLiteral("        '%1') options='%2'\n            [[ $cur == -* ]] || { %3; return; };;")
                        .arg(text(command.name), optionWords(command.options).join(u' '), reply);
    }
    for (const QString &group : groups()) {
        commands << QStringLiteral(
            "        '%1') [[ $cur == -* ]] || { COMPREPLY=($(compgen -W '%2' -- \"$cur\")); return; };;")
                        .arg(group, commandWords(group).join(u' '));
    }
    withValues.removeDuplicates();
    return QStringLiteral(R"(# bash completion for %1                                   -*- shell-script -*-

_modelfloat_cli()
{
    local cur prev command='' options='' i word
    COMPREPLY=()
    cur=${COMP_WORDS[COMP_CWORD]}
    prev=${COMP_WORDS[COMP_CWORD-1]}
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case $word in
        %2) ((++i));;
        -*) ;;
        *)
            if [[ -z $command ]]; then
                command=$word
            elif [[ ' %3 ' == *" $command "* ]]; then
                command+=" $word"
            fi;;
        esac
    done
    case "$command $prev" in
%4
    esac
    case $command in
        '') [[ $cur == -* ]] || { COMPREPLY=($(compgen -W '%5' -- "$cur")); return; };;
%6
    esac
    COMPREPLY=($(compgen -W "$options %7" -- "$cur"))
}
complete -F _modelfloat_cli %1
)")
        .arg(program(), withValues.join(u'|'), groups().join(u' '), values.join(u'\n'),
            commandWords(QString()).join(u' '), commands.join(u'\n'), optionWords(globalOptions()).join(u' '));
}

// ---- zsh

QString zshQuoted(QString word)
{
    // Within single quotes of an _arguments specification.
    word.replace(u'\'', QStringLiteral("'\\''"));
    return word.replace(u'[', QStringLiteral("\\["))
        .replace(u']', QStringLiteral("\\]"))
        .replace(u':', QStringLiteral("\\:"));
}

QString zshAction(Value value, const QStringList &choices)
{
    if (!choices.isEmpty())
        return u'(' + choices.join(u' ') + u')';
    if (value == Value::Folder)
        return QStringLiteral("_files -/");
    return takesFiles(value) ? QStringLiteral("_files") : QStringLiteral(" ");
}

QString zshOption(const OptionSpec &option, const std::vector<KindHelp> &kinds)
{
    QString spec = QStringLiteral("'%1--%2%3[%4]")
                       .arg(option.repeats ? QStringLiteral("*") : QString(), text(option.name),
                           option.value == Value::None ? QString() : QStringLiteral("="), zshQuoted(text(option.help)));
    if (option.value != Value::None)
        spec += u':' + zshQuoted(text(option.valueName)) + u':'
            + zshAction(option.value, choicesOf(option.value, option.choices, kinds));
    return spec + u'\'';
}

QString zshArguments(const CommandSpec &command, const std::vector<KindHelp> &kinds)
{
    QStringList specs;
    for (const OptionSpec &option : command.options)
        specs << zshOption(option, kinds);
    for (const ArgumentSpec &argument : command.arguments) {
        const QStringList choices = argument.value == Value::Command
            ? commandWords(QString())
            : choicesOf(argument.value, argument.choices, kinds);
        const QString where = argument.repeats ? QStringLiteral("*")
            : argument.required                ? QString()
                                               : QStringLiteral(":");
        specs << QStringLiteral("'%1:%2:%3'")
                     .arg(where, zshQuoted(text(argument.name)), zshAction(argument.value, choices));
    }
    return specs.join(QStringLiteral(" \\\n            "));
}

QString zshDescribed(const QString &group)
{
    QStringList words;
    for (const QString &word : commandWords(group)) {
        const CommandSpec *command = findCommand(group.isEmpty() ? word : QString(group + u' ' + word));
        const QString what = command ? text(command->summary) : QStringLiteral("Accounts: add, list, test, set.");
        words << QStringLiteral("'%1:%2'").arg(word, zshQuoted(what));
    }
    return words.join(QStringLiteral("\n        "));
}

QString zshScript(const std::vector<KindHelp> &kinds)
{
    QStringList global;
    for (const OptionSpec &option : globalOptions())
        global << zshOption(option, kinds);
    QStringList cases;
    const auto caseOf = [&](const CommandSpec &command, const QString &word) {
        return QStringLiteral("        %1)\n            _arguments \"${common[@]}\" \\\n            %2;;")
            .arg(word, zshArguments(command, kinds));
    };
    QString functions;
    for (const QString &group : groups()) {
        QStringList inner;
        for (const QString &word : commandWords(group))
            inner << caseOf(*findCommand(group + u' ' + word), word);
        functions += QStringLiteral(R"(_modelfloat_cli_%1()
{
    local context state state_descr line
    typeset -A opt_args
    local -a names=(
        %2
    )
    _arguments -C "${common[@]}" '1:command:->name' '*::argument:->rest'
    case $state in
    name) _describe -t commands command names;;
    rest)
        case $words[1] in
%3
        esac;;
    esac
}

)")
                         .arg(group, zshDescribed(group), inner.join(u'\n'));
        cases << QStringLiteral("        %1) _modelfloat_cli_%1;;").arg(group);
    }
    for (const CommandSpec &command : commandTable()) {
        if (!command.hidden && !text(command.name).contains(u' '))
            cases << caseOf(command, text(command.name));
    }
    return QStringLiteral(R"(#compdef %1

%2_modelfloat_cli()
{
    local context state state_descr line
    typeset -A opt_args
    local -a common=(
        %3
    )
    local -a names=(
        %4
    )
    _arguments -C "${common[@]}" '1:command:->name' '*::argument:->rest'
    case $state in
    name) _describe -t commands command names;;
    rest)
        case $words[1] in
%5
        esac;;
    esac
}

if [[ $funcstack[1] == _modelfloat-cli ]]; then
    _modelfloat_cli "$@"
else
    compdef _modelfloat_cli %1
fi
)")
        .arg(program(), functions, global.join(QStringLiteral("\n        ")), zshDescribed(QString()),
            cases.join(u'\n'));
}

// ---- fish

QString fishQuoted(QString word)
{
    return word.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
}

QString fishValue(Value value, const QStringList &choices)
{
    if (!choices.isEmpty())
        return QStringLiteral(" -x -a '%1'").arg(choices.join(u' '));
    if (value == Value::Folder)
        return QStringLiteral(" -x -a '(__fish_complete_directories)'");
    return takesFiles(value) ? QStringLiteral(" -r -F") : QStringLiteral(" -x");
}

QString fishOption(const QString &condition, const OptionSpec &option, const std::vector<KindHelp> &kinds)
{
    const QString when = condition.isEmpty() ? QString() : QStringLiteral(" -n '%1'").arg(condition);
    const QString value = option.value == Value::None
        ? QString()
        : fishValue(option.value, choicesOf(option.value, option.choices, kinds));
    return QStringLiteral("complete -c %1%2 -l %3%4 -d '%5'\n")
        .arg(program(), when, text(option.name), value, fishQuoted(text(option.help)));
}

QString fishScript(const std::vector<KindHelp> &kinds)
{
    QString script = QStringLiteral(R"(# fish completion for %1

function __modelfloat_cli_command
    set -l words (commandline -opc)
    set -l found
    set -l skip 0
    for word in $words[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
            case %2
                set skip 1
            case '-*'
            case '*'
                set -a found $word
        end
    end
    echo "$found"
end

function __modelfloat_cli_is
    set -l command (__modelfloat_cli_command)
    test "$command" = "$argv"; or string match -q -- "$argv *" "$command"
end

complete -c %1 -f
)");
    QStringList withValues;
    for (const OptionSpec &option : globalOptions()) {
        if (option.value != Value::None)
            withValues << QStringLiteral("--") + text(option.name);
    }
    script = script.arg(program(), withValues.join(u' '));
    for (const OptionSpec &option : globalOptions())
        script += fishOption(QString(), option, kinds);
    const auto offer = [&](const QString &when, const QString &word, const QString &what) {
        script += QStringLiteral("complete -c %1 -n '%2' -a %3 -d '%4'\n").arg(program(), when, word, fishQuoted(what));
    };
    for (const QString &word : commandWords(QString())) {
        const CommandSpec *command = findCommand(word);
        offer(QStringLiteral("test -z (__modelfloat_cli_command)"), word,
            command ? text(command->summary) : QStringLiteral("Accounts: add, list, test, set."));
    }
    for (const QString &group : groups()) {
        for (const QString &word : commandWords(group))
            offer(QStringLiteral("test (__modelfloat_cli_command) = %1").arg(group), word,
                text(findCommand(group + u' ' + word)->summary));
    }
    for (const CommandSpec &command : commandTable()) {
        if (command.hidden)
            continue;
        const QString when = QStringLiteral("__modelfloat_cli_is %1").arg(text(command.name));
        for (const OptionSpec &option : command.options)
            script += fishOption(when, option, kinds);
        if (command.arguments.empty())
            continue;
        const ArgumentSpec &argument = command.arguments.front();
        const QStringList choices = argument.value == Value::Command
            ? commandWords(QString())
            : choicesOf(argument.value, argument.choices, kinds);
        if (!choices.isEmpty())
            script += QStringLiteral("complete -c %1 -n '%2' -a '%3'\n").arg(program(), when, choices.join(u' '));
        else if (takesFiles(argument.value))
            script += QStringLiteral("complete -c %1 -n '%2' -F\n").arg(program(), when);
    }
    return script;
}

} // namespace

QString completionsFor(const QString &shell, const std::vector<KindHelp> &kinds)
{
    if (shell == QStringLiteral("bash"))
        return bashScript(kinds);
    if (shell == QStringLiteral("zsh"))
        return zshScript(kinds);
    if (shell == QStringLiteral("fish"))
        return fishScript(kinds);
    return {};
}

} // namespace mf::cli
