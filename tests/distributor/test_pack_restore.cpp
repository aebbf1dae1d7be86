// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/pack_restore.h"
#include "tests/packing/sample_pack.h"

#include <QtTest>

using namespace mf;
using namespace mf::sample;

namespace {

struct Stored {
    SealedPack sealed;
    PackRecord record;

    Stored(int k, int fragments, qsizetype bytes, qint64 padding)
    {
        const Chunks chunks = mixedChunks(bytes);
        const qint64 length = payloadLengthOf(chunks.records);
        sealed = chunks.seal(PackShape(k, fragments, (length + padding + k - 1) / k));
        record.id = sealed.id;
        record.shape = sealed.shape;
        record.salt = sealed.salt;
        record.commitment = sealed.commitment;
        record.epoch = sealed.epoch;
        record.payloadLength = sealed.payloadLength;
        record.records = chunks.records;
    }

    // Copies, so that what is written to one shows in no other.
    std::vector<FragmentBlob> blobs(const std::vector<int> &indexes) const
    {
        std::vector<FragmentBlob> some;
        for (const int index : indexes) {
            const QByteArray &blob = sealed.blobs[std::size_t(index)];
            some.emplace_back(index, QByteArray(blob.constData(), blob.size()));
        }
        return some;
    }

    RestoredPack restored(const std::vector<FragmentBlob> &blobs) const { return restorePack(ring(), record, blobs); }

    // Every fragment comes out of the rows as it was sealed.
    bool gives(const DataRows &rows) const
    {
        for (int i = 0; i < record.shape.fragments; ++i) {
            if (fragmentOf(ring(), record, rows, i) != sealed.blobs[std::size_t(i)])
                return false;
        }
        return true;
    }
};

// A byte of the data of a fragment, counted from its start or, if negative, from its end.
void flip(QByteArray &blob, const PackShape &shape, qint64 at)
{
    blob[kFragmentHeaderSize + (at < 0 ? shape.dataLength + at : at)] ^= '\x10';
}

// The same with checksums that fit: damage from before they were made.
void flipUnseen(QByteArray &blob, const PackShape &shape, qint64 at)
{
    flip(blob, shape, at);
    const auto header = openFragmentHeader(ring(), viewOf(blob));
    QVERIFY(header);
    blob = makeFragment(ring(), *header, dataOf(blob, shape));
}

std::vector<std::size_t> badOnes(const RestoredPack &restored)
{
    std::vector<std::size_t> numbers;
    for (const auto &[number, why] : restored.bad)
        numbers.push_back(number);
    return numbers;
}

using Numbers = std::vector<std::size_t>;

} // namespace

class TestPackRestore : public QObject
{
    Q_OBJECT

private slots:
    void anyKRestoreIt_data();
    void anyKRestoreIt();
    void whatIsRightIsNotCopied();
    void givenBlobsStayAsTheyAre();
    void damageIsTakenFromTheOthers();
    void damageThatChecksumsMiss();
    void paddingCounts();
    void twinsAreJudgedEach();
    void foreignAndDamagedHeaders();
    void tooFewAndTooBad();
};

void TestPackRestore::anyKRestoreIt_data()
{
    QTest::addColumn<int>("k");
    QTest::addColumn<int>("fragments");
    QTest::newRow("2 + 1") << 2 << 3;
    QTest::newRow("3 + 2") << 3 << 5;
    QTest::newRow("three copies") << 1 << 3;
    QTest::newRow("20 + 2: records straddle several rows") << 20 << 22;
}

