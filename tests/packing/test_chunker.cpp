// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/sha256.h"
#include "core/packing/chunker.h"
#include "tests/packing/sample_bytes.h"

#include <QtTest>

#include <set>

using namespace mf;

namespace {
constexpr qint64 kMiB = 1 << 20;

SecretKey keyOf(std::uint8_t fill)
{
    std::array<std::uint8_t, 32> bytes;
    bytes.fill(fill);
    return SecretKey(bytes);
}

// Gives exactly what is wanted, as a caller that reads a file does.
std::vector<Cut> cutAll(const QByteArray &file, std::vector<Region> regions, const SecretKey &key = keyOf(1))
{
    Chunker chunker(file.size(), std::move(regions), key);
    std::vector<Cut> cuts;
    while (!chunker.isDone()) {
        const auto at = static_cast<std::size_t>(chunker.position());
        const int wanted = chunker.wanted();
        if (wanted < 1 || wanted > Chunker::kLargest || chunker.position() + wanted > file.size())
            qFatal("the chunker wants %d bytes at %zu", wanted, at);
        cuts.push_back(chunker.next(viewOf(file).subspan(at, static_cast<std::size_t>(wanted))));
    }
    return cuts;
}

std::set<QByteArray> hashesOf(const QByteArray &file, const std::vector<Cut> &cuts)
{
    std::set<QByteArray> hashes;
    for (const Cut &cut : cuts)
        hashes.insert(
            sha256(viewOf(file).subspan(static_cast<std::size_t>(cut.offset), static_cast<std::size_t>(cut.length)))
                .toByteArray());
    return hashes;
}

void verifyCover(const std::vector<Cut> &cuts, qint64 size)
{
    qint64 at = 0;
    for (const Cut &cut : cuts) {
        QCOMPARE(cut.offset, at);
        QVERIFY(cut.length > 0);
        QVERIFY(cut.length <= Chunker::kLargest);
        at += cut.length;
    }
    QCOMPARE(at, size);
}
} // namespace

using Regions = std::vector<Region>;
Q_DECLARE_METATYPE(Regions)

class TestChunker : public QObject
{
    Q_OBJECT

private slots:
    void coversTheFileExactly_data();
    void coversTheFileExactly();
    void regionsAreCutInWholeBlocks();
    void cutsNeverCrossARegionsEdge();
    void aFileWithinIsCutAsByItself();
    void contentDefinedSizesAreInBounds();
    void insertedBytesChangeNearbyCutsOnly();
    void cutsDependOnTheKey();
    void moreBytesThanWantedChangeNothing();
    void theCutsOfThisVersionAreFixed();
};

