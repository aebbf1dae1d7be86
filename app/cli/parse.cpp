// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/parse.h"

#include "app/cli/suggest.h"
#include "app/cli/values.h"

#include <algorithm>

namespace mf::cli {

namespace {

const OptionSpec *findOption(const std::vector<OptionSpec> &options, const QString &name)
{
    const auto found
        = std::find_if(options.begin(), options.end(), [&](const OptionSpec &o) { return name == text(o.name); });
    return found == options.end() ? nullptr : &*found;
}

QString helpHint(const CommandSpec *command)
{
    const QString what = command ? u' ' + text(command->name) : QString();
    return QStringLiteral("; see %1 help%2").arg(text(kProgram), what);
}

Error usage(const char *id, const QString &message) { return Error(Error::Kind::Invalid, text(id), message); }

// Names of commands as one types them: "store", and "account" for those of two words.
QStringList firstWords()
{
    QStringList words;
    for (const CommandSpec &command : commandTable()) {
        const QString first = text(command.name).section(u' ', 0, 0);
        if (!command.hidden && !words.contains(first))
            words << first;
    }
    return words;
}

QStringList secondWords(const QString &first)
{
    QStringList words;
    for (const CommandSpec &command : commandTable()) {
        const QString name = text(command.name);
        if (name.section(u' ', 0, 0) == first && name.contains(u' '))
            words << name.section(u' ', 1);
    }
    return words;
}

class Parser
{
public:
    explicit Parser(const QStringList &words)
        : m_words(words)
    {
    }

    Result<ParsedArguments> run()
    {
        while (m_at < m_words.size()) {
            const QString word = m_words.at(m_at++);
            const auto taken = m_onlyArguments || !isOption(word) ? takeArgument(word) : takeOption(word);
            if (!taken)
                return taken.error();
        }
        const auto whole = finish();
        if (!whole)
            return whole.error();
        return std::move(m_result);
    }

private:
    bool isOption(const QString &word) const
    {
        if (word == QStringLiteral("-h"))
            return !takesMinusWords();
        if (word.startsWith(QStringLiteral("--")))
            return true;
        return word.size() > 1 && word.startsWith(u'-') && !takesMinusWords();
    }

    // `tag NAME -old`: words with one minus are arguments, from the second on.
    bool takesMinusWords() const
    {
        const CommandSpec *command = m_result.command;
        return command && !command->arguments.empty() && command->arguments.back().value == Value::Tag
            && !m_result.arguments.isEmpty();
    }

    Result<> takeArgument(const QString &word)
    {
        if (m_result.command) {
            m_result.arguments << word;
            return {};
        }
        const QString name = m_result.group.isEmpty() ? word : QString(m_result.group + u' ' + word);
        if (const CommandSpec *command = findCommand(name)) {
            m_result.command = command;
            m_result.group.clear();
            return {};
        }
        if (m_result.group.isEmpty() && !secondWords(word).isEmpty()) {
            m_result.group = word;
            return {};
        }
        const QStringList known = m_result.group.isEmpty() ? firstWords() : secondWords(m_result.group);
        const QString prefix = m_result.group.isEmpty() ? QString() : QString(m_result.group + u' ');
        return usage("MF-USAGE-COMMAND",
            QStringLiteral("there is no command “%1”").arg(name) + suggestion(word, known, prefix) + helpHint(nullptr));
    }

    Result<> takeOption(const QString &word)
    {
        if (word == QStringLiteral("--")) {
            m_onlyArguments = true;
            return {};
        }
        const qsizetype equals = word.indexOf(u'=');
        const bool isLong = word.startsWith(QStringLiteral("--"));
        QString name = isLong ? word.mid(2, equals < 0 ? -1 : equals - 2) : QString();
        if (word == QStringLiteral("-h"))
            name = QStringLiteral("help");
        const OptionSpec *option = findOption(globalOptions(), name);
        if (!option && m_result.command)
            option = findOption(m_result.command->options, name);
        if (!option)
            return unknownOption(isLong ? QString(QStringLiteral("--") + name) : word, name);

        if (option->value == Value::None) {
            if (equals >= 0 && isLong)
                return usage("MF-USAGE-OPTION", QStringLiteral("--%1 takes no value").arg(name));
            m_result.options[name] = QStringList { QString() };
            return {};
        }
        QString value;
        if (equals >= 0)
            value = word.mid(equals + 1);
        else if (m_at < m_words.size())
            value = m_words.at(m_at++);
        else
            return usage("MF-USAGE-VALUE",
                QStringLiteral("--%1 needs a value: %2").arg(name, text(option->valueName))
                    + helpHint(m_result.command));
        if (m_result.options.contains(name) && !option->repeats)
            return usage("MF-USAGE-OPTION", QStringLiteral("--%1 is given more than once").arg(name));
        const auto good = checkValue(option->value, option->choices, QStringLiteral("--") + name, value);
        if (!good)
            return good.error();
        m_result.options[name] << value;
        return {};
    }

