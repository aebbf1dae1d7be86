// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/commands.h"
#include "app/cli/render_transfer.h"
#include "app/cli/values.h"
#include "core/base/size_text.h"
#include "core/crypto/sha256.h"
#include "core/distributor/read_range.h"
#include "core/formats/unixfs.h"

namespace mf::cli {
namespace {

const QString kCidProfile = kUnixFs256k.name; // as cli.md defines --cid

// The CID of a stored file: from the registry if it was asked for before, else computed from its bytes.
Task<Result<QString>> cidOf(Library &library, FileRecord file, ReadStats &stats)
{
    if (file.cidProfile == kCidProfile)
        co_return file.cid;
    const BlockHash hash = [](ByteView block) { return sha256(block); };
    UnixFsBuilder builder(kUnixFs256k, hash);
    const ByteSink sink = [&builder](const QByteArray &bytes) {
        builder.add(mf::viewOf(bytes));
        return Result<>();
    };
    auto reading = readRange(library.engine(), file, 0, file.size, sink, stats);
    const auto read = co_await reading;
    if (!read)
        co_return read.error();
    const QString cid = builder.finish().cid.toString();
    const auto kept = co_await library.registry().setCid(file.row, kCidProfile, cid);
    if (!kept)
        co_return kept.error();
    co_return cid;
}

} // namespace

Task<int> runList(CommandContext &context, const ParsedArguments &arguments)
{
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    Registry &registry = (*library)->registry();
    const auto models = co_await registry.models(arguments.value("search"));
    if (!models)
        co_return context.output.fail(models.error());
    const auto views = co_await modelViews((*library)->engine(), *models);
    if (!views)
        co_return context.output.fail(views.error());
    context.output.result(modelsJson(*views), modelsText(*views, context.output.width()));
    co_return number(ExitCode::Done);
}

Task<int> runShow(CommandContext &context, const ParsedArguments &arguments)
{
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    Registry &registry = (*library)->registry();
    const auto revision = co_await registry.revision(arguments.argument(0), 0);
    if (!revision)
        co_return context.output.fail(revision.error());
    ModelDetails details;
    details.withCid = arguments.has("cid");
    const std::vector<RevisionRecord> only(1, *revision);
    auto views = co_await modelViews((*library)->engine(), only);
    if (!views)
        co_return context.output.fail(views.error());
    details.view = std::move(views->front());
    auto files = co_await registry.files(revision->row);
    if (!files)
        co_return context.output.fail(files.error());
    details.files = std::move(*files);
    ReadStats stats;
    for (FileRecord &file : details.files) {
        if (!details.withCid || file.path.endsWith(u'/'))
            continue;
        const auto cid = co_await cidOf(**library, file, stats);
        if (!cid)
            co_return context.output.fail(cid.error());
        file.cid = *cid;
    }
    const auto spread = co_await registry.spread(revision->row);
    if (!spread)
        co_return context.output.fail(spread.error());
    const auto accounts = co_await registry.accounts();
    if (!accounts)
        co_return context.output.fail(accounts.error());
    for (const auto &entry : *spread) {
        ModelDetails::Spread line;
        for (const AccountRecord &account : *accounts) {
            if (account.id == entry.account)
                line.account = account.name;
        }
        line.count = entry.count;
        line.bytes = entry.bytes;
        line.missing = entry.missing;
        if (details.view.onThisComputer()) { // what has not moved yet is not missing
            line.count -= line.missing;
            line.missing = 0;
            if (line.count == 0)
                continue;
        }
        details.fragments.push_back(std::move(line));
    }
    context.output.result(modelDetailsJson(details), modelDetailsText(details, context.output.width()));
    co_return number(ExitCode::Done);
}

Task<int> runTag(CommandContext &context, const ParsedArguments &arguments)
{
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    Registry &registry = (*library)->registry();
    const auto revision = co_await registry.revision(arguments.argument(0), 0);
    if (!revision)
        co_return context.output.fail(revision.error());
    QStringList tags = revision->tags;
    if (arguments.arguments.size() > 1) {
        tags = changedTags(tags, arguments.arguments.mid(1));
        const auto set = co_await registry.setTags(revision->model, tags);
        if (!set)
            co_return context.output.fail(set.error());
    }
    context.output.result(tagsJson(revision->name, tags), tagsText(revision->name, tags));
    co_return number(ExitCode::Done);
}

} // namespace mf::cli
