// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/commands.h"
#include "app/cli/render_transfer.h"
#include "app/cli/values.h"
#include "core/distributor/read_range.h"

#include <QRegularExpression>

#include <algorithm>

namespace mf::cli {
namespace {

// `*` and `?` match within one part of a path; a pattern without a slash matches the file's name in any folder.
bool matchesGlob(const QString &path, const QString &glob)
{
    if (path == glob)
        return true;
    const QRegularExpression pattern(QRegularExpression::wildcardToRegularExpression(glob));
    return pattern.match(glob.contains(u'/') ? path : path.section(u'/', -1)).hasMatch();
}

void noteDamages(CommandContext &context, const ReadStats &stats)
{
    for (const Damage &damage : stats.damages)
        context.output.note(QStringLiteral("damaged: fragment %1 of pack %2 on %3: %4")
                .arg(damage.fragment)
                .arg(damage.pack.toHex().left(8), damage.account, damage.what));
    for (auto it = stats.unreachable.begin(); it != stats.unreachable.end(); ++it)
        context.output.note(QStringLiteral("done without %1: %2").arg(it.key(), it.value()));
}

// The bytes that --range or --tensor ask for.
Task<Result<std::pair<qint64, qint64>>> rangeOf(Library &library, FileRecord file, QString range, QString tensor)
{
    if (!tensor.isEmpty()) {
        const auto tensors = co_await library.registry().tensors(file.row);
        if (!tensors)
            co_return tensors.error();
        for (const TensorRecord &record : *tensors) {
            if (record.name == tensor)
                co_return std::pair<qint64, qint64>(record.offset, record.length);
        }
        co_return Error(Error::Kind::NotFound, QStringLiteral("MF-TENSOR-UNKNOWN"),
            QStringLiteral("%1 has no tensor “%2”").arg(file.path, tensor));
    }
    std::pair<qint64, qint64> whole(0, file.size);
    if (range.isEmpty())
        co_return whole;
    const auto asked = rangeFrom(range);
    if (!asked || asked->offset > file.size)
        co_return Error(Error::Kind::Invalid, QStringLiteral("MF-RANGE"),
            QStringLiteral("%1 has %2 bytes; the range %3 is not inside").arg(file.path).arg(file.size).arg(range));
    whole.first = asked->offset;
    whole.second = asked->length < 0 ? file.size - asked->offset : asked->length;
    co_return whole;
}

} // namespace

Task<int> runFetch(CommandContext &context, const ParsedArguments &arguments)
{
    FetchRequest request;
    request.model = arguments.argument(0);
    request.revision = arguments.value("revision").toInt();
    request.overwrite = arguments.has("overwrite");
    const QStringList globs = arguments.values("file");
    if (!globs.isEmpty()) {
        request.select = [globs](const QString &path) {
            return std::any_of(
                globs.begin(), globs.end(), [&path](const QString &glob) { return matchesGlob(path, glob); });
        };
    }
    const QString to = arguments.has("to") ? arguments.value("to") : QStringLiteral(".");
    request.to = absolutePath(to);
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const auto begun = context.clock.elapsed();
    const ProgressSink sink = context.progress.sink(QStringLiteral("fetch"));
    Fetch fetch((*library)->engine(), std::move(request), sink);
    const auto fetched = co_await fetch.run();
    context.progress.finish();
    if (!fetched)
        co_return context.output.fail(fetched.error());
    noteDamages(context, fetched->stats);
    const auto took = context.clock.elapsed() - begun;
    context.output.result(fetchJson(*fetched, to, took), fetchText(*fetched, to, took));
    co_return number(ExitCode::Done);
}

Task<int> runCat(CommandContext &context, const ParsedArguments &arguments)
{
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    Registry &registry = (*library)->registry();
    const auto revision = co_await registry.revision(arguments.argument(0), 0);
    if (!revision)
        co_return context.output.fail(revision.error());
    const auto files = co_await registry.files(revision->row);
    if (!files)
        co_return context.output.fail(files.error());
    const QString path = arguments.argument(1);
    const auto file = std::find_if(files->begin(), files->end(), [&path](const auto &f) { return f.path == path; });
    if (file == files->end())
        co_return context.output.fail(Error(Error::Kind::NotFound, QStringLiteral("MF-FILE-UNKNOWN"),
            QStringLiteral("%1 has no file “%2”; `show` lists its files").arg(revision->name, path))
                .of(revision->name));
    const auto range = co_await rangeOf(**library, *file, arguments.value("range"), arguments.value("tensor"));
    if (!range)
        co_return context.output.fail(range.error());
    ReadStats stats;
    const ByteSink sink = [&context](const QByteArray &bytes) -> Result<> {
        if (context.output.bytes(bytes))
            return {};
        return Error(Error::Kind::Cancelled, QStringLiteral("MF-OUTPUT-CLOSED"),
            QStringLiteral("nobody reads standard output any more"));
    };
    auto reading = readRange((*library)->engine(), *file, range->first, range->second, sink, stats);
    const auto read = co_await reading;
    noteDamages(context, stats);
    if (!read)
        co_return context.output.fail(read.error());
    co_return number(ExitCode::Done);
}

} // namespace mf::cli
