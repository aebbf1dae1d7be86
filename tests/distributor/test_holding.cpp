// SPDX-License-Identifier: GPL-3.0-or-later
// Where no account can be reached a model waits on this computer, can be read there, and moves out by itself.
#include "core/distributor/repair.h"
#include "core/distributor/sync_library.h"
#include "tests/distributor/held.h"

#include <QtTest>

using namespace mf;
using Method = FaultyProvider::Method;

class TestHolding : public QObject
{
    Q_OBJECT

private slots:
    void waitsHereAndMovesOut_data()
    {
        QTest::addColumn<QString>("by");
        QTest::newRow("by sync") << QStringLiteral("sync");
        QTest::newRow("by another store") << QStringLiteral("store");
        QTest::newRow("by repair") << QStringLiteral("repair");
    }
    void waitsHereAndMovesOut()
    {
        QFETCH(const QString, by);
        EngineFixture fixture(3);
        fixture.useHolding(kRoomy);
        const QByteArray bytes = randomBytes(by == QStringLiteral("sync") ? 75'000'000 : 5'000'000, 1); // with leaves
        const QByteArray path = fixture.write(kModel, bytes);
        fixture.setAllGone(true);
        const qint64 before = fixture.putBytes();
        const auto stored = fixture.store(path, Protection(2, 1));
        QVERIFY2(stored, said(stored).constData());
        QVERIFY(stored->onThisComputer && !stored->unchanged);
        QCOMPARE(stored->revision, 1);
        QCOMPARE(stored->uploadedBytes, qint64(0));
        QVERIFY(!stored->warnings.isEmpty()); // which accounts are away
        QCOMPARE(fixture.putBytes(), before);
        // Once, not with redundancy.
        QVERIFY(heldBytes(fixture) >= bytes.size() && heldBytes(fixture) < bytes.size() * 5 / 4);
        fixture.reopen();
        QVERIFY(isHeld(current(fixture)));
        QVERIFY(comesBack(fixture, bytes, QStringLiteral("offline")));
        CheckRequest request;
        request.model = kModel;
        request.deep = true;
        Check check(fixture.engine(), request, nullptr);
        const auto checked = runTask(check.run());
        QVERIFY2(checked, said(checked).constData());
        QCOMPARE(checked->models.size(), std::size_t(1));
        QVERIFY(checked->models.front().onThisComputer);
        QCOMPARE(checked->models.front().state, ModelState::SingleCopy);
        QCOMPARE(checked->models.front().damaged + checked->models.front().missing, qint64(0));

        fixture.setAllGone(false);
        if (by == QStringLiteral("sync")) {
            const auto synced = runTask(syncLibrary(fixture.engine()));
            QVERIFY2(synced, said(synced).constData());
            QCOMPARE(synced->movedOut, 1);
            QCOMPARE(synced->onThisComputer, 0);
            QVERIFY2(synced->warnings.isEmpty(), qPrintable(synced->warnings.join(u'\n')));
        } else if (by == QStringLiteral("store")) {
            const QByteArray other = fixture.write(QStringLiteral("other"), randomBytes(1'000'000, 2));
            const auto another = fixture.store(other, Protection(2, 1));
            QVERIFY2(another && !another->onThisComputer, said(another).constData());
        } else {
            Repair repair(fixture.engine(), {}, nullptr);
            const auto repaired = runTask(repair.run());
            QVERIFY2(repaired, said(repaired).constData());
            QCOMPARE(repaired->models.front().state, ModelState::Safe);
            QVERIFY(!repaired->models.front().onThisComputer);
        }
        QCOMPARE(heldFiles(fixture), QStringList());
        QVERIFY(runTask(fixture.engine().registry.heldPacks())->empty());
        QCOMPARE(current(fixture).state, RevisionState::Live);
        QCOMPARE(current(fixture).number, 1);
        QVERIFY(current(fixture).uploadedBytes >= bytes.size() * 3 / 2);
        QCOMPARE(healthOf(fixture).state, ModelState::Safe);
        QVERIFY(comesBack(fixture, bytes, QStringLiteral("online")));
        // Another computer sees it as any other model.
        const auto other = fixture.anotherComputer();
        QVERIFY(runTask(syncLibrary(other->engine())));
        QVERIFY(comesBack(*other, bytes, QStringLiteral("there")));
        fixture.destroy(1);
        fixture.reopen();
        QVERIFY(comesBack(fixture, bytes, QStringLiteral("one less")));
    }

