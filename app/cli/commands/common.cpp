// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/commands.h"
#include "core/base/path_text.h"
#include "core/distributor/ready_accounts.h"
#include "core/secrets/private_file.h"

#include <QDir>
#include <QFile>

namespace mf::cli {

CommandMap libraryCommands()
{
    CommandMap commands;
    const auto add = [&commands](const char *name, RunCommand run) { commands.insert(QString::fromLatin1(name), run); };
    add("init", runInit);
    add("account add", runAccountAdd);
    add("account list", runAccountList);
    add("account test", runAccountTest);
    add("account set", runAccountSet);
    add("account signin", runAccountSignIn);
    add("account remove", runAccountRemove);
    add("account lost", runAccountLost);
    add("store", runStore);
    add("estimate", runEstimate);
    add("list", runList);
    add("show", runShow);
    add("fetch", runFetch);
    add("cat", runCat);
    add("check", runCheck);
    add("repair", runRepair);
    add("protect", runProtect);
    add("kit", runKit);
    add("rekey", runRekey);
    add("limits", runLimits);
    add("tag", runTag);
    add("sync", runSync);
    add("recover", runRecover);
    add("remove", runRemove);
    add("restore", runRestore);
    add("trash", runTrash);
    add("collect", runCollect);
    add("demo", runDemo);
    return commands;
}

LibraryOptions libraryOptions(const CommandContext &context)
{
    LibraryOptions options;
    options.places = context.places;
    options.secrets = context.secretStore;
    options.logLevel = context.logLevel;
    return options;
}

Task<Result<std::unique_ptr<Library>>> openLibrary(CommandContext &context)
{
    auto opening = Library::open(libraryOptions(context));
    co_return co_await opening;
}

Task<Result<std::vector<ModelView>>> modelViews(Engine &engine, std::vector<RevisionRecord> revisions)
{
    auto lost = co_await lostAccounts(engine);
    if (!lost)
        co_return lost.error();
    std::vector<RevisionRow> rows;
    for (const RevisionRecord &revision : revisions)
        rows.push_back(revision.row);
    const auto healths = co_await engine.registry.healths(std::move(rows), std::move(*lost));
    if (!healths)
        co_return healths.error();
    std::vector<ModelView> views;
    for (const RevisionRecord &revision : revisions)
        views.push_back(modelView(revision, (*healths)[views.size()], engine.clock.now()));
    co_return views;
}

QByteArray absolutePath(const QString &path)
{
    const QByteArray bytes = pathOfText(path); // the command line keeps names of any bytes this way
    return bytes.startsWith('/') ? bytes : QByteArray(QFile::encodeName(QDir::currentPath()) + '/' + bytes);
}

Error kitExists(const QString &path)
{
    return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-KIT-EXISTS"),
        QStringLiteral("%1 is there already; a kit never replaces a file, name another one").arg(path));
}

Result<> writeKit(const QString &path, const QString &text)
{
    auto written = createPrivateFile(textOfPath(absolutePath(path)), text.toUtf8());
    if (!written && written.error().kind == Error::Kind::AlreadyExists)
        return kitExists(path);
    return written;
}

} // namespace mf::cli
