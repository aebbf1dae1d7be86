// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/model_file.h"
#include "tests/formats/format_test.h"
#include "tests/formats/gguf_builder.h"

#include <QTemporaryDir>

using namespace mf;

namespace {

ModelFile read(const QByteArray &bytes, const char *name)
{
    return readModelFile(MemorySource(viewOf(bytes)), QString::fromUtf8(name));
}

// In order, inside the file, no overlap, whole blocks.
void checkRegions(const ModelFile &file, qint64 size)
{
    qint64 end = 0;
    for (const auto &region : file.regions) {
        QVERIFY(region.offset >= end);
        QVERIFY(region.length > 0 && region.block > 0);
        QCOMPARE(region.length % region.block, 0);
        end = region.offset + region.length;
    }
    QVERIFY(end <= size);
}

GgufBuilder llama(std::uint32_t type, std::uint64_t rows)
{
    GgufBuilder builder;
    builder.text("general.architecture", "llama").tensor("blk.0.ffn_up.weight", { 256, rows }, type, 0);
    return builder;
}

} // namespace

class ModelFileTest : public QObject
{
    Q_OBJECT

private slots:
    void describesAGguf()
    {
        const auto vector = vectorFile("gguf_tiny.json");
        const QByteArray bytes = hexOf(vector["header_hex"]) + generated(0, 896);
        const auto file = read(bytes, "whatever.bin");
        QVERIFY(!file.problem);
        QCOMPARE(file.traits.format, ModelFormat::Gguf);
        QCOMPARE(formatName(file.traits.format), QStringLiteral("gguf"));
        QCOMPARE(file.traits.name, QStringLiteral("Tiny Test"));
        QCOMPARE(file.traits.kind, QStringLiteral("model"));
        QCOMPARE(file.traits.architecture, QStringLiteral("llama"));
        QCOMPARE(file.traits.family, QStringLiteral("Llama"));
        QCOMPARE(file.traits.quantization, QStringLiteral("Q8_0"));
        QCOMPARE(file.traits.contextLength, 128);
        QCOMPARE(file.traits.parameters, 64 * 3 + 64 + 64 * 3);
        QCOMPARE(file.metadata.size(), vector["kv"].size());
        QCOMPARE(file.metadata[9].type, QStringLiteral("array of string"));
        QCOMPARE(file.metadata[9].value, QStringLiteral("<s>, é, a"));
        QCOMPARE(file.metadata[9].count, 3U);
        QCOMPARE(file.tensors.size(), 3U);
        QCOMPARE(file.regions.size(), 3U);
        QCOMPARE(file.regions[0].block, 34);
        QCOMPARE(file.regions[2].element, TensorElement::FP16);
        checkRegions(file, bytes.size());
    }

    void describesASafetensors()
    {
        const QByteArray bytes = hexOf(vectorFile("safetensors_tiny.json")["file_hex"]);
        const auto file = read(bytes, "Qwen2.5-0.5B.safetensors");
        QVERIFY(!file.problem);
        QCOMPARE(file.traits.format, ModelFormat::Safetensors);
        QCOMPARE(file.traits.family, QStringLiteral("Qwen"));
        QCOMPARE(file.traits.quantization, QStringLiteral("F32")); // 16 bytes of F32, 12 of BF16
        QCOMPARE(file.traits.parameters, 4 + 6 + 1 + 0 + 2);
        QCOMPARE(file.tensors.size(), 5U);
        QCOMPARE(file.regions.size(), 4U); // not the empty tensor
        QCOMPARE(file.regions[1].element, TensorElement::BF16);
        QCOMPARE(file.regions[3].element, TensorElement::FP8);
        QCOMPARE(file.metadata.size(), 1U);
        checkRegions(file, bytes.size());
    }

