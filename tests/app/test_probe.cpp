// SPDX-License-Identifier: GPL-3.0-or-later
// What a place must be able to do, and what a test of it leaves there: nothing.
#include "app/library/probe.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_provider.h"
#include "tests/support/memory_provider.h"
#include "tests/support/run_task.h"

#include <QtTest>

using namespace mf;
using Method = FaultyProvider::Method;

namespace {

using Plan = std::function<void(FaultyProvider &)>;

Error refused() { return Error(Error::Kind::Unauthorised, QStringLiteral("MF-X"), QStringLiteral("not allowed")); }

} // namespace

class TestProbe : public QObject
{
    Q_OBJECT

private slots:
    void writesReadsListsAndDeletes()
    {
        FakeClock clock;
        MemoryProvider memory(clock);
        QVERIFY(runTask(probe(memory, clock, probeName())));
        QCOMPARE(memory.names(), QStringList());
        QCOMPARE(memory.counters().put.calls, 1);
        QCOMPARE(memory.counters().get.calls, 1);
        QCOMPARE(memory.counters().list.calls, 1);
        QCOMPARE(memory.counters().remove.calls, 1);
        QVERIFY(probeName() != probeName());
    }

    void aFailedStepIsNamedAndNothingIsLeft_data()
    {
        QTest::addColumn<Plan>("plan");
        QTest::addColumn<QString>("step");
        QTest::addColumn<QString>("id");
        const auto row = [](const char *name, const Plan &plan, const char *step, const char *id) {
            QTest::newRow(name) << plan << QString::fromLatin1(step) << QString::fromLatin1(id);
        };
        row("cannot be written", Plan([](FaultyProvider &p) { p.on(Method::Put).error(refused()); }), "write", "MF-X");
        row("written, but the answer is lost", Plan([](FaultyProvider &p) { p.on(Method::Put).errorAfter(refused()); }),
            "write", "MF-X");
        row("cannot be read", Plan([](FaultyProvider &p) { p.on(Method::Get).error(refused()); }), "read", "MF-X");
        row("gives back something else", Plan([](FaultyProvider &p) { p.on(Method::Get).corrupt(7); }), "compare",
            "MF-ACCOUNT-LIES");
        row("may not be listed", Plan([](FaultyProvider &p) { p.on(Method::List).error(refused()); }), "list", "MF-X");
        row("is not in the list", Plan([](FaultyProvider &p) { p.on(Method::List).loseSilently(); }), "list",
            "MF-ACCOUNT-UNLISTED");
        row("cannot be deleted at first", Plan([](FaultyProvider &p) { p.on(Method::Remove).error(refused()); }),
            "remove", "MF-X");
    }
    void aFailedStepIsNamedAndNothingIsLeft()
    {
        QFETCH(const Plan, plan);
        QFETCH(const QString, step);
        QFETCH(const QString, id);
        FakeClock clock;
        MemoryProvider memory(clock);
        FaultyProvider faulty(memory, clock);
        plan(faulty);
        const auto works = runTask(probe(faulty, clock, probeName()));
        QVERIFY(!works);
        QCOMPARE(works.error().id, id);
        QCOMPARE(works.error().parameters.value(QStringLiteral("step")), step);
        QCOMPARE(faulty.unhit(), QStringList());
        QCOMPARE(memory.names(), QStringList());
    }

    // Lists of some services show changes only after hours.
    void aListMayLagWhereThatIsKnown()
    {
        FakeClock clock;
        MemoryProvider::Options options;
        options.traits.listsImmediately = false;
        options.listingLag = std::chrono::hours(1);
        MemoryProvider memory(clock, options);
        QVERIFY(runTask(probe(memory, clock, probeName())));
    }

    void tidyingGivesUp()
    {
        FakeClock clock;
        clock.setAutomatic(true);
        MemoryProvider memory(clock);
        FaultyProvider faulty(memory, clock);
        faulty.on(Method::Remove).always().hang();
        runTask(ends(faulty, clock));
        QCOMPARE(faulty.hanging(), 0);
    }

private:
    static Task<bool> ends(Provider &provider, Clock &clock)
    {
        std::vector<BlobName> names(2, probeName());
        co_await tidyUp(provider, clock, std::move(names));
        co_return true;
    }
};

QTEST_GUILESS_MAIN(TestProbe)
#include "test_probe.moc"
