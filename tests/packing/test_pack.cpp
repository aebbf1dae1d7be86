// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/packing/erasure.h"
#include "tests/packing/sample_pack.h"

#include <QtTest>

#include <set>

using namespace mf;
using namespace mf::sample;

namespace {
// Everything a reader does with a whole payload: directory, then every record.
void verifyReadsBack(const QByteArray &payload, const SealedPack &pack, const Chunks &chunks)
{
    PackOpener opener(ring(), pack.id, pack.salt, pack.commitment);
    QVERIFY(opener.isValid());
    const Result<std::vector<Record>> records = opener.readDirectory(viewOf(payload));
    QVERIFY2(records, records ? "" : qPrintable(records.error().message));
    QCOMPARE(records->size(), chunks.records.size());
    for (std::size_t r = 0; r < records->size(); ++r) {
        const Record &record = (*records)[r];
        QCOMPARE(record.hash, chunks.records[r].hash);
        QCOMPARE(record.codec, chunks.records[r].codec);
        QByteArray plain(qsizetype(record.plainLength), '\xcc');
        const Result<> opened = opener.openRecord(r, record, sealedRecord(payload, *records, r), mutableViewOf(plain));
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().message));
        QCOMPARE(plain, chunks.plain[r]);
    }
}
} // namespace

class TestPack : public QObject
{
    Q_OBJECT

private slots:
    void everyShapeReadsBack_data();
    void everyShapeReadsBack();
    void anyKFragmentsAreEnough();
    void emptyAndSmallPacks();
    void footerAndDirectoryFromRanges();
    void headersDescribeThePack();
    void paddingShowsNoEnd();
    void sealingIsDeterministic();
    void digestTellsOneContentFromAnother_data();
    void digestTellsOneContentFromAnother();
    void invariant7_NoKeyAndNonceMeetTwoPlaintexts();
    void olderEpochsOpen();
    void otherRingsDoNotOpen();
    void directoriesComeBack();
    void directoryLayoutIsAsWritten();
    void formatVersion1IsFrozen();
};

void TestPack::everyShapeReadsBack_data()
{
    QTest::addColumn<int>("k");
    QTest::addColumn<int>("fragments");
    QTest::addColumn<qsizetype>("bytes");
    for (int k = 1; k <= 8; ++k)
        for (const int m : { 0, 1, 3 })
            QTest::addRow("%d + %d", k, m) << k << k + m << qsizetype(2500000);
    QTest::newRow("58 + 6: records straddle several fragments") << 58 << 64 << qsizetype(6000000);
    QTest::newRow("200 + 3: fragments of a few bytes") << 200 << 203 << qsizetype(3000);
}

void TestPack::everyShapeReadsBack()
{
    QFETCH(const int, k);
    QFETCH(const int, fragments);
    QFETCH(const qsizetype, bytes);
    const Chunks chunks = mixedChunks(bytes);
    // As tight as can be: the last fragment ends with the footer, or nearly so.
    const qint64 payloadLength = payloadLengthOf(chunks.records);
    const PackShape shape(k, fragments, (payloadLength + k - 1) / k);
    const SealedPack pack = chunks.seal(shape);
    QCOMPARE(pack.payloadLength, payloadLength);
    QCOMPARE(pack.blobs.size(), std::size_t(fragments));
    for (std::size_t i = 0; i < pack.blobs.size(); ++i) {
        QCOMPARE(pack.blobs[i].size(), fragmentSize(shape.dataLength));
        const ByteView trailer = viewOf(pack.blobs[i]).subspan(std::size_t(kFragmentHeaderSize + shape.dataLength));
        QVERIFY(damagedBlocks(dataOf(pack.blobs[i], shape), trailer).empty());
        if (k == 1)
            QCOMPARE(toByteArray(dataOf(pack.blobs[i], shape)), toByteArray(dataOf(pack.blobs[0], shape)));
    }
    verifyReadsBack(payloadOf(pack), pack, chunks);
    // And in the shape that a store would choose.
    const SealedPack chosen = chunks.seal(chunks.shape(k, fragments - k));
    verifyReadsBack(payloadOf(chosen), chosen, chunks);
    QCOMPARE(payloadOf(chosen), payloadOf(pack));
}

