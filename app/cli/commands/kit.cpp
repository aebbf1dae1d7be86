// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/commands.h"
#include "app/cli/render_transfer.h"
#include "core/base/path_text.h"
#include "core/crypto/kit_words.h"

#include <QFile>

namespace mf::cli {

Task<int> runKit(CommandContext &context, const ParsedArguments &arguments)
{
    const QString file = arguments.value("out");
    const bool isNew = arguments.has("new");
    if (isNew && !file.isEmpty() && QFile::exists(textOfPath(absolutePath(file)))) // known before anything is changed
        co_return context.output.fail(kitExists(file));
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    EpochId epoch;
    if (isNew) {
        const auto renewed = co_await (*library)->renewKit();
        if (!renewed)
            co_return context.output.fail(renewed.error());
        epoch = *renewed;
    }
    const QStringList words = wordsOf((*library)->recovery());
    const QString text = kitText(words, (*library)->id(), context.clock.now());
    if (!file.isEmpty()) {
        const auto written = writeKit(file, text);
        if (!written) // a new one is made all the same; `kit --out` writes it elsewhere
            co_return context.output.fail(written.error());
    }
    const QString said = file.isEmpty() ? text : QString(QStringLiteral("The recovery kit is in %1.\n").arg(file));
    if (isNew) {
        const QString all = said + u'\n' + newKitText();
        context.output.result(newKitJson(epoch, file, words), all);
    } else {
        context.output.result(initJson((*library)->id(), file, words), said);
    }
    co_return number(ExitCode::Done);
}

Task<int> runRekey(CommandContext &context, const ParsedArguments &)
{
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const ProgressSink sink = context.progress.sink(QStringLiteral("rekey"));
    auto rekeying = rekeyLibrary((*library)->engine(), sink);
    const auto done = co_await rekeying;
    context.progress.finish();
    if (!done)
        co_return context.output.fail(done.error());
    context.output.result(rekeyJson(*done), rekeyText(*done));
    co_return number(done->left > 0 ? ExitCode::Reduced : ExitCode::Done);
}

} // namespace mf::cli
