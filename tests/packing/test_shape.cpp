// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/packing/fragment.h"
#include "tests/packing/sample_bytes.h"

#include <QtTest>

#include <bit>
#include <set>

using namespace mf;

namespace {
constexpr qint64 kMiB = 1 << 20;

qint64 blobOf(const PackShape &shape) { return fragmentSize(shape.dataLength); }
} // namespace

class TestShape : public QObject
{
    Q_OBJECT

private slots:
    void fullFragmentsArePowersOfTwo_data();
    void fullFragmentsArePowersOfTwo();
    void capacityIsTheInverseOfSize();
    void tailsGoUpInSixteenSteps();
    void shapesFollowThePolicy_data();
    void shapesFollowThePolicy();
};

void TestShape::fullFragmentsArePowersOfTwo_data()
{
    QTest::addColumn<int>("k");
    QTest::addColumn<int>("m");
    QTest::addColumn<qint64>("blobMiB");
    QTest::newRow("one copy") << 1 << 0 << qint64(16);
    QTest::newRow("two copies") << 1 << 1 << qint64(16);
    QTest::newRow("three copies") << 1 << 2 << qint64(16);
    QTest::newRow("five copies") << 1 << 4 << qint64(8);
    QTest::newRow("2 + 1") << 2 << 1 << qint64(16);
    QTest::newRow("2 + 2") << 2 << 2 << qint64(16);
    QTest::newRow("3 + 2") << 3 << 2 << qint64(8);
    QTest::newRow("4 + 2") << 4 << 2 << qint64(8);
    QTest::newRow("8 + 1") << 8 << 1 << qint64(4);
    QTest::newRow("8 + 6") << 8 << 6 << qint64(4);
    QTest::newRow("16 + 1") << 16 << 1 << qint64(2);
    QTest::newRow("40 + 4") << 40 << 4 << qint64(1);
    QTest::newRow("58 + 6") << 58 << 6 << qint64(1);
    QTest::newRow("more than 64 fragments") << 100 << 6 << qint64(1);
}

void TestShape::fullFragmentsArePowersOfTwo()
{
    QFETCH(const int, k);
    QFETCH(const int, m);
    QFETCH(const qint64, blobMiB);
    const PackShape shape = fullShape(k, m);
    QCOMPARE(shape.k, k);
    QCOMPARE(shape.fragments, k + m);
    QCOMPARE(blobOf(shape), blobMiB * kMiB);
    QCOMPARE(shape.capacity(), k * shape.dataLength);

    // The tail's rule meets it: a payload that fills it exactly has the full shape.
    const PackShape tail = shapeFor(shape.capacity(), k, m);
    QCOMPARE(tail.k, k);
    QCOMPARE(tail.dataLength, shape.dataLength);
    QVERIFY(shapeFor(shape.capacity() + 1, k, m).dataLength > shape.dataLength);
}

void TestShape::capacityIsTheInverseOfSize()
{
    QCOMPARE(kFragmentHeaderSize, qint64(156));
    QCOMPARE(fragmentTrailerSize(0), qint64(0));
    QCOMPARE(fragmentTrailerSize(1), qint64(4));
    QCOMPARE(fragmentTrailerSize(65536), qint64(4));
    QCOMPARE(fragmentTrailerSize(65537), qint64(8));
    for (const qint64 length : { 1, 2, 1000, 65535, 65536, 65537, 131071, 131072, 131073, 16000000 })
        QCOMPARE(fragmentDataCapacity(fragmentSize(length)), length);
    for (const qint64 blob : { -1, 0, 1, 155, 156, 157, 160 })
        QCOMPARE(fragmentDataCapacity(blob), qint64(0));
    QCOMPARE(fragmentDataCapacity(161), qint64(1));
    for (qint64 blob = 130000; blob < 270000; blob += 1) {
        const qint64 length = fragmentDataCapacity(blob);
        QVERIFY(fragmentSize(length) <= blob && fragmentSize(length) > blob - 5);
        QVERIFY(fragmentSize(length + 1) > blob);
    }
}

void TestShape::tailsGoUpInSixteenSteps()
{
    std::set<qint64> sizes;
    sample::Random random(1);
    for (int round = 0; round < 200000; ++round) {
        const auto payload = 1 + qint64(random.next() % (std::uint64_t(1) << (8 + random.below(17))));
        const PackShape shape = shapeFor(payload, 2, 1);
        QVERIFY(shape.capacity() >= payload);
        const qint64 blob = blobOf(shape);
        QVERIFY(blob >= 4096);
        const auto step = qint64(std::bit_floor(quint64(blob)) / 16);
        QCOMPARE(blob % step, qint64(0)); // on the grid, to the byte
        // No more than one step above what is needed.
        const qint64 needed = fragmentSize((payload + shape.k - 1) / shape.k);
        QVERIFY(blob == 4096 || blob - needed < step);
        sizes.insert(blob);
    }
    QVERIFY(sizes.size() > 150 && sizes.size() <= std::size_t { 13 } * 16); // and so few that they name no model
}

void TestShape::shapesFollowThePolicy_data()
{
    QTest::addColumn<qint64>("payload");
    QTest::addColumn<int>("k");
    QTest::addColumn<int>("m");
    QTest::addColumn<int>("shapeK");
    QTest::addColumn<int>("fragments");
    QTest::newRow("2 + 1, a byte") << qint64(1) << 2 << 1 << 1 << 2;
    QTest::newRow("2 + 1, just under 2 MiB") << 2 * kMiB - 1 << 2 << 1 << 1 << 2;
    QTest::newRow("2 + 1, 2 MiB") << 2 * kMiB << 2 << 1 << 2 << 3;
    QTest::newRow("8 + 6, just under 8 MiB") << 8 * kMiB - 1 << 8 << 6 << 1 << 7;
    QTest::newRow("8 + 6, 8 MiB") << 8 * kMiB << 8 << 6 << 8 << 14;
    QTest::newRow("4 + 0, little") << qint64(1000) << 4 << 0 << 1 << 1;
    QTest::newRow("three copies") << 5 * kMiB << 1 << 2 << 1 << 3;
    QTest::newRow("40 + 6, copies would pass 64 MiB") << 20 * kMiB << 40 << 6 << 40 << 46;
    QTest::newRow("40 + 6, little") << 2 * kMiB << 40 << 6 << 1 << 7;
}

void TestShape::shapesFollowThePolicy()
{
    QFETCH(const qint64, payload);
    QFETCH(const int, k);
    QFETCH(const int, m);
    const PackShape shape = shapeFor(payload, k, m);
    QTEST(shape.k, "shapeK");
    QTEST(shape.fragments, "fragments");
    QVERIFY(shape.capacity() >= payload);
    QVERIFY(blobOf(shape) * shape.fragments <= 64 * kMiB);
}

QTEST_APPLESS_MAIN(TestShape)
#include "test_shape.moc"
