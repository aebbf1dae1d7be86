// SPDX-License-Identifier: GPL-3.0-or-later
// Sessions of the log: what is made in one that has ended would be nobody's, so nothing ever is.
#include "core/distributor/collect.h"
#include "core/distributor/objects/segment.h"
#include "core/distributor/ready_accounts.h"
#include "core/distributor/repack_session.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

#include <QtTest>

#include <map>

using namespace mf;

namespace {

using std::chrono::hours;
using Method = FaultyProvider::Method;
const QString kM = QStringLiteral("m");
const QString kN = QStringLiteral("n");
const QString kLog = QStringLiteral("log/");
const QString kMeta = QStringLiteral("meta/*");

struct Told {
    quint64 lastWord = 0; // Lamport clocks
    quint64 end = 0;
};

// The log as the first account lists it.
std::vector<Registry::Segment> logOf(Computers &c)
{
    std::vector<Registry::Segment> segments;
    for (const BlobInfo &blob : must(runTask(listAll(c.memory(0), kLog)))) {
        const Range whole;
        const QByteArray sealed = must(runTask(c.memory(0).get(blob.name, whole)));
        const Segment segment = must(openSegment(c.ring(), blob.name, viewOf(sealed)));
        segments.push_back(registryRecord(objectHash(viewOf(sealed)), blob.name, segment, QDateTime()));
    }
    return segments;
}

// What the log says of each session.
std::map<SessionId, Told> sessionsOf(Computers &c)
{
    c.clock().advance(hours(30)); // all of it is listed then
    std::map<SessionId, Told> sessions;
    for (const Registry::Segment &segment : logOf(c)) {
        for (const Registry::SessionEvent &event : segment.sessions) {
            quint64 &when = event.isEnd ? sessions[event.id].end : sessions[event.id].lastWord;
            when = std::max(when, segment.lamport);
        }
    }
    return sessions;
}

// Whether each one that has ended said nothing after that.
bool isSilentAfterTheEnd(const std::map<SessionId, Told> &sessions)
{
    return std::all_of(sessions.begin(), sessions.end(),
        [](const auto &session) { return session.second.end == 0 || session.second.lastWord <= session.second.end; });
}

MemoryProvider::Options lagging()
{
    MemoryProvider::Options options;
    options.listingLag = hours(12);
    return options;
}

// One computer dooms the packs of m; another one stores n of the same bytes and some more, and does not see that yet.
struct Doomed {
    Computers c { 2, lagging() };
    int other = 0;
    QByteArray bytes = randomBytes(8'000'000, 1);
    QByteArray path;

    Doomed()
    {
        const auto first = c.write(QStringLiteral("m.bin"), bytes.first(4'000'000));
        must(c.store(first, Protection(1, 1), kM));
        c.clock().advance(hours(30));
        other = c.join(0);
        must(runTask(removeModel(c.engine(), kM, 0, true)));
        must(runTask(collect(c.engine())));
        path = c.write(QStringLiteral("n.bin"), bytes);
    }
    Result<StoreResult> store() { return c.store(path, Protection(1, 1), kN, other); }
};

} // namespace

class TestSession : public QObject
{
    Q_OBJECT

private slots:
    // CONFIRM finds the doom: the chunks are stored afresh, in another session that has the packs made so far.
    void anotherAttemptIsAnotherSession()
    {
        Doomed d;
        d.c.faulty(0, d.other).on(Method::Put).named(kMeta).callback([&d] { d.c.clock().advance(hours(30)); });
        const auto stored = d.store();
        QVERIFY2(stored, qPrintable(stored ? QString() : stored.error().message));
        const auto sessions = sessionsOf(d.c);
        QCOMPARE(sessions.size(), std::size_t(3)); // that of m, too
        QVERIFY(isSilentAfterTheEnd(sessions));
        QVERIFY(d.c.comesBack(kN, d.bytes, d.other));
        QVERIFY(must(runTask(d.c.engine(d.other).registry.transfers())).empty());
    }

