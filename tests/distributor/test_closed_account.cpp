// SPDX-License-Identifier: GPL-3.0-or-later
// An account whose password this computer has lost, or whose kind is switched off, is away: what lies there counts, and
// nothing is deleted without it.
#include "core/distributor/collect.h"
#include "core/distributor/trash.h"
#include "tests/distributor/mending.h"

#include <QtTest>

using namespace mf;

class TestClosedAccount : public QObject
{
    Q_OBJECT

    static int fragmentsOn(EngineFixture &fixture, int i)
    {
        return static_cast<int>(fixture.place(i).memory->names().filter(QRegularExpression(u"^f/"_qs)).size());
    }

private slots:
    // It counts as lost after 72 hours, and is made up for. Whatever is too much then must not be taken from the
    // others.
    void nothingIsDeletedBesideIt()
    {
        EngineFixture fixture(3);
        const QByteArray bytes = storeModel(fixture, Protection(1, 1));
        int closed = 0;
        while (fragmentsOn(fixture, closed) == 0)
            ++closed;
        fixture.place(closed).isClosed = true;
        fixture.reopen();
        repairAll(fixture);
        fixture.passTime(std::chrono::hours(80));
        QVERIFY(repairAll(fixture).rebuilt > 0);
        std::vector<int> before;
        for (int i = 0; i < 3; ++i)
            before.push_back(fragmentsOn(fixture, i));
        const auto collected = must(runTask(collect(fixture.engine())));
        QCOMPARE(collected.fragments, 0);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(fragmentsOn(fixture, i), before[static_cast<std::size_t>(i)]);
        // Any one of the two others may go.
        const int other = closed == 0 ? 1 : 0;
        fixture.destroy(other);
        fixture.reopen();
        QVERIFY(comesBack(fixture, bytes));
    }

    // Its other fragments may be what an interrupted store still needs.
    void anInterruptedStoreWaitsForIt()
    {
        EngineFixture fixture(3);
        const QByteArray path = fixture.write(kMended, randomBytes(3'000'000, 3));
        const Error error(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("cut"));
        const QString fragments = QStringLiteral("f/*");
        for (int i = 1; i < 3; ++i)
            fixture.place(i).faulty->on(FaultyProvider::Method::Put).named(fragments).always().error(error);
        QVERIFY(!fixture.store(path, Protection(2, 1)));
        QCOMPARE(must(runTask(fixture.engine().registry.pendingPacks())).size(), std::size_t(1));
        QFile::remove(fixture.path(kMended));
        fixture.place(1).isClosed = true;
        fixture.reopen();
        repairAll(fixture); // it settles what is unfinished
        QCOMPARE(must(runTask(fixture.engine().registry.pendingPacks())).size(), std::size_t(1));
        QCOMPARE(fragmentsOn(fixture, 0), 1);
    }

    void oneThatWasGivenUpIsNotAsked()
    {
        EngineFixture fixture(3);
        storeModel(fixture, Protection(2, 1));
        QCOMPARE(fixture.engine().accounts.verified().size(), std::size_t(3));
        fixture.account(1)->record().retired = true; // another computer said so
        QCOMPARE(fixture.engine().accounts.verified().size(), std::size_t(2));
    }

    void nothingIsFreedBesideIt()
    {
        EngineFixture fixture(3);
        storeModel(fixture, Protection(2, 1));
        fixture.place(0).isClosed = true;
        fixture.reopen();
        must(runTask(removeModel(fixture.engine(), kMended, 0, true)));
        const int before = fragmentsOn(fixture, 1);
        const auto waits = must(runTask(collect(fixture.engine())));
        QCOMPARE(waits.fragments, 0);
        QVERIFY2(waits.waiting.join(u' ').contains(QStringLiteral("account0 cannot be reached")),
            qPrintable(waits.waiting.join(u' ')));
        QCOMPARE(fragmentsOn(fixture, 1), before);
        fixture.place(0).isClosed = false;
        fixture.reopen();
        QVERIFY(must(runTask(collect(fixture.engine()))).fragments > 0);
    }
};

QTEST_GUILESS_MAIN(TestClosedAccount)
#include "test_closed_account.moc"
