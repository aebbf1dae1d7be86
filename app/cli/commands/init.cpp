// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/commands.h"
#include "app/cli/render_transfer.h"
#include "core/base/path_text.h"
#include "core/crypto/kit_words.h"

#include <QFile>
#include <QRegularExpression>

namespace mf::cli {

namespace {

// What a person typed, or a whole kit file: "# Library <32 digits>, <date>" tells which library it is.
LibraryId libraryOf(const QString &kit)
{
    static const QRegularExpression line(
        QStringLiteral("^#\\s*Library\\s+([0-9A-Fa-f]{32})\\b"), QRegularExpression::MultilineOption);
    const auto match = line.match(kit);
    const QByteArray bytes = QByteArray::fromHex(match.captured(1).toLatin1());
    return LibraryId::from(viewOf(bytes)).value_or(LibraryId());
}

// A library that is open here already gets the kit that another computer made.
Task<int> takeNewKit(CommandContext &context, QString path, SecretKey recovery, LibraryId id, Error exists)
{
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const bool isOther = !id.isNull() && id != (*library)->id();
    if (isOther || (*library)->accounts().all().empty())
        co_return context.output.fail(exists);
    const auto taken = co_await (*library)->takeKit(recovery);
    if (!taken)
        co_return context.output.fail(taken.error());
    context.output.result(initJson((*library)->id(), path, {}),
        QStringLiteral("The kit is right, and this computer has the keys that go with it.\n"));
    co_return number(ExitCode::Done);
}

Task<int> initFromKit(CommandContext &context, QString path)
{
    constexpr qint64 kLongest = 64 << 10; // bytes; a kit has less than one KiB
    QFile file(textOfPath(absolutePath(path)));
    if (!file.open(QIODevice::ReadOnly))
        co_return context.output.fail(Error(Error::Kind::NotFound, QStringLiteral("MF-KIT-FILE"),
            QStringLiteral("cannot read %1; name the file that holds the kit's 24 words").arg(path)));
    const QString kit = QString::fromUtf8(file.read(kLongest));
    const auto recovery = recoveryFrom(kit);
    if (!recovery)
        co_return context.output.fail(recovery.error());
    const LibraryId id = libraryOf(kit);
    auto creating = Library::createFromKit(libraryOptions(context), *recovery, id);
    const auto library = co_await creating;
    if (!library && library.error().id == QStringLiteral("MF-LIBRARY-EXISTS"))
        co_return co_await takeNewKit(context, path, *recovery, id, library.error());
    if (!library)
        co_return context.output.fail(library.error());
    context.output.result(initJson(id, path, {}),
        QStringLiteral("The kit is right. Now connect the places that hold the library, each with account add, then "
                       "run recover.\n"));
    co_return number(ExitCode::Done);
}

} // namespace

Task<int> runInit(CommandContext &context, const ParsedArguments &arguments)
{
    if (arguments.has("from-kit"))
        co_return co_await initFromKit(context, arguments.value("from-kit"));
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

} // namespace mf::cli