    // The same where the run ended before it could ask; the next one takes the revision back, and goes on.
    void onePublishedAndWithdrawnIsNotGoneOnWith()
    {
        Doomed d;
        d.c.faulty(0, d.other).on(Method::Put).named(kMeta).callback([&d] {
            for (int i = 0; i < 2; ++i)
                d.c.faulty(i, d.other)
                    .on(Method::List)
                    .named(kLog)
                    .always()
                    .error(Error(Error::Kind::Network, QStringLiteral("MF-NET-DOWN"), QStringLiteral("down")));
        });
        const auto cut = d.store();
        QVERIFY(!cut);
        QCOMPARE(cut.error().id, QStringLiteral("MF-CONFIRM-ACCOUNTS"));
        for (int i = 0; i < 2; ++i)
            d.c.faulty(i, d.other).heal();
        d.c.clock().advance(hours(30));
        const auto stored = d.store();
        QVERIFY2(stored, qPrintable(stored ? QString() : stored.error().message));
        const auto sessions = sessionsOf(d.c);
        QCOMPARE(sessions.size(), std::size_t(3)); // that of m, too
        QVERIFY(isSilentAfterTheEnd(sessions));
        QVERIFY(d.c.comesBack(kN, d.bytes, d.other));
    }

    // Every ten minutes the log hears how far it is: others know its packs, and leave them alone, when it is cut off.
    void aLongOneTellsOfItselfOnTheWay()
    {
        Computers c(2);
        const int other = c.join(0);
        const QByteArray bytes = randomBytes(100'000'000, 2);
        const QByteArray path = c.write(QStringLiteral("m.bin"), bytes);
        const Error cut(Error::Kind::Network, QStringLiteral("MF-NET-DOWN"), QStringLiteral("down"));
        for (int i = 0; i < 2; ++i) {
            c.faulty(i).on(Method::Put).named(QStringLiteral("f/*")).times(5).callback([&c] {
                c.clock().advance(std::chrono::minutes(6));
            });
            c.faulty(i).on(Method::Put).named(QStringLiteral("f/*")).always().error(cut);
        }
        QVERIFY(!c.store(path, Protection(1, 1), kM));
        const int put = c.fragments();
        QVERIFY(put > 0);
        must(runTask(syncLibrary(c.engine(other))));
        const auto session = must(runTask(c.engine().registry.transfers())).front().session;
        int told = 0;
        for (const Registry::Segment &segment : logOf(c)) {
            for (const Registry::SessionEvent &event : segment.sessions)
                told += event.id == session && !event.indexes.empty() ? 1 : 0;
        }
        QVERIFY(told > 0);
        QVERIFY(must(runTask(c.engine(other).registry.packsOn(c.record(0).id))).size() > 0);
        must(runTask(collect(c.engine(other))));
        QCOMPARE(c.fragments(), put);

        c.reopen(0);
        const auto stored = c.store(path, Protection(1, 1), kM);
        QVERIFY2(stored, qPrintable(stored ? QString() : stored.error().message));
        QVERIFY(c.fragments() > put);
        QVERIFY(c.comesBack(kM, bytes, other));
    }

    // Cut off after the log had its end.
    void aRepackThatHasEndedIsNotTakenUp()
    {
        Computers c(2);
        TransferRecord again;
        {
            Engine &engine = c.engine();
            QStringList warnings;
            must(runTask(readyAccounts(engine, warnings)));
            RepackSession first(engine);
            must(runTask(first.begin()));
            must(runTask(first.announce()));
            again = must(runTask(engine.registry.transfers())).front();
            must(runTask(first.end()));
            must(runTask(engine.registry.beginTransfer(again)));
        }
        c.reopen(0);
        RepackSession next(c.engine());
        must(runTask(next.begin()));
        QVERIFY(next.id() != again.session);
        const auto transfers = must(runTask(c.engine().registry.transfers()));
        QCOMPARE(transfers.size(), std::size_t(1));
        QVERIFY(transfers.front().session == next.id());
    }
};

QTEST_GUILESS_MAIN(TestSession)
#include "test_session.moc"
