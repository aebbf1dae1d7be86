// SPDX-License-Identifier: GPL-3.0-or-later
// Fragments whose checksums fit their bytes, which are not those that were stored: what verifies is found wherever it
// is, and where nothing does nothing is written.
#include "core/distributor/row_subsets.h"
#include "tests/distributor/mending.h"

#include <QtTest>

using namespace mf;

class TestForged : public QObject
{
    Q_OBJECT

    using Rows = std::vector<int>;

    static QString words(const Rows &rows)
    {
        QStringList numbers;
        for (const int row : rows)
            numbers.append(QString::number(row));
        return numbers.join(u',');
    }
    // As much as makes a pack of that k, and reaches into the last data fragment.
    static qint64 sizeFor(int k) { return k == 1 ? 600'000 : 1'100'000 * k; }

private slots:
    void asManyAsMayBe_data()
    {
        QTest::addColumn<int>("k");
        QTest::addColumn<int>("m");
        QTest::addColumn<Rows>("forged");
        const auto add = [](int k, int m, const Rows &forged) {
            QTest::addRow("%d + %d: rows %s", k, m, qPrintable(words(forged))) << k << m << forged;
        };
        for (const auto &[k, m] : { std::pair(1, 2), std::pair(2, 2), std::pair(3, 2) }) {
            for (int a = 0; a < k + m; ++a) {
                for (int b = a + 1; b < k + m; ++b)
                    add(k, m, { a, b });
            }
        }
        for (const Rows &forged : { Rows { 0, 1, 2 }, Rows { 2, 3, 4 }, Rows { 0, 4, 7 }, Rows { 1, 5, 6 } })
            add(5, 3, forged);
        // More subsets than are tried; the first of them all have the first rows.
        add(8, 7, { 0, 1 });
        add(8, 7, { 0, 1, 2, 3, 9 });
    }
    void asManyAsMayBe()
    {
        QFETCH(const int, k);
        QFETCH(const int, m);
        QFETCH(const Rows, forged);
        EngineFixture fixture(k + m);
        const QByteArray bytes = storeModel(fixture, Protection(k, m), sizeFor(k));
        StoredPacks packs(fixture, k + m);
        const auto rows = packs.rows(k);
        QCOMPARE(rows.size(), std::size_t(k + m));
        std::map<int, QByteArray> right;
        for (const int row : forged) {
            right[row] = packs.bytes(rows.at(row));
            packs.forge(rows.at(row), 300'000);
        }
        QCOMPARE(deepCheck(fixture).models[0].damaged, static_cast<int>(forged.size()));
        const RepairResult repaired = repairAll(fixture);
        QCOMPARE(repaired.rebuilt, static_cast<int>(forged.size()));
        QCOMPARE(repaired.models[0].state, ModelState::Safe);
        for (const auto &[row, blob] : right)
            QCOMPARE(packs.bytes(rows.at(row)), blob);
        QVERIFY(comesBack(fixture, bytes));
    }

    void oneTooMany_data()
    {
        QTest::addColumn<int>("k");
        QTest::addColumn<int>("m");
        QTest::addColumn<Rows>("forged");
        QTest::addColumn<QString>("said");
        const QString none = QStringLiteral("no combination of its fragments verifies");
        const auto add = [&none](int k, int m, const Rows &forged, const QString &said = {}) {
            QTest::addRow("%d + %d: rows %s", k, m, qPrintable(words(forged)))
                << k << m << forged << (said.isEmpty() ? none : said);
        };
        add(1, 2, { 0, 1, 2 });
        add(2, 1, { 0, 1 });
        add(2, 1, { 1, 2 });
        add(2, 2, { 0, 1, 3 });
        add(3, 2, { 2, 3, 4 });
        add(3, 2, { 0, 1, 2, 3 });
        add(4, 2, { 0, 4, 5 });
        add(8, 8, { 0, 8, 9, 10, 11, 12, 13, 14, 15 },
            QStringLiteral("none of the 5000 combinations of its fragments that were tried verifies"));
    }
    // There is enough, and no checksum is wrong.
    void oneTooMany()
    {
        QFETCH(const int, k);
        QFETCH(const int, m);
        QFETCH(const Rows, forged);
        QFETCH(const QString, said);
        EngineFixture fixture(k + m);
        storeModel(fixture, Protection(k, m), sizeFor(k));
        StoredPacks packs(fixture, k + m);
        const auto rows = packs.rows(k);
        for (const int row : forged)
            packs.forge(rows.at(row), 300'000);
        packs.lose(rows.at(std::max(1, forged.front()))); // so that there is something to repair
        fixture.addAccount();
        const auto blobs = [&] {
            std::map<std::pair<int, QString>, QByteArray> all;
            const StoredPacks now(fixture, fixture.accounts());
            for (const StoredPacks::Stored &stored : now.all())
                all[std::pair(stored.account, stored.name.value)] = now.bytes(stored);
            return all;
        };
        const auto before = blobs();
        const RepairResult repaired = repairAll(fixture);
        QCOMPARE(repaired.rebuilt, 0);
        QCOMPARE(repaired.uploadedBytes, 0);
        QCOMPARE(repaired.unreadablePacks, 1);
        QCOMPARE(repaired.warnings.size(), 1);
        QVERIFY2(repaired.warnings[0].endsWith(said), qPrintable(repaired.warnings[0]));
        QVERIFY(blobs() == before);
        const auto fetched = fixture.fetch(kMended, QStringLiteral("none"));
        QVERIFY(!fetched);
        QCOMPARE(fetched.error().id, QStringLiteral("MF-PACK-UNREADABLE"));
        QVERIFY2(fetched.error().message.contains(said), qPrintable(fetched.error().message));
        QVERIFY(!QFile::exists(fixture.path(QStringLiteral("none/") + kMended)));
        // A look at all of it knows it from then on.
        QCOMPARE(deepCheck(fixture).models[0].state, ModelState::Unreadable);
        QCOMPARE(repairAll(fixture).models[0].state, ModelState::Unreadable);
        QVERIFY(blobs() == before);
    }

    void fewSubsetsAreAllTried_data()
    {
        QTest::addColumn<int>("n");
        QTest::addColumn<int>("k");
        QTest::addColumn<int>("count");
        QTest::newRow("k of k") << 5 << 5 << 1;
        QTest::newRow("copies") << 7 << 1 << 7;
        QTest::newRow("2 + 2") << 4 << 2 << 6;
        QTest::newRow("7 + 7") << 14 << 7 << 3'432;
        QTest::newRow("29 + 3") << 32 << 29 << 4'960;
        QTest::newRow("8 + 7: not all") << 15 << 8 << 5'000;
        QTest::newRow("127 + 128: not all") << 255 << 127 << 5'000;
    }
    void fewSubsetsAreAllTried()
    {
        QFETCH(const int, n);
        QFETCH(const int, k);
        QFETCH(const int, count);
        Rows rows;
        for (int i = 0; i < n; ++i)
            rows.push_back(100 + 2 * i);
        const RowSubsets subsets = rowSubsets(rows, k);
        QCOMPARE(subsets.isAll, count < 5'000);
        QCOMPARE(subsets.subsets.size(), static_cast<std::size_t>(count));
        QCOMPARE(std::set(subsets.subsets.begin(), subsets.subsets.end()).size(), subsets.subsets.size());
        for (const std::vector<std::size_t> &subset : subsets.subsets) {
            QCOMPARE(subset.size(), static_cast<std::size_t>(k));
            QVERIFY(std::is_sorted(subset.begin(), subset.end()) && subset.back() < rows.size());
        }
        QCOMPARE(rowSubsets(rows, k).subsets, subsets.subsets);
        if (subsets.isAll)
            return;
        for (std::size_t row = 0; row < rows.size(); ++row) { // none is in all of the first ones
            QVERIFY(std::any_of(subsets.subsets.begin(), subsets.subsets.begin() + 100,
                [row](const auto &subset) { return std::find(subset.begin(), subset.end(), row) == subset.end(); }));
        }
    }

    void subsetsHaveOneTwinAtMost_data()
    {
        QTest::addColumn<Rows>("rows");
        QTest::addColumn<int>("k");
        QTest::addColumn<int>("count");
        QTest::newRow("one has a twin") << Rows { 0, 0, 1, 2 } << 2 << 5;
        QTest::newRow("all of it is needed") << Rows { 7, 3, 7, 7 } << 2 << 3;
        QTest::newRow("copies") << Rows { 0, 0, 1, 1, 1 } << 1 << 5;
        QTest::newRow("each has one") << Rows { 0, 1, 2, 3, 0, 1, 2, 3 } << 3 << 32;
        Rows many;
        for (int row = 0; row < 12; ++row)
            many.insert(many.end(), 3, row);
        QTest::newRow("not all") << many << 6 << 5'000;
    }
    void subsetsHaveOneTwinAtMost()
    {
        QFETCH(const Rows, rows);
        QFETCH(const int, k);
        QFETCH(const int, count);
        const RowSubsets subsets = rowSubsets(rows, k);
        QCOMPARE(subsets.isAll, count < 5'000);
        QCOMPARE(subsets.subsets.size(), static_cast<std::size_t>(count));
        QCOMPARE(std::set(subsets.subsets.begin(), subsets.subsets.end()).size(), subsets.subsets.size());
        std::set<std::size_t> used;
        for (const std::vector<std::size_t> &subset : subsets.subsets) {
            std::set<int> different;
            for (const std::size_t candidate : subset)
                different.insert(rows.at(candidate));
            QCOMPARE(different.size(), static_cast<std::size_t>(k));
            used.insert(subset.begin(), subset.end());
        }
        QCOMPARE(used.size(), rows.size());
    }
};

QTEST_GUILESS_MAIN(TestForged)
#include "test_forged.moc"
