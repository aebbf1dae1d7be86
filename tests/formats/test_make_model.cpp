// SPDX-License-Identifier: GPL-3.0-or-later
// The generator of test models, seen through our readers. (That both are right was also checked with the Python
// packages gguf and safetensors.)

#include "core/formats/model_file.h"
#include "tests/support/make_model.h"
#include "tests/support/weights.h"

#include <QCryptographicHash>
#include <QSet>
#include <QTemporaryDir>
#include <QtTest>

#include <cmath>

using namespace mf;

namespace {

using Format = ModelRecipe::Format;

ModelRecipe recipeOf(Format format, const char *dtype, qint64 size, std::uint64_t seed = 1)
{
    ModelRecipe recipe;
    recipe.format = format;
    recipe.dtype = QString::fromLatin1(dtype);
    recipe.size = size;
    recipe.seed = seed;
    return recipe;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// Digests of all 4 KiB pieces of the tensors of a file.
QSet<QByteArray> piecesOf(const QString &path, qsizetype &count)
{
    const QByteArray bytes = contentOf(path);
    const auto file = readModelFile(path);
    QSet<QByteArray> pieces;
    count = 0;
    for (const auto &region : file->regions) {
        for (qint64 at = region.offset; at + 4096 <= region.offset + region.length; at += 4096, ++count)
            pieces.insert(QCryptographicHash::hash(QByteArrayView(bytes).sliced(at, 4096), QCryptographicHash::Md5));
    }
    return pieces;
}

} // namespace

class MakeModelTest : public QObject
{
    Q_OBJECT

private slots:
    void makesWhatWasAskedFor_data()
    {
        QTest::addColumn<ModelRecipe>("recipe");
        QTest::addColumn<QString>("quantization");
        const auto row = [](Format format, const char *dtype, qint64 size, const char *quantization) {
            QTest::addRow("%s %s %lld", format == Format::Gguf ? "gguf" : "safetensors", dtype, size)
                << recipeOf(format, dtype, size) << QString::fromLatin1(quantization);
        };
        for (const char *dtype : { "Q4_K_M", "Q6_K", "Q8_0", "Q4_0", "F16", "BF16", "F32" })
            row(Format::Gguf, dtype, 8 << 20, dtype);
        row(Format::Gguf, "Q4_K_M", 64 << 10, "Q4_K_M");
        row(Format::Gguf, "Q4_K_M", 50'000'000, "Q4_K_M");
        for (const char *dtype : { "BF16", "F16", "F32" })
            row(Format::Safetensors, dtype, 8 << 20, dtype);
        row(Format::Safetensors, "F8_E4M3", 8 << 20, "FP8");
        row(Format::Safetensors, "BF16", 64 << 10, "BF16");
    }
    void makesWhatWasAskedFor()
    {
        QFETCH(ModelRecipe, recipe);
        QFETCH(QString, quantization);
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("model"));
        const auto made = makeModel(recipe, path);
        QVERIFY2(made, made ? "" : qPrintable(made.error().message));
        QCOMPARE(*made, QStringList(path));
        const auto file = readModelFile(path);
        QVERIFY(file);
        QVERIFY2(!file->problem, file->problem ? qPrintable(file->problem->message) : "");
        QCOMPARE(file->traits.quantization, quantization);
        const qint64 size = QFileInfo(path).size();
        QVERIFY(size <= recipe.size);
        QVERIFY2(size > recipe.size - 20'000, qPrintable(QString::number(size)));
        const auto &last = file->regions.back();
        QVERIFY(size - (last.offset + last.length) < 32);
    }

    void makesShards()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("sharded"));
        const auto made = makeModel(recipeOf(Format::SafetensorsSharded, "BF16", 10 << 20), path);
        QVERIFY(made);
        QCOMPARE(made->size(), 9);
        qint64 total = 0;
        for (int i = 1; i <= 3; ++i) {
            const auto name = QStringLiteral("/model-0000%1-of-00003.safetensors").arg(i);
            const auto file = readModelFile(path + name);
            QVERIFY(file && !file->problem);
            QVERIFY(!file->tensors.empty());
            total += QFileInfo(path + name).size();
        }
        QVERIFY(total > (10 << 20) - 20'000 && total <= 10 << 20);
    }

