// SPDX-License-Identifier: GPL-3.0-or-later
// What damage and malice in a pack come to: an Error that names the place, never wrong bytes.
#include "core/crypto/aead.h"
#include "core/packing/pack_layout.h"
#include "tests/packing/sample_pack.h"

#include <QtTest>

using namespace mf;
using namespace mf::sample;

namespace {
QString idOfRecords(const Result<std::vector<Record>> &result) { return result ? QString() : result.error().id; }

// A payload as a holder of the keys could make it, whatever directory and footer say.
struct Crafted {
    QByteArray records; // sealed records
    QByteArray directory;
    std::uint32_t offset = 0;
    std::uint32_t length = 0;
    std::uint32_t count = 0;
    std::uint16_t version = 1;
    std::uint16_t spare = 0;

    QByteArray seal() const
    {
        Aead aead(KeyRing::derive(ring().newest().master, salt(), "pack", packId().view()).key);
        QByteArray footer(16, '\0');
        const MutableBytes fields = mutableViewOf(footer);
        storeLe(fields.data(), offset);
        storeLe(fields.data() + 4, length);
        storeLe(fields.data() + 8, count);
        storeLe(fields.data() + 12, version);
        storeLe(fields.data() + 14, spare);
        const auto sealed = [&aead](std::uint64_t nonce, const char *part, const QByteArray &plain) {
            QByteArray out(plain.size() + 16, '\0');
            const QByteArray aad = part + packId().toByteArray();
            aead.seal(Aead::counter(nonce), viewOf(aad), viewOf(plain), mutableViewOf(out));
            return out;
        };
        return records + sealed(kDirectoryNonce, "mf1 directory", directory)
            + sealed(kFooterNonce, "mf1 footer", footer);
    }
};

Crafted craftedLike(const Chunks &chunks, const QByteArray &payload)
{
    Crafted crafted;
    crafted.offset = static_cast<std::uint32_t>(recordOffset(chunks.records, chunks.records.size()));
    crafted.records = payload.left(crafted.offset);
    crafted.directory = encodeDirectory(chunks.records);
    crafted.length = static_cast<std::uint32_t>(crafted.directory.size());
    crafted.count = static_cast<std::uint32_t>(chunks.records.size());
    return crafted;
}
} // namespace

class TestPackHostile : public QObject
{
    Q_OBJECT

private:
    Chunks m_chunks;
    SealedPack m_pack;
    QByteArray m_payload;

    std::unique_ptr<PackOpener> opener() const
    {
        return std::make_unique<PackOpener>(ring(), m_pack.id, m_pack.salt, m_pack.commitment);
    }
    // Opens a record into plain, whose size is the record's plain length.
    Result<> open(PackOpener &with, std::size_t number, const Record &record, ByteView sealed, QByteArray &plain) const
    {
        plain.fill('\xcc', qsizetype(record.plainLength));
        return with.openRecord(number, record, sealed, mutableViewOf(plain));
    }

private slots:
    void initTestCase();
    void everyFlippedByteIsNoticedAndNamed();
    void flipsInALargePackAreNoticedAndNamed();
    void recordsCannotChangePlaces();
    void recordsCannotChangeTheirDescription();
    void contentsMustMatchTheirName();
    void wrongLengthsAreRefused();
    void newerCodecsAreUnsupported();
    void undecodableRecordsAreCorrupt();
    void truncatedPayloadsAreRefused();
    void contradictoryFootersAreRefused_data();
    void contradictoryFootersAreRefused();
    void hostileDirectoriesAreRefused_data();
    void hostileDirectoriesAreRefused();
    void everyCutDirectoryIsRefused();
    void tooManyRecordsAreRefused();
    void impossibleLayoutsAreRefused_data();
    void impossibleLayoutsAreRefused();
};

