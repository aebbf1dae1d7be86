// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/packing/codec.h"
#include "tests/packing/sample_codec.h"

#include <QtTest>

using namespace mf;
using namespace mf::sample;

Q_DECLARE_METATYPE(mf::ElementKind)

namespace {
constexpr qsizetype kMiB = 1 << 20;

std::vector<planes::Engine> engines()
{
    std::vector<planes::Engine> all;
    for (const auto engine : { planes::Engine::Portable, planes::Engine::Avx2, planes::Engine::Avx512 })
        if (planes::isAvailable(engine))
            all.push_back(engine);
    return all;
}

// 8-bit quantised blocks as GGUF's Q8_0 has them: a half-precision scale, 32 signed bytes.
QByteArray quantised(qsizetype blocks)
{
    sample::Random random(4);
    QByteArray bytes;
    for (qsizetype block = 0; block < blocks; ++block) {
        std::array<float, 32> values {};
        float largest = 0;
        for (float &value : values) {
            value = random.gaussian();
            largest = std::max(largest, std::abs(value));
        }
        const std::uint32_t scale = sample::bitsOf(largest / 127, ElementKind::FP16);
        bytes.append(char(scale)).append(char(scale >> 8));
        for (const float value : values)
            bytes.append(char(std::lround(value / largest * 127)));
    }
    return bytes;
}
} // namespace

class TestCodec : public QObject
{
    Q_OBJECT

private slots:
    void everyLengthComesBack_data();
    void everyLengthComesBack();
    void weightsReachTheirRatios_data();
    void weightsReachTheirRatios();
    void uselessCompressionIsLeftOut();
    void specialWeights();
    void planeEnginesAgree();
    void layoutIsAsWritten_data();
    void layoutIsAsWritten();
};

void TestCodec::everyLengthComesBack_data()
{
    QTest::addColumn<ElementKind>("element");
    QTest::newRow("bytes") << ElementKind::Bytes;
    QTest::newRow("BF16") << ElementKind::BF16;
    QTest::newRow("FP16") << ElementKind::FP16;
    QTest::newRow("FP32") << ElementKind::FP32;
    QTest::newRow("FP8") << ElementKind::FP8;
}

void TestCodec::everyLengthComesBack()
{
    QFETCH(const ElementKind, element);
    const QByteArray floats = sample::weights(Chunker::kLargest, element, 1);
    const QByteArray random = sample::randomBytes(Chunker::kLargest, 2);
    const QByteArray text = sample::jsonText(Chunker::kLargest, 3);
    const QByteArray zeros(Chunker::kLargest, '\0');
    std::vector<qsizetype> lengths { 100, 127, 128, 129, 1000, 4095, 4096, 4099, 32767, 65539, 98304, 300001 };
    for (qsizetype length = 0; length <= 70; ++length)
        lengths.push_back(length);
    for (const qsizetype length : { kMiB - 1, kMiB, kMiB + 1, kMiB + 2, kMiB + 3, qsizetype(Chunker::kLargest) })
        lengths.push_back(length);

    std::vector<std::unique_ptr<ChunkCodec>> codecs;
    for (const planes::Engine engine : engines())
        codecs.push_back(std::make_unique<ChunkCodec>(engine));
    for (const QByteArray &whole : { floats, random, text, zeros }) {
        for (const qsizetype length : lengths) {
            const QByteArray plain = whole.left(length);
            const Encoded first = encoded(*codecs.front(), plain, element);
            QVERIFY(first.codec == Codec::Raw || first.bytes.size() <= length - length / 50);
            for (const auto &codec : codecs) {
                // Each engine writes the same bytes, and reads what any wrote.
                const Encoded same = encoded(*codec, plain, element);
                QCOMPARE(same.codec, first.codec);
                QCOMPARE(same.bytes, first.bytes);
                QCOMPARE(decoded(*codec, first.codec, first.bytes, length), plain);
            }
        }
    }
}

