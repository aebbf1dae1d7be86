// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts that say "stored" and drop it: index objects, manifests, segments of the log.
#include "core/distributor/sync_library.h"
#include "core/providers/verified.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/must.h"

using namespace mf;
using Method = FaultyProvider::Method;

namespace {

constexpr int kAccounts = 3;
const QString kM = QStringLiteral("m");
const Protection kPolicy(2, 1);

// What a store of one pack puts beside fragments, in this order, on every account.
void objects()
{
    QTest::addColumn<QString>("names");
    QTest::addColumn<int>("before"); // that it takes
    QTest::newRow("the index object") << QStringLiteral("meta/*") << 0;
    QTest::newRow("the manifest") << QStringLiteral("meta/*") << 1;
    QTest::newRow("the session") << QStringLiteral("log/*") << 0;
    QTest::newRow("the revision") << QStringLiteral("log/*") << 1;
    QTest::newRow("all of them") << QStringLiteral("[ml]*") << -1;
}

void drop(FaultyProvider &account, const QString &names, int before)
{
    if (before >= 0) {
        account.on(Method::Put).named(names).after(before).loseSilently();
        return;
    }
    account.on(Method::Put).named(QStringLiteral("meta/*")).always().loseSilently();
    account.on(Method::Put).named(QStringLiteral("log/*")).always().loseSilently();
}

QStringList objectsOn(MemoryProvider &memory)
{
    return memory.names().filter(QRegularExpression(QStringLiteral("^(meta|log)/")));
}

// As app/ makes them: what is put is read back.
class VerifiedAccounts
{
public:
    Computers::Decorate decorate()
    {
        return [this](std::unique_ptr<Provider> inner, int, int account) -> std::unique_ptr<Provider> {
            auto faulty = std::make_unique<FaultyProvider>(std::move(inner), m_clock);
            m_faulty[account] = faulty.get();
            return std::make_unique<Verified>(std::move(faulty));
        };
    }
    FaultyProvider &at(int account) { return *m_faulty[account]; }

private:
    SystemClock m_clock;
    std::map<int, FaultyProvider *> m_faulty;
};

} // namespace

class TestDroppedWrites : public QObject
{
    Q_OBJECT

private slots:
    // Nobody reads back: the others make up for it, and a sync gives it what it lacks.
    void oneAccountDropsItAndIsBelieved_data() { objects(); }
    void oneAccountDropsItAndIsBelieved()
    {
        QFETCH(const QString, names);
        QFETCH(const int, before);
        for (int liar = 0; liar < kAccounts; ++liar) {
            EngineFixture fixture(kAccounts);
            const QByteArray bytes = randomBytes(2'500'000, 1);
            FaultyProvider &faulty = *fixture.place(liar).faulty;
            drop(faulty, names, before);
            QVERIFY(fixture.store(fixture.write(kM, bytes), kPolicy));
            QCOMPARE(faulty.unhit(), QStringList());
            faulty.heal();
            for (int gone = 0; gone < kAccounts; ++gone) {
                const auto other = fixture.anotherComputer();
                fixture.place(gone).memory->setGone(true);
                const auto recovered = must(runTask(recoverLibrary(other->engine())));
                QCOMPARE(recovered.readable, 1);
                QVERIFY(other->fetch(kM, QStringLiteral("back")));
                QCOMPARE(readFile(other->path(QStringLiteral("back/m"))), bytes);
                fixture.place(gone).memory->setGone(false);
            }
            fixture.reopen();
            QVERIFY(runTask(syncLibrary(fixture.engine())));
            for (int i = 0; i < kAccounts; ++i)
                QCOMPARE(objectsOn(*fixture.place(i).memory), objectsOn(*fixture.place(0).memory));
        }
    }

    // A store that no account kept is no store.
    void allAccountsDropIt_data() { objects(); }
    void allAccountsDropIt()
    {
        QFETCH(const QString, names);
        QFETCH(const int, before);
        VerifiedAccounts accounts;
        Computers c(kAccounts, {}, accounts.decorate());
        const QByteArray bytes = randomBytes(2'500'000, 1);
        const QByteArray path = c.write(QStringLiteral("m.bin"), bytes);
        for (int i = 0; i < kAccounts; ++i)
            drop(accounts.at(i), names, before);
        const auto stored = c.store(path, kPolicy, kM);
        QVERIFY(!stored);
        QVERIFY(!stored.error().message.isEmpty());
        const auto models = must(runTask(c.engine().registry.models(QString())));
        for (const RevisionRecord &model : models)
            QVERIFY(model.state != RevisionState::Live);
        c.reopen(0);
        QVERIFY(c.store(path, kPolicy, kM));
        for (int i = 0; i < kAccounts; ++i) {
            c.setGone(i, true);
            c.reopen(0);
            QVERIFY(c.comesBack(kM, bytes));
            c.setGone(i, false);
        }
    }

    // Even one that reads nothing back reports nothing stored whose revision is nowhere: CONFIRM looks.
    void allAccountsDropTheRevisionAndAreBelieved()
    {
        EngineFixture fixture(kAccounts);
        const QByteArray path = fixture.write(kM, randomBytes(2'500'000, 1));
        for (int i = 0; i < kAccounts; ++i)
            drop(*fixture.place(i).faulty, QStringLiteral("log/*"), 1);
        const auto stored = fixture.store(path, kPolicy);
        QVERIFY(!stored);
        QCOMPARE(stored.error().id, QStringLiteral("MF-CONFIRM-ACCOUNTS"));
        fixture.reopen();
        const auto again = fixture.store(path, kPolicy);
        QVERIFY2(again, qPrintable(again ? QString() : again.error().message));
        const auto other = fixture.anotherComputer();
        QCOMPARE(must(runTask(syncLibrary(other->engine()))).models, 1);
    }
};

QTEST_GUILESS_MAIN(TestDroppedWrites)
#include "test_dropped_writes.moc"
