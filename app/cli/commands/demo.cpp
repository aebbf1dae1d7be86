// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/commands.h"
#include "app/cli/render.h"
#include "app/cli/render_transfer.h"
#include "app/demo_model.h"
#include "core/base/path_text.h"
#include "core/base/size_text.h"
#include "core/crypto/kit_words.h"
#include "core/distributor/repair.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>

namespace mf::cli {
namespace {

// The tour, told step by step; every step must hold.
class Tour
{
public:
    Tour(CommandContext &context, QTemporaryDir &folder)
        : m_context(context)
        , m_folder(folder)
    {
    }

    QString path(const QString &name) const { return m_folder.filePath(name); }
    void say(const QString &line)
    {
        if (!m_context.output.isJson() && !m_context.output.isQuiet())
            m_context.output.toStandardError(line.toUtf8() + '\n');
        m_said.append(line);
    }
    const QStringList &said() const { return m_said; }

private:
    CommandContext &m_context;
    QTemporaryDir &m_folder;
    QStringList m_said;
};

Error broken(const QString &what)
{
    return Error(Error::Kind::Internal, QStringLiteral("MF-DEMO-FAILED"),
        QStringLiteral("the demo did not hold: %1; please report it").arg(what));
}

Task<Result<>> addFolder(Library &library, QString name, QString path)
{
    AccountRecord draft;
    draft.kind = QStringLiteral("folder");
    draft.name = name;
    draft.domain = name; // knowingly: the three lie on one disk
    draft.settings.insert(QStringLiteral("path"), path);
    const auto added = co_await library.addAccount(draft, QByteArray());
    if (!added)
        co_return added.error();
    co_return Result<>();
}

bool isSameFile(const QString &a, const QString &b)
{
    QFile one(a);
    QFile two(b);
    if (!one.open(QIODevice::ReadOnly) || !two.open(QIODevice::ReadOnly) || one.size() != two.size())
        return false;
    constexpr qint64 kPiece = 1 << 20;
    while (!one.atEnd()) {
        if (one.read(kPiece) != two.read(kPiece))
            return false;
    }
    return true;
}

// The lost account is given up, another one comes, and the model gets back what it lost.
Task<Result<>> repairElsewhere(CommandContext &context, Tour &tour, Library &library)
{
    const auto south = co_await library.account(QStringLiteral("south"));
    if (!south)
        co_return south.error();
    AccountRecord lost = *south;
    lost.retired = true;
    const auto given = co_await library.changeAccount(lost);
    if (!given)
        co_return given.error();
    if (Account *account = library.accounts().find(lost.id))
        account->record().retired = true;
    const QString west = QStringLiteral("west");
    const auto added = co_await addFolder(library, west, tour.path(west));
    if (!added)
        co_return added.error();
    tour.say(QStringLiteral("6. Gave up south and connected the folder west in its place."));

    const ProgressSink sink = context.progress.sink(QStringLiteral("repair"));
    Repair repair(library.engine(), RepairRequest(), sink);
    const auto repaired = co_await repair.run();
    context.progress.finish();
    if (!repaired)
        co_return repaired.error();
    CheckRequest request;
    request.deep = true;
    Check check(library.engine(), request, nullptr);
    const auto checked = co_await check.run();
    if (!checked)
        co_return checked.error();
    const bool isWell = checked->models.size() == 1 && checked->models.front().state == ModelState::Safe;
    if (!isWell || repaired->rebuilt == 0)
        co_return broken(QStringLiteral("the repair did not bring the protection back"));
    tour.say(
        QStringLiteral("7. Repaired: rebuilt %1 from the others and put what was missing on west. A deep check opened "
                       "every record and compared all parity: any one of the three may vanish again.")
            .arg(counted(repaired->rebuilt, "fragment", "fragments")));
    co_return Result<>();
}

Task<Result<>> tour(CommandContext &context, Tour &tour, QString model)
{
    LibraryOptions options;
    options.places.home = tour.path(QStringLiteral("home"));
    options.places.cache = tour.path(QStringLiteral("home/cache"));
    options.places.logs = tour.path(QStringLiteral("home/logs"));
    options.secrets = SecretStoreKind::File;
    auto creating = Library::create(options);
    const auto library = co_await creating;
    if (!library)
        co_return library.error();
    tour.say(QStringLiteral("1. Made a library. Its recovery kit has 24 words; the first is “%1”.")
            .arg(wordsOf((*library)->recovery()).first()));

    const QStringList names { QStringLiteral("north"), QStringLiteral("south"), QStringLiteral("east") };
    for (const QString &name : names) {
        const auto added = co_await addFolder(**library, name, tour.path(name));
        if (!added)
            co_return added.error();
    }
    tour.say(QStringLiteral("2. Connected three accounts: the folders north, south and east, each a failure domain."));

    StoreRequest request;
    request.paths.push_back(pathOfText(model));
    request.protection = Protection(2, 1);
    const ProgressSink storeSink = context.progress.sink(QStringLiteral("store"));
    Store store((*library)->engine(), std::move(request), storeSink);
    const auto stored = co_await store.run();
    context.progress.finish();
    if (!stored)
        co_return stored.error();
    tour.say(QStringLiteral("3. Stored %1 (%2): %3 after compression, %4 on the accounts as 2 + 1.")
            .arg(stored->model, sizeText(stored->bytes), sizeText(stored->storedBytes),
                sizeText(stored->uploadedBytes)));

    if (!QDir(tour.path(QStringLiteral("south"))).removeRecursively())
        co_return broken(QStringLiteral("the folder south could not be destroyed"));
    tour.say(QStringLiteral("4. Destroyed the account south: its folder is gone, with every fragment in it."));

    FetchRequest fetchRequest;
    fetchRequest.model = stored->model;
    fetchRequest.to = pathOfText(tour.path(QStringLiteral("back")));
    const ProgressSink fetchSink = context.progress.sink(QStringLiteral("fetch"));
    Fetch fetch((*library)->engine(), std::move(fetchRequest), fetchSink);
    const auto fetched = co_await fetch.run();
    context.progress.finish();
    if (!fetched)
        co_return fetched.error();
    const QString back = tour.path(QStringLiteral("back/") + fetched->files.front().path);
    if (fetched->files.size() != 1 || !isSameFile(model, back))
        co_return broken(QStringLiteral("the fetched file differs from the stored one"));
    tour.say(QStringLiteral("5. Fetched it from the other two: %1 slices were computed from parity, every chunk was "
                            "verified, and the file is the same byte for byte.")
            .arg(fetched->stats.rebuilt));
    const auto repaired = co_await repairElsewhere(context, tour, **library);
    if (!repaired)
        co_return repaired.error();
    tour.say(QStringLiteral("A model survives the loss of an account. That is what ModelFloat is for."));
    co_return Result<>();
}

} // namespace

Task<int> runDemo(CommandContext &context, const ParsedArguments &arguments)
{
    QTemporaryDir folder;
    if (!folder.isValid())
        co_return context.output.fail(systemError(ENOSPC, QStringLiteral("cannot make a temporary folder")));
    // The demo's secrets live as long as the demo; nobody else ever needs the passphrase.
    const SecretKey random = randomKey();
    qputenv("MODELFLOAT_PASSPHRASE", toBase32(random.view()).toLatin1());
    Tour steps(context, folder);
    QString model = arguments.argument(0);
    if (model.isEmpty()) {
        model = folder.filePath(QStringLiteral("demo-model-F16.gguf"));
        auto make = [model] { return makeDemoModel(model); };
        Pool pool(1);
        const auto made = co_await onPool(pool, make);
        if (!made)
            co_return context.output.fail(made.error());
    } else {
        model = textOfPath(absolutePath(model));
    }
    const auto held = co_await tour(context, steps, model);
    if (!held)
        co_return context.output.fail(held.error());
    QJsonObject json;
    json.insert(QStringLiteral("demo"), QJsonArray::fromStringList(steps.said()));
    context.output.result(json, QString());
    co_return number(ExitCode::Done);
}

} // namespace mf::cli
