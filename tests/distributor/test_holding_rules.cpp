// SPDX-License-Identifier: GPL-3.0-or-later
// What the holding folder takes and what it refuses, and when its files go.
#include "core/distributor/collect.h"
#include "core/distributor/protect.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/distributor/held.h"
#include "tests/support/must.h"

#include <QtTest>

using namespace mf;
using Method = FaultyProvider::Method;

class TestHoldingRules : public QObject
{
    Q_OBJECT

private slots:
    void whatDoesNotFitIsRefused_data()
    {
        QTest::addColumn<qint64>("most");
        QTest::addColumn<qint64>("reserve");
        QTest::newRow("more than may wait") << qint64(40'000'000) << qint64(0);
        QTest::newRow("the disk would be too full") << qint64(1'000'000'000) << (qint64(1) << 60);
    }
    void whatDoesNotFitIsRefused()
    {
        QFETCH(const qint64, most);
        QFETCH(const qint64, reserve);
        EngineFixture fixture(3);
        fixture.useHolding(Holding::Limits(most, reserve));
        fixture.setAllGone(true);
        const QByteArray small = randomBytes(2'000'000, 4);
        const auto fits = fixture.store(fixture.write(kModel, small), Protection(2, 1));
        QCOMPARE(bool(fits), reserve == 0);
        const qint64 before = heldBytes(fixture);
        const auto refused
            = fixture.store(fixture.write(QStringLiteral("large"), randomBytes(45'000'000, 5)), Protection(2, 1));
        QVERIFY(!refused);
        QCOMPARE(refused.error().id, QStringLiteral("MF-HOLDING-FULL"));
        QCOMPARE(refused.error().kind, Error::Kind::Quota);
        QVERIFY(refused.error().message.contains(QStringLiteral("limits holding=")));
        QCOMPARE(heldBytes(fixture), before); // what was written of it is gone at once
        QVERIFY(!runTask(fixture.engine().registry.revision(QStringLiteral("large"), 0)));
        if (!fits)
            return;
        fixture.reopen();
        QVERIFY(comesBack(fixture, small, QStringLiteral("small")));
        fixture.setAllGone(false);
        QCOMPARE(runTask(syncLibrary(fixture.engine()))->movedOut, 1);
        QVERIFY(comesBack(fixture, small, QStringLiteral("small out")));
    }

    void aFullDiskLeavesNothing()
    {
        EngineFixture fixture(3);
        fixture.useHolding(kRoomy);
        fixture.setAllGone(true);
        fixture.holdingFaults()
            .on(Method::Put)
            .named(QStringLiteral("f/*"))
            .after(1)
            .error(Error(Error::Kind::Quota, QStringLiteral("MF-DISK-FULL"), QStringLiteral("no room")));
        const auto refused = fixture.store(fixture.write(kModel, randomBytes(5'000'000, 6)), Protection(2, 1));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::Quota);
        QCOMPARE(heldFiles(fixture), QStringList());
        QVERIFY(runTask(fixture.engine().registry.models(QString()))->empty());
    }

    // It is in the log, and nobody could confirm it yet: removing it takes it back everywhere.
    void oneThatIsAlmostMovedOutIsRemovedFromTheLogToo()
    {
        EngineFixture fixture(3);
        fixture.useHolding(kRoomy);
        const QByteArray bytes = randomBytes(5'000'000, 17);
        fixture.setAllGone(true);
        QVERIFY(fixture.store(fixture.write(kModel, bytes), Protection(2, 1)));
        fixture.setAllGone(false);
        const auto cutLists = [&fixture] { cutOff(fixture, Method::List, QStringLiteral("log/")); };
        fixture.place(0)
            .faulty->on(Method::Put)
            .named(manifestName(fixture.engine().ring, current(fixture).manifest).value)
            .callback(cutLists);
        const auto cut = runTask(syncLibrary(fixture.engine()));
        QCOMPARE(fixture.place(0).faulty->unhit(), QStringList());
        QVERIFY(!cut || cut->onThisComputer == 1);
        QVERIFY(isHeld(current(fixture)));
        QVERIFY(must(runTask(fixture.engine().registry.isLogged(current(fixture).id))));
        const auto other = fixture.anotherComputer();
        QCOMPARE(must(runTask(recoverLibrary(other->engine()))).readable, 1); // others see it

        fixture.reopen();
        const auto removed = runTask(removeModel(fixture.engine(), kModel, 0, true));
        QVERIFY2(removed, said(removed).constData());
        QVERIFY(runTask(fixture.engine().registry.models(QString()))->empty());
        QCOMPARE(heldFiles(fixture), QStringList());
        QCOMPARE(must(runTask(syncLibrary(other->engine()))).models, 0);
        must(runTask(collect(fixture.engine())));
        for (int i = 0; i < 3; ++i)
            QCOMPARE(fragmentsOn(fixture, i), 0);
    }