void TestCodec::weightsReachTheirRatios_data()
{
    QTest::addColumn<ElementKind>("element");
    QTest::addColumn<Codec>("codec");
    QTest::addColumn<double>("atMost"); // design.md section 5
    QTest::newRow("BF16") << ElementKind::BF16 << Codec::PlanesBF16 << 0.668;
    QTest::newRow("FP16") << ElementKind::FP16 << Codec::PlanesFP16 << 0.86;
    QTest::newRow("FP32") << ElementKind::FP32 << Codec::PlanesFP32 << 0.84;
    QTest::newRow("FP8") << ElementKind::FP8 << Codec::PlanesFP8 << 0.84;
}

void TestCodec::weightsReachTheirRatios()
{
    QFETCH(const ElementKind, element);
    QFETCH(const Codec, codec);
    QFETCH(const double, atMost);
    ChunkCodec coder;
    const Encoded result = encoded(coder, sample::weights(4 * kMiB, element, 9), element);
    QCOMPARE(result.codec, codec);
    const double ratio = double(result.bytes.size()) / double(4 * kMiB);
    QVERIFY2(ratio <= atMost && ratio > atMost - 0.05, qPrintable(QString::number(ratio)));
}

void TestCodec::uselessCompressionIsLeftOut()
{
    ChunkCodec codec;
    const QByteArray random = sample::randomBytes(kMiB, 5);
    for (const ElementKind element :
        { ElementKind::Bytes, ElementKind::BF16, ElementKind::FP16, ElementKind::FP32, ElementKind::FP8 }) {
        const Encoded result = encoded(codec, random, element);
        QCOMPARE(result.codec, Codec::Raw);
        QCOMPARE(result.bytes.constData(), random.constData()); // shared, not copied
    }
    // One part in a hundred compresses: under the 2 % that are worth it.
    QByteArray nearly = random;
    nearly.replace(0, kMiB / 100, QByteArray(kMiB / 100, 'a'));
    QCOMPARE(encoded(codec, nearly, ElementKind::Bytes).codec, Codec::Raw);

    const QByteArray text = sample::jsonText(kMiB, 5);
    const Encoded result = encoded(codec, text, ElementKind::Bytes);
    QCOMPARE(result.codec, Codec::Zstd);
    QVERIFY(result.bytes.size() < text.size() / 8);

    const QByteArray blocks = quantised(30000);
    const Encoded packed = encoded(codec, blocks, ElementKind::Bytes);
    QCOMPARE(packed.codec, Codec::Zstd);
    QVERIFY(packed.bytes.size() < blocks.size() * 97 / 100);
}

// Weights that were widened from a smaller type, or pruned, give far more.
void TestCodec::specialWeights()
{
    ChunkCodec codec;
    const QByteArray narrow = sample::weights(kMiB, ElementKind::BF16, 6);
    QByteArray wide;
    for (qsizetype i = 0; i < narrow.size(); i += 2)
        wide.append(2, '\0').append(narrow.mid(i, 2));
    const Encoded widened = encoded(codec, wide, ElementKind::FP32);
    QCOMPARE(widened.codec, Codec::PlanesFP32);
    QVERIFY(widened.bytes.size() < wide.size() * 34 / 100);

    const Encoded empty = encoded(codec, QByteArray(4 * kMiB, '\0'), ElementKind::BF16);
    QVERIFY(empty.bytes.size() < 1000);
}

