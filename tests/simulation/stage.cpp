// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/stage.h"

#include "core/distributor/collect.h"
#include "core/distributor/fetch.h"
#include "core/distributor/objects/segment.h"
#include "core/distributor/sync_library.h"
#include "tests/support/must.h"

#include <QDir>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

namespace mf::simulation {
namespace {

QByteArray content() { return QByteArray(5000, 'x').append("the same in all models"); }

} // namespace

Task<void> Stage::throughCrashes(Computer &computer, Activity activity)
{
    struct Body {
        static Task<void> run(Task<void> task, Event &over)
        {
            co_await task;
            over.set();
        }
    };
    for (;;) {
        computer.weather().turnstile = &m_turnstile;
        computer.weather().watch
            = [this, who = computer.name()](const BlobName &name, const QByteArray &bytes) { hear(who, name, bytes); };
        bool hadPower = true;
        {
            Event over;
            computer.weather().powerLost = [&over] { over.set(); };
            TaskScope scope;
            scope.start(Body::run(activity(), over));
            co_await over;
            hadPower = computer.weather().hasPower;
            computer.weather().powerLost = nullptr;
        }
        if (hadPower)
            co_return;
        ++outcome.crashes;
        outcome.said.append(computer.name() + QStringLiteral(" loses power"));
        computer.restart();
    }
}

Stage::Stage(const std::vector<std::chrono::hours> &lags, int computers, World::Order order)
    : world(1, lags, computers, order)
    , m_ring(world.library, KeyRing::masterOf(world.recovery, world.library))
{
}

Task<Result<StoreResult>> Stage::store(Computer &computer, QString name, Protection protection)
{
    const QString path = computer.path(name + QStringLiteral(".bin"));
    QFile file(path);
    if (!file.exists() // else this goes on with what a crash broke off
        && (!file.open(QIODevice::WriteOnly) || file.write(content()) != content().size()))
        qFatal("cannot write");
    file.close();
    StoreRequest request;
    request.paths.push_back(QFile::encodeName(path));
    request.name = name;
    request.protection = protection;
    Store store(computer.engine(), std::move(request), nullptr);
    auto running = store.run();
    co_return co_await running;
}

void Stage::syncAll()
{
    for (const auto &computer : world.computers) {
        computer->skipCopy();
        must(runTask(syncLibrary(computer->engine())));
    }
}

QString Stage::problemWith(Computer &computer, const QString &name)
{
    computer.skipCopy();
    const auto synced = runTask(syncLibrary(computer.engine()));
    if (!synced)
        return synced.error().message;
    FetchRequest request;
    request.model = name;
    const QString to = computer.path(QStringLiteral("back"));
    request.to = QFile::encodeName(to);
    Fetch fetch(computer.engine(), std::move(request), nullptr);
    const auto fetched = runTask(fetch.run());
    if (!fetched)
        return fetched.error().message;
    QFile file(to + u'/' + name + QStringLiteral(".bin"));
    const bool isSame = file.open(QIODevice::ReadOnly) && file.readAll() == content();
    QDir(to).removeRecursively();
    return isSame ? QString() : QStringLiteral("other bytes");
}

void Stage::comeToRest()
{
    constexpr std::chrono::hours kUntilListed { 100 };
    for (int i = 0; i < 4; ++i) {
        for (const auto &computer : world.computers) {
            // In step, and listed late, two would doom one of two copies each and pardon it again, for ever.
            world.clock.advance(kUntilListed);
            computer->skipCopy();
            const auto collected = runTask(collect(computer->engine()));
            Q_UNUSED(collected)
        }
    }
    world.clock.advance(kUntilListed);
}

void Stage::add(Computer &computer, Activity activity)
{
    m_activities.push_back(throughCrashes(computer, std::move(activity)));
}

void Stage::hear(const QString &computer, const BlobName &name, const QByteArray &bytes)
{
    if (!name.value.startsWith(QStringLiteral("log/")))
        return;
    const auto segment = openSegment(m_ring, name, viewOf(bytes));
    if (!segment)
        qFatal("a segment that cannot be opened");
    for (const Cbor &event : segment->events) {
        const QString kind = QString::fromStdString(event.value("k", ""));
        outcome.said.append(computer + u' ' + kind);
        if (kind == QStringLiteral("revision"))
            revisions.insert(name.value);
    }
}

void Stage::run(const Chooser &choose)
{
    outcome.order = runInterleaved(m_turnstile, world.clock, std::move(m_activities), choose);
    for (const auto &computer : world.computers)
        computer->weather() = Weather();
}

void plant(const Computer &computer, const char *trigger)
{
    const QString name = QStringLiteral("plant");
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
        db.setDatabaseName(computer.path(QStringLiteral("registry.sqlite")));
        if (!db.open() || !QSqlQuery(db).exec(QString::fromLatin1(trigger)))
            qFatal("cannot plant: %s", qPrintable(db.lastError().text()));
    }
    QSqlDatabase::removeDatabase(name);
}

} // namespace mf::simulation
