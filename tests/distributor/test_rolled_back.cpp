// SPDX-License-Identifier: GPL-3.0-or-later
// An account that is suddenly what it was last month, as when a provider brings a backup back: what was stored there
// since is gone, what was deleted is back.
#include "core/distributor/check.h"
#include "core/distributor/collect.h"
#include "core/distributor/library_log.h"
#include "core/distributor/repair.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/must.h"

using namespace mf;
using Method = FaultyProvider::Method;

namespace {

constexpr std::chrono::hours kDay { 24 };
constexpr int kAccounts = 3;
const QString kKept = QStringLiteral("kept");
const QString kRemoved = QStringLiteral("removed");
const QString kNew = QStringLiteral("new");
const Protection kPolicy(2, 1); // on all three accounts

using Blobs = QMap<QString, QByteArray>;

QByteArray contentOf(const QString &name) { return randomBytes(2'500'000, qChecksum(name.toUtf8())); }

CollectResult collected(Computers &c, int computer = 0) { return must(runTask(collect(c.engine(computer)))); }

// One month in the life of a library of two computers; then one account is what it was at its beginning.
struct Scene {
    Computers c { kAccounts };
    int back; // the account
    int other = 0; // computer
    QStringList deleted; // objects and fragments that were deleted on it, and are back
    QStringList lost; // that were put there since, and are not there

    explicit Scene(int account)
        : back(account)
    {
        store(kKept, kKept);
        store(kRemoved, kRemoved);
        other = c.join(0);
        const Blobs before = blobs();
        for (int day = 0; day < 15; ++day)
            c.clock().advance(kDay);
        store(kNew, kNew);
        must(runTask(removeModel(c.engine(), kRemoved, 0, true)));
        if (const auto result = collected(c); !result.waiting.isEmpty() || result.fragments == 0)
            qFatal("collect: %s", qPrintable(result.waiting.join(u' ')));
        must(runTask(syncLibrary(c.engine(other))));
        for (int day = 0; day < 15; ++day)
            c.clock().advance(kDay);
        const Blobs after = blobs();
        for (const QString &name : c.memory(back).names())
            c.memory(back).lose(BlobName(name));
        for (auto it = before.begin(); it != before.end(); ++it) {
            must(runTask(c.memory(back).put(BlobName(it.key()), it.value())));
            if (!after.contains(it.key()))
                deleted.append(it.key());
        }
        for (const QString &name : after.keys()) {
            if (!before.contains(name))
                lost.append(name);
        }
        if (deleted.filter(QStringLiteral("f/")).isEmpty() || deleted.filter(QStringLiteral("meta/")).isEmpty()
            || lost.filter(QStringLiteral("f/")).isEmpty() || lost.filter(QStringLiteral("log/")).isEmpty())
            qFatal("the month was too quiet");
        c.reopen(0);
        c.reopen(other);
    }

    Blobs blobs()
    {
        Blobs all;
        for (const QString &name : c.memory(back).names())
            all.insert(name, c.memory(back).bytes(BlobName(name)));
        return all;
    }
    qint64 store(const QString &name, const QString &content, int computer = 0)
    {
        const QByteArray path = c.write(content + QStringLiteral(".bin"), contentOf(content));
        return must(c.store(path, kPolicy, name, computer)).uploadedBytes;
    }
    bool isBack(const QString &name) { return c.memory(back).contains(BlobName(name)); }
    // With every account in turn away.
    bool survivesEachLoss(const QString &name, const QString &content)
    {
        bool survives = true;
        for (int i = 0; i < kAccounts; ++i) {
            c.setGone(i, true);
            c.reopen(0);
            survives = survives && c.comesBack(name, contentOf(content));
            c.setGone(i, false);
        }
        c.reopen(0);
        return survives;
    }
};

void eachAccount()
{
    QTest::addColumn<int>("account");
    for (int i = 0; i < kAccounts; ++i)
        QTest::addRow("account %d", i) << i;
}

} // namespace

