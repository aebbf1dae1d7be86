// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts that are slow, damaged or wrong; sources that change: never a wrong byte, and the culprit is named.
#include "core/packing/fragment.h"
#include "tests/support/engine_fixture.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QtTest>

#include <map>
#include <set>

using namespace mf;
using Method = FaultyProvider::Method;

class TestDamage : public QObject
{
    Q_OBJECT

    static std::vector<BlobName> fragmentsOf(EngineFixture &fixture, int account)
    {
        std::vector<BlobName> names;
        const auto listed = runTask(listAll(*fixture.place(account).memory, QStringLiteral("f/")));
        for (const BlobInfo &blob : *listed)
            names.push_back(blob.name);
        return names;
    }
    static QByteArray read(EngineFixture &fixture, int account, const BlobName &name)
    {
        return *runTask(fixture.place(account).memory->get(name, Range()));
    }
    static void replace(EngineFixture &fixture, int account, const BlobName &name, const QByteArray &bytes)
    {
        QVERIFY(runTask(fixture.place(account).memory->remove(name)));
        QVERIFY(runTask(fixture.place(account).memory->put(name, bytes)));
    }
    // Makes sure that this account is asked: on a busy machine another one may look quicker.
    static void prefer(EngineFixture &fixture, int account)
    {
        fixture.reopen();
        for (int i = 0; i < 3; ++i)
            fixture.account(i)->speed().note(1 << 20, SpeedEstimate::Duration(i == account ? 1e-6 : 0.5));
    }
    // The data fragments of the only data pack, stored as 2 + 1: the account of each and its name.
    static std::map<int, std::pair<int, BlobName>> rowsOf(EngineFixture &fixture, const KeyRing &ring)
    {
        std::map<int, std::pair<int, BlobName>> rows;
        for (int account = 0; account < 3; ++account) {
            for (const BlobName &name : fragmentsOf(fixture, account)) {
                const auto header = openFragmentHeader(ring, viewOf(read(fixture, account, name)));
                if (header && header->k == 2)
                    rows[header->index] = { account, name };
            }
        }
        return rows;
    }

private slots:
    void everyFlippedHeaderByteIsNamed()
    {
        EngineFixture fixture(3);
        const QByteArray bytes = randomBytes(3'000'000, 1);
        QVERIFY(fixture.store(fixture.write(QStringLiteral("m"), bytes), Protection(2, 1)));
        const auto rows = rowsOf(fixture, fixture.engine().ring);
        QCOMPARE(rows.size(), std::size_t(3));
        const auto [account, name] = rows.at(0);
        const QByteArray whole = read(fixture, account, name);
        for (qsizetype i = 0; i < kFragmentHeaderSize; ++i) {
            QByteArray flipped = whole;
            flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
            replace(fixture, account, name, flipped);
            prefer(fixture, account);
            const QString to = QStringLiteral("back%1").arg(i);
            const auto fetched = fixture.fetch(QStringLiteral("m"), to);
            QVERIFY2(fetched, qPrintable(fetched ? QString() : fetched.error().message));
            QCOMPARE(readFile(fixture.path(to + QStringLiteral("/m"))), bytes);
            QCOMPARE(fetched->stats.damages.size(), std::size_t(1));
            QCOMPARE(fetched->stats.damages.front().account, fixture.place(account).record.name);
            QCOMPARE(fetched->stats.damages.front().fragment, 0);
        }
    }

