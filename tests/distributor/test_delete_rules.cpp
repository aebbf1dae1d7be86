// SPDX-License-Identifier: GPL-3.0-or-later
// What each rule of DELETE is for: without it, what another computer relies on is lost. tests/simulation runs the
// interleavings with the rules.
#include "core/distributor/collect.h"
#include "core/distributor/trash.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"

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
};

QTEST_GUILESS_MAIN(TestDeleteRules)
#include "test_delete_rules.moc"