class TestRolledBack : public QObject
{
    Q_OBJECT

private slots:
    void isStaleAndSaid_data() { eachAccount(); }
    void isStaleAndSaid()
    {
        QFETCH(const int, account);
        Scene s(account);
        Engine &engine = s.c.engine();
        QStringList warnings;
        QVERIFY(runTask(readyAccounts(engine, warnings)));
        LibraryLog log(engine);
        const auto complete = must(runTask(log.sync(engine.accounts.verified())));
        QCOMPARE(complete.size(), std::size_t(kAccounts - 1));
        for (int i = 0; i < kAccounts; ++i)
            QCOMPARE(engine.accounts.find(s.c.record(i).id)->isStale(), i == account);
        const auto synced = must(runTask(syncLibrary(engine)));
        const QString said = synced.warnings.join(u' ');
        QVERIFY2(
            said.contains(s.c.record(account).name) && said.contains(QStringLiteral("older state")), qPrintable(said));
        // Once; from then on the models say what they lack.
        QCOMPARE(must(runTask(syncLibrary(engine))).warnings, QStringList());
        const auto revision = must(runTask(engine.registry.revision(kNew, 0)));
        QCOMPARE(must(runTask(modelHealth(engine, revision))).state, ModelState::AtRisk);
    }

    void whatCameBackIsNoHit_data()
    {
        QTest::addColumn<int>("account");
        QTest::addColumn<bool>("isOther");
        for (int i = 0; i < kAccounts; ++i) {
            QTest::addRow("account %d, the computer that deleted", i) << i << false;
            QTest::addRow("account %d, another computer", i) << i << true;
        }
    }
    void whatCameBackIsNoHit()
    {
        QFETCH(const int, account);
        QFETCH(const bool, isOther);
        Scene s(account);
        const int computer = isOther ? s.other : 0;
        QVERIFY(s.store(QStringLiteral("again"), kRemoved, computer) > contentOf(kRemoved).size());
        QVERIFY(s.c.comesBack(QStringLiteral("again"), contentOf(kRemoved), computer));
        QVERIFY(runTask(syncLibrary(s.c.engine())));
        QVERIFY(s.survivesEachLoss(QStringLiteral("again"), kRemoved));
        // Nor is what the account has lost: the copy is promised to survive a loss, and does.
        QVERIFY(s.store(QStringLiteral("copy"), kNew, computer) > contentOf(kNew).size());
        QVERIFY(runTask(syncLibrary(s.c.engine())));
        QVERIFY(s.survivesEachLoss(QStringLiteral("copy"), kNew));
        // What was there all the time is.
        QCOMPARE(s.store(QStringLiteral("same"), kKept, computer), 0);
    }

    // It takes nothing of what it lacks, and stays as it is.
    void isNoEvidence_data() { eachAccount(); }
    void isNoEvidence()
    {
        QFETCH(const int, account);
        Scene s(account);
        const Error full(Error::Kind::Quota, QStringLiteral("MF-ACCOUNT-FULL"), QStringLiteral("full"));
        s.c.faulty(account).on(Method::Put).named(QStringLiteral("log/*")).always().error(full);
        QVERIFY(runTask(removeModel(s.c.engine(), kKept, 0, true)));
        const int before = s.c.fragments();
        for (int i = 0; i < 2; ++i) {
            const auto result = collected(s.c);
            QCOMPARE(result.fragments, 0);
            QVERIFY(!result.waiting.isEmpty());
        }
        QCOMPARE(s.c.fragments(), before);
    }

    void allOfItIsFreedInTheEnd_data()
    {
        QTest::addColumn<int>("account");
        QTest::addColumn<bool>("isOther");
        for (int i = 0; i < kAccounts; ++i) {
            QTest::addRow("account %d, the computer that deleted", i) << i << false;
            QTest::addRow("account %d, another computer", i) << i << true;
        }
    }
    void allOfItIsFreedInTheEnd()
    {
        QFETCH(const int, account);
        QFETCH(const bool, isOther);
        Scene s(account);
        const int computer = isOther ? s.other : 0;
        collected(s.c, computer);
        for (const QString &name : s.deleted.filter(QStringLiteral("meta/")))
            QVERIFY2(!s.isBack(name), qPrintable(name));
        for (int day = 0; day < 31; ++day) {
            s.c.clock().advance(kDay);
            QVERIFY(runTask(syncLibrary(s.c.engine(computer)))); // so that it sees the days pass
        }
        const auto result = collected(s.c, computer);
        QCOMPARE(result.waiting, QStringList());
        for (const QString &name : s.deleted)
            QVERIFY2(!s.isBack(name), qPrintable(name));
        QCOMPARE(collected(s.c, computer).strays, 0);
        // And nothing else went.
        Repair repair(s.c.engine(computer), {}, nullptr);
        QVERIFY(must(runTask(repair.run())).rebuilt > 0);
        QVERIFY(runTask(syncLibrary(s.c.engine())));
        for (const QString &name : { kKept, kNew })
            QVERIFY(s.survivesEachLoss(name, name));
    }

