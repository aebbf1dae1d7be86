// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/help.h"

#include "app/cli/layout.h"

#include <QtGlobal>

#include <algorithm>

namespace mf::cli {

namespace {

QString joined(const QStringList &lines) { return lines.join(u'\n') + u'\n'; }

QString left(const OptionSpec &option)
{
    const QString name = QStringLiteral("--") + text(option.name);
    return option.value == Value::None ? name : QString(name + u' ' + text(option.valueName));
}

// The first line begins at the margin, the others further in.
QStringList hanging(const QString &line, int width)
{
    QStringList lines = wrapped(line, width);
    for (qsizetype i = 1; i < lines.size(); ++i)
        lines[i].prepend(QStringLiteral("       "));
    return lines;
}

struct Row {
    QString left;
    QString right;
    Row(QString l, QString r)
        : left(std::move(l))
        , right(std::move(r))
    {
    }
};

QString section(const QString &title, const std::vector<Row> &rows, int width)
{
    if (rows.empty())
        return {};
    constexpr int kWidest = 24;
    int leftWidth = 0;
    for (const Row &row : rows) {
        const int wide = displayWidth(row.left);
        if (wide <= kWidest)
            leftWidth = std::max(leftWidth, wide);
    }
    QStringList lines { QString(), title + u':' };
    for (const Row &row : rows)
        lines += twoColumns(row.left, row.right, leftWidth, width);
    return joined(lines);
}

QString optionsSection(const QString &title, const std::vector<OptionSpec> &options, int width)
{
    std::vector<Row> rows;
    for (const OptionSpec &option : options) {
        const QString more = option.repeats ? QStringLiteral(" (may be given several times)") : QString();
        rows.emplace_back(left(option), text(option.help) + more);
    }
    return section(title, rows, width);
}

QString explained(const QString &title, const std::vector<Explained> &table, int width)
{
    std::vector<Row> rows;
    rows.reserve(table.size());
    for (const Explained &row : table)
        rows.emplace_back(text(row.word), text(row.what));
    return section(title, rows, width);
}

QString kindsSection(const std::vector<KindHelp> &kinds, int width)
{
    QString result;
    for (const KindHelp &kind : kinds) {
        std::vector<Row> rows;
        for (const auto &setting : kind.settings) {
            const QString more = setting.required ? QStringLiteral(" (required)") : QString();
            rows.emplace_back(setting.key + QStringLiteral("=…"), setting.help + more);
        }
        result += section(QStringLiteral("Settings of kind %1 (%2)").arg(kind.id, kind.title), rows, width);
    }
    return result;
}

QString commandsSection(const QString &title, const QString &group, int width)
{
    std::vector<Row> rows;
    for (const CommandSpec &command : commandTable()) {
        const QString name = text(command.name);
        if (!command.hidden && (group.isEmpty() || name.startsWith(group + u' ')))
            rows.emplace_back(name, text(command.summary));
    }
    return section(title, rows, width);
}

} // namespace

QString helpOverview(int width)
{
    QStringList lines { QStringLiteral("Usage: %1 [GLOBAL OPTIONS] COMMAND …").arg(text(kProgram)), QString() };
    lines
        += wrapped(QStringLiteral("Spreads AI models over the storage you already have: compressed, encrypted, with "
                                  "redundancy, so that an account may vanish and the models come back byte for byte."),
            width);
    QString result = joined(lines);
    result += commandsSection(QStringLiteral("Commands"), QString(), width);
    result += optionsSection(QStringLiteral("Global options, before or after the command"), globalOptions(), width);
    result += explained(QStringLiteral("Environment"), environmentVariables(), width);
    result += explained(QStringLiteral("Exit status"), exitCodes(), width);
    result += joined(
        { QString(), QStringLiteral("%1 help COMMAND explains a command. First steps: %1 demo").arg(text(kProgram)) });
    return result;
}

QString helpGroup(const QString &group, int width)
{
    const QString usage = QStringLiteral("Usage: %1 %2 COMMAND …").arg(text(kProgram), group);
    return joined({ usage }) + commandsSection(QStringLiteral("Commands"), group, width);
}

QString helpCommand(const CommandSpec &command, const std::vector<KindHelp> &kinds, int width)
{
    QStringList lines = hanging(
        QStringLiteral("Usage: %1 %2 %3").arg(text(kProgram), text(command.name), synopsisOf(command)), width);
    lines << QString();
    lines += wrapped(text(command.summary), width);
    for (const char *paragraph : command.description) {
        lines << QString();
        lines += wrapped(text(paragraph), width);
    }
    QString result = joined(lines);
    std::vector<Row> arguments;
    bool takesKind = false;
    for (const ArgumentSpec &argument : command.arguments) {
        arguments.emplace_back(text(argument.name), text(argument.help));
        takesKind = takesKind || argument.value == Value::Kind;
    }
    result += section(QStringLiteral("Arguments"), arguments, width);
    result += optionsSection(QStringLiteral("Options"), command.options, width);
    if (takesKind)
        result += kindsSection(kinds, width);
    if (!command.examples.empty()) {
        QStringList examples { QString(), QStringLiteral("Examples:") };
        for (const ExampleSpec &example : command.examples) {
            examples << QStringLiteral("  %1 %2").arg(text(kProgram), text(example.line));
            examples += wrapped(text(example.what), width, 6);
        }
        result += joined(examples);
    }
    result += joined(
        { QString(), QStringLiteral("%1 help lists the global options and exit status.").arg(text(kProgram)) });
    return result;
}

QString versionText()
{
    return QStringLiteral("%1 %2 (Qt %3)\n").arg(text(kProgram), QStringLiteral(MF_VERSION), text(qVersion()));
}

QString helpFor(const QStringList &words, const std::vector<KindHelp> &kinds, int width)
{
    const QString name = words.join(u' ');
    if (name.isEmpty())
        return helpOverview(width);
    if (const CommandSpec *command = findCommand(name))
        return helpCommand(*command, kinds, width);
    const auto &table = commandTable();
    const bool isGroup = std::any_of(
        table.begin(), table.end(), [&](const CommandSpec &c) { return text(c.name).startsWith(name + u' '); });
    return isGroup ? helpGroup(name, width) : QString();
}

} // namespace mf::cli
