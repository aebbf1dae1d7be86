// SPDX-License-Identifier: GPL-3.0-or-later
// What leaves the registry with a deletion, and how it counts time.
#include "tests/registry/registry_fixture.h"

using namespace mf;
using namespace std::chrono_literals;

class TestRegistryDeletion : public QObject
{
    Q_OBJECT

private slots:
    // A chunk that lies in several packs is found as long as one of them is left, whichever goes first.
    void furtherPlacesMoveUp_data()
    {
        QTest::addColumn<quint64>("mask"); // of the keys of the chunk index: few make collisions
        QTest::addColumn<std::vector<int>>("order");
        for (const quint64 mask : { ~quint64(0), quint64(0x3) }) {
            const char *keys = mask == 0x3 ? "colliding keys" : "keys";
            QTest::addRow("%s, first to last", keys) << mask << std::vector<int> { 0, 1, 2 };
            QTest::addRow("%s, last to first", keys) << mask << std::vector<int> { 2, 1, 0 };
            QTest::addRow("%s, the middle first", keys) << mask << std::vector<int> { 1, 0, 2 };
        }
    }
    void furtherPlacesMoveUp()
    {
        QFETCH(const quint64, mask);
        QFETCH(const std::vector<int>, order);
        RegistryFixture f;
        f.reopen(Registry::Seams(mask, 0));
        const auto accounts = f.addAccounts(1);
        const std::vector<std::vector<quint32>> chunks { { 1, 2, 3, 4, 5 }, { 5, 4, 9, 3, 1 }, { 1, 3, 7, 5 } };
        std::vector<PackRow> packs;
        for (quint32 i = 0; i < 3; ++i)
            packs.push_back(f.complete(RegistryFixture::packOf(100 + 10 * i, chunks[i], 1, accounts)));
        std::vector<bool> isThere(3, true);
        for (const int gone : order) {
            must(f->dropPack(packs[static_cast<std::size_t>(gone)]));
            isThere[static_cast<std::size_t>(gone)] = false;
            for (quint32 chunk = 1; chunk < 12; ++chunk) {
                bool expected = false;
                for (std::size_t i = 0; i < 3; ++i)
                    expected = expected || (isThere[i] && std::ranges::find(chunks[i], chunk) != chunks[i].end());
                const auto place = f.find(chunk);
                QCOMPARE(place.has_value(), expected);
                if (place)
                    QVERIFY(must(f->records({ *place })).front().hash == idOf<ChunkHash>(chunk));
            }
        }
        must(f->dropPack(packs[0])); // dropped already
    }

    void time_data()
    {
        QTest::addColumn<qint64>("wall"); // hours since the first look
        QTest::addColumn<qint64>("elapsed"); // by the monotonic clock
        QTest::addColumn<bool>("sameBoot");
        QTest::addColumn<qint64>("calendar");
        QTest::addColumn<qint64>("certain");
        QTest::newRow("a day, the computer on") << 24LL << 124LL << true << 24LL << 24LL;
        QTest::newRow("ten days, the computer on") << 240LL << 340LL << true << 240LL << 240LL;
        QTest::newRow("the wall clock jumps ahead") << 9000LL << 101LL << true << 24LL << 1LL;
        QTest::newRow("the wall clock jumps back") << -9000LL << 105LL << true << 5LL << 5LL;
        QTest::newRow("the computer was off for ten days") << 240LL << 2LL << false << 24LL << 2LL;
        QTest::newRow("booted, and the wall clock stood still") << 0LL << 50LL << false << 0LL << 0LL;
        QTest::newRow("booted long ago, seen again after an hour") << 1LL << 50LL << false << 1LL << 1LL;
    }
    void time()
    {
        QFETCH(const qint64, wall);
        QFETCH(const qint64, elapsed);
        QFETCH(const bool, sameBoot);
        QFETCH(const qint64, calendar);
        QFETCH(const qint64, certain);
        RegistryFixture f;
        const QDateTime begin(QDate(2026, 1, 1), QTime(0, 0), Qt::UTC);
        const auto first = must(f->noteTime(begin, 100h, QByteArrayLiteral("boot")));
        QCOMPARE(first.calendar.count(), 0);
        f.reopen();
        const QByteArray boot = sameBoot ? QByteArrayLiteral("boot") : QByteArrayLiteral("another");
        const auto age = must(f->noteTime(begin.addSecs(wall * 3600), std::chrono::hours(elapsed), boot));
        QCOMPARE(std::chrono::duration_cast<std::chrono::hours>(age.calendar).count(), calendar);
        QCOMPARE(std::chrono::duration_cast<std::chrono::hours>(age.certain).count(), certain);
    }
};

QTEST_GUILESS_MAIN(TestRegistryDeletion)
#include "test_registry_deletion.moc"