void TestPack::anyKFragmentsAreEnough()
{
    const Chunks chunks = mixedChunks(7000000);
    const SealedPack pack = chunks.seal(chunks.shape(3, 2));
    QCOMPARE(pack.shape.k, 3);
    for (int first = 0; first < 5; ++first) {
        for (int second = first + 1; second < 5; ++second) { // these two are gone
            std::vector<ErasureRow> have;
            for (int row = 0; row < 5; ++row)
                if (row != first && row != second)
                    have.emplace_back(row, dataOf(pack.blobs[std::size_t(row)], pack.shape));
            SealedPack rebuilt = pack;
            for (const int row : { first, second }) {
                QByteArray data(pack.shape.dataLength, '\0');
                QVERIFY(rebuildRow(3, have, row, mutableViewOf(data)));
                FragmentHeader header = *openFragmentHeader(ring(), viewOf(pack.blobs[0]));
                header.index = static_cast<std::uint8_t>(row);
                // Repair writes the very bytes that were there: twins are identical.
                QCOMPARE(makeFragment(ring(), header, viewOf(data)), pack.blobs[std::size_t(row)]);
                rebuilt.blobs[std::size_t(row)] = makeFragment(ring(), header, viewOf(data));
            }
            verifyReadsBack(payloadOf(rebuilt), rebuilt, chunks);
        }
    }
}

void TestPack::emptyAndSmallPacks()
{
    for (const int count : { 0, 1, 2, 1000 }) {
        Chunks chunks;
        for (int i = 0; i < count; ++i)
            chunks.addEncoded(
                randomBytes(i % 3, std::uint64_t(i)), Encoded { Codec::Raw, randomBytes(i % 3, std::uint64_t(i)) });
        const SealedPack pack = chunks.seal(chunks.shape(2, 1));
        QCOMPARE(pack.shape.k, 1);
        QCOMPARE(pack.shape.fragments, 2);
        verifyReadsBack(payloadOf(pack), pack, chunks);
    }
}

void TestPack::footerAndDirectoryFromRanges()
{
    const Chunks chunks = mixedChunks(700000);
    const SealedPack pack = chunks.seal(chunks.shape(2, 1));
    const QByteArray payload = payloadOf(pack);
    PackOpener opener(ring(), pack.id, pack.salt, pack.commitment);
    const ByteView view = viewOf(payload);
    const Result<PackFooter> footer = opener.openFooter(view.last(kFooterSize), pack.payloadLength);
    QVERIFY(footer);
    QCOMPARE(footer->recordCount, chunks.records.size());
    QCOMPARE(footer->directoryOffset, recordOffset(chunks.records, chunks.records.size()));
    const auto at = static_cast<std::size_t>(footer->directoryOffset);
    const auto length = static_cast<std::size_t>(footer->directoryLength) + 16;
    const Result<std::vector<Record>> records = opener.openDirectory(*footer, view.subspan(at, length));
    QVERIFY(records);
    QCOMPARE(encodeDirectory(*records), encodeDirectory(chunks.records));
    const Result<std::vector<Record>> cut = opener.openDirectory(*footer, view.subspan(at, length - 1));
    QVERIFY(!cut);
    QCOMPARE(cut.error().id, QStringLiteral("MF-PACK-CORRUPT"));
}

// With the kit and k fragments a pack can be read with no registry.
void TestPack::headersDescribeThePack()
{
    const Chunks chunks = mixedChunks(3000000);
    const SealedPack pack = chunks.seal(chunks.shape(2, 2));
    for (std::size_t i = 0; i < pack.blobs.size(); ++i) {
        const Result<FragmentHeader> header = openFragmentHeader(ring(), viewOf(pack.blobs[i]));
        QVERIFY(header);
        QCOMPARE(header->pack, pack.id);
        QCOMPARE(header->library, ring().library());
        QCOMPARE(int(header->k), pack.shape.k);
        QCOMPARE(std::size_t(header->index), i);
        QCOMPARE(header->salt, pack.salt);
        QCOMPARE(header->commitment, pack.commitment);
        QCOMPARE(qint64(header->payloadLength), pack.payloadLength);
        QCOMPARE(qint64(header->dataLength), pack.shape.dataLength);
    }
    QCOMPARE(pack.epoch, ring().newest().id);
}

void TestPack::paddingShowsNoEnd()
{
    Chunks chunks;
    chunks.add(QByteArray(100, 'a'));
    const PackShape roomy(2, 3, 200000);
    const SealedPack pack = chunks.seal(roomy);
    for (const QByteArray &blob : pack.blobs) {
        // Even bytes everywhere: no run, and a histogram without peaks.
        const ByteView data = dataOf(blob, roomy);
        std::array<int, 256> counts {};
        for (const std::uint8_t byte : data)
            ++counts[byte];
        QVERIFY(*std::max_element(counts.begin(), counts.end()) < 1000);
        QVERIFY(*std::min_element(counts.begin(), counts.end()) > 600);
    }
    verifyReadsBack(payloadOf(pack), pack, chunks);
}

