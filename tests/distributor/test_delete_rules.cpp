// SPDX-License-Identifier: GPL-3.0-or-later
// What each rule of DELETE is for: without it, what another computer relies on is lost. tests/simulation runs the
// interleavings with the rules.
#include "core/distributor/collect.h"
#include "core/distributor/trash.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/must.h"

using namespace mf;

namespace {

using std::chrono::hours;
const QString kM = QStringLiteral("m");
const QString kN = QStringLiteral("n");

MemoryProvider::Options lagging(int lag)
{
    MemoryProvider::Options options;
    options.listingLag = hours(lag);
    return options;
}

} // namespace

class TestDeleteRules : public QObject
{
    Q_OBJECT

private slots:
    // Without the wait, what a store elsewhere relies on is lost: the test can fail.
    void withoutTheWaitItIsLost()
    {
        Computers c(2, lagging(12));
        const auto bytes = randomBytes(60'000, 1);
        const auto path = c.write(QStringLiteral("m.bin"), bytes);
        QVERIFY(c.store(path, Protection(1, 1), kM));
        c.clock().advance(hours(30));
        const int other = c.join(0);
        QVERIFY(runTask(removeModel(c.engine(), kM, 0, true)));
        const auto stored = c.store(path, Protection(1, 1), kN, other);
        QVERIFY(stored && stored->uploadedBytes == 0);
        Deletion::Seams seams;
        seams.noWait = true;
        QVERIFY(runTask(collect(c.engine(), seams))->fragments > 0);
        QVERIFY(!c.comesBack(kN, bytes, other));
    }

    // Nor may a listing be believed that lacks what is known.
    void aPartialListingThatIsBelievedLosesIt()
    {
        for (const bool believed : { true, false }) {
            Computers c(2);
            const auto bytes = randomBytes(60'000, 1);
            const auto path = c.write(QStringLiteral("m.bin"), bytes);
            QVERIFY(c.store(path, Protection(1, 1), kM));
            const int other = c.join(0);
            QVERIFY(runTask(removeModel(c.engine(), kM, 0, true)));
            const auto stored = c.store(path, Protection(1, 1), kN, other);
            QVERIFY(stored && stored->uploadedBytes == 0);
            for (int i = 0; i < 2; ++i)
                c.faulty(i).on(FaultyProvider::Method::List).named(QStringLiteral("log/")).always().loseSilently();
            Deletion::Seams seams;
            seams.believeStale = believed;
            const auto collected = runTask(collect(c.engine(), seams));
            QVERIFY(collected);
            QCOMPARE(collected->fragments > 0, believed);
            QCOMPARE(c.comesBack(kN, bytes, other), !believed);
        }
    }

    // What one fragment that lies on many accounts survives is counted on few of them, and on many only from below: too
    // low a count of what there is must not allow to delete down to it.
    void whatLiesOnManyAccountsDoesNotGetWeaker_data()
    {
        QTest::addColumn<int>("accounts");
        QTest::newRow("counted") << 10;
        QTest::newRow("too many to count") << 20;
    }
    void whatLiesOnManyAccountsDoesNotGetWeaker()
    {
        QFETCH(const int, accounts);
        Computers c(2);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), randomBytes(60'000, 1)), Protection(1, 1), kM));
        for (int i = 2; i < accounts; ++i)
            c.addAccount(QStringLiteral("domain%1").arg(i));
        c.reopen(0);
        Registry &registry = c.engine().registry;
        std::vector<FragmentKey> others; // all but the one on the first account
        for (const PackRow row : must(runTask(registry.packsOn(c.record(0).id)))) {
            const auto pack = must(runTask(registry.pack(row)));
            std::vector<FragmentFinding> lost;
            int first = -1;
            for (const FragmentPlace &place : pack.fragments) {
                if (place.account == c.record(0).id)
                    first = place.index;
                else
                    lost.emplace_back(row, place.index, place.account, FragmentState::Missing);
            }
            must(runTask(registry.noteFragments(std::move(lost), c.clock().now())));
            for (int i = 2; i < accounts; ++i) {
                must(runTask(registry.addFragment(row, first, c.record(i).id)));
                others.emplace_back(pack.id, first, c.record(i).id);
            }
        }
        const auto maySpare = [&registry](std::vector<FragmentKey> fragments) {
            return must(runTask(registry.maySpare(std::move(fragments), DoomId(), {})));
        };
        QVERIFY(!maySpare(others)); // only one would be left, of a model that any account may vanish of
        others.resize(1);
        QCOMPARE(maySpare(others), accounts <= 16); // enough is left, if that can be counted
    }
};

QTEST_GUILESS_MAIN(TestDeleteRules)
#include "test_delete_rules.moc"