    void refusesUnknownTypes()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("x"));
        QVERIFY(!makeModel(recipeOf(Format::Gguf, "Q9_Z", 1 << 20), path));
        QVERIFY(!makeModel(recipeOf(Format::Safetensors, "Q4_K_M", 1 << 20), path));
        QVERIFY(!makeModel(recipeOf(Format::Gguf, "F32", 1 << 20), folder.filePath(QStringLiteral("no/such/folder"))));
        QVERIFY(!QFileInfo::exists(path));
    }

    void isTheSameForASeed_andSharesNothingWithOthers()
    {
        const QTemporaryDir folder;
        const QString paths[] = { folder.filePath(QStringLiteral("a")), folder.filePath(QStringLiteral("b")),
            folder.filePath(QStringLiteral("c")) };
        for (const char *dtype : { "Q4_K_M", "BF16" }) {
            QVERIFY(makeModel(recipeOf(Format::Gguf, dtype, 6 << 20, 7), paths[0]));
            QVERIFY(makeModel(recipeOf(Format::Gguf, dtype, 6 << 20, 7), paths[1]));
            QVERIFY(makeModel(recipeOf(Format::Gguf, dtype, 6 << 20, 8), paths[2]));
            QVERIFY(contentOf(paths[0]) == contentOf(paths[1]));
            qsizetype count = 0;
            const auto pieces = piecesOf(paths[0], count);
            QVERIFY(count > 1'000);
            QCOMPARE(pieces.size(), count);
            QVERIFY(!piecesOf(paths[2], count).intersects(pieces));
        }
    }

    void distributesWeightsNormally()
    {
        WeightSource source(WeightKind::F32, 0.02, 3);
        QByteArray bytes(1 << 22, Qt::Uninitialized);
        source.fill(mutableViewOf(bytes));
        const auto count = static_cast<std::size_t>(bytes.size() / 4);
        double sum = 0;
        double squares = 0;
        std::size_t within = 0;
        for (std::size_t i = 0; i < count; ++i) {
            float value = 0;
            std::memcpy(&value, bytes.constData() + 4 * i, 4);
            sum += value;
            squares += static_cast<double>(value) * value;
            within += std::fabs(value) < 0.02F ? 1U : 0U;
        }
        const auto n = static_cast<double>(count);
        QVERIFY(std::fabs(sum / n) < 0.0002);
        QVERIFY(std::fabs(std::sqrt(squares / n) - 0.02) < 0.001);
        QVERIFY(std::fabs(static_cast<double>(within) / n - 0.6827) < 0.01);
    }

    void encodesSmallFloats()
    {
        QCOMPARE(toHalf(1.0F), std::uint16_t { 0x3c00 });
        QCOMPARE(toHalf(-2.0F), std::uint16_t { 0xc000 });
        QCOMPARE(toHalf(65'504.0F), std::uint16_t { 0x7bff });
        QCOMPARE(toHalf(1e6F), std::uint16_t { 0x7c00 });
        QCOMPARE(toHalf(5.9604645e-8F), std::uint16_t { 0x0001 });
        QCOMPARE(toHalf(0.333251953125F), std::uint16_t { 0x3555 });
        QCOMPARE(toBFloat(1.0F), std::uint16_t { 0x3f80 });
        QCOMPARE(toBFloat(3.140625F), std::uint16_t { 0x4049 });
        QCOMPARE(toFloat8E4M3(1.0F), std::uint8_t { 0x38 });
        QCOMPARE(toFloat8E4M3(-448.0F), std::uint8_t { 0xfe });
        QCOMPARE(toFloat8E4M3(0.001953125F), std::uint8_t { 0x01 });
        QCOMPARE(toFloat8E4M3(0.015625F), std::uint8_t { 0x08 });
    }

    void makesTrees()
    {
        const QTemporaryDir folder;
        const auto made = makeTree(folder.path(), 200, 5);
        QVERIFY(made);
        QCOMPARE(made->size(), 200);
        QSet<QByteArray> contents;
        int empty = 0;
        for (const auto &name : *made) {
            const QByteArray content = contentOf(folder.filePath(name));
            QVERIFY(QFileInfo(folder.filePath(name)).isFile());
            empty += content.isEmpty() ? 1 : 0;
            contents.insert(content);
        }
        QVERIFY(empty > 0 && empty < 40);
        QCOMPARE(contents.size(), 200 - empty + 1);
    }
};

QTEST_GUILESS_MAIN(MakeModelTest)
#include "test_make_model.moc"
