// SPDX-License-Identifier: GPL-3.0-or-later
// The registry is lost together with every account and every pair of accounts: what the protection promises comes
// back, and of what it does not promise nobody says that it would.
#include "core/distributor/sync_library.h"
#include "tests/distributor/mending.h"

#include <QtTest>

using namespace mf;

class TestRecoverLosses : public QObject
{
    Q_OBJECT

    using Blobs = std::map<QString, QByteArray>;

    static Blobs taken(EngineFixture &fixture, int i)
    {
        Blobs blobs;
        MemoryProvider &memory = *fixture.place(i).memory;
        for (const QString &name : memory.names())
            blobs[name] = memory.bytes(BlobName(name));
        fixture.destroy(i);
        return blobs;
    }
    static void giveBack(EngineFixture &fixture, int i, const Blobs &blobs)
    {
        fixture.destroy(i);
        for (const auto &[name, bytes] : blobs)
            must(runTask(fixture.place(i).memory->put(BlobName(name), bytes)));
    }

    static void recovers(EngineFixture &computer, const QByteArray &bytes, bool isEnough)
    {
        const RecoverResult result = must(runTask(recoverLibrary(computer.engine())));
        QCOMPARE(result.models, 1);
        QCOMPARE(result.readable, isEnough ? 1 : 0);
        QCOMPARE(result.unreadable, isEnough ? 0 : 1);
        QCOMPARE(comesBack(computer, bytes), isEnough);
    }

private slots:
    void registryAndAccountsLost_data()
    {
        QTest::addColumn<int>("accounts");
        QTest::addColumn<int>("k");
        QTest::addColumn<int>("m");
        QTest::newRow("lose 1") << 3 << 0 << 1;
        QTest::newRow("lose 2") << 5 << 0 << 2;
        QTest::newRow("copies 2") << 2 << 1 << 1;
        QTest::newRow("copies 3") << 3 << 1 << 2;
        QTest::newRow("2 + 1") << 3 << 2 << 1;
        QTest::newRow("4 + 2") << 6 << 4 << 2;
        QTest::newRow("5 + 3") << 8 << 5 << 3;
    }
    void registryAndAccountsLost()
    {
        QFETCH(const int, accounts);
        QFETCH(const int, k);
        QFETCH(const int, m);
        EngineFixture fixture(accounts);
        const QByteArray bytes = storeModel(fixture, Protection(k, m), k == 1 ? 300'000 : 1'100'000 * std::max(k, 3));
        const auto lose = [&](const std::vector<int> &lost) {
            std::map<int, Blobs> blobs;
            for (const int i : lost)
                blobs[i] = taken(fixture, i);
            const auto computer = fixture.anotherComputer();
            recovers(*computer, bytes, std::ssize(lost) <= m);
            for (const auto &[i, all] : blobs)
                giveBack(fixture, i, all);
        };
        for (int first = 0; first < accounts; ++first) {
            lose({ first });
            for (int second = first + 1; second < accounts; ++second) {
                if (accounts > 2) // of two accounts nothing would be left to look at
                    lose({ first, second });
            }
            if (QTest::currentTestFailed())
                return;
        }
        // All are back: whatever looked at less has taken nothing away.
        const auto computer = fixture.anotherComputer();
        recovers(*computer, bytes, true);
    }

    void whereNothingIsLeftThatIsSaid()
    {
        EngineFixture fixture(2);
        storeModel(fixture, Protection(1, 1), 300'000);
        for (const int i : { 0, 1 })
            fixture.destroy(i);
        const auto computer = fixture.anotherComputer();
        const auto result = runTask(recoverLibrary(computer->engine()));
        QVERIFY(!result);
        QCOMPARE(result.error().id, QStringLiteral("MF-ACCOUNT-NONE"));
        for (const int i : { 0, 1 })
            QVERIFY(result.error().message.contains(fixture.place(i).record.name));
    }
};

QTEST_GUILESS_MAIN(TestRecoverLosses)
#include "test_recover_losses.moc"
