// SPDX-License-Identifier: GPL-3.0-or-later
// A model goes in, accounts are destroyed, the model comes back.
#include "tests/support/engine_fixture.h"
#include "tests/support/make_model.h"

#include <QtTest>

#include <bit>

using namespace mf;

class TestRoundTrip : public QObject
{
    Q_OBJECT

    // Every choice of so many of the accounts.
    static std::vector<std::vector<int>> choices(int accounts, int count)
    {
        std::vector<std::vector<int>> all;
        for (unsigned bits = 0; bits < 1U << accounts; ++bits) {
            if (std::popcount(bits) != count)
                continue;
            std::vector<int> choice;
            for (int i = 0; i < accounts; ++i) {
                if (bits >> i & 1U)
                    choice.push_back(i);
            }
            all.push_back(std::move(choice));
        }
        return all;
    }

private slots:
    void anyAccountsMayVanish_data()
    {
        QTest::addColumn<int>("accounts");
        QTest::addColumn<int>("k");
        QTest::addColumn<int>("m");
        QTest::newRow("one copy on one account") << 1 << 1 << 0;
        QTest::newRow("two copies") << 2 << 1 << 1;
        QTest::newRow("2 + 1") << 3 << 2 << 1;
        QTest::newRow("3 + 2") << 5 << 3 << 2;
        QTest::newRow("automatic, lose 1 of 4") << 4 << 0 << 1;
    }
    void anyAccountsMayVanish()
    {
        QFETCH(const int, accounts);
        QFETCH(const int, k);
        QFETCH(const int, m);
        const QByteArray bytes = randomBytes(9'000'000, 7) + QByteArray(3'000'000, '\0') + randomBytes(5'000'001, 8);
        for (const std::vector<int> &lost : choices(accounts, m)) {
            EngineFixture fixture(accounts);
            const QByteArray path = fixture.write(QStringLiteral("model.bin"), bytes);
            const auto stored = fixture.store(path, Protection(k, m));
            QVERIFY2(stored, qPrintable(stored ? QString() : stored.error().message));
            QCOMPARE(stored->bytes, bytes.size());
            QCOMPARE(stored->reducedPacks, 0);
            const auto whole = fixture.fetch(QStringLiteral("model.bin"), QStringLiteral("whole"));
            QVERIFY2(whole, qPrintable(whole ? QString() : whole.error().message));
            QCOMPARE(readFile(fixture.path(QStringLiteral("whole/model.bin"))), bytes);
            for (const int i : lost)
                fixture.destroy(i);
            fixture.reopen();
            const auto fetched = fixture.fetch(QStringLiteral("model.bin"), QStringLiteral("back"));
            QVERIFY2(fetched, qPrintable(fetched ? QString() : fetched.error().message));
            QCOMPARE(readFile(fixture.path(QStringLiteral("back/model.bin"))), bytes);
        }
    }

    void oneLossTooManyIsSaid()
    {
        EngineFixture fixture(3);
        const QByteArray path = fixture.write(QStringLiteral("model.bin"), randomBytes(5'000'000, 3));
        QVERIFY(fixture.store(path, Protection(2, 1)));
        fixture.destroy(0);
        fixture.destroy(2);
        const auto fetched = fixture.fetch(QStringLiteral("model.bin"), QStringLiteral("back"));
        QVERIFY(!fetched);
        QCOMPARE(fetched.error().id, QStringLiteral("MF-PACK-UNREADABLE"));
        QVERIFY(fetched.error().message.contains(QStringLiteral("account0")));
        QVERIFY(!QFile::exists(fixture.path(QStringLiteral("back/model.bin"))));
    }

    void aTreeOfSmallFiles()
    {
        EngineFixture fixture(3);
        const auto files = makeTree(fixture.path(QStringLiteral("tree")), 300);
        QVERIFY(files);
        QVERIFY(QDir().mkpath(fixture.path(QStringLiteral("tree/empty folder/inside"))));
        const auto stored = fixture.store(QFile::encodeName(fixture.path(QStringLiteral("tree"))), Protection(2, 1));
        QVERIFY2(stored, qPrintable(stored ? QString() : stored.error().message));
        fixture.destroy(1);
        const auto fetched = fixture.fetch(QStringLiteral("tree"), QStringLiteral("back"));
        QVERIFY2(fetched, qPrintable(fetched ? QString() : fetched.error().message));
        for (const QString &file : *files)
            QCOMPARE(readFile(fixture.path(QStringLiteral("back/") + file)),
                readFile(fixture.path(QStringLiteral("tree/") + file)));
        QVERIFY(QFileInfo(fixture.path(QStringLiteral("back/empty folder/inside"))).isDir());
    }

