// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/commands.h"
#include "app/cli/render_transfer.h"
#include "core/crypto/kit_words.h"

namespace mf::cli {

Task<int> runInit(CommandContext &context, const ParsedArguments &arguments)
{
    const QString file = arguments.value("kit");
    auto creating = Library::create(libraryOptions(context));
    const auto library = co_await creating;
    if (!library)
        co_return context.output.fail(library.error());
    const QStringList words = wordsOf((*library)->recovery());
    const QString text = kitText(words, (*library)->id(), context.clock.now());
    if (!file.isEmpty()) {
        const auto written = writeKit(file, text);
        if (!written) // the library is there; `kit --out` writes the words elsewhere
            co_return context.output.fail(written.error());
    }
    const QString said = file.isEmpty()
        ? QString(text
              + QStringLiteral("\nYour library is made. Write these words down or print them, and keep them away "
                               "from this computer.\nNext: account add folder NAME --set path=DIR\n"))
        : QString(
              QStringLiteral("Your library is made. Its recovery kit is in %1: print it, and keep it away from this "
                             "computer.\nNext: account add folder NAME --set path=DIR\n")
                  .arg(file));
    context.output.result(initJson((*library)->id(), file, words), said);
    co_return number(ExitCode::Done);
}

Task<int> runKit(CommandContext &context, const ParsedArguments &arguments)
{
    const QString file = arguments.value("out");
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const QStringList words = wordsOf((*library)->recovery());
    const QString text = kitText(words, (*library)->id(), context.clock.now());
    if (!file.isEmpty()) {
        const auto written = writeKit(file, text);
        if (!written)
            co_return context.output.fail(written.error());
    }
    const QString said = file.isEmpty() ? text : QString(QStringLiteral("The recovery kit is in %1.\n").arg(file));
    context.output.result(initJson((*library)->id(), file, words), said);
    co_return number(ExitCode::Done);
}

} // namespace mf::cli