void TestPack::sealingIsDeterministic()
{
    const Chunks chunks = mixedChunks(900000);
    const SealedPack one = chunks.seal(chunks.shape(2, 1));
    const SealedPack two = chunks.seal(chunks.shape(2, 1));
    QCOMPARE(two.blobs, one.blobs);
    QCOMPARE(two.digest, one.digest);
    QCOMPARE(two.commitment, one.commitment);
}

void TestPack::digestTellsOneContentFromAnother_data()
{
    QTest::addColumn<int>("change");
    QTest::newRow("a byte of the contents") << 0;
    QTest::newRow("the order of two records") << 1;
    QTest::newRow("one record less") << 2;
    QTest::newRow("one record more") << 3;
    QTest::newRow("another codec for the same bytes") << 4;
    QTest::newRow("another hash in the directory") << 5;
    QTest::newRow("parameters in the directory") << 6;
}

void TestPack::digestTellsOneContentFromAnother()
{
    QFETCH(const int, change);
    const Chunks before = mixedChunks(900000);
    Chunks after = before;
    if (change == 0) {
        // Only the bytes: the directory says the same.
        after.encoded[3][100] = char(after.encoded[3][100] ^ 1);
    } else if (change == 1) {
        std::swap(after.records[1], after.records[2]);
        std::swap(after.encoded[1], after.encoded[2]);
    } else if (change == 2) {
        after.records.pop_back();
        after.encoded.pop_back();
    } else if (change == 3) {
        after.add(QByteArray(10, 'n'));
    } else if (change == 4) {
        after.records[0].codec = after.records[0].codec == Codec::Raw ? Codec::Zstd : Codec::Raw;
    } else if (change == 5) {
        after.records[0].hash.bytes[31] ^= 1;
    } else {
        after.records[0].parameters = "p";
    }
    const PackShape shape = before.shape(2, 1);
    QVERIFY(before.seal(shape).digest != after.seal(shape).digest);
    QCOMPARE(before.seal(shape).digest, mixedChunks(900000).seal(shape).digest);
}

// A resumed store seals again under the committed salt and may go on only with an equal digest:
// equal digests mean equal bytes. Any other salt, pack or epoch is another key.
void TestPack::invariant7_NoKeyAndNonceMeetTwoPlaintexts()
{
    const Chunks chunks = mixedChunks(500000);
    Chunks changed = chunks;
    changed.encoded[0][0] = char(changed.encoded[0][0] ^ 1);
    const PackShape shape = chunks.shape(2, 1);
    QCOMPARE(chunks.seal(shape).digest, chunks.seal(shape).digest);
    QCOMPARE(payloadOf(chunks.seal(shape)), payloadOf(chunks.seal(shape)));
    QVERIFY(chunks.seal(shape).digest != changed.seal(shape).digest);

    std::set<QByteArray> keys;
    KeyRing rotated = ring();
    rotated.add(keyOf(99));
    PackId otherId = packId();
    otherId.bytes[0] ^= 1;
    for (const KeyRing &keyRing : { ring(), rotated })
        for (const PackId &id : { packId(), otherId })
            for (const int fill : { 4, 5 })
                keys.insert(sealPack(keyRing, id, salt(std::uint8_t(fill)), shape, chunks.records, chunks.encoded)
                        .commitment.toByteArray());
    QCOMPARE(keys.size(), std::size_t(8));
}

void TestPack::olderEpochsOpen()
{
    const Chunks chunks = mixedChunks(200000);
    const SealedPack pack = chunks.seal(chunks.shape(2, 1));
    KeyRing rotated = ring();
    rotated.add(keyOf(98));
    rotated.add(keyOf(99));
    QVERIFY(PackOpener(rotated, pack.id, pack.salt, pack.commitment).isValid());
    QVERIFY(rotated.newest().id != pack.epoch);
}

void TestPack::otherRingsDoNotOpen()
{
    const Chunks chunks = mixedChunks(20000);
    const SealedPack pack = chunks.seal(chunks.shape(2, 1));
    const QByteArray payload = payloadOf(pack);
    const auto refuses = [&](const KeyRing &keys, const PackId &id, const std::array<std::uint8_t, 32> &packSalt,
                             const Sha256 &commitment) {
        PackOpener opener(keys, id, packSalt, commitment);
        QByteArray plain(chunks.plain[0].size(), '\xcc');
        return !opener.isValid() && !opener.readDirectory(viewOf(payload))
            && idOf(opener.openRecord(
                   0, chunks.records[0], sealedRecord(payload, chunks.records, 0), mutableViewOf(plain)))
            == QStringLiteral("MF-PACK-CORRUPT");
    };
    QVERIFY(!refuses(ring(), pack.id, pack.salt, pack.commitment));
    QVERIFY(refuses(KeyRing(ring().library(), keyOf(50)), pack.id, pack.salt, pack.commitment));
    QVERIFY(refuses(ring(), PackId(), pack.salt, pack.commitment));
    QVERIFY(refuses(ring(), pack.id, salt(77), pack.commitment));
    Sha256 flipped = pack.commitment;
    flipped.bytes[31] ^= 1;
    QVERIFY(refuses(ring(), pack.id, pack.salt, flipped));
}