void TestCodec::planeEnginesAgree()
{
    const QByteArray source = sample::randomBytes(5000, 12);
    for (qsizetype count = 0; count < 300; ++count) {
        for (const qsizetype shift : { 0, 1, 3 }) { // unaligned too
            const auto n = static_cast<std::size_t>(count);
            const ByteView value16 = viewOf(source).subspan(std::size_t(shift), 2 * n);
            const ByteView value32 = viewOf(source).subspan(std::size_t(shift), 4 * n);
            QByteArray expected16;
            QByteArray expected32;
            for (const planes::Engine engine : engines()) {
                QByteArray out(2 * count, 'o');
                const MutableBytes parts = mutableViewOf(out);
                planes::splitBF16(value16, parts.first(n), parts.last(n), engine);
                expected16 = expected16.isNull() ? out : expected16;
                QCOMPARE(out, expected16);
                QByteArray back(2 * count, 'b');
                planes::mergeBF16(parts.first(n), parts.last(n), mutableViewOf(back), engine);
                QCOMPARE(back, toByteArray(value16));

                QByteArray wide(4 * count, 'o');
                std::array<MutableBytes, 4> four;
                std::array<ByteView, 4> views;
                for (std::size_t i = 0; i < 4; ++i)
                    views[i] = four[i] = mutableViewOf(wide).subspan(i * n, n);
                planes::splitFP32(value32, four, engine);
                expected32 = expected32.isNull() ? wide : expected32;
                QCOMPARE(wide, expected32);
                QByteArray wideBack(4 * count, 'b');
                planes::mergeFP32(views, mutableViewOf(wideBack), engine);
                QCOMPARE(wideBack, toByteArray(value32));
            }
        }
    }
}

// Written by hand from the format's description at the head of codec.cpp.
void TestCodec::layoutIsAsWritten_data()
{
    QTest::addColumn<Codec>("codec");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("plain");
    // -1.0 is bf80, rotated 7f01; 1.0 is 3f80, rotated 7f00. One tail byte, ee.
    QTest::newRow("BF16: -1, 1 and a byte") << Codec::PlanesBF16
                                            << QByteArray::fromHex("00020000"
                                                                   "00020000"
                                                                   "0100"
                                                                   "7f7f"
                                                                   "ee")
                                            << QByteArray::fromHex("80bf803fee");
    // -1.0 is bc00, rotated 7801.
    QTest::newRow("FP16: -1") << Codec::PlanesFP16
                              << QByteArray::fromHex("00010000"
                                                     "00010000"
                                                     "01"
                                                     "78")
                              << QByteArray::fromHex("00bc");
    // -1.5 is bfc00000, rotated 7f800001; three tail bytes.
    QTest::newRow("FP32: -1.5 and three bytes") << Codec::PlanesFP32
                                                << QByteArray::fromHex("00010000"
                                                                       "00010000"
                                                                       "00010000"
                                                                       "00010000"
                                                                       "01"
                                                                       "00"
                                                                       "80"
                                                                       "7f"
                                                                       "aabbcc")
                                                << QByteArray::fromHex("0000c0bfaabbcc");
    QTest::newRow("FP8: as it is") << Codec::PlanesFP8
                                   << QByteArray::fromHex("00030000"
                                                          "0180ff")
                                   << QByteArray::fromHex("0180ff");
    const QByteArray ones(1000, '\x3f');
    const QByteArray frame = zstdFrame(QByteArray(500, '\x7e'));
    QByteArray mixed = QByteArray::fromHex("00f40100") + '\x01' + char(frame.size()) + char(0) + char(0);
    mixed += QByteArray(500, '\x7e') + frame;
    QTest::newRow("BF16: one plane raw, one a zstd frame") << Codec::PlanesBF16 << mixed << ones;
    QTest::newRow("zstd: any frame with its size") << Codec::Zstd << zstdFrame(ones) << ones;
    QTest::newRow("raw") << Codec::Raw << ones << ones;
    QTest::newRow("raw, nothing") << Codec::Raw << QByteArray() << QByteArray();
    QTest::newRow("planes of nothing but a tail") << Codec::PlanesFP32
                                                  << QByteArray::fromHex("00000000"
                                                                         "00000000"
                                                                         "00000000"
                                                                         "00000000"
                                                                         "abcd")
                                                  << QByteArray::fromHex("abcd");
}

void TestCodec::layoutIsAsWritten()
{
    QFETCH(const Codec, codec);
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, plain);
    ChunkCodec coder;
    QCOMPARE(decoded(coder, codec, bytes, plain.size()), plain);
}

QTEST_APPLESS_MAIN(TestCodec)
#include "test_codec.moc"