void TestPackHostile::initTestCase()
{
    for (const ElementKind element :
        { ElementKind::Bytes, ElementKind::BF16, ElementKind::FP16, ElementKind::FP32, ElementKind::FP8 })
        m_chunks.add(element == ElementKind::Bytes ? randomBytes(700, 1) : weights(4001, element, 1), element);
    m_chunks.add(jsonText(3000, 1));
    m_pack = m_chunks.seal(m_chunks.shape(2, 1));
    m_payload = payloadOf(m_pack);
    QVERIFY(m_chunks.records[1].codec == Codec::PlanesBF16 && m_chunks.records[5].codec == Codec::Zstd);
}

void TestPackHostile::everyFlippedByteIsNoticedAndNamed()
{
    const auto with = opener();
    QByteArray bad = m_payload;
    QByteArray plain;
    for (qsizetype at = 0; at < bad.size(); ++at) {
        bad[at] = char(bad[at] ^ (1 << (at % 8)));
        int broken = 0;
        for (std::size_t r = 0; r < m_chunks.records.size(); ++r) {
            const qint64 begin = recordOffset(m_chunks.records, r);
            const bool isHit = at >= begin && at < recordOffset(m_chunks.records, r + 1);
            if (!isHit && at % 40 != 0)
                continue; // the others now and then
            const Record &record = m_chunks.records[r];
            const Result<> opened = open(*with, r, record, sealedRecord(bad, m_chunks.records, r), plain);
            QCOMPARE(bool(opened), !isHit);
            if (isHit) {
                ++broken;
                QCOMPARE(opened.error().kind, Error::Kind::Corrupt);
                QCOMPARE(opened.error().id, QStringLiteral("MF-PACK-CORRUPT"));
                QCOMPARE(opened.error().parameters.value(QStringLiteral("pack")), m_pack.id.toHex());
                QCOMPARE(opened.error().parameters.value(QStringLiteral("record")), QString::number(r));
                QVERIFY(isZero(viewOf(plain)));
            } else {
                QCOMPARE(plain, m_chunks.plain[r]);
            }
        }
        const bool isInRecords = at < recordOffset(m_chunks.records, m_chunks.records.size());
        QCOMPARE(broken, isInRecords ? 1 : 0);
        const QString directory = idOfRecords(with->readDirectory(viewOf(bad)));
        QCOMPARE(directory, isInRecords ? QString() : QStringLiteral("MF-PACK-CORRUPT"));
        bad[at] = m_payload[at];
    }
}

void TestPackHostile::flipsInALargePackAreNoticedAndNamed()
{
    const Chunks chunks = mixedChunks(6000000);
    const SealedPack pack = chunks.seal(chunks.shape(2, 1));
    QByteArray payload = payloadOf(pack);
    PackOpener with(ring(), pack.id, pack.salt, pack.commitment);
    Random random(5);
    for (int round = 0; round < 100; ++round) {
        const std::size_t r = random.below(chunks.records.size());
        const qint64 begin = recordOffset(chunks.records, r);
        const auto at = begin + qint64(random.below(std::uint64_t(recordOffset(chunks.records, r + 1) - begin)));
        payload[at] = char(payload[at] ^ (1 << random.below(8)));
        QByteArray plain;
        const Result<> opened = open(with, r, chunks.records[r], sealedRecord(payload, chunks.records, r), plain);
        QVERIFY(!opened);
        QCOMPARE(opened.error().parameters.value(QStringLiteral("record")), QString::number(r));
        QVERIFY(isZero(viewOf(plain)));
        payload[at] = payloadOf(pack)[at];
        QVERIFY(open(with, r, chunks.records[r], sealedRecord(payload, chunks.records, r), plain));
        QCOMPARE(plain, chunks.plain[r]);
    }
}

