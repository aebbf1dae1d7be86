// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts that another computer added: the log tells of them, and who cannot look there deletes nothing.
#include "core/distributor/account_end.h"
#include "core/distributor/collect.h"
#include "core/distributor/ready_accounts.h"
#include "core/distributor/trash.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

#include <QtTest>

using namespace mf;

namespace {

const QString kM = QStringLiteral("m");
const QString kN = QStringLiteral("n");

} // namespace

class TestElsewhere : public QObject
{
    Q_OBJECT

private slots:
    void nothingIsDeletedWithoutIt()
    {
        Known k;
        Engine &engine = k.c.engine(k.other);
        const auto kept = must(runTask(collect(engine)));
        QCOMPARE(kept.fragments, 0);
        const QString why = kept.waiting.join(u' ');
        QVERIFY2(why.contains(k.c.record(2).name), qPrintable(why));
        // It is known, by its name, and is used for nothing.
        Account *there = engine.accounts.find(k.c.record(2).id);
        QVERIFY(there);
        QVERIFY(there->record().isElsewhere());
        QCOMPARE(there->name(), k.c.record(2).name);
        QCOMPARE(there->record().domain, k.c.record(2).domain);
        QCOMPARE(plannedAccounts(engine.accounts, {}).size(), std::size_t(2));
        QStringList warnings;
        must(runTask(readyAccounts(engine, warnings)));
        QCOMPARE(warnings, QStringList());

        k.c.reopen(k.other); // it is added there, too
        QVERIFY(must(runTask(collect(k.c.engine(k.other)))).fragments > 0);
        QVERIFY(k.c.comesBack(kN, k.bytes, k.other));
    }

    // Lost before it was ever seen here: giving it up is all that is needed.
    void oneThatIsGivenUpIsInNobodysWay()
    {
        Known k;
        Engine &engine = k.c.engine(k.other);
        QCOMPARE(must(runTask(collect(engine))).fragments, 0);
        Account *there = engine.accounts.find(k.c.record(2).id);
        QVERIFY(there);
        must(runTask(retireAccount(engine, *there, Cbor::array())));
        QVERIFY(must(runTask(collect(engine))).fragments > 0);
        must(runTask(readLog(k.c.engine(0))));
        QVERIFY(k.c.engine(0).accounts.find(k.c.record(2).id)->record().retired);
    }

private:
    // One computer has three accounts and stored on them, another one knows two and took a model away.
    struct Known {
        Computers c { 2 };
        int other = 0;
        QByteArray bytes = randomBytes(60'000, 2);

        Known()
        {
            must(c.store(c.write(QStringLiteral("m.bin"), randomBytes(60'000, 1)), Protection(1, 1), kM));
            other = c.join(0);
            c.addAccount(QStringLiteral("domain2"));
            c.reopen(0);
            must(c.store(c.write(QStringLiteral("n.bin"), bytes), Protection(1, 1), kN));
            must(runTask(removeModel(c.engine(other), kM, 0, true)));
        }
    };
};

QTEST_GUILESS_MAIN(TestElsewhere)
#include "test_elsewhere.moc"
