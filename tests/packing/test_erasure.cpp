// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/packing/erasure.h"
#include "tests/packing/sample_bytes.h"

#include <QtTest>

#include <isa-l/erasure_code.h>

#include <numeric>

using namespace mf;

namespace {
// The field in its plainest form, to check the library's tables against.
std::uint8_t slowMultiply(unsigned a, unsigned b)
{
    unsigned product = 0;
    for (; b != 0; b >>= 1) {
        if (b & 1)
            product ^= a;
        a = (a << 1) ^ ((a & 0x80) ? 0x11d : 0);
    }
    return static_cast<std::uint8_t>(product);
}
std::uint8_t slowInverse(unsigned a)
{
    unsigned b = 1;
    while (slowMultiply(a, b) != 1)
        ++b;
    return static_cast<std::uint8_t>(b);
}

// All n rows of random data.
std::vector<QByteArray> makeRows(int k, int n, qsizetype length, std::uint64_t seed = 1)
{
    std::vector<QByteArray> rows;
    std::vector<ByteView> data;
    std::vector<MutableBytes> parity;
    for (int i = 0; i < n; ++i)
        rows.push_back(i < k ? sample::randomBytes(length, seed * 1000 + std::uint64_t(i)) : QByteArray(length, 'x'));
    for (int i = 0; i < n; ++i) {
        if (i < k)
            data.push_back(viewOf(rows[std::size_t(i)]));
        else
            parity.push_back(mutableViewOf(rows[std::size_t(i)]));
    }
    encodeParity(k, data, k, parity);
    return rows;
}

// Every row from these, compared with what it was.
bool rebuildsAll(int k, const std::vector<QByteArray> &rows, const std::vector<int> &present)
{
    std::vector<ErasureRow> have;
    for (const int row : present)
        have.emplace_back(row, viewOf(rows[std::size_t(row)]));
    QByteArray out(rows[0].size(), 'y');
    for (std::size_t wanted = 0; wanted < rows.size(); ++wanted)
        if (!rebuildRow(k, have, int(wanted), mutableViewOf(out)) || out != rows[wanted])
            return false;
    return true;
}

// Calls visit with every k of n; stops at the first false.
template <typename F> bool forEachSubset(int n, int k, F visit)
{
    std::vector<int> pick(static_cast<std::size_t>(k));
    std::iota(pick.begin(), pick.end(), 0);
    while (true) {
        if (!visit(pick))
            return false;
        int i = k - 1;
        while (i >= 0 && pick[std::size_t(i)] == n - k + i)
            --i;
        if (i < 0)
            return true;
        ++pick[std::size_t(i)];
        for (int j = i + 1; j < k; ++j)
            pick[std::size_t(j)] = pick[std::size_t(j - 1)] + 1;
    }
}
} // namespace

class TestErasure : public QObject
{
    Q_OBJECT

private slots:
    void everySubsetRebuildsEveryRow_data();
    void everySubsetRebuildsEveryRow();
    void theUsualMatrixWouldLoseData();
    void largeCodesBySample_data();
    void largeCodesBySample();
    void rowsAreTheCauchyMatrix();
    void parityCanBeAddedLater();
    void oneDataRowMeansCopies();
    void oddLengths();
    void refusesWhatCannotWork();
};

void TestErasure::everySubsetRebuildsEveryRow_data()
{
    QTest::addColumn<int>("k");
    QTest::addColumn<int>("m");
    for (int k = 1; k <= 8; ++k)
        for (int m = 0; m <= 6; ++m)
            QTest::addRow("%d + %d", k, m) << k << m;
}

void TestErasure::everySubsetRebuildsEveryRow()
{
    QFETCH(const int, k);
    QFETCH(const int, m);
    const std::vector<QByteArray> rows = makeRows(k, k + m, 67);
    QVERIFY(forEachSubset(k + m, k, [&](const std::vector<int> &pick) { return rebuildsAll(k, rows, pick); }));
}

// The published trap (ISA-L's own comment on gf_gen_rs_matrix): m = 6, k = 8 has subsets that
// cannot be inverted. Ours, above, has none.
void TestErasure::theUsualMatrixWouldLoseData()
{
    constexpr int k = 8;
    constexpr int n = 14;
    std::vector<std::uint8_t> matrix(std::size_t { n } * k);
    gf_gen_rs_matrix(matrix.data(), n, k);
    int singular = 0;
    forEachSubset(n, k, [&](const std::vector<int> &pick) {
        std::vector<std::uint8_t> part;
        for (const int row : pick) {
            const auto begin = matrix.begin() + std::ptrdiff_t { row } * k;
            part.insert(part.end(), begin, begin + k);
        }
        std::vector<std::uint8_t> inverse(std::size_t { k } * k);
        singular += gf_invert_matrix(part.data(), inverse.data(), k) != 0 ? 1 : 0;
        return true;
    });
    QVERIFY(singular > 0);
}

void TestErasure::largeCodesBySample_data()
{
    QTest::addColumn<int>("k");
    QTest::addColumn<int>("m");
    QTest::newRow("9 + 6") << 9 << 6;
    QTest::newRow("16 + 6") << 16 << 6;
    QTest::newRow("22 + 4") << 22 << 4;
    QTest::newRow("58 + 6") << 58 << 6;
    QTest::newRow("128 + 127") << 128 << 127;
    QTest::newRow("254 + 1") << 254 << 1;
    QTest::newRow("2 + 253") << 2 << 253;
}