void TestPackHostile::recordsCannotChangePlaces()
{
    const auto with = opener();
    QByteArray plain;
    for (std::size_t a = 0; a < m_chunks.records.size(); ++a)
        for (std::size_t b = 0; b < m_chunks.records.size(); ++b)
            QCOMPARE(
                bool(open(*with, b, m_chunks.records[a], sealedRecord(m_payload, m_chunks.records, a), plain)), a == b);
    QCOMPARE(idOf(open(*with, kMaxRecords, m_chunks.records[0], sealedRecord(m_payload, m_chunks.records, 0), plain)),
        QStringLiteral("MF-PACK-CORRUPT"));
    // Nor move to another pack, even under the same salt.
    PackId other = packId();
    other.bytes[15] ^= 1;
    const SealedPack twin = sealPack(ring(), other, salt(), m_pack.shape, m_chunks.records, m_chunks.encoded);
    QCOMPARE(idOf(open(*with, 0, m_chunks.records[0], sealedRecord(payloadOf(twin), m_chunks.records, 0), plain)),
        QStringLiteral("MF-PACK-CORRUPT"));
}

void TestPackHostile::recordsCannotChangeTheirDescription()
{
    const auto with = opener();
    QByteArray plain;
    const ByteView sealed = sealedRecord(m_payload, m_chunks.records, 1);
    Record record = m_chunks.records[1];
    QVERIFY(open(*with, 1, record, sealed, plain));
    record.codec = Codec::PlanesFP16; // decodes to other bytes, were it not authenticated
    QCOMPARE(idOf(open(*with, 1, record, sealed, plain)), QStringLiteral("MF-PACK-CORRUPT"));
    record = m_chunks.records[1];
    record.plainLength -= 1;
    QCOMPARE(idOf(open(*with, 1, record, sealed, plain)), QStringLiteral("MF-PACK-CORRUPT"));
}

void TestPackHostile::contentsMustMatchTheirName()
{
    const auto with = opener();
    for (std::size_t r = 0; r < m_chunks.records.size(); ++r) {
        Record record = m_chunks.records[r];
        record.hash.bytes[7] ^= 0x40;
        QByteArray plain(qsizetype(record.plainLength), '\xcc');
        const ByteView sealed = sealedRecord(m_payload, m_chunks.records, r);
        QCOMPARE(idOf(with->openRecord(r, record, sealed, mutableViewOf(plain))), QStringLiteral("MF-PACK-CORRUPT"));
        QVERIFY(isZero(viewOf(plain)));
        // Who compares hashes himself gets the bytes.
        QVERIFY(with->openRecord(r, record, sealed, mutableViewOf(plain), false));
        QCOMPARE(plain, m_chunks.plain[r]);
    }
}

void TestPackHostile::wrongLengthsAreRefused()
{
    const auto with = opener();
    const Record &record = m_chunks.records[0];
    const ByteView sealed = sealedRecord(m_payload, m_chunks.records, 0);
    for (const qsizetype size : { 0, 1, 699, 701, 4000 }) {
        QByteArray plain(size, '\xcc');
        QCOMPARE(idOf(with->openRecord(0, record, sealed, mutableViewOf(plain))), QStringLiteral("MF-PACK-CORRUPT"));
        QVERIFY(isZero(viewOf(plain)));
    }
    QByteArray plain(700, '\xcc');
    for (const std::size_t size : { std::size_t(0), std::size_t(15), std::size_t(16), sealed.size() - 1 })
        QCOMPARE(idOf(with->openRecord(0, record, sealed.first(size), mutableViewOf(plain))),
            QStringLiteral("MF-PACK-CORRUPT"));
}

void TestPackHostile::newerCodecsAreUnsupported()
{
    Chunks chunks = m_chunks;
    chunks.records[2].codec = static_cast<Codec>(77);
    const SealedPack pack = chunks.seal(chunks.shape(2, 1));
    const QByteArray payload = payloadOf(pack);
    PackOpener with(ring(), pack.id, pack.salt, pack.commitment);
    const Result<std::vector<Record>> records = with.readDirectory(viewOf(payload));
    QVERIFY(records);
    QByteArray plain;
    const Result<> opened = open(with, 2, (*records)[2], sealedRecord(payload, *records, 2), plain);
    QCOMPARE(idOf(opened), QStringLiteral("MF-CODEC-UNKNOWN"));
    QCOMPARE(opened.error().kind, Error::Kind::Unsupported);
    QVERIFY(isZero(viewOf(plain)));
    // What this version knows still opens.
    QVERIFY(open(with, 1, (*records)[1], sealedRecord(payload, *records, 1), plain));
}