    void storesAnythingElse_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("id");
        const QByteArray gguf = hexOf(vectorFile("gguf_tiny.json")["header_hex"]);
        const auto plain = QStringLiteral("MF-FORMAT-UNKNOWN");
        QTest::newRow("empty file") << QByteArray() << QStringLiteral("x") << plain;
        QTest::newRow("Git LFS pointer") << QByteArray("version https://git-lfs.github.com/spec/v1\noid sha256:00\n")
                                         << QStringLiteral("x.safetensors") << QStringLiteral("MF-FORMAT-POINTER");
        QTest::newRow("one byte") << QByteArray("G") << QStringLiteral("x.gguf") << plain;
        QTest::newRow("text") << QByteArray("# Read me") << QStringLiteral("README.md") << plain;
        QTest::newRow("zip that is no model")
            << QByteArray("PK\3\4") + QByteArray(40, 'x') << QStringLiteral("x.zip") << plain;
        QTest::newRow("half a download") << gguf + generated(0, 400) << QStringLiteral("x.gguf")
                                         << QStringLiteral("MF-FORMAT-TRUNCATED");
        QTest::newRow("future version") << GgufBuilder(5).bytes(0) << QStringLiteral("x.gguf")
                                        << QStringLiteral("MF-FORMAT-UNSUPPORTED");
        QTest::newRow("empty safetensors")
            << QByteArray() << QStringLiteral("x.safetensors") << QStringLiteral("MF-FORMAT-TRUNCATED");
    }
    void storesAnythingElse()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, name);
        QFETCH(QString, id);
        const auto file = readModelFile(MemorySource(viewOf(bytes)), name);
        QCOMPARE(file.traits.format, ModelFormat::Unknown);
        QVERIFY(file.problem);
        QCOMPARE(file.problem->id, id);
        QVERIFY(file.regions.empty());
    }

    void recognisesPickles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("name");
        QByteArray zip("PK\3\4");
        zip += QByteArray(22, '\0') + QByteArray("\x10\0\0\0", 4) + "archive/data.pkl" + QByteArray(64, 'x');
        QTest::newRow("zip of PyTorch") << zip << QStringLiteral("pytorch_model.bin");
        QTest::newRow("before 2020") << QByteArray::fromHex("80028a0a6cfc9c46f9206aa85019") << QStringLiteral("model");
        QTest::newRow("bare pickle") << QByteArray::fromHex("80049500") << QStringLiteral("model.pt");
    }
    void recognisesPickles()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, name);
        const auto file = readModelFile(MemorySource(viewOf(bytes)), name);
        QCOMPARE(file.traits.format, ModelFormat::Pickle);
        QVERIFY(file.regions.empty());
        QVERIFY(!file.problem);
    }

    void namesTheQuantisation_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("quantization");
        QTest::newRow("as the file says") << llama(12, 4).u32("general.file_type", 15).bytes(576)
                                          << QStringLiteral("x.gguf") << QStringLiteral("Q4_K_M");
        QTest::newRow("guessed flag") << llama(12, 4).u32("general.file_type", 1024 + 14).bytes(576)
                                      << QStringLiteral("x.gguf") << QStringLiteral("Q4_K_S");
        QTest::newRow("says F16 but holds blocks: the name fits")
            << llama(12, 4).u32("general.file_type", 1).bytes(576) << QStringLiteral("x-Q4_K_M.gguf")
            << QStringLiteral("Q4_K_M");
        QTest::newRow("says F16 but holds blocks: most bytes") << llama(12, 4).u32("general.file_type", 1).bytes(576)
                                                               << QStringLiteral("x.gguf") << QStringLiteral("Q4_K");
        QTest::newRow("says Q4_K_M but holds BF16") << llama(30, 4).u32("general.file_type", 15).bytes(2048)
                                                    << QStringLiteral("x.gguf") << QStringLiteral("BF16");
        QTest::newRow("says nothing") << llama(14, 4).bytes(840) << QStringLiteral("x.gguf") << QStringLiteral("Q6_K");
        QTest::newRow("unknown number, name helps") << llama(14, 4).u32("general.file_type", 999).bytes(840)
                                                    << QStringLiteral("x-Q6_K_L.gguf") << QStringLiteral("Q6_K_L");
        QTest::newRow("a part without tensors") << GgufBuilder().u32("general.file_type", 15).bytes(0)
                                                << QStringLiteral("x.gguf") << QStringLiteral("Q4_K_M");
    }
    void namesTheQuantisation()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, name);
        const auto file = readModelFile(MemorySource(viewOf(bytes)), name);
        QVERIFY2(!file.problem, file.problem ? qPrintable(file.problem->message) : "");
        QTEST(file.traits.quantization, "quantization");
    }

    void readsPartsOfASplitModel()
    {
        const auto file = read(GgufBuilder().u16("split.no", 0).u16("split.count", 3).bytes(0), "x.gguf");
        QCOMPARE(file.part, 1);
        QCOMPARE(file.parts, 3);
        const auto wrong = read(GgufBuilder().u16("split.no", 3).u16("split.count", 3).bytes(0), "x.gguf");
        QCOMPARE(wrong.parts, 0);
    }

    void opensPaths()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("m-Q6_K.gguf"));
        QFile out(path);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(llama(14, 4).bytes(840));
        out.close();
        const auto file = readModelFile(path);
        QVERIFY(file);
        QCOMPARE(file->traits.quantization, QStringLiteral("Q6_K"));
        const auto missing = readModelFile(folder.filePath(QStringLiteral("nothing")));
        QVERIFY(!missing);
        QCOMPARE(missing.error().kind, Error::Kind::NotFound);
        QVERIFY(!readModelFile(folder.path()));
    }
};

QTEST_GUILESS_MAIN(ModelFileTest)
#include "test_model_file.moc"