void TestErasure::largeCodesBySample()
{
    QFETCH(const int, k);
    QFETCH(const int, m);
    const std::vector<QByteArray> rows = makeRows(k, k + m, 33);
    sample::Random random(std::uint64_t(k * 1000 + m));
    std::vector<int> order(static_cast<std::size_t>(k + m));
    std::iota(order.begin(), order.end(), 0);
    const int rounds = k > 60 ? 2 : 100;
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = order.size() - 1; i > 0; --i)
            std::swap(order[i], order[random.below(i + 1)]);
        QVERIFY(rebuildsAll(k, rows, std::vector<int>(order.begin(), order.begin() + k)));
    }
}

void TestErasure::rowsAreTheCauchyMatrix()
{
    for (const int k : { 2, 3, 5, 8, 20 }) {
        const std::vector<QByteArray> rows = makeRows(k, 255, 5);
        std::vector<std::uint8_t> matrix(static_cast<std::size_t>(255 * k));
        gf_gen_cauchy1_matrix(matrix.data(), 255, k);
        for (int row = k; row < 255; ++row) {
            for (qsizetype at = 0; at < 5; ++at) {
                std::uint8_t expected = 0;
                for (int column = 0; column < k; ++column) {
                    const std::uint8_t factor = slowInverse(unsigned(row ^ column));
                    QCOMPARE(matrix[std::size_t(row * k + column)], factor);
                    expected ^= slowMultiply(factor, static_cast<std::uint8_t>(rows[std::size_t(column)][at]));
                }
                QCOMPARE(static_cast<std::uint8_t>(rows[std::size_t(row)][at]), expected);
            }
        }
    }
}

void TestErasure::parityCanBeAddedLater()
{
    constexpr int k = 4;
    const std::vector<QByteArray> all = makeRows(k, 10, 1000);
    const std::vector<QByteArray> few = makeRows(k, 6, 1000);
    QCOMPARE(few, std::vector<QByteArray>(all.begin(), all.begin() + 6));
    std::vector<ByteView> data;
    for (int i = 0; i < k; ++i)
        data.push_back(viewOf(few[std::size_t(i)]));
    QByteArray ninth(1000, 'z');
    const MutableBytes out = mutableViewOf(ninth);
    encodeParity(k, data, 9, std::span(&out, 1));
    QCOMPARE(ninth, all[9]);
}

void TestErasure::oneDataRowMeansCopies()
{
    const std::vector<QByteArray> rows = makeRows(1, 7, 999);
    for (const QByteArray &row : rows)
        QCOMPARE(row, rows[0]);
    QByteArray out(999, 'q');
    const std::array<ErasureRow, 1> have { ErasureRow(200, viewOf(rows[3])) };
    QVERIFY(rebuildRow(1, have, 0, mutableViewOf(out)));
    QCOMPARE(out, rows[0]);
}

void TestErasure::oddLengths()
{
    for (const qsizetype length : { 0, 1, 15, 16, 17, 31, 32, 63, 64, 65, 127, 129, 4095, 100003 }) {
        const std::vector<QByteArray> rows = makeRows(3, 6, length);
        QVERIFY2(rebuildsAll(3, rows, { 1, 4, 5 }), qPrintable(QString::number(length)));
    }
}

void TestErasure::refusesWhatCannotWork()
{
    const std::vector<QByteArray> rows = makeRows(2, 4, 50);
    const ByteView a = viewOf(rows[0]);
    const ByteView b = viewOf(rows[1]);
    QByteArray out(50, 'q');
    const auto tryWith = [&out](int k, std::vector<ErasureRow> have, int wanted) {
        return rebuildRow(k, have, wanted, mutableViewOf(out));
    };
    QVERIFY(tryWith(2, { ErasureRow(0, a), ErasureRow(1, b) }, 3));
    QVERIFY(!tryWith(2, { ErasureRow(0, a) }, 3));
    QVERIFY(!tryWith(2, { ErasureRow(0, a), ErasureRow(1, b), ErasureRow(2, viewOf(rows[2])) }, 3));
    QVERIFY(!tryWith(2, { ErasureRow(1, a), ErasureRow(1, b) }, 3));
    QVERIFY(!tryWith(2, { ErasureRow(-1, a), ErasureRow(1, b) }, 3));
    QVERIFY(!tryWith(2, { ErasureRow(255, a), ErasureRow(1, b) }, 3));
    QVERIFY(!tryWith(2, { ErasureRow(0, a), ErasureRow(1, b) }, 255));
    QVERIFY(!tryWith(2, { ErasureRow(0, a), ErasureRow(1, b) }, -1));
    QVERIFY(!tryWith(2, { ErasureRow(0, a.first(49)), ErasureRow(1, b) }, 3));
    QVERIFY(!tryWith(0, {}, 0));
    QVERIFY(!tryWith(-1, {}, 0));
    QVERIFY(!tryWith(255, { ErasureRow(0, a) }, 0));
    QCOMPARE(out, QByteArray(rows[3])); // untouched since the one that worked
}

QTEST_APPLESS_MAIN(TestErasure)
#include "test_erasure.moc"