void TestPack::directoriesComeBack()
{
    std::vector<Record> records;
    for (const int parameters : { 0, 1, 2, 32, 127, 128, 129, 254, 255, 0 }) {
        Record record;
        record.hash.bytes.fill(std::uint8_t(parameters));
        record.encodedLength = std::uint32_t(1000 * parameters);
        record.plainLength = std::uint32_t(Chunker::kLargest - parameters);
        record.codec = static_cast<Codec>(parameters % 6);
        record.parameters = randomBytes(parameters, 1);
        records.push_back(record);
    }
    const QByteArray bytes = encodeDirectory(records);
    const Result<std::vector<Record>> back = decodeDirectory(viewOf(bytes));
    QVERIFY(back);
    QCOMPARE(back->size(), records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        QCOMPARE((*back)[i].hash, records[i].hash);
        QCOMPARE((*back)[i].encodedLength, records[i].encodedLength);
        QCOMPARE((*back)[i].plainLength, records[i].plainLength);
        QCOMPARE((*back)[i].codec, records[i].codec);
        QCOMPARE((*back)[i].parameters, records[i].parameters);
    }
    qint64 offset = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        QCOMPARE(recordOffset(records, i), offset);
        offset += records[i].encodedLength + 16;
    }
    QCOMPARE(payloadLengthOf(records), offset + bytes.size() + 16 + 32);
}

void TestPack::directoryLayoutIsAsWritten()
{
    Record plain;
    plain.hash.bytes.fill(0xab);
    plain.encodedLength = 0x010203;
    plain.plainLength = 0x020304;
    plain.codec = Codec::PlanesFP32;
    Record extended = plain;
    extended.parameters = QByteArray(200, 'p');
    const QByteArray expected = QByteArray(32, '\xab')
        + QByteArray::fromHex("030201"
                              "040302"
                              "04")
        + QByteArray(32, '\xab')
        + QByteArray::fromHex("030201"
                              "040302"
                              "84"
                              "c801")
        + QByteArray(200, 'p');
    const std::vector<Record> records { plain, extended };
    QCOMPARE(encodeDirectory(records), expected);
}

// Format version 1, as it lies on accounts: what these hashes name must be readable for ever. The
// same values come out of an independent implementation of the format's description.
void TestPack::formatVersion1IsFrozen()
{
    Chunks chunks;
    for (int i = 0; i < 20; ++i) {
        const QByteArray bytes = randomBytes(60000 + 1000 * i, std::uint64_t(i));
        chunks.addEncoded(bytes, Encoded { Codec::Raw, bytes });
    }
    // 1000 times -1.0 as BF16: two planes, each a zstd frame written by hand (one RLE block), so that
    // no version of zstd has a say.
    const QByteArray frame = QByteArray::fromHex("28b52ffd60e802431f00");
    const QByteArray planes = QByteArray::fromHex("010b0000"
                                                  "010b0000")
        + frame + '\x01' + frame + '\x7f';
    chunks.addEncoded(QByteArray::fromHex("80bf").repeated(1000), Encoded { Codec::PlanesBF16, planes });

    const SealedPack pack = chunks.seal(PackShape(2, 3, fragmentDataCapacity(1 << 20)));
    QStringList hashes { pack.digest.toHex() };
    for (const QByteArray &blob : pack.blobs)
        hashes.append(sha256(viewOf(blob)).toHex());
    verifyReadsBack(payloadOf(pack), pack, chunks);
    const QStringList expected {
        QStringLiteral("227b66a5d00c1bb3290b2daf7d3b23b9f0e4c2a89226acd22cbd2bd8ca17772e"), // digest
        QStringLiteral("da65df94d2da2ce585f5ecce838f14c44504ee54abb7f10cb661e66ea4c52a2e"), // fragments 0, 1
        QStringLiteral("e16ee8820dff1e1e52e5faf868b1b39271e470963d6706f7f0a3d9e3707ec316"),
        QStringLiteral("495a5556725f52ab8c8121e26ca1e4152d0bfb1709437008fdbfe0e304272a78"), // parity
    };
    QCOMPARE(hashes, expected);
    QCOMPARE(fragmentName(ring(), pack.id, 1).value,
        QStringLiteral("f/53/kpoqliilwqlc5yctkhzueeeact6sktcrsl6tycfaqjjbid7esama"));
}

QTEST_APPLESS_MAIN(TestPack)
#include "test_pack.moc"