void TestChunker::coversTheFileExactly_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<Regions>("regions");
    const ElementKind b = ElementKind::BF16;
    QTest::newRow("empty file") << qint64(0) << Regions();
    QTest::newRow("one byte") << qint64(1) << Regions();
    QTest::newRow("exactly the smallest cut") << qint64(256 << 10) << Regions();
    QTest::newRow("nine MiB, nothing known") << 9 * kMiB + 17 << Regions();
    QTest::newRow("all one region") << 3 * kMiB << Regions { Region(0, 3 * kMiB, b, 2) };
    QTest::newRow("region in the middle") << 9 * kMiB << Regions { Region(2 * kMiB + 5, 4 * kMiB, b, 144) };
    QTest::newRow("regions with short gaps") << 4
            * kMiB << Regions { Region(100, 1000, b, 2), Region(1132, kMiB, b, 2), Region(2 * kMiB, 2 * kMiB, b, 210) };
    QTest::newRow("regions that touch") << 4 * kMiB
                                        << Regions { Region(0, kMiB + 3, b, 2), Region(kMiB + 3, kMiB, b, 34) };
    QTest::newRow("hostile: past the end") << 2 * kMiB << Regions { Region(kMiB, 9 * kMiB, b, 2) };
    QTest::newRow("hostile: begins after the end") << 2 * kMiB << Regions { Region(5 * kMiB, kMiB, b, 2) };
    QTest::newRow("hostile: length near the largest number")
        << 2 * kMiB << Regions { Region(kMiB, std::numeric_limits<qint64>::max(), b, 2) };
    QTest::newRow("hostile: overlap") << 4 * kMiB
                                      << Regions { Region(0, 2 * kMiB, b, 2), Region(kMiB, 2 * kMiB, b, 2) };
    QTest::newRow("hostile: backwards") << 4 * kMiB << Regions { Region(3 * kMiB, 10, b, 2), Region(0, 10, b, 2) };
    QTest::newRow("hostile: negative") << 2 * kMiB << Regions { Region(-5, 10, b, 2), Region(0, -10, b, 2) };
    QTest::newRow("hostile: empty region") << 2 * kMiB << Regions { Region(kMiB, 0, b, 2) };
    QTest::newRow("files within") << 9 * kMiB << Regions { Region(512, 5 * kMiB, b, 0), Region(6 * kMiB, 10, b, 0) };
    QTest::newRow("hostile: negative block") << 3 * kMiB << Regions { Region(0, 3 * kMiB, b, -2) };
    QTest::newRow("hostile: huge block") << 6 * kMiB
                                         << Regions { Region(0, 6 * kMiB, b, std::numeric_limits<int>::max()) };
    QTest::newRow("block of three MiB") << 8 * kMiB << Regions { Region(1, 7 * kMiB, b, 3 << 20) };
}

void TestChunker::coversTheFileExactly()
{
    QFETCH(const qint64, size);
    QFETCH(const Regions, regions);
    verifyCover(cutAll(sample::randomBytes(size, 7), regions), size);
}

void TestChunker::regionsAreCutInWholeBlocks()
{
    for (const int block : { 1, 2, 4, 18, 34, 144, 210, 256, 3 << 20 }) {
        const qint64 start = 1001;
        const qint64 length = qint64(block) * ((5 * kMiB) / block) + block / 2;
        const QByteArray file = sample::randomBytes(start + length + 500, 3);
        const std::vector<Cut> cuts = cutAll(file, { Region(start, length, ElementKind::FP16, block) });
        verifyCover(cuts, file.size());
        const int expected = std::max(1, Chunker::kTarget / block) * block;
        for (const Cut &cut : cuts) {
            const bool isInside = cut.offset >= start && cut.offset < start + length;
            QCOMPARE(cut.element, isInside ? ElementKind::FP16 : ElementKind::Bytes);
            const bool isLast = cut.offset + cut.length == start + length;
            if (isInside && !isLast)
                QCOMPARE(cut.length, expected);
        }
    }
}

void TestChunker::aFileWithinIsCutAsByItself()
{
    const QByteArray inner = sample::randomBytes(7 * kMiB + 3, 21);
    const QByteArray outer = sample::randomBytes(512, 22) + inner + sample::randomBytes(2 * kMiB, 23);
    const auto all = cutAll(outer, { Region(512, inner.size(), ElementKind::Bytes, 0) });
    std::vector<Cut> within;
    for (Cut cut : all) {
        if (cut.offset >= 512 && cut.offset < 512 + inner.size()) {
            cut.offset -= 512;
            within.push_back(cut);
        }
    }
    const auto alone = cutAll(inner, {});
    QVERIFY(alone.size() > 3);
    QVERIFY(std::equal(within.begin(), within.end(), alone.begin(), alone.end(),
        [](const Cut &a, const Cut &b) { return a.offset == b.offset && a.length == b.length; }));
}