void TestPackRestore::anyKRestoreIt()
{
    QFETCH(const int, k);
    QFETCH(const int, fragments);
    const Stored stored(k, fragments, 1'500'000, 5'000);
    for (int without = 0; without + k <= fragments; ++without) {
        for (int first = 0; first < fragments; ++first) { // those from there on, in a circle
            std::vector<int> indexes;
            for (int i = 0; i < fragments - without; ++i)
                indexes.push_back((first + i) % fragments);
            const auto blobs = stored.blobs(indexes);
            const RestoredPack restored = stored.restored(blobs);
            QVERIFY2(restored.isWhole, qPrintable(restored.why));
            QVERIFY(restored.bad.empty());
            QVERIFY(stored.gives(restored.rows));
        }
    }
}

void TestPackRestore::whatIsRightIsNotCopied()
{
    const Stored stored(2, 3, 800'000, 0);
    const auto blobs = stored.blobs({ 2, 1, 0 });
    const RestoredPack restored = stored.restored(blobs);
    QCOMPARE(restored.rows.row(0).data(), dataOf(blobs[2].second, stored.record.shape).data());
    QCOMPARE(restored.rows.row(1).data(), dataOf(blobs[1].second, stored.record.shape).data());
    const auto copies = Stored(1, 3, 800'000, 0);
    const auto second = copies.blobs({ 1 });
    const RestoredPack copied = copies.restored(second);
    QCOMPARE(copied.rows.row(0).data(), dataOf(second[0].second, copies.record.shape).data());
}

void TestPackRestore::givenBlobsStayAsTheyAre()
{
    const Stored stored(2, 4, 800'000, 3'000);
    auto blobs = stored.blobs({ 0, 1, 2, 3 });
    flipUnseen(blobs[0].second, stored.record.shape, 1'000);
    flipUnseen(blobs[1].second, stored.record.shape, -1); // padding
    const auto before = blobs;
    const RestoredPack restored = stored.restored(blobs);
    QVERIFY2(restored.isWhole, qPrintable(restored.why));
    QVERIFY(stored.gives(restored.rows));
    QCOMPARE(blobs, before);
    QCOMPARE(badOnes(restored), (Numbers { 0, 1 }));
}

// A block here, another there: no fragment is whole, and all of it is.
void TestPackRestore::damageIsTakenFromTheOthers()
{
    const Stored stored(2, 3, 2'000'000, 0);
    const PackShape &shape = stored.record.shape;
    auto blobs = stored.blobs({ 0, 1, 2 });
    flip(blobs[0].second, shape, 10);
    flip(blobs[1].second, shape, qint64(3) * kCrcBlock);
    flip(blobs[2].second, shape, -1);
    const RestoredPack restored = stored.restored(blobs);
    QVERIFY2(restored.isWhole, qPrintable(restored.why));
    QVERIFY(stored.gives(restored.rows));
    QCOMPARE(badOnes(restored), (Numbers { 0, 1, 2 }));
    for (const auto &[number, why] : restored.bad)
        QVERIFY2(why.contains(QStringLiteral("checksums")), qPrintable(why));
    // A trailer that is damaged makes its fragment a bad one, and no other.
    auto others = stored.blobs({ 0, 1, 2 });
    others[1].second.back() ^= 1;
    const RestoredPack again = stored.restored(others);
    QVERIFY(again.isWhole && stored.gives(again.rows));
    QCOMPARE(badOnes(again), (Numbers { 1 }));
}

void TestPackRestore::damageThatChecksumsMiss()
{
    const Stored stored(3, 5, 1'500'000, 0);
    const PackShape &shape = stored.record.shape;
    for (const std::size_t which : { std::size_t(0), std::size_t(2), std::size_t(3), std::size_t(4) }) {
        for (const qint64 at : { qint64(0), shape.dataLength / 2, qint64(-1) }) {
            auto blobs = stored.blobs({ 0, 1, 2, 3, 4 });
            flipUnseen(blobs[which].second, shape, at);
            const RestoredPack restored = stored.restored(blobs);
            QVERIFY2(restored.isWhole, qPrintable(restored.why));
            QVERIFY(stored.gives(restored.rows));
            QCOMPARE(badOnes(restored), Numbers { which });
        }
    }
}

// No tag covers it, and parity is made of it.
void TestPackRestore::paddingCounts()
{
    const Stored stored(2, 3, 300'000, 200'000); // it begins in row 1 and is more than one block of it
    const PackShape &shape = stored.record.shape;
    for (const qint64 fromEnd : { qint64(1), qint64(150'000) }) {
        auto blobs = stored.blobs({ 0, 1, 2 });
        flipUnseen(blobs[1].second, shape, -fromEnd);
        const RestoredPack restored = stored.restored(blobs);
        QVERIFY(restored.isWhole && stored.gives(restored.rows));
        QCOMPARE(badOnes(restored), Numbers { 1 });
        // The same where it alone was given of what it says.
        const RestoredPack two = stored.restored({ blobs[0], blobs[1] });
        QVERIFY(two.isWhole && stored.gives(two.rows));
        QCOMPARE(badOnes(two), Numbers { 1 });
    }
}

void TestPackRestore::twinsAreJudgedEach()
{
    const Stored stored(2, 3, 500'000, 0);
    const PackShape &shape = stored.record.shape;
    for (const bool isFirst : { true, false }) {
        auto blobs = stored.blobs({ 0, 0, 1, 2, 2 });
        flipUnseen(blobs[isFirst ? 0 : 1].second, shape, 50);
        flip(blobs[4].second, shape, 50);
        const RestoredPack restored = stored.restored(blobs);
        QVERIFY2(restored.isWhole, qPrintable(restored.why));
        QVERIFY(stored.gives(restored.rows));
        QCOMPARE(badOnes(restored), (Numbers { isFirst ? std::size_t(0) : std::size_t(1), 4 }));
    }
}

void TestPackRestore::foreignAndDamagedHeaders()
{
    const Stored stored(2, 3, 500'000, 0);
    auto blobs = stored.blobs({ 0, 1, 2 });
    blobs[0].second[20] ^= 1; // its data is good, and can serve
    blobs[1].second = blobs[2].second;
    const RestoredPack restored = stored.restored(blobs);
    QVERIFY2(restored.isWhole, qPrintable(restored.why));
    QVERIFY(stored.gives(restored.rows));
    QCOMPARE(badOnes(restored), (Numbers { 0, 1 }));
    QVERIFY(restored.bad.at(1).contains(QStringLiteral("another fragment")));
}

void TestPackRestore::tooFewAndTooBad()
{
    const Stored stored(2, 3, 500'000, 0);
    auto blobs = stored.blobs({ 0, 2 });
    blobs[1].second.chop(1);
    RestoredPack restored = stored.restored(blobs);
    QVERIFY(!restored.isWhole && restored.rows.isEmpty());
    QCOMPARE(restored.why, QStringLiteral("1 of its fragments can be used, and it takes 2"));
    QCOMPARE(badOnes(restored), Numbers { 1 });

    blobs = stored.blobs({ 0, 1, 2 });
    for (std::size_t i = 0; i < 2; ++i)
        flipUnseen(blobs[i].second, stored.record.shape, 100);
    restored = stored.restored(blobs);
    QVERIFY(!restored.isWhole && restored.rows.isEmpty());
    QVERIFY2(restored.why.contains(QStringLiteral("verifies")), qPrintable(restored.why));
    QVERIFY(restored.bad.empty()); // none of them shows by itself
}

QTEST_GUILESS_MAIN(TestPackRestore)
#include "test_pack_restore.moc"
