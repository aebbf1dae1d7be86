// SPDX-License-Identifier: GPL-3.0-or-later
// What no encoder writes: refused by name, and nothing else happens.
#include "tests/packing/sample_codec.h"

#include <QtTest>

using namespace mf;
using namespace mf::sample;

Q_DECLARE_METATYPE(mf::ElementKind)

class TestCodecHostile : public QObject
{
    Q_OBJECT

private slots:
    void refusesWhatItDidNotWrite_data();
    void refusesWhatItDidNotWrite();
    void damagedInputGivesErrorsOnly_data();
    void damagedInputGivesErrorsOnly();
    void randomInputGivesErrorsOnly();
    void unknownCodecsAreUnsupported();
};

void TestCodecHostile::refusesWhatItDidNotWrite_data()
{
    QTest::addColumn<Codec>("codec");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<qsizetype>("size");
    const QByteArray hundred(100, 'a');
    const QByteArray frame = zstdFrame(hundred);
    QTest::newRow("raw: one byte short") << Codec::Raw << hundred << qsizetype(101);
    QTest::newRow("raw: one byte long") << Codec::Raw << hundred << qsizetype(99);
    QTest::newRow("zstd: nothing") << Codec::Zstd << QByteArray() << qsizetype(100);
    QTest::newRow("zstd: three bytes") << Codec::Zstd << frame.left(3) << qsizetype(100);
    QTest::newRow("zstd: gives fewer bytes") << Codec::Zstd << frame << qsizetype(101);
    QTest::newRow("zstd: gives more bytes") << Codec::Zstd << frame << qsizetype(99);
    QTest::newRow("zstd: cut off") << Codec::Zstd << frame.left(frame.size() - 1) << qsizetype(100);
    QTest::newRow("zstd: a byte too many") << Codec::Zstd << frame + 'x' << qsizetype(100);
    QTest::newRow("zstd: two frames") << Codec::Zstd << frame + frame << qsizetype(200);
    QTest::newRow("zstd: skippable frame before")
        << Codec::Zstd << QByteArray::fromHex("502a4d1801000000ff") + frame << qsizetype(100);
    QTest::newRow("zstd: an old format") << Codec::Zstd << QByteArray::fromHex("25b52ffd") + frame.mid(4)
                                         << qsizetype(100);
    QByteArray lying = frame; // content size is the byte after magic and descriptor
    lying[5] = char(101);
    QTest::newRow("zstd: declares more than it holds") << Codec::Zstd << lying << qsizetype(101);
    QByteArray huge = QByteArray::fromHex("28b52ffde0ffffffffffffffff") + frame.mid(6);
    QTest::newRow("zstd: declares 2^64 bytes") << Codec::Zstd << huge << qsizetype(100);

    QTest::newRow("planes: nothing") << Codec::PlanesBF16 << QByteArray() << qsizetype(4);
    QTest::newRow("planes: cut header") << Codec::PlanesBF16 << QByteArray::fromHex("00020000000200") << qsizetype(4);
    QTest::newRow("planes: no tail") << Codec::PlanesBF16
                                     << QByteArray::fromHex("00020000"
                                                            "00020000"
                                                            "01007f7f")
                                     << qsizetype(5);
    QTest::newRow("planes: a byte too many") << Codec::PlanesBF16
                                             << QByteArray::fromHex("00020000"
                                                                    "00020000"
                                                                    "01007f7fee")
                                             << qsizetype(4);
    QTest::newRow("planes: mode 2") << Codec::PlanesBF16
                                    << QByteArray::fromHex("02020000"
                                                           "00020000"
                                                           "01007f7f")
                                    << qsizetype(4);
    QTest::newRow("planes: mode 255") << Codec::PlanesFP8
                                      << QByteArray::fromHex("ff020000"
                                                             "0100")
                                      << qsizetype(2);
    QTest::newRow("planes: raw plane too short") << Codec::PlanesBF16
                                                 << QByteArray::fromHex("00010000"
                                                                        "00020000"
                                                                        "017f7f")
                                                 << qsizetype(4);
    QTest::newRow("planes: length past the end") << Codec::PlanesBF16
                                                 << QByteArray::fromHex("00ffffff"
                                                                        "00020000"
                                                                        "01007f7f")
                                                 << qsizetype(4);
    QTest::newRow("planes: second length past the end") << Codec::PlanesFP32
                                                        << QByteArray::fromHex("00010000"
                                                                               "00040000"
                                                                               "00010000"
                                                                               "00010000"
                                                                               "01020304")
                                                        << qsizetype(4);
    QTest::newRow("planes: frame of another size")
        << Codec::PlanesFP8 << QByteArray::fromHex("01") + char(frame.size()) + QByteArray(2, '\0') + frame
        << qsizetype(99);
    QTest::newRow("planes: no frame") << Codec::PlanesFP8
                                      << QByteArray::fromHex("01040000"
                                                             "01020304")
                                      << qsizetype(4);
    QTest::newRow("planes: empty frame where nothing is")
        << Codec::PlanesFP8 << QByteArray::fromHex("01000000") << qsizetype(0);
}