void TestPackHostile::undecodableRecordsAreCorrupt()
{
    Chunks chunks;
    const QByteArray bytes = randomBytes(500, 1);
    for (int codec = 1; codec <= 5; ++codec)
        chunks.addEncoded(bytes, Encoded { static_cast<Codec>(codec), bytes });
    chunks.addEncoded(bytes, Encoded { Codec::Raw, bytes.left(499) });
    const SealedPack pack = chunks.seal(chunks.shape(1, 0));
    const QByteArray payload = payloadOf(pack);
    PackOpener with(ring(), pack.id, pack.salt, pack.commitment);
    for (std::size_t r = 0; r < chunks.records.size(); ++r) {
        QByteArray plain;
        const Result<> opened = open(with, r, chunks.records[r], sealedRecord(payload, chunks.records, r), plain);
        QCOMPARE(idOf(opened), QStringLiteral("MF-PACK-CORRUPT"));
        QCOMPARE(opened.error().parameters.value(QStringLiteral("record")), QString::number(r));
        QVERIFY(isZero(viewOf(plain)));
    }
}

void TestPackHostile::truncatedPayloadsAreRefused()
{
    const auto with = opener();
    for (qsizetype length = 0; length < m_payload.size(); length += 1 + length / 40)
        QCOMPARE(idOfRecords(with->readDirectory(viewOf(m_payload.left(length)))), QStringLiteral("MF-PACK-CORRUPT"));
    QCOMPARE(idOfRecords(with->readDirectory(viewOf(m_payload.mid(1)))), QStringLiteral("MF-PACK-CORRUPT"));
    QCOMPARE(idOfRecords(with->readDirectory(viewOf(m_payload + '\0'))), QStringLiteral("MF-PACK-CORRUPT"));
}

void TestPackHostile::contradictoryFootersAreRefused_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<quint32>("change");
    QTest::addColumn<QString>("error");
    const QString corrupt = QStringLiteral("MF-PACK-CORRUPT");
    QTest::newRow("as it should be") << QStringLiteral("none") << 0U << QString();
    QTest::newRow("offset one more") << QStringLiteral("offset") << 1U << corrupt;
    QTest::newRow("offset one less") << QStringLiteral("offset") << 0xffffffffU << corrupt;
    QTest::newRow("length one more") << QStringLiteral("length") << 1U << corrupt;
    QTest::newRow("offset and length exchange a byte") << QStringLiteral("shift") << 1U << corrupt;
    QTest::newRow("offset and length exchange a record") << QStringLiteral("shift") << 39U << corrupt;
    QTest::newRow("offset and length overflow together") << QStringLiteral("shift") << 0x80000000U << corrupt;
    QTest::newRow("one record more") << QStringLiteral("count") << 1U << corrupt;
    QTest::newRow("one record less") << QStringLiteral("count") << 0xffffffffU << corrupt;
    QTest::newRow("65,537 records") << QStringLiteral("count") << 65531U << corrupt;
    QTest::newRow("version 2") << QStringLiteral("version") << 1U << QStringLiteral("MF-PACK-VERSION");
    QTest::newRow("spare field in use") << QStringLiteral("spare") << 1U << corrupt;
    QTest::newRow("records that are not there") << QStringLiteral("records") << 0U << corrupt;
}