    // A second run has nothing to do.
    void nothingIsSentTwice()
    {
        EngineFixture fixture(3);
        fixture.useHolding(kRoomy);
        const QByteArray bytes = randomBytes(5'000'000, 3);
        fixture.setAllGone(true);
        QVERIFY(fixture.store(fixture.write(kModel, bytes), Protection(2, 1)));
        fixture.setAllGone(false);
        // The account has the fragment, and its answer is lost on the way.
        fixture.place(1)
            .faulty->on(Method::Put)
            .named(QStringLiteral("f/*"))
            .errorAfter(Error(Error::Kind::Network, QStringLiteral("MF-NET"), QStringLiteral("cut off")));
        cutOff(fixture, Method::Put, QStringLiteral("meta/*"));
        const auto cut = runTask(syncLibrary(fixture.engine()));
        QVERIFY2(cut, said(cut).constData());
        QCOMPARE(cut->onThisComputer, 1);
        QCOMPARE(cut->warnings.size(), 1);
        QVERIFY(!heldFiles(fixture).isEmpty());
        QVERIFY(isHeld(current(fixture)));
        fixture.reopen();
        QVERIFY(comesBack(fixture, bytes, QStringLiteral("between")));
        for (int i = 0; i < 3; ++i)
            fixture.place(i).memory->resetCounters();
        const auto synced = runTask(syncLibrary(fixture.engine()));
        QVERIFY2(synced, said(synced).constData());
        QCOMPARE(synced->movedOut, 1);
        qint64 again = 0;
        for (int i = 0; i < 3; ++i)
            again += fixture.place(i).memory->counters().put.bytes;
        QVERIFY2(again < 200'000, qPrintable(QString::number(again))); // log, index, manifest
        QVERIFY(comesBack(fixture, bytes, QStringLiteral("after")));
        QCOMPARE(heldFiles(fixture), QStringList());
    }

    void itWaitsForEnoughAccounts()
    {
        EngineFixture fixture(3);
        fixture.useHolding(kRoomy);
        const QByteArray bytes = randomBytes(5'000'000, 7);
        fixture.setAllGone(true);
        QVERIFY(fixture.store(fixture.write(kModel, bytes), Protection(2, 1)));
        fixture.place(0).memory->setGone(false);
        fixture.reopen();
        const auto one = runTask(syncLibrary(fixture.engine()));
        QVERIFY2(one, said(one).constData());
        QCOMPARE(one->onThisComputer, 1);
        QVERIFY(one->warnings.join(u' ').contains(QStringLiteral("it takes 2 accounts")));
        QCOMPARE(fragmentsOn(fixture, 0), 0);
        QVERIFY(comesBack(fixture, bytes, QStringLiteral("one")));
        // Two can hold it, with nothing to spare.
        fixture.place(1).memory->setGone(false);
        fixture.reopen();
        QCOMPARE(runTask(syncLibrary(fixture.engine()))->movedOut, 1);
        QCOMPARE(heldFiles(fixture), QStringList());
        QCOMPARE(healthOf(fixture).state, ModelState::AtRisk);
        fixture.place(2).memory->setGone(false);
        fixture.reopen();
        Repair repair(fixture.engine(), {}, nullptr);
        const auto repaired = runTask(repair.run());
        QVERIFY2(repaired, said(repaired).constData());
        QCOMPARE(repaired->models.front().state, ModelState::Safe);
        fixture.destroy(0);
        fixture.reopen();
        QVERIFY(comesBack(fixture, bytes, QStringLiteral("two")));
    }

    // Those that it was meant for need not be those that come back.
    void otherAccountsTakeItsPlace_data()
    {
        QTest::addColumn<bool>("isRetired");
        QTest::newRow("one is away") << false;
        QTest::newRow("one was given up") << true;
    }
    void otherAccountsTakeItsPlace()
    {
        QFETCH(const bool, isRetired);
        for (const int lost : { 0, 3 }) {
            EngineFixture fixture(4);
            fixture.useHolding(kRoomy);
            const QByteArray bytes = randomBytes(3'000'000, 8);
            fixture.setAllGone(true);
            QVERIFY(fixture.store(fixture.write(kModel, bytes), Protection(2, 1)));
            fixture.setAllGone(false);
            if (isRetired) {
                fixture.retire(lost);
            } else {
                fixture.place(lost).memory->setGone(true);
                fixture.reopen();
            }
            const auto synced = runTask(syncLibrary(fixture.engine()));
            QVERIFY2(synced && synced->movedOut == 1, said(synced).constData());
            QCOMPARE(healthOf(fixture).state, ModelState::Safe);
            QCOMPARE(fragmentsOn(fixture, lost), 0);
            QVERIFY(comesBack(fixture, bytes, QStringLiteral("back")));
        }
    }

    void onlyTheAccountsThatWereChosen()
    {
        EngineFixture fixture(4);
        fixture.useHolding(kRoomy);
        const QByteArray bytes = randomBytes(3'000'000, 9);
        fixture.setAllGone(true);
        StoreRequest request;
        request.paths.push_back(fixture.write(kModel, bytes));
        request.protection = Protection(0, 1);
        for (int i = 1; i < 4; ++i)
            request.accounts.push_back(fixture.place(i).record.id);
        Store store(fixture.engine(), request, nullptr);
        const auto stored = runTask(store.run());
        QVERIFY2(stored && stored->onThisComputer, said(stored).constData());
        fixture.setAllGone(false);
        fixture.place(2).memory->setGone(true);
        fixture.reopen();
        QCOMPARE(runTask(syncLibrary(fixture.engine()))->movedOut, 1);
        QCOMPARE(fragmentsOn(fixture, 0), 0);
        QVERIFY(fragmentsOn(fixture, 1) > 0 && fragmentsOn(fixture, 3) > 0);
        QVERIFY(comesBack(fixture, bytes, QStringLiteral("back")));
    }
};

QTEST_GUILESS_MAIN(TestHolding)
#include "test_holding.moc"
