// SPDX-License-Identifier: GPL-3.0-or-later
// The command line of modelfloat-cli over commands that need no library:
//     store X      reports progress until it is interrupted (X = "short": for 300 ms); says "cancelled" when its frame
//     ends early fetch X      fails with a throttled error list         a result kit          reads a secret line and
//     prints its length cat X Y      writes without end
#include "app/cli/run.h"
#include "app/cli/terminal.h"
#include "core/base/awaitables.h"

#include <QCoreApplication>

#include <unistd.h>

using namespace mf;
using namespace mf::cli;

namespace {

struct Goodbye {
    bool isExpected = false;
    Goodbye() = default;
    Goodbye(const Goodbye &) = delete;
    Goodbye &operator=(const Goodbye &) = delete;
    ~Goodbye()
    {
        if (!isExpected)
            writeAll(STDERR_FILENO, "cancelled\n");
    }
};

Task<int> runStore(CommandContext &context, const ParsedArguments &arguments)
{
    Goodbye goodbye;
    const bool isShort = arguments.argument(0) == QStringLiteral("short");
    const ProgressSink report = context.progress.sink(QStringLiteral("store"));
    Progress progress;
    progress.phase = Progress::Phase::Storing;
    progress.total = 1000;
    for (int i = 0; !isShort || i < 300; ++i) {
        progress.bytes = std::min<qint64>(progress.bytes + 1, 900);
        report(progress);
        co_await delay(std::chrono::milliseconds(1));
    }
    goodbye.isExpected = true;
    context.progress.finish();
    co_return number(ExitCode::Done);
}

Task<int> runFetch(CommandContext &context, const ParsedArguments &arguments)
{
    co_await delay(std::chrono::milliseconds(1));
    const QDateTime when(QDate(2026, 11, 21), QTime(10, 0), Qt::UTC);
    co_return context.output.fail(
        Error(Error::Kind::Throttled, QStringLiteral("MF-TEST-SLOW"), QStringLiteral("it is too\nmuch for now"))
            .at(QStringLiteral("drive"))
            .of(arguments.argument(0))
            .until(when));
}

Task<int> runList(CommandContext &context, const ParsedArguments &)
{
    context.output.note(QStringLiteral("a remark"));
    context.output.result(
        QJsonObject { { QStringLiteral("home"), context.places.home } }, QStringLiteral("one model\n"));
    co_return number(ExitCode::Done);
}

Task<int> runKit(CommandContext &context, const ParsedArguments &)
{
    const auto line = readSecretLine(QStringLiteral("Password: "));
    context.output.result(
        QJsonObject(), line ? QStringLiteral("%1 characters\n").arg(line->size()) : QStringLiteral("none\n"));
    co_return number(ExitCode::Done);
}

Task<int> runCat(CommandContext &context, const ParsedArguments &)
{
    const QByteArray block(qsizetype(64) << 10, 'x');
    while (context.output.bytes(block))
        co_await delay(std::chrono::milliseconds(0));
    co_return context.output.fail(
        Error(Error::Kind::Cancelled, QStringLiteral("MF-OUTPUT-CLOSED"), QStringLiteral("nobody reads any more")));
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    KindHelp kind;
    kind.id = QStringLiteral("folder");
    kind.title = QStringLiteral("Folder");
    const std::vector<KindHelp> kinds { kind };
    const CommandMap commands { { QStringLiteral("store"), runStore }, { QStringLiteral("fetch"), runFetch },
        { QStringLiteral("list"), runList }, { QStringLiteral("kit"), runKit }, { QStringLiteral("cat"), runCat } };
    return runCommandLine(argc, argv, kinds, commands);
}