    void damagedBodiesAreNamedAndNeverDelivered_data()
    {
        QTest::addColumn<QString>("how");
        QTest::newRow("one bit") << QStringLiteral("flip");
        QTest::newRow("a thousand bits") << QStringLiteral("flips");
        QTest::newRow("truncated") << QStringLiteral("truncate");
        QTest::newRow("empty") << QStringLiteral("empty");
        QTest::newRow("another fragment in its place") << QStringLiteral("swap");
    }
    void damagedBodiesAreNamedAndNeverDelivered()
    {
        QFETCH(const QString, how);
        QRandomGenerator random(17);
        for (int row = 0; row < 2; ++row) {
            EngineFixture fixture(3);
            const QByteArray bytes = randomBytes(3'000'000, 2);
            QVERIFY(fixture.store(fixture.write(QStringLiteral("m"), bytes), Protection(2, 1)));
            const auto rows = rowsOf(fixture, fixture.engine().ring);
            const auto [account, name] = rows.at(row);
            QByteArray blob = read(fixture, account, name);
            const auto flip = [&] {
                // Within the payload: what is behind it is padding, which nobody reads.
                const auto at = kFragmentHeaderSize + qint64(random.bounded(1'400'000));
                blob[at] = static_cast<char>(blob[at] ^ (1 << random.bounded(8)));
            };
            if (how == QStringLiteral("flip"))
                flip();
            else if (how == QStringLiteral("flips"))
                for (int i = 0; i < 1'000; ++i)
                    flip();
            else if (how == QStringLiteral("truncate"))
                blob.truncate(blob.size() / 2);
            else if (how == QStringLiteral("empty"))
                blob.clear();
            else
                blob = read(fixture, rows.at(2).first, rows.at(2).second);
            replace(fixture, account, name, blob);
            prefer(fixture, account);
            const auto fetched = fixture.fetch(QStringLiteral("m"), QStringLiteral("back"));
            QVERIFY2(fetched, qPrintable(fetched ? QString() : fetched.error().message));
            QCOMPARE(readFile(fixture.path(QStringLiteral("back/m"))), bytes);
            QCOMPARE(fetched->stats.damages.size(), std::size_t(1));
            QCOMPARE(fetched->stats.damages.front().account, fixture.place(account).record.name);
            QCOMPARE(fetched->stats.damages.front().fragment, row);
        }
    }

    void tooMuchDamageGivesAnErrorAndNoFile()
    {
        EngineFixture fixture(3);
        QVERIFY(fixture.store(fixture.write(QStringLiteral("m"), randomBytes(3'000'000, 3)), Protection(2, 1)));
        const auto rows = rowsOf(fixture, fixture.engine().ring);
        for (int row = 0; row < 2; ++row) {
            QByteArray blob = read(fixture, rows.at(row).first, rows.at(row).second);
            for (qsizetype i = kFragmentHeaderSize; i < blob.size(); i += 1'000)
                blob[i] = static_cast<char>(~blob[i]);
            replace(fixture, rows.at(row).first, rows.at(row).second, blob);
        }
        const auto fetched = fixture.fetch(QStringLiteral("m"), QStringLiteral("back"));
        QVERIFY(!fetched);
        QCOMPARE(fetched.error().id, QStringLiteral("MF-PACK-UNREADABLE"));
        QVERIFY(!QFile::exists(fixture.path(QStringLiteral("back/m"))));
    }

    // Nothing is called lost, and nothing is "mended", because an account refuses to show it.
    void anAccountThatRefusesHasLostNothing_data()
    {
        QTest::addColumn<Error::Kind>("kind");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("advice");
        using Kind = Error::Kind;
        QTest::newRow("sign-in has run out") << Kind::Unauthorised << QStringLiteral("MF-HTTP-401")
                                             << QStringLiteral("sign in to account0, account1 again");
        QTest::newRow("permission denied")
            << Kind::Invalid << QStringLiteral("MF-FILE-DENIED") << QStringLiteral("check its permissions");
        QTest::newRow("not connected") << Kind::NotFound << QStringLiteral("MF-ACCOUNT-GONE")
                                       << QStringLiteral("connect account0, account1");
        QTest::newRow("no network") << Kind::Network << QStringLiteral("MF-NET-DOWN")
                                    << QStringLiteral("connect account0, account1");
    }
    void anAccountThatRefusesHasLostNothing()
    {
        QFETCH(const Error::Kind, kind);
        QFETCH(const QString, id);
        QFETCH(const QString, advice);
        EngineFixture fixture(3);
        for (int i = 0; i < 3; ++i) // the first fragment is on the last account; the words name them in order
            fixture.place(i).memory->setCapacity(qint64(i + 1) * 1'000'000'000);
        const QByteArray bytes = randomBytes(3'000'000, 6);
        QVERIFY(fixture.store(fixture.write(QStringLiteral("m"), bytes), Protection(2, 1)));
        const qint64 put = fixture.putBytes();
        for (int i = 0; i < 2; ++i)
            fixture.place(i)
                .faulty->on(Method::Get)
                .named(QStringLiteral("f/*"))
                .always()
                .error(Error(kind, id, QStringLiteral("it refuses")));
        const auto fetched = fixture.fetch(QStringLiteral("m"), QStringLiteral("back"));
        QVERIFY(!fetched);
        const Error &error = fetched.error();
        QCOMPARE(error.id, QStringLiteral("MF-PACK-UNREADABLE"));
        QVERIFY(error.kind != Error::Kind::Corrupt);
        QCOMPARE(error.kind == Error::Kind::Unauthorised, kind == Error::Kind::Unauthorised);
        QVERIFY2(error.message.contains(QStringLiteral("account0: it refuses")), qPrintable(error.message));
        QVERIFY2(error.message.contains(advice), qPrintable(error.message));
        QVERIFY2(!error.message.contains(QStringLiteral("store the model again")), qPrintable(error.message));
        QVERIFY(!error.account.isEmpty());
        // One that can do without: it is read, and the account keeps what it has.
        fixture.reopen();
        fixture.place(0)
            .faulty->on(Method::Get)
            .named(QStringLiteral("f/*"))
            .always()
            .error(Error(kind, id, QStringLiteral("it refuses")));
        const auto spared = fixture.fetch(QStringLiteral("m"), QStringLiteral("spared"));
        QVERIFY2(spared, qPrintable(spared ? QString() : spared.error().message));
        QCOMPARE(spared->stats.damages.size(), std::size_t(0));
        QCOMPARE(readFile(fixture.path(QStringLiteral("spared/m"))), bytes);
        QCOMPARE(fixture.putBytes(), put);
    }

    void whatIsMissingForGoodIsSaid()
    {
        EngineFixture fixture(3);
        QVERIFY(fixture.store(fixture.write(QStringLiteral("m"), randomBytes(3'000'000, 7)), Protection(2, 1)));
        for (int i = 0; i < 2; ++i) {
            for (const BlobName &name : fragmentsOf(fixture, i))
                fixture.place(i).memory->lose(name);
        }
        fixture.place(2).memory->setGone(true); // one more would not be enough
        const auto fetched = fixture.fetch(QStringLiteral("m"), QStringLiteral("back"));
        QVERIFY(!fetched);
        QCOMPARE(fetched.error().kind, Error::Kind::Corrupt);
        QVERIFY2(fetched.error().message.contains(QStringLiteral("store the model again")),
            qPrintable(fetched.error().message));
    }

    void anAccountThatIsNotOpenHasLostNothing()
    {
        EngineFixture fixture(3);
        QVERIFY(fixture.store(fixture.write(QStringLiteral("m"), randomBytes(3'000'000, 8)), Protection(2, 1)));
        for (const BlobName &name : fragmentsOf(fixture, 0))
            fixture.place(0).memory->lose(name);
        fixture.place(1).isClosed = true;
        fixture.place(2).isClosed = true;
        fixture.reopen();
        const auto fetched = fixture.fetch(QStringLiteral("m"), QStringLiteral("back"));
        QVERIFY(!fetched);
        QCOMPARE(fetched.error().kind, Error::Kind::Network);
        QVERIFY2(fetched.error().message.contains(QStringLiteral("account1 is not open on this computer")),
            qPrintable(fetched.error().message));
    }

    void oneSlowAccountDoesNotHoldUpTheRest()
    {
        EngineFixture fixture(3);
        const QByteArray bytes = randomBytes(200'000'000, 4);
        QVERIFY(fixture.store(fixture.write(QStringLiteral("m"), bytes), Protection(2, 1)));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(fixture.fetch(QStringLiteral("m"), QStringLiteral("quick")));
        const qint64 quick = timer.restart();
        fixture.reopen(); // nothing is known of the accounts' speed
        fixture.place(1).faulty->on(Method::Get).named(QStringLiteral("f/*")).always().delay(std::chrono::seconds(5));
        timer.restart();
        const auto fetched = fixture.fetch(QStringLiteral("m"), QStringLiteral("slow"));
        const qint64 slow = timer.elapsed();
        QVERIFY(fetched);
        qInfo("undelayed %lld ms, one account delayed by 5 s a request %lld ms, %d hedges", quick, slow,
            fetched->stats.hedges);
        QVERIFY(fetched->stats.hedges > 0);
        // 1.5 x, and what a busy machine adds to timers.
        QVERIFY2(slow < quick * 3 / 2 + 500, "a slow account held up the fetch");
        QCOMPARE(readFile(fixture.path(QStringLiteral("slow/m"))), bytes);
    }

    // Invariant 7: no key and nonce ever meet two plaintexts.
    void aSourceThatChangedBeforeTheResumeGetsNewKeys_data()
    {
        QTest::addColumn<int>("fragmentsThere");
        QTest::newRow("nothing had left") << 0;
        QTest::newRow("one fragment had left") << 1;
        QTest::newRow("two fragments had left") << 2;
    }
    void aSourceThatChangedBeforeTheResumeGetsNewKeys()
    {
        QFETCH(const int, fragmentsThere);
        EngineFixture fixture(3);
        QByteArray bytes = randomBytes(3'000'000, 5);
        const QByteArray path = fixture.write(QStringLiteral("m"), bytes);
        {
            for (int i = fragmentsThere; i < 3; ++i)
                fixture.place(i).faulty->on(Method::Put).named(QStringLiteral("f/*")).always().hang();
            StoreRequest request;
            request.paths.push_back(path);
            request.protection = Protection(2, 1);
            Store store(fixture.engine(), request, nullptr);
            struct Body {
                static Task<void> run(Store &store)
                {
                    const auto ended = co_await store.run();
                    Q_UNUSED(ended)
                }
            };
            TaskScope scope;
            scope.start(Body::run(store));
            QTRY_VERIFY_WITH_TIMEOUT(!runTask(fixture.engine().registry.pendingPacks())->empty(), 20'000);
            QTRY_COMPARE_WITH_TIMEOUT(static_cast<int>(fragmentsOf(fixture, 0).size() + fragmentsOf(fixture, 1).size()
                                          + fragmentsOf(fixture, 2).size()),
                fragmentsThere, 20'000);
        } // killed here
        const auto pending = runTask(fixture.engine().registry.pendingPacks());
        QCOMPARE(pending->size(), std::size_t(1));
        const PendingPack before = pending->front().pack;
        std::map<QString, QByteArray> sent;
        for (int account = 0; account < 3; ++account) {
            for (const BlobName &name : fragmentsOf(fixture, account))
                sent[name.value] = read(fixture, account, name);
        }

        fixture.reopen();
        bytes.replace(1'000'000, 5, "other");
        fixture.write(QStringLiteral("m"), bytes);
        const auto stored = fixture.store(path, Protection(2, 1));
        QVERIFY2(stored, qPrintable(stored ? QString() : stored.error().message));

        std::map<QByteArray, std::set<QByteArray>> packsBySalt;
        for (int account = 0; account < 3; ++account) {
            for (const BlobName &name : fragmentsOf(fixture, account)) {
                const QByteArray blob = read(fixture, account, name);
                const auto header = openFragmentHeader(fixture.engine().ring, viewOf(blob));
                QVERIFY(header);
                packsBySalt[toByteArray(header->salt)].insert(header->pack.toByteArray());
                // A name that was sent before has the same bytes now.
                if (sent.contains(name.value))
                    QCOMPARE(blob, sent.at(name.value));
            }
        }
        for (const auto &[salt, packs] : packsBySalt)
            QCOMPARE(packs.size(), std::size_t(1));
        // The old pack is rebuilt from what had left, or gone; never sealed again over other bytes.
        QCOMPARE(packsBySalt.contains(toByteArray(before.salt)), fragmentsThere >= 2);
        QVERIFY(fixture.fetch(QStringLiteral("m"), QStringLiteral("back")));
        QCOMPARE(readFile(fixture.path(QStringLiteral("back/m"))), bytes);
    }
};

QTEST_GUILESS_MAIN(TestDamage)
#include "test_damage.moc"
