// SPDX-License-Identifier: GPL-3.0-or-later
// What an interrupted store left: a pack whose salt is committed and whose fragments are there in part.
#include "core/distributor/collect.h"
#include "core/distributor/sync_library.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/many_tensors.h"
#include "tests/support/must.h"

#include <QtTest>

using namespace mf;
using Method = FaultyProvider::Method;

namespace {

const QString kFragments = QStringLiteral("f/*");
// Cut the same way whatever the library's key: where a list of chunks ends early it makes a second pack.
const QByteArray kContent = tensorsOf({ 5'000'000 }, 1);

int fragmentsAt(EngineFixture &fixture, int account)
{
    const QStringList names = fixture.place(account).memory->names();
    return static_cast<int>(names.filter(QRegularExpression(QStringLiteral("^f/"))).size());
}

std::vector<PendingRecord> pendingPacks(EngineFixture &fixture)
{
    return must(runTask(fixture.engine().registry.pendingPacks()));
}

Task<void> storing(Engine &engine, QByteArray path)
{
    StoreRequest request;
    request.paths.push_back(path);
    request.protection = Protection(2, 1);
    Store store(engine, std::move(request), nullptr);
    auto running = store.run();
    [[maybe_unused]] const auto stored = co_await running;
}

// A store of "m" that ended with the process when its fragments had come to the first `there` accounts.
void interrupt(EngineFixture &fixture, int there)
{
    const QByteArray path = fixture.write(QStringLiteral("m"), kContent);
    for (int i = there; i < fixture.accounts(); ++i)
        fixture.place(i).faulty->on(Method::Put).named(kFragments).always().hang();
    {
        TaskScope scope;
        scope.start(storing(fixture.engine(), path));
        const bool isHeldUp = QTest::qWaitFor(
            [&] {
                int done = 0;
                for (int i = 0; i < fixture.accounts(); ++i)
                    done += i < there ? fragmentsAt(fixture, i) : fixture.place(i).faulty->hanging();
                return done == fixture.accounts();
            },
            20'000);
        if (!isHeldUp)
            qFatal("the fragments do not get where they should");
    }
    fixture.reopen();
    const auto pending = pendingPacks(fixture);
    if (pending.size() != 1)
        qFatal("%zu packs are unfinished, and not one", pending.size());
}

} // namespace

class TestResume : public QObject
{
    Q_OBJECT

    static void sourceIsGone(const EngineFixture &fixture) { QFile::remove(fixture.path(QStringLiteral("m"))); }
    static void settle(EngineFixture &fixture) { must(runTask(syncLibrary(fixture.engine()))); }
    // Stored anew, whatever was left, it comes back.
    static void storesAndComesBack(EngineFixture &fixture, const QByteArray &content)
    {
        const QByteArray path = fixture.write(QStringLiteral("m"), content);
        const auto stored = fixture.store(path, Protection(2, 1));
        QVERIFY2(stored, stored ? "" : qPrintable(stored.error().message));
        QCOMPARE(stored->reducedPacks, 0);
        QVERIFY(pendingPacks(fixture).empty());
        QVERIFY(fixture.fetch(QStringLiteral("m"), QStringLiteral("back")));
        QCOMPARE(readFile(fixture.path(QStringLiteral("back/m"))), content);
    }

private slots:
    void itsFileIsThere_data()
    {
        QTest::addColumn<int>("there");
        for (int there = 0; there < 3; ++there)
            QTest::addRow("%d of three fragments", there) << there;
    }
    void itsFileIsThere()
    {
        QFETCH(const int, there);
        EngineFixture fixture(3);
        interrupt(fixture, there);
        const qint64 before = fixture.putBytes();
        settle(fixture);
        QVERIFY(pendingPacks(fixture).empty());
        for (int i = 0; i < 3; ++i)
            QCOMPARE(fragmentsAt(fixture, i), 1);
        const qint64 sent = fixture.putBytes() - before;
        QVERIFY(sent < (3 - there) * kContent.size() * 6 / 10); // what was missing, and no more
        storesAndComesBack(fixture, kContent);
        QVERIFY(fixture.putBytes() - before < sent + 1'000'000); // it is complete: nothing is sent again
    }

    void itsFileIsGoneAndEnoughIsThere()
    {
        EngineFixture fixture(3);
        interrupt(fixture, 2);
        sourceIsGone(fixture);
        settle(fixture);
        QVERIFY(pendingPacks(fixture).empty());
        QCOMPARE(fragmentsAt(fixture, 2), 1);
        storesAndComesBack(fixture, kContent);
    }