void TestPackHostile::contradictoryFootersAreRefused()
{
    QFETCH(const QString, field);
    QFETCH(const quint32, change);
    QFETCH(const QString, error);
    Crafted crafted = craftedLike(m_chunks, m_payload);
    if (field == QStringLiteral("offset") || field == QStringLiteral("shift"))
        crafted.offset += change;
    if (field == QStringLiteral("length"))
        crafted.length += change;
    if (field == QStringLiteral("shift"))
        crafted.length -= change;
    if (field == QStringLiteral("count"))
        crafted.count += change;
    if (field == QStringLiteral("version"))
        crafted.version = static_cast<std::uint16_t>(crafted.version + change);
    if (field == QStringLiteral("spare"))
        crafted.spare = static_cast<std::uint16_t>(change);
    if (field == QStringLiteral("records")) {
        crafted.records.chop(1);
        crafted.offset -= 1;
    }
    QCOMPARE(idOfRecords(opener()->readDirectory(viewOf(crafted.seal()))), error);
}

void TestPackHostile::hostileDirectoriesAreRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray hash(32, 'h');
    const QByteArray good = hash
        + QByteArray::fromHex("010000"
                              "010000"
                              "00");
    const QByteArray flagged = hash
        + QByteArray::fromHex("010000"
                              "010000"
                              "80");
    QTest::newRow("38 bytes") << good.left(38);
    QTest::newRow("one byte after a record") << good + 'x';
    QTest::newRow("more than a chunk can be") << hash
            + QByteArray::fromHex("010000"
                                  "010040"
                                  "00");
    QTest::newRow("larger encoded than plain") << hash
            + QByteArray::fromHex("020000"
                                  "010000"
                                  "00");
    QTest::newRow("16 MiB encoded") << hash
            + QByteArray::fromHex("ffffff"
                                  "010000"
                                  "00");
    QTest::newRow("parameters missing") << flagged;
    QTest::newRow("parameters of no length") << flagged + QByteArray(1, '\0');
    QTest::newRow("parameters cut") << flagged + QByteArray::fromHex("05aabbccdd");
    QTest::newRow("parameter length cut") << flagged + QByteArray::fromHex("ff");
    QTest::newRow("parameter length of 256") << flagged + QByteArray::fromHex("8002") + QByteArray(256, 'p');
    QTest::newRow("parameter length not the shortest") << flagged + QByteArray::fromHex("8100aa");
    QTest::newRow("parameter length of five bytes")
        << flagged + QByteArray::fromHex("ffffffff0f") + QByteArray(300, 'p');
    QTest::newRow("long parameters cut") << flagged + QByteArray::fromHex("ff01") + QByteArray(254, 'p');
}

void TestPackHostile::hostileDirectoriesAreRefused()
{
    QFETCH(const QByteArray, bytes);
    const Result<std::vector<Record>> records = decodeDirectory(viewOf(bytes));
    QVERIFY(!records);
    QCOMPARE(records.error().id, QStringLiteral("MF-PACK-CORRUPT"));
    // The same inside a payload that is authentic otherwise.
    Crafted crafted = craftedLike(m_chunks, m_payload);
    crafted.directory = bytes;
    crafted.length = static_cast<std::uint32_t>(bytes.size());
    QCOMPARE(idOfRecords(opener()->readDirectory(viewOf(crafted.seal()))), QStringLiteral("MF-PACK-CORRUPT"));
}

void TestPackHostile::everyCutDirectoryIsRefused()
{
    std::vector<Record> records = m_chunks.records;
    records[1].parameters = QByteArray(130, 'p');
    records[3].parameters = "q";
    const QByteArray whole = encodeDirectory(records);
    std::vector<qsizetype> ends { 0 }; // where a shorter directory is one
    for (std::size_t i = 1; i <= records.size(); ++i)
        ends.push_back(encodeDirectory(std::span(records).first(i)).size());
    for (qsizetype length = 0; length <= whole.size(); ++length) {
        const bool isEnd = std::find(ends.begin(), ends.end(), length) != ends.end();
        QCOMPARE(bool(decodeDirectory(viewOf(whole.left(length)))), isEnd);
    }
}