    // Index objects that came back and cannot be deleted keep no fragments.
    void fragmentsGoWhereObjectsCannot_data() { eachAccount(); }
    void fragmentsGoWhereObjectsCannot()
    {
        QFETCH(const int, account);
        Scene s(account);
        const Error denied(Error::Kind::Unauthorised, QStringLiteral("MF-TEST"), QStringLiteral("not allowed"));
        s.c.faulty(account).on(Method::Remove).named(QStringLiteral("meta/*")).always().error(denied);
        QVERIFY(collected(s.c).waiting.join(u' ').contains(QStringLiteral("not allowed")));
        for (int day = 0; day < 31; ++day) {
            s.c.clock().advance(kDay);
            QVERIFY(runTask(syncLibrary(s.c.engine())));
        }
        collected(s.c);
        for (const QString &name : s.deleted)
            QVERIFY2(s.isBack(name) == name.startsWith(QStringLiteral("meta/")), qPrintable(name));
    }

    // Nobody else has what it lacks of the log: this computer tells it again.
    void theOnlyAccount()
    {
        Computers c(1);
        const Protection one(1, 0);
        const auto store = [&](const QString &name) {
            return c.store(c.write(name + QStringLiteral(".bin"), contentOf(name)), one, name);
        };
        QVERIFY(store(kKept));
        Blobs before;
        for (const QString &name : c.memory(0).names())
            before.insert(name, c.memory(0).bytes(BlobName(name)));
        QVERIFY(store(kNew));
        for (const QString &name : c.memory(0).names())
            c.memory(0).lose(BlobName(name));
        for (auto it = before.begin(); it != before.end(); ++it)
            QVERIFY(runTask(c.memory(0).put(BlobName(it.key()), it.value())));
        c.reopen(0);
        const auto synced = must(runTask(syncLibrary(c.engine())));
        QVERIFY(synced.warnings.join(u' ').contains(QStringLiteral("older state")));
        const auto revision = must(runTask(c.engine().registry.revision(kNew, 0)));
        QCOMPARE(must(runTask(modelHealth(c.engine(), revision))).state, ModelState::Unreadable);
        // It is an account like any other again.
        const auto again = c.store(c.path(kNew + QStringLiteral(".bin")).toUtf8(), one, QStringLiteral("again"));
        QVERIFY2(again, qPrintable(again ? QString() : again.error().message));
        QVERIFY(again->uploadedBytes >= contentOf(kNew).size());
        QVERIFY(c.comesBack(QStringLiteral("again"), contentOf(kNew)));
        QVERIFY(c.comesBack(kKept, contentOf(kKept)));
        QVERIFY(runTask(removeModel(c.engine(), kKept, 0, true)));
        QVERIFY(collected(c).fragments > 0);
    }

    // The index objects that came back bring no packs back.
    void recoverDoesNotBringItBack_data() { eachAccount(); }
    void recoverDoesNotBringItBack()
    {
        QFETCH(const int, account);
        Scene s(account);
        const auto recovered = must(runTask(recoverLibrary(s.c.engine(s.other))));
        QCOMPARE(recovered.models, 2);
        QCOMPARE(recovered.readable, 2);
        QVERIFY(s.store(QStringLiteral("again"), kRemoved, s.other) > contentOf(kRemoved).size());
        QVERIFY(runTask(syncLibrary(s.c.engine())));
        QVERIFY(s.survivesEachLoss(QStringLiteral("again"), kRemoved));
        QVERIFY(s.survivesEachLoss(kKept, kKept));
        QVERIFY(s.c.comesBack(kNew, contentOf(kNew)));
    }
};

QTEST_GUILESS_MAIN(TestRolledBack)
#include "test_rolled_back.moc"