    void itsFileIsNoLongerTheSame_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("gone") << QByteArray();
        QTest::newRow("other bytes") << randomBytes(kContent.size(), 2);
        QTest::newRow("shorter") << kContent.left(1'000'000);
        QTest::newRow("its end is other bytes") << kContent.left(kContent.size() - 1) + 'x';
    }
    void itsFileIsNoLongerTheSame()
    {
        QFETCH(const QByteArray, content);
        EngineFixture fixture(3);
        interrupt(fixture, 1);
        if (content.isEmpty())
            sourceIsGone(fixture);
        else
            fixture.write(QStringLiteral("m"), content);
        settle(fixture);
        QVERIFY(pendingPacks(fixture).empty());
        for (int i = 0; i < 3; ++i) // not two packs under one salt: it is gone as a whole
            QCOMPARE(fragmentsAt(fixture, i), 0);
        storesAndComesBack(fixture, content.isEmpty() ? kContent : content);
    }

    // What it holds may be enough, together with what the others do.
    void anAccountThatIsAwayIsWaitedFor()
    {
        EngineFixture fixture(3);
        interrupt(fixture, 2);
        sourceIsGone(fixture);
        fixture.place(1).memory->setGone(true);
        settle(fixture);
        QCOMPARE(pendingPacks(fixture).size(), std::size_t(1));
        QCOMPARE(fragmentsAt(fixture, 0), 1);
        fixture.place(1).memory->setGone(false);
        fixture.reopen();
        settle(fixture);
        QVERIFY(pendingPacks(fixture).empty());
        for (int i = 0; i < 3; ++i)
            QCOMPARE(fragmentsAt(fixture, i), 1);
    }

    void anAccountThatWasGivenUpIsNot()
    {
        EngineFixture fixture(3);
        interrupt(fixture, 1);
        sourceIsGone(fixture);
        fixture.retire(1);
        settle(fixture);
        QVERIFY(pendingPacks(fixture).empty());
        QCOMPARE(fragmentsAt(fixture, 0), 0);
    }

    void aRemovalThatFailsIsTriedAgain()
    {
        EngineFixture fixture(3);
        interrupt(fixture, 1);
        sourceIsGone(fixture);
        const Error error(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("it does not answer"));
        fixture.place(0).faulty->on(Method::Remove).named(kFragments).always().error(error);
        settle(fixture);
        QCOMPARE(pendingPacks(fixture).size(), std::size_t(1));
        fixture.reopen();
        settle(fixture);
        QVERIFY(pendingPacks(fixture).empty());
        QCOMPARE(fragmentsAt(fixture, 0), 0);
    }

    // The log came to one account, and its answer was lost. What another computer stored since may rely on its packs:
    // they go only where every account has been asked.
    void whatTheLogMayHaveToldIsNobodysOwn()
    {
        Computers c(3);
        const QString m = QStringLiteral("m");
        const QString logs = QStringLiteral("log/*");
        const Error cut(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("cut"));
        const int other = c.join(0);
        for (int i = 0; i < 3; ++i) { // the first tells of the accounts, the second of the session
            auto &fault = c.faulty(i).on(Method::Put).named(logs).after(2).times(1);
            if (i == 0)
                fault.errorAfter(cut);
            else
                fault.error(cut);
        }
        QVERIFY(!c.store(c.write(QStringLiteral("m.bin"), kContent), Protection(2, 1), m));
        for (int i = 1; i < 3; ++i) { // which it does not reach: it cannot tell them
            for (const Method method : { Method::Get, Method::List, Method::Put })
                c.faulty(i, other).on(method).named(QStringLiteral("*")).always().error(cut);
        }
        must(runTask(syncLibrary(c.engine(other))));
        QVERIFY(runTask(c.engine(other).registry.revision(m, 0)));
        const int before = c.fragments();
        c.reopen(0);
        for (const Method method : { Method::Get, Method::List, Method::Put })
            c.faulty(0).on(method).named(QStringLiteral("*")).always().error(cut);
        for (const TransferRecord &transfer : must(runTask(c.engine().registry.transfers())))
            must(runTask(c.engine().registry.endTransfer(transfer.row))); // called off
        must(runTask(syncLibrary(c.engine())));
        must(runTask(collect(c.engine())));
        QCOMPARE(c.fragments(), before);
    }

    void anAccountThatTakesNothing_data()
    {
        QTest::addColumn<int>("there");
        QTest::newRow("its fragment is the only one missing: done without it") << 2;
        QTest::newRow("with too few of the others it waits") << 0;
    }
    void anAccountThatTakesNothing()
    {
        QFETCH(const int, there);
        EngineFixture fixture(3);
        interrupt(fixture, there);
        const Error error(Error::Kind::Unauthorised, QStringLiteral("MF-TEST"), QStringLiteral("no"));
        for (int i = 1; i < 3; ++i)
            fixture.place(i).faulty->on(Method::Put).named(kFragments).always().error(error);
        settle(fixture);
        QCOMPARE(pendingPacks(fixture).empty(), there == 2);
        fixture.reopen();
        storesAndComesBack(fixture, kContent);
    }
};

QTEST_GUILESS_MAIN(TestResume)
#include "test_resume.moc"
