// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run.h"

#include "app/cli/commands/builtin.h"
#include "app/cli/help.h"
#include "app/cli/interrupt.h"
#include "app/cli/terminal.h"
#include "core/base/log.h"
#include "core/base/path_text.h"

#include <QCoreApplication>

#include <csignal>
#include <unistd.h>

namespace mf::cli {

namespace {

QStringList wordsOf(int argc, const char *const *argv)
{
    QStringList words;
    for (int i = 1; i < argc; ++i)
        words << textOfPath(QByteArray(argv[i])); // a path of any bytes comes through
    return words;
}

int helpWidth()
{
    constexpr int kUsual = 80;
    constexpr int kMost = 100;
    const int width = terminalWidth(STDOUT_FILENO);
    return width == 0 ? kUsual : std::clamp(width, 40, kMost);
}

ProgressDisplay::Mode progressMode(const ParsedArguments &arguments)
{
    if (arguments.isQuiet())
        return ProgressDisplay::Mode::None;
    if (arguments.isJson())
        return ProgressDisplay::Mode::Json;
    return isTerminal(STDERR_FILENO) ? ProgressDisplay::Mode::Bar : ProgressDisplay::Mode::None;
}

Task<void> body(RunCommand run, CommandContext &context, const ParsedArguments &arguments, std::optional<int> &status)
{
    status = co_await run(context, arguments);
    logInfo("cli", QStringLiteral("%1 ended with status %2").arg(text(arguments.command->name)).arg(*status));
    QCoreApplication::exit(*status);
}

int runOnLoop(RunCommand run, CommandContext &context, const ParsedArguments &arguments)
{
    std::optional<int> status;
    TaskScope scope;
    const Interrupt interrupt([&](int) {
        if (status)
            return;
        if (context.interrupted) {
            context.interrupted->set();
            return;
        }
        status = number(ExitCode::Interrupted);
        scope.cancelAll();
        context.progress.finish();
        context.output.error(Error(Error::Kind::Cancelled, QStringLiteral("MF-INTERRUPTED"),
            QStringLiteral("interrupted; the same command goes on where it was")));
        QCoreApplication::exit(*status);
    });
    scope.start(body(run, context, arguments, status));
    // A command that never waited has ended before the loop could be told to.
    return status ? *status : QCoreApplication::exec();
}

int printHelp(Output &output, const ParsedArguments &arguments, const std::vector<KindHelp> &kinds)
{
    const QString name = arguments.command ? text(arguments.command->name) : arguments.group;
    output.bytes(helpFor(name.split(u' ', Qt::SkipEmptyParts), kinds, helpWidth()).toUtf8());
    return number(ExitCode::Done);
}

} // namespace

CommandMap builtinCommands()
{
    return { { QStringLiteral("completions"), runCompletions }, { QStringLiteral("help"), runHelp },
        { QStringLiteral("man-page"), runManPage } };
}

int runCommandLine(int argc, const char *const *argv, const std::vector<KindHelp> &kinds, const CommandMap &commands)
{
    // A reader that went away (| head) is an answer of write(), not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
    const QStringList words = wordsOf(argc, argv);
    const auto arguments = parseArguments(words);
    if (!arguments)
        return Output::standard(asksForJson(words), false).fail(arguments.error());
    Output output = Output::standard(arguments->isJson(), arguments->isQuiet());
    if (arguments->wantsHelp())
        return printHelp(output, *arguments, kinds);
    if (arguments->wantsVersion()) {
        output.bytes(versionText().toUtf8());
        return number(ExitCode::Done);
    }

    const QString name = text(arguments->command->name);
    RunCommand run = commands.value(name);
    if (!run)
        run = builtinCommands().value(name);
    if (!run) {
        return output.fail(Error(Error::Kind::Unsupported, QStringLiteral("MF-USAGE-COMMAND"),
            QStringLiteral("%1 is not part of this program").arg(name)));
    }
    SystemClock clock;
    const auto toStandardError = [&output](const QByteArray &data) { output.toStandardError(data); };
    ProgressDisplay progress(
        clock, progressMode(*arguments), toStandardError, [] { return terminalWidth(STDERR_FILENO); });
    CommandContext context { output, progress, clock, placesFor(arguments->value("home")), SecretStoreKind::Keychain,
        LogLevel::Info, kinds };
    if (arguments->has("secret-store"))
        context.secretStore = *secretStoreKindFrom(arguments->value("secret-store"));
    if (arguments->has("log-level"))
        context.logLevel = *logLevelFrom(arguments->value("log-level"));
    return runOnLoop(run, context, *arguments);
}

} // namespace mf::cli