void TestCodecHostile::refusesWhatItDidNotWrite()
{
    QFETCH(const Codec, codec);
    QFETCH(const QByteArray, bytes);
    QFETCH(const qsizetype, size);
    ChunkCodec coder;
    QByteArray plain(size, '\0');
    const Result<> result = coder.decode(codec, viewOf(bytes), mutableViewOf(plain));
    QCOMPARE(idOf(result), QStringLiteral("MF-CHUNK-CORRUPT"));
    QCOMPARE(result.error().kind, Error::Kind::Corrupt);
}

void TestCodecHostile::damagedInputGivesErrorsOnly_data()
{
    QTest::addColumn<ElementKind>("element");
    QTest::newRow("bytes") << ElementKind::Bytes;
    QTest::newRow("BF16") << ElementKind::BF16;
    QTest::newRow("FP16") << ElementKind::FP16;
    QTest::newRow("FP32") << ElementKind::FP32;
    QTest::newRow("FP8") << ElementKind::FP8;
}

// Flipped bits may go unnoticed here (records are authenticated before they are decoded): what
// counts is that nothing breaks, and that any other length is noticed.
void TestCodecHostile::damagedInputGivesErrorsOnly()
{
    QFETCH(const ElementKind, element);
    ChunkCodec codec;
    sample::Random random(77);
    const QByteArray plain
        = element == ElementKind::Bytes ? sample::jsonText(20003, 1) : sample::weights(20003, element, 1);
    const Encoded good = encoded(codec, plain, element);
    QVERIFY(good.codec != Codec::Raw);
    int noticed = 0;
    for (int round = 0; round < 3000; ++round) {
        QByteArray bad = good.bytes;
        const auto at = qsizetype(round < 200 ? round % 8 : int(random.below(std::uint64_t(bad.size()))));
        bad[at] = char(bad[at] ^ (1 << random.below(8)));
        const QByteArray result = decoded(codec, good.codec, bad, plain.size());
        noticed += result == "MF-CHUNK-CORRUPT" ? 1 : 0;
        QVERIFY(result.size() == plain.size() || result == "MF-CHUNK-CORRUPT");
    }
    QVERIFY(noticed > 100);
    for (qsizetype length = 0; length < good.bytes.size(); length += 1 + length / 50)
        QCOMPARE(decoded(codec, good.codec, good.bytes.left(length), plain.size()), QByteArray("MF-CHUNK-CORRUPT"));
    for (const qsizetype size : { qsizetype(0), qsizetype(1), plain.size() - 1, plain.size() + 1, 2 * plain.size() })
        QCOMPARE(decoded(codec, good.codec, good.bytes, size), QByteArray("MF-CHUNK-CORRUPT"));
    QCOMPARE(decoded(codec, good.codec, good.bytes, plain.size()), plain); // and the codec still works
}

void TestCodecHostile::randomInputGivesErrorsOnly()
{
    ChunkCodec codec;
    sample::Random random(99);
    for (int round = 0; round < 20000; ++round) {
        QByteArray bytes = sample::randomBytes(qsizetype(random.below(200)), random.next());
        if (round % 2 && bytes.size() >= 13) { // near enough to get further
            bytes.replace(0, 4, QByteArray::fromHex(round % 4 == 1 ? "28b52ffd" : "01090000"));
            bytes.replace(4, 4, QByteArray::fromHex(round % 4 == 1 ? "20101010" : "28b52ffd"));
        }
        const auto number = static_cast<Codec>(1 + random.below(5));
        const auto size = 1000 + static_cast<qsizetype>(random.below(100));
        QCOMPARE(decoded(codec, number, bytes, size), QByteArray("MF-CHUNK-CORRUPT"));
    }
}

void TestCodecHostile::unknownCodecsAreUnsupported()
{
    ChunkCodec codec;
    for (int number = 0; number < 256; ++number) {
        const bool isKnown = number <= 5;
        QCOMPARE(isKnownCodec(std::uint8_t(number)), isKnown);
        if (isKnown)
            continue;
        QByteArray plain(1, '\0');
        const Result<> result = codec.decode(static_cast<Codec>(number), viewOf(plain), mutableViewOf(plain));
        QCOMPARE(idOf(result), QStringLiteral("MF-CODEC-UNKNOWN"));
        QCOMPARE(result.error().kind, Error::Kind::Unsupported);
    }
}

QTEST_APPLESS_MAIN(TestCodecHostile)
#include "test_codec_hostile.moc"