    // What lies on accounts that cannot be reached may be deleted there before this one is in the log.
    void itRestsOnNothingElse()
    {
        EngineFixture fixture(3);
        fixture.useHolding(kRoomy);
        const QByteArray bytes = randomBytes(5'000'000, 10);
        const QByteArray path = fixture.write(kModel, bytes);
        QVERIFY(fixture.store(path, Protection(2, 1), QStringLiteral("before")));
        fixture.setAllGone(true);
        const auto stored = fixture.store(path, Protection(2, 1), QStringLiteral("after"));
        QVERIFY2(stored && stored->onThisComputer, said(stored).constData());
        QVERIFY(heldBytes(fixture) >= bytes.size());
        QVERIFY(comesBack(fixture, bytes, QStringLiteral("back"), QStringLiteral("after")));
        // Nor does a store that reaches accounts rest on what only waits here.
        fixture.setAllGone(false);
        for (int i = 0; i < 3; ++i) // nothing moves out
            fixture.place(i)
                .faulty->on(Method::Put)
                .named(QStringLiteral("log/*"))
                .error(Error(Error::Kind::Network, QStringLiteral("MF-NET"), QStringLiteral("cut off")));
        const QByteArray other = fixture.write(QStringLiteral("x"), bytes + randomBytes(1'000'000, 11));
        const auto third = fixture.store(other, Protection(1, 2), QStringLiteral("third"));
        QVERIFY2(third, said(third).constData());
        QVERIFY(isHeld(current(fixture, QStringLiteral("after"))));
        const auto spare = runTask(fixture.engine().registry.spare(current(fixture, QStringLiteral("third")).row, {}));
        QCOMPARE(spare->value_or(-1), 2);
    }

    void whatIsHereOrThereAlreadyIsNotHeldAgain()
    {
        EngineFixture fixture(3);
        fixture.useHolding(kRoomy);
        const QByteArray path = fixture.write(kModel, randomBytes(3'000'000, 12));
        QVERIFY(fixture.store(path, Protection(2, 1)));
        fixture.setAllGone(true);
        const auto same = fixture.store(path, Protection(2, 1));
        QVERIFY2(same && same->unchanged && !same->onThisComputer, said(same).constData());
        QCOMPARE(heldFiles(fixture), QStringList());
        const QByteArray changed = randomBytes(3'000'000, 13);
        fixture.write(kModel, changed);
        const auto held = fixture.store(path, Protection(2, 1));
        QVERIFY2(held && held->onThisComputer && !held->unchanged, said(held).constData());
        QCOMPARE(held->revision, 2);
        const QStringList files = heldFiles(fixture);
        const auto again = fixture.store(path, Protection(2, 1));
        QVERIFY2(again && again->onThisComputer && again->unchanged, said(again).constData());
        QCOMPARE(again->revision, 2);
        QCOMPARE(heldFiles(fixture), files);
        QVERIFY(comesBack(fixture, changed, QStringLiteral("two")));
        const QByteArray third = randomBytes(3'000'000, 14);
        fixture.write(kModel, third);
        QCOMPARE(fixture.store(path, Protection(2, 1))->revision, 3);
        fixture.setAllGone(false);
        QCOMPARE(runTask(syncLibrary(fixture.engine()))->movedOut, 2);
        QCOMPARE(runTask(fixture.engine().registry.history(current(fixture).model))->size(), std::size_t(3));
        QCOMPARE(current(fixture).number, 3);
        QVERIFY(comesBack(fixture, third, QStringLiteral("three")));
    }

    void removingItDeletesItsFiles()
    {
        EngineFixture fixture(3);
        fixture.useHolding(kRoomy);
        const QByteArray path = fixture.write(kModel, randomBytes(3'000'000, 15));
        fixture.setAllGone(true);
        QVERIFY(fixture.store(path, Protection(2, 1)));
        const auto refused = runTask(protectModel(fixture.engine(), { kModel, Protection(2, 2) }, nullptr));
        QVERIFY(!refused);
        QCOMPARE(refused.error().id, QStringLiteral("MF-HELD-WAITS"));
        const auto removed = runTask(removeModel(fixture.engine(), kModel, 0, false));
        QVERIFY2(removed, said(removed).constData());
        QVERIFY(removed->isForever && removed->name == kModel);
        QCOMPARE(heldFiles(fixture), QStringList());
        QVERIFY(!runTask(fixture.engine().registry.revision(kModel, 0)));
        fixture.setAllGone(false);
        QVERIFY(fixture.store(path, Protection(2, 1))); // what was pending of it is in nobody's way
        QVERIFY(comesBack(fixture, readFile(fixture.path(kModel)), QStringLiteral("back")));
        QVERIFY(runTask(fixture.engine().registry.pendingPacks())->empty());
    }