    void storingAgainSendsNothing()
    {
        EngineFixture fixture(3);
        const QByteArray path = fixture.write(QStringLiteral("model.bin"), randomBytes(6'000'000, 4));
        QVERIFY(fixture.store(path, Protection(2, 1)));
        const qint64 sent = fixture.putBytes();
        fixture.reopen();
        const auto again = fixture.store(path, Protection(2, 1));
        QVERIFY2(again, qPrintable(again ? QString() : again.error().message));
        QVERIFY(again->unchanged);
        QCOMPARE(again->newBytes, 0);
        QCOMPARE(fixture.putBytes(), sent);
    }

    // What it relies on is lost in part; the same bytes lie elsewhere, of another model or of a run that was cut off.
    void storingAgainGoesOverToSoundPacks()
    {
        EngineFixture fixture(3);
        const QByteArray bytes = randomBytes(3'000'000, 9);
        const QByteArray path = fixture.write(QStringLiteral("a"), bytes);
        QVERIFY(fixture.store(path, Protection(1, 1)));
        int lost = 0;
        while (fixture.place(lost).memory->names().filter(QStringLiteral("f/")).isEmpty())
            ++lost;
        fixture.place(lost).memory->setGone(true);
        fixture.reopen();
        QVERIFY(fixture.store(fixture.write(QStringLiteral("else"), randomBytes(1000, 1)), Protection(1, 1)));
        fixture.passTime(std::chrono::hours(80)); // from the first vain asking
        const auto other = fixture.store(path, Protection(1, 1), QStringLiteral("b"));
        QVERIFY2(other, qPrintable(other ? QString() : other.error().message));
        QVERIFY(other->uploadedBytes > 0);
        const auto again = fixture.store(path, Protection(1, 1), QStringLiteral("a"));
        QVERIFY2(again, qPrintable(again ? QString() : again.error().message));
        QVERIFY(!again->unchanged);
        QCOMPARE(again->uploadedBytes, 0);
        const auto once = fixture.store(path, Protection(1, 1), QStringLiteral("a"));
        QVERIFY(once && once->unchanged);
        // Any one of the two others may go as well.
        const int next = lost == 0 ? 1 : 0;
        fixture.destroy(next);
        fixture.reopen();
        QVERIFY(fixture.fetch(QStringLiteral("a"), QStringLiteral("back")));
        QCOMPARE(readFile(fixture.path(QStringLiteral("back/a"))), bytes);
    }

    void aChangedModelIsANewRevisionThatSharesChunks()
    {
        EngineFixture fixture(3);
        QByteArray bytes = randomBytes(24'000'000, 5);
        QVERIFY(fixture.store(fixture.write(QStringLiteral("model.bin"), bytes), Protection(2, 1)));
        bytes.replace(12'000'000, 4, "abcd");
        const auto changed = fixture.store(fixture.write(QStringLiteral("model.bin"), bytes), Protection(2, 1));
        QVERIFY2(changed, qPrintable(changed ? QString() : changed.error().message));
        QCOMPARE(changed->revision, 2);
        QVERIFY(changed->newBytes < 9'000'000);
        QVERIFY(fixture.fetch(QStringLiteral("model.bin"), QStringLiteral("back")));
        QCOMPARE(readFile(fixture.path(QStringLiteral("back/model.bin"))), bytes);
    }

    void tooFewDomainsAreNamed()
    {
        EngineFixture fixture(2);
        const auto stored = fixture.store(fixture.write(QStringLiteral("a"), "abc"), Protection(0, 2));
        QVERIFY(!stored);
        QCOMPARE(stored.error().id, QStringLiteral("MF-PLACE-DOMAINS"));
        QCOMPARE(stored.error().parameters.value(QStringLiteral("missing")), QStringLiteral("1"));
    }

    void anAccountThatFailsLeavesTheModelReduced()
    {
        EngineFixture fixture(3);
        const Error full(Error::Kind::Quota, QStringLiteral("MF-TEST"), QStringLiteral("full"));
        fixture.place(2).faulty->on(FaultyProvider::Method::Put).named(QStringLiteral("f/*")).always().error(full);
        const QByteArray bytes = randomBytes(6'000'000, 6);
        const auto stored = fixture.store(fixture.write(QStringLiteral("model.bin"), bytes), Protection(2, 1));
        QVERIFY2(stored, qPrintable(stored ? QString() : stored.error().message));
        QVERIFY(stored->reducedPacks > 0);
        QCOMPARE(fixture.place(2).faulty->unhit(), QStringList());
        QVERIFY(fixture.fetch(QStringLiteral("model.bin"), QStringLiteral("back")));
        QCOMPARE(readFile(fixture.path(QStringLiteral("back/model.bin"))), bytes);
    }
};

QTEST_GUILESS_MAIN(TestRoundTrip)
#include "test_round_trip.moc"
