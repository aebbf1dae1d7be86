// SPDX-License-Identifier: GPL-3.0-or-later
// Index objects of a hostile computer of the library: what they say of packs is refused where it cannot be.
#include "core/distributor/objects/index_object.h"
#include "core/packing/pack_layout.h"
#include "tests/packing/sample_pack.h"

#include <QtTest>

using namespace mf;
using namespace mf::sample;

namespace {

PackRecord described()
{
    Chunks chunks;
    chunks.add(randomBytes(5'000, 1));
    chunks.add(jsonText(3'000, 1));
    const SealedPack sealed = chunks.seal(chunks.shape(2, 1));
    PackRecord pack;
    pack.id = sealed.id;
    pack.shape = sealed.shape;
    pack.salt = sealed.salt;
    pack.commitment = sealed.commitment;
    pack.epoch = sealed.epoch;
    pack.payloadLength = sealed.payloadLength;
    pack.records = sealed.records;
    return pack;
}

Result<IndexObject> given(const PackRecord &pack)
{
    IndexObject index;
    index.packs.push_back(described());
    index.packs.push_back(pack);
    return openIndex(ring(), viewOf(sealIndex(ring(), index)));
}

} // namespace

class TestIndexObject : public QObject
{
    Q_OBJECT

private slots:
    void whatWasWrittenComesBack()
    {
        const PackRecord pack = described();
        const auto index = given(pack);
        QVERIFY2(index, qPrintable(index ? QString() : index.error().message));
        QCOMPARE(index->packs.size(), std::size_t(2));
        QCOMPARE(index->packs[1].shape.dataLength, pack.shape.dataLength);
        QCOMPARE(index->packs[1].payloadLength, pack.payloadLength);
        QCOMPARE(encodeDirectory(index->packs[1].records), encodeDirectory(pack.records));
    }

    void impossiblePacksAreRefused_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what :
            { "no data", "too much data", "too much in all", "k 0", "k above n", "n 256", "payload one more",
                "payload one less", "does not fit", "a record too many", "no records", "a longer record" })
            QTest::newRow(what) << QString::fromLatin1(what);
    }
    void impossiblePacksAreRefused()
    {
        QFETCH(const QString, what);
        PackRecord pack = described();
        if (what == QStringLiteral("no data"))
            pack.shape.dataLength = 0;
        else if (what == QStringLiteral("too much data"))
            pack.shape.dataLength = kLargestFragmentData + 1;
        else if (what == QStringLiteral("too much in all"))
            pack.shape = PackShape(200, 201, kLargestFragmentData);
        else if (what == QStringLiteral("k 0"))
            pack.shape.k = 0;
        else if (what == QStringLiteral("k above n"))
            pack.shape.k = pack.shape.fragments + 1;
        else if (what == QStringLiteral("n 256"))
            pack.shape.fragments = 256;
        else if (what == QStringLiteral("payload one more"))
            ++pack.payloadLength;
        else if (what == QStringLiteral("payload one less"))
            --pack.payloadLength;
        else if (what == QStringLiteral("does not fit"))
            pack.shape.dataLength = pack.payloadLength / pack.shape.k - 1;
        else if (what == QStringLiteral("a record too many"))
            pack.records.push_back(pack.records.back());
        else if (what == QStringLiteral("no records"))
            pack.records.clear();
        else
            ++pack.records.front().plainLength, ++pack.records.front().encodedLength;
        const auto index = given(pack);
        QVERIFY(!index);
        QCOMPARE(index.error().kind, Error::Kind::Corrupt);
        QVERIFY(!index.error().message.isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestIndexObject)
#include "test_index_object.moc"