    void damageHereIsSaid()
    {
        EngineFixture fixture(3);
        fixture.useHolding(kRoomy);
        const QByteArray bytes = randomBytes(3'000'000, 16);
        const QByteArray path = fixture.write(kModel, bytes);
        fixture.setAllGone(true);
        QVERIFY(fixture.store(path, Protection(2, 1)));
        const QString victim = heldFiles(fixture).filter(QStringLiteral("/f/")).front();
        QFile file(victim);
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) && file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(5'000) && file.putChar('x') && file.putChar('y'));
        file.close();
        CheckRequest request;
        request.model = kModel;
        request.deep = true;
        Check check(fixture.engine(), request, nullptr);
        const auto checked = runTask(check.run());
        QVERIFY2(checked, said(checked).constData());
        QCOMPARE(checked->models.front().state, ModelState::Unreadable);
        QVERIFY(!checked->findings.isEmpty());
        fixture.setAllGone(false);
        const auto synced = runTask(syncLibrary(fixture.engine()));
        QVERIFY2(synced && synced->onThisComputer == 1, said(synced).constData());
        QVERIFY(synced->warnings.join(u' ').contains(QStringLiteral("damaged")));
        QVERIFY(QFile::exists(victim)); // nothing is deleted
        QVERIFY(fixture.store(path, Protection(2, 1)));
        QVERIFY(comesBack(fixture, bytes, QStringLiteral("back")));
    }

    // A store into it that was cut off leaves nothing, whatever comes next.
    void whatWasCutOffIsTakenAway_data()
    {
        QTest::addColumn<bool>("isBack");
        QTest::newRow("the accounts are back") << true;
        QTest::newRow("they are not") << false;
    }
    void whatWasCutOffIsTakenAway()
    {
        QFETCH(const bool, isBack);
        EngineFixture fixture(3);
        fixture.useHolding(kRoomy);
        const QByteArray bytes = randomBytes(5'000'000, 17);
        const QByteArray path = fixture.write(kModel, bytes);
        fixture.setAllGone(true);
        {
            fixture.holdingFaults().on(Method::Put).named(QStringLiteral("f/*")).after(1).always().hang();
            StoreRequest request;
            request.paths.push_back(path);
            request.protection = Protection(2, 1);
            Store store(fixture.engine(), request, nullptr);
            struct Body {
                static Task<void> run(Store &s)
                {
                    const auto ended = co_await s.run();
                    Q_UNUSED(ended)
                }
            };
            TaskScope scope;
            scope.start(Body::run(store));
            QTRY_VERIFY_WITH_TIMEOUT(fixture.holdingFaults().hanging() > 0, 20'000);
        }
        fixture.setAllGone(!isBack);
        QVERIFY(runTask(fixture.engine().registry.models(QString()))->empty());
        const auto stored = fixture.store(path, Protection(2, 1));
        QVERIFY2(stored, said(stored).constData());
        QCOMPARE(stored->onThisComputer, !isBack);
        QVERIFY(heldBytes(fixture) < (isBack ? 1 : bytes.size() * 5 / 4));
        QVERIFY(comesBack(fixture, bytes, QStringLiteral("back")));
        fixture.setAllGone(false);
        QVERIFY(runTask(syncLibrary(fixture.engine())));
        QCOMPARE(heldFiles(fixture), QStringList());
        QVERIFY(comesBack(fixture, bytes, QStringLiteral("back again")));
        QCOMPARE(healthOf(fixture).state, ModelState::Safe);
    }

    void withoutAnyAccountThereIsNothingToWaitFor()
    {
        EngineFixture fixture(1);
        fixture.useHolding(kRoomy);
        fixture.retire(0);
        const auto stored = fixture.store(fixture.write(kModel, randomBytes(100'000, 18)));
        QVERIFY(!stored);
        QCOMPARE(stored.error().id, QStringLiteral("MF-ACCOUNT-NONE"));
    }
};

QTEST_GUILESS_MAIN(TestHoldingRules)
#include "test_holding_rules.moc"