    Error unknownOption(const QString &word, const QString &name) const
    {
        QStringList known;
        for (const OptionSpec &option : globalOptions())
            known << text(option.name);
        QString where;
        if (m_result.command) {
            for (const OptionSpec &option : m_result.command->options)
                known << text(option.name);
            where = QStringLiteral(" of ") + text(m_result.command->name);
        } else if (const CommandSpec *owner = ownerOf(name)) {
            return usage("MF-USAGE-OPTION",
                QStringLiteral("%1 is an option of %2: it comes after the command").arg(word, text(owner->name))
                    + helpHint(nullptr));
        }
        return usage("MF-USAGE-OPTION",
            QStringLiteral("there is no option “%1”%2").arg(word, where) + suggestion(name, known, QStringLiteral("--"))
                + helpHint(m_result.command));
    }

    static const CommandSpec *ownerOf(const QString &option)
    {
        for (const CommandSpec &command : commandTable()) {
            if (findOption(command.options, option))
                return &command;
        }
        return nullptr;
    }

    Result<> finish() const
    {
        if (m_result.wantsHelp() || m_result.wantsVersion())
            return {};
        if (!m_result.group.isEmpty())
            return usage("MF-USAGE-COMMAND",
                QStringLiteral("%1 needs a second word: %2")
                    .arg(m_result.group, secondWords(m_result.group).join(QStringLiteral(", "))));
        if (!m_result.command)
            return usage("MF-USAGE-COMMAND", QStringLiteral("no command is given") + helpHint(nullptr));
        const auto counted = checkArguments(*m_result.command);
        if (!counted)
            return counted.error();
        QStringList given;
        for (const char *name : m_result.command->exclusive) {
            if (m_result.has(name))
                given << QStringLiteral("--") + text(name);
        }
        if (given.size() > 1)
            return usage("MF-USAGE-OPTION",
                QStringLiteral("%1 exclude each other: give one of them").arg(given.join(QStringLiteral(" and "))));
        return {};
    }

    Result<> checkArguments(const CommandSpec &command) const
    {
        qsizetype at = 0;
        for (const ArgumentSpec &argument : command.arguments) {
            const QString name = text(argument.name);
            if (at >= m_result.arguments.size()) {
                if (!argument.required)
                    break;
                return usage("MF-USAGE-ARGUMENT",
                    QStringLiteral("%1 needs %2: %3").arg(text(command.name), name, text(argument.help))
                        + helpHint(&command));
            }
            do {
                const auto good = checkValue(argument.value, argument.choices, name, m_result.arguments.at(at));
                if (!good)
                    return good.error();
                ++at;
            } while (argument.repeats && at < m_result.arguments.size());
        }
        if (at < m_result.arguments.size())
            return usage("MF-USAGE-ARGUMENT",
                QStringLiteral("%1 does not take “%2”").arg(text(command.name), m_result.arguments.at(at))
                    + helpHint(&command));
        return {};
    }

    const QStringList &m_words;
    qsizetype m_at = 0;
    bool m_onlyArguments = false;
    ParsedArguments m_result;
};

} // namespace

Result<ParsedArguments> parseArguments(const QStringList &words) { return Parser(words).run(); }

bool asksForJson(const QStringList &words)
{
    const qsizetype end = words.indexOf(QStringLiteral("--"));
    return words.mid(0, end).contains(QStringLiteral("--json"));
}

} // namespace mf::cli