void TestPackHostile::tooManyRecordsAreRefused()
{
    const QByteArray record = QByteArray(32, 'h')
        + QByteArray::fromHex("010000"
                              "010000"
                              "00");
    const Result<std::vector<Record>> most = decodeDirectory(viewOf(record.repeated(65536)));
    QVERIFY(most);
    QCOMPARE(most->size(), kMaxRecords);
    QCOMPARE(idOfRecords(decodeDirectory(viewOf(record.repeated(65537)))), QStringLiteral("MF-PACK-CORRUPT"));
}

void TestPackHostile::impossibleLayoutsAreRefused_data()
{
    QTest::addColumn<int>("k");
    QTest::addColumn<int>("fragments");
    QTest::addColumn<qint64>("dataLength");
    QTest::addColumn<qint64>("more"); // payload, than the records take
    QTest::addColumn<QString>("said");
    const qint64 length = m_pack.shape.dataLength;
    const qint64 half = (m_pack.payloadLength + 1) / 2;
    const QString shape = QStringLiteral("fragments of which");
    const QString data = QStringLiteral("bytes of data");
    const QString payload = QStringLiteral("is said to have");
    QTest::newRow("as it was made") << m_pack.shape.k << m_pack.shape.fragments << length << qint64(0) << QString();
    QTest::newRow("just enough") << 2 << 3 << half << qint64(0) << QString();
    QTest::newRow("no parity") << 2 << 2 << half << qint64(0) << QString();
    QTest::newRow("the largest") << 8 << 255 << kLargestFragmentData << qint64(0) << QString();
    QTest::newRow("needs none") << 0 << 3 << length << qint64(0) << shape;
    QTest::newRow("needs fewer than none") << -1 << 3 << length << qint64(0) << shape;
    QTest::newRow("needs more than there are") << 3 << 2 << length << qint64(0) << shape;
    QTest::newRow("more than the matrix has") << 2 << 256 << length << qint64(0) << shape;
    QTest::newRow("no data") << 2 << 3 << qint64(0) << qint64(0) << data;
    QTest::newRow("less than no data") << 2 << 3 << qint64(-1) << qint64(0) << data;
    QTest::newRow("too much in one") << 1 << 3 << kLargestFragmentData + 1 << qint64(0) << data;
    QTest::newRow("too much in all") << 9 << 10 << kLargestFragmentData << qint64(0) << data;
    QTest::newRow("as much as there is") << 2 << 3 << std::numeric_limits<qint64>::max() << qint64(0) << data;
    QTest::newRow("one byte does not fit")
        << 1 << 3 << m_pack.payloadLength - 1 << qint64(0) << QStringLiteral("do not fit into");
    QTest::newRow("one byte more than its records") << 2 << 3 << length << qint64(1) << payload;
    QTest::newRow("one byte less") << 2 << 3 << length << qint64(-1) << payload;
    QTest::newRow("less than nothing") << 2 << 3 << length << std::numeric_limits<qint64>::min() << payload;
}

void TestPackHostile::impossibleLayoutsAreRefused()
{
    QFETCH(const int, k);
    QFETCH(const int, fragments);
    QFETCH(const qint64, dataLength);
    QFETCH(const qint64, more);
    QFETCH(const QString, said);
    const Result<> checked
        = checkPackLayout(PackShape(k, fragments, dataLength), m_pack.payloadLength + more, m_pack.records);
    QCOMPARE(bool(checked), said.isEmpty());
    if (checked)
        return;
    QCOMPARE(checked.error().id, QStringLiteral("MF-PACK-CORRUPT"));
    QCOMPARE(checked.error().kind, Error::Kind::Corrupt);
    QVERIFY2(checked.error().message.contains(said), qPrintable(checked.error().message));
}

QTEST_APPLESS_MAIN(TestPackHostile)
#include "test_pack_hostile.moc"
