// SPDX-License-Identifier: GPL-3.0-or-later
// A machine or a library that gets bytes wrong: this program's own ZSTD_decompressDCtx stands
// before the library's and can be told to err.
#include "tests/packing/sample_codec.h"

#include <QtTest>

#include <dlfcn.h>

using namespace mf;
using namespace mf::sample;

Q_DECLARE_METATYPE(mf::ElementKind)

namespace {
enum class Fault { None, WrongByte, Failure };
Fault fault = Fault::None;
int calls = 0;
} // namespace

extern "C" std::size_t ZSTD_decompressDCtx(
    ZSTD_DCtx *context, void *out, std::size_t capacity, const void *in, std::size_t size)
{
    using Function = std::size_t (*)(ZSTD_DCtx *, void *, std::size_t, const void *, std::size_t);
    static const auto library = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "ZSTD_decompressDCtx"));
    ++calls;
    const std::size_t result = library(context, out, capacity, in, size);
    if (fault == Fault::WrongByte)
        static_cast<std::uint8_t *>(out)[capacity / 2] ^= 0x04;
    return fault == Fault::Failure ? 0 : result;
}

class TestCodecVerify : public QObject
{
    Q_OBJECT

private slots:
    void whatDoesNotComeBackIsNotStored_data();
    void whatDoesNotComeBackIsNotStored();
};

void TestCodecVerify::whatDoesNotComeBackIsNotStored_data()
{
    QTest::addColumn<ElementKind>("element");
    QTest::newRow("text") << ElementKind::Bytes;
    QTest::newRow("BF16") << ElementKind::BF16;
    QTest::newRow("FP32") << ElementKind::FP32;
    QTest::newRow("FP8") << ElementKind::FP8;
}

void TestCodecVerify::whatDoesNotComeBackIsNotStored()
{
    QFETCH(const ElementKind, element);
    const QByteArray plain = element == ElementKind::Bytes ? jsonText(100000, 1) : weights(100000, element, 1);
    ChunkCodec codec;
    for (const Fault planned : { Fault::WrongByte, Fault::Failure }) {
        fault = planned;
        calls = 0;
        const Result<Encoded> result = codec.encode(plain, element, true);
        QVERIFY(calls > 0); // the fault was hit
        QVERIFY(!result);
        QCOMPARE(result.error().kind, Error::Kind::Internal);
        QCOMPARE(result.error().id, QStringLiteral("MF-CODEC-VERIFY"));
        // Who asks for no verification gets none.
        calls = 0;
        QVERIFY(codec.encode(plain, element, false));
        QCOMPARE(calls, 0);
    }
    fault = Fault::None;
    QVERIFY(codec.encode(plain, element, true));
}

QTEST_APPLESS_MAIN(TestCodecVerify)
#include "test_codec_verify.moc"
