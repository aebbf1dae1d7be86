// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/man_page.h"

#include <QStringList>

namespace mf::cli {

namespace {

// Text in which nothing is a request or an escape.
QString roff(QString words)
{
    words.replace(u'\\', QStringLiteral("\\e")).replace(u'-', QStringLiteral("\\-"));
    words.replace(u'~', QStringLiteral("\\(ti"))
        .replace(u'\'', QStringLiteral("\\(aq"))
        .replace(u'^', QStringLiteral("\\(ha"));
    if (words.startsWith(u'.'))
        words.prepend(QStringLiteral("\\&"));
    return words;
}

QString bold(const QString &words) { return QStringLiteral("\\fB") + roff(words) + QStringLiteral("\\fR"); }

QString tagged(const QString &tag, const QString &words)
{
    return QStringLiteral(".TP\n%1\n%2\n").arg(tag, roff(words));
}

QString optionTag(const OptionSpec &option)
{
    const QString name = bold(QStringLiteral("--") + text(option.name));
    if (option.value == Value::None)
        return name;
    return name + QStringLiteral(" \\fI") + roff(text(option.valueName)) + QStringLiteral("\\fR");
}

QString optionEntry(const OptionSpec &option)
{
    const QString more = option.repeats ? QStringLiteral(" (may be given several times)") : QString();
    return tagged(optionTag(option), text(option.help) + more);
}

QString commandEntry(const CommandSpec &command, const std::vector<KindHelp> &kinds)
{
    QString page = QStringLiteral(".SS %1\n").arg(roff(text(command.name)));
    page += QStringLiteral(".PP\n%1 %2\n")
                .arg(bold(text(kProgram) + u' ' + text(command.name)), roff(synopsisOf(command)));
    page += QStringLiteral(".PP\n%1\n").arg(roff(text(command.summary)));
    for (const char *paragraph : command.description)
        page += QStringLiteral(".PP\n%1\n").arg(roff(text(paragraph)));
    bool takesKind = false;
    for (const ArgumentSpec &argument : command.arguments) {
        page += tagged(QStringLiteral("\\fI%1\\fR").arg(roff(text(argument.name))), text(argument.help));
        takesKind = takesKind || argument.value == Value::Kind;
    }
    for (const OptionSpec &option : command.options)
        page += optionEntry(option);
    if (takesKind) {
        for (const KindHelp &kind : kinds) {
            page += QStringLiteral(".PP\nSettings of kind %1 (%2):\n").arg(bold(kind.id), roff(kind.title));
            for (const auto &setting : kind.settings) {
                const QString more = setting.required ? QStringLiteral(" (required)") : QString();
                page += tagged(bold(setting.key + u'='), setting.help + more);
            }
        }
    }
    if (!command.examples.empty()) {
        page += QStringLiteral(".PP\nExamples:\n");
        for (const ExampleSpec &example : command.examples)
            page += tagged(bold(text(kProgram) + u' ' + text(example.line)), text(example.what));
    }
    return page;
}

QString explained(const QString &title, const std::vector<Explained> &table)
{
    QString page = QStringLiteral(".SH %1\n").arg(title);
    for (const Explained &row : table)
        page += tagged(bold(text(row.word)), text(row.what));
    return page;
}

} // namespace

QString manPage(const std::vector<KindHelp> &kinds)
{
    QString page = QStringLiteral(".TH MODELFLOAT\\-CLI 1 \"\" \"ModelFloat %1\" \"User Commands\"\n")
                       .arg(QStringLiteral(MF_VERSION));
    page += QStringLiteral(".nh\n.ad l\n"); // no hyphens in what is to be typed
    page += QStringLiteral(".SH NAME\nmodelfloat\\-cli \\- spreads AI models over the storage you already have\n");
    page += QStringLiteral(".SH SYNOPSIS\n%1 [\\fIGLOBAL OPTIONS\\fR] \\fICOMMAND\\fR …\n").arg(bold(text(kProgram)));
    page += QStringLiteral(".SH DESCRIPTION\n")
        + roff(QStringLiteral(
            "A model is cut into chunks, deduplicated against all that is stored already, compressed with codecs "
            "that know floating point, encrypted, coded with redundancy and spread over the accounts you "
            "have. Any account may vanish; the model comes back byte for byte, verified."))
        + u'\n';
    page += QStringLiteral(
        ".PP\nWith \\fB\\-\\-json\\fR the result is one JSON object on standard output. An error is one line on "
        "standard error, with its id (MF\\-…), and also an object on standard output then.\n");
    page += QStringLiteral(".SH GLOBAL OPTIONS\nThey may stand before or after the command.\n");
    for (const OptionSpec &option : globalOptions())
        page += optionEntry(option);
    page += QStringLiteral(".SH COMMANDS\n");
    for (const CommandSpec &command : commandTable()) {
        if (!command.hidden)
            page += commandEntry(command, kinds);
    }
    page += explained(QStringLiteral("EXIT STATUS"), exitCodes());
    page += explained(QStringLiteral("ENVIRONMENT"), environmentVariables());
    return page;
}

} // namespace mf::cli