void TestChunker::cutsNeverCrossARegionsEdge()
{
    sample::Random random(11);
    const QByteArray file = sample::randomBytes(20 * kMiB, 5);
    for (int round = 0; round < 20; ++round) {
        Regions regions;
        std::set<qint64> edges;
        qint64 at = 0;
        while (true) {
            at += qint64(random.below(3 * kMiB));
            const auto length = 1 + qint64(random.below(3 * kMiB));
            if (at + length > file.size())
                break;
            regions.emplace_back(at, length, ElementKind::FP32, int(1 + random.below(300)));
            edges.insert({ at, at + length });
            at += length;
        }
        const std::vector<Cut> cuts = cutAll(file, regions);
        verifyCover(cuts, file.size());
        for (const Cut &cut : cuts) {
            const auto edge = edges.upper_bound(cut.offset);
            QVERIFY(edge == edges.end() || *edge >= cut.offset + cut.length);
        }
    }
}

void TestChunker::contentDefinedSizesAreInBounds()
{
    const QByteArray file = sample::randomBytes(160 * kMiB, 21);
    const std::vector<Cut> cuts = cutAll(file, {});
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i)
        QVERIFY(cuts[i].length >= 256 << 10);
    const double mean = double(file.size()) / double(cuts.size()) / double(kMiB);
    QVERIFY2(mean > 0.85 && mean < 1.15, qPrintable(QString::number(mean)));

    // Bytes without any variety have no cut points: the largest size is forced.
    for (const Cut &cut : cutAll(QByteArray(12 * kMiB, '\0'), {}))
        QCOMPARE(cut.length, Chunker::kLargest);
}

void TestChunker::insertedBytesChangeNearbyCutsOnly()
{
    const QByteArray before = sample::randomBytes(40 * kMiB, 33);
    const std::set<QByteArray> old = hashesOf(before, cutAll(before, {}));
    for (const qint64 place : { qint64(0), 10 * kMiB + 12345, 39 * kMiB }) {
        QByteArray after = before;
        after.insert(place, "a few new bytes");
        std::size_t fresh = 0;
        for (const QByteArray &hash : hashesOf(after, cutAll(after, {})))
            fresh += old.count(hash) == 0 ? 1U : 0U;
        QVERIFY2(fresh >= 1 && fresh <= 4, qPrintable(QString::number(fresh)));
    }
}

void TestChunker::cutsDependOnTheKey()
{
    const QByteArray file = sample::randomBytes(20 * kMiB, 55);
    const auto ends = [&file](const SecretKey &key) {
        std::set<qint64> places;
        for (const Cut &cut : cutAll(file, {}, key))
            places.insert(cut.offset + cut.length);
        return places;
    };
    const std::set<qint64> one = ends(keyOf(1));
    QCOMPARE(ends(keyOf(1)), one);
    std::size_t shared = 0;
    for (const qint64 place : ends(keyOf(2)))
        shared += one.count(place);
    QCOMPARE(shared, std::size_t(1)); // the file's end
}

void TestChunker::moreBytesThanWantedChangeNothing()
{
    const QByteArray file = sample::randomBytes(12 * kMiB, 8);
    const Regions regions { Region(3 * kMiB, kMiB, ElementKind::BF16, 2) };
    const std::vector<Cut> exact = cutAll(file, regions);
    Chunker chunker(file.size(), regions, keyOf(1));
    for (const Cut &cut : exact) {
        QVERIFY(!chunker.isDone());
        const Cut same = chunker.next(viewOf(file).subspan(static_cast<std::size_t>(chunker.position())));
        QCOMPARE(same.offset, cut.offset);
        QCOMPARE(same.length, cut.length);
    }
    QVERIFY(chunker.isDone());
}

// Other cuts would not be wrong, but every library would store again what it has.
void TestChunker::theCutsOfThisVersionAreFixed()
{
    QList<int> lengths;
    for (const Cut &cut : cutAll(sample::randomBytes(8 * kMiB, 1), {}))
        lengths.append(cut.length);
    QCOMPARE(lengths, QList<int>({ 451452, 1525018, 899144, 1791137, 962091, 980621, 1051099, 728046 }));
}

QTEST_APPLESS_MAIN(TestChunker)
#include "test_chunker.moc"
