// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/model_set.h"
#include "tests/support/make_model.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace mf;

namespace {

// Files of which only the names are known, as in a listing of a server; "name = text" gives one its text.
std::vector<SetFile> listing(const QStringList &names)
{
    std::vector<SetFile> files;
    for (const auto &each : names) {
        SetFile file;
        file.name = each.section(QStringLiteral(" = "), 0, 0);
        file.text = each.section(QStringLiteral(" = "), 1).toUtf8();
        file.size = 100;
        files.push_back(std::move(file));
    }
    return files;
}

QStringList split(const char *text) { return QString::fromUtf8(text).split(u'\n', Qt::SkipEmptyParts); }

// "name [quantisation]: files; missing …" of each set, then what is left: easy to compare.
QString described(const std::vector<SetFile> &files, const ModelSets &sets)
{
    QStringList lines;
    for (const auto &set : sets.sets) {
        QStringList names;
        for (const auto index : set.files)
            names.append(files[index].name);
        QString line = QStringLiteral("%1 [%2]: %3").arg(set.name, set.traits.quantization, names.join(u' '));
        if (!set.missing.isEmpty())
            line += QStringLiteral("; missing %1").arg(set.missing.join(u' '));
        lines.append(line);
    }
    QStringList others;
    for (const auto index : sets.others)
        others.append(files[index].name);
    if (!others.isEmpty())
        lines.append(QStringLiteral("others: %1").arg(others.join(u' ')));
    return lines.join(u'\n');
}

bool write(const QString &path, const QByteArray &bytes)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
}

} // namespace

class ModelSetTest : public QObject
{
    Q_OBJECT

private slots:
    void groupsByNames_data()
    {
        QTest::addColumn<QStringList>("names");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *names, const char *expected) {
            QTest::newRow(name) << split(names) << QString::fromUtf8(expected);
        };
        row("nothing", "", "");
        row("one GGUF file", "Qwen2.5-7B-Instruct-Q4_K_M.gguf",
            "Qwen2.5-7B-Instruct [Q4_K_M]: Qwen2.5-7B-Instruct-Q4_K_M.gguf");
        row("two of them, and a readme that is of neither", "a/x-Q4_0.gguf\na/x-Q8_0.gguf\na/README.md",
            "x [Q4_0]: a/x-Q4_0.gguf\nx [Q8_0]: a/x-Q8_0.gguf\nothers: a/README.md");
        row("one with what goes with it", "a/x-Q4_0.gguf\na/README.md\na/LICENSE\na/photo.jpg",
            "x [Q4_0]: a/LICENSE a/README.md a/x-Q4_0.gguf\nothers: a/photo.jpg");
        row("a vision projector joins the only model", "a/x-Q4_0.gguf\na/mmproj-x-f16.gguf",
            "x [Q4_0]: a/mmproj-x-f16.gguf a/x-Q4_0.gguf");
        row("a vision projector beside two models", "x-Q4_0.gguf\nx-Q8_0.gguf\nmmproj-F16.gguf",
            "mmproj [F16]: mmproj-F16.gguf\nx [Q4_0]: x-Q4_0.gguf\nx [Q8_0]: x-Q8_0.gguf");
        row("parts of a GGUF model",
            "x-Q8_0-00002-of-00003.gguf\nx-Q8_0-00001-of-00003.gguf\nx-Q8_0-00003-of-00003.gguf",
            "x [Q8_0]: x-Q8_0-00001-of-00003.gguf x-Q8_0-00002-of-00003.gguf x-Q8_0-00003-of-00003.gguf");
        row("a part is missing", "b/x-Q8_0-00001-of-00003.gguf\nb/x-Q8_0-00003-of-00003.gguf",
            "x [Q8_0]: b/x-Q8_0-00001-of-00003.gguf b/x-Q8_0-00003-of-00003.gguf; missing "
            "b/x-Q8_0-00002-of-00003.gguf");
        row("parts of two splits are not mixed", "x-00001-of-00002.gguf\nx-00002-of-00002.gguf\nx-00001-of-00001.gguf",
            "x []: x-00001-of-00001.gguf\nx []: x-00001-of-00002.gguf x-00002-of-00002.gguf");
        row("shards without an index",
            "m/model-00001-of-00002.safetensors\nm/model-00002-of-00002.safetensors\nm/tokenizer.json",
            "m []: m/model-00001-of-00002.safetensors m/model-00002-of-00002.safetensors m/tokenizer.json");
        row("an index names a missing shard",
            "m/model-00001-of-00002.safetensors\nm/model.safetensors.index.json = "
            "{\"weight_map\":{\"a\":\"model-00001-of-00002.safetensors\","
            "\"b\":\"model-00002-of-00002.safetensors\"}}\nm/config.json = {\"torch_dtype\":\"bfloat16\"}\nm/odd.py",
            "m [BF16]: m/config.json m/model-00001-of-00002.safetensors m/model.safetensors.index.json m/odd.py; "
            "missing "
            "m/model-00002-of-00002.safetensors");
        row("an index that wants to leave the folder is no index",
            "m/model.safetensors\nm/model.safetensors.index.json = {\"weight_map\":{\"a\":\"../x.safetensors\"}}",
            "m []: m/model.safetensors m/model.safetensors.index.json");
        row("LoRA files are one model each", "loras/cat.safetensors\nloras/dog.safetensors",
            "cat []: loras/cat.safetensors\ndog []: loras/dog.safetensors");
        row("a folder with a configuration, a GGUF file beside it",
            "m/config.json = {}\nm/model.safetensors\nm/x-Q4_0.gguf\nm/onnx/model.onnx\nm/original/consolidated.00.pth",
            "m []: m/config.json m/model.safetensors m/onnx/model.onnx\nm-original []: m/original/consolidated.00.pth\n"
            "x [Q4_0]: m/x-Q4_0.gguf");
        row("diffusers",
            "f/model_index.json\nf/vae/config.json\nf/vae/diffusion_pytorch_model.safetensors\nf/unet/"
            "model.safetensors\nz.txt",
            "f []: f/model_index.json f/unet/model.safetensors f/vae/config.json "
            "f/vae/diffusion_pytorch_model.safetensors\nothers: z.txt");
        row("parts in three folders",
            "a/x-Q8_0-00001-of-00003.gguf\nb/x-Q8_0-00003-of-00003.gguf\nc/x-Q8_0-00002-of-00003.gguf\nc/README.md",
            "x [Q8_0]: a/x-Q8_0-00001-of-00003.gguf b/x-Q8_0-00003-of-00003.gguf c/README.md "
            "c/x-Q8_0-00002-of-00003.gguf");
        row("parts in two folders, and one in none", "a/x-00001-of-00003.gguf\nb/x-00003-of-00003.gguf",
            "x []: a/x-00001-of-00003.gguf b/x-00003-of-00003.gguf; missing a/x-00002-of-00003.gguf");
        row("a folder takes the part in that it misses, and no second readme",
            "m/config.json = {\"torch_dtype\":\"bfloat16\"}\nm/README.md\nm/model-00001-of-00002.safetensors\n"
            "late/README.md\nlate/model-00002-of-00002.safetensors",
            "m [BF16]: late/model-00002-of-00002.safetensors m/README.md m/config.json "
            "m/model-00001-of-00002.safetensors\nothers: late/README.md");
        row("a part that is there twice joins neither",
            "a/x-00001-of-00002.gguf\nb/x-00002-of-00002.gguf\nc/x-00002-of-00002.gguf",
            "x []: a/x-00001-of-00002.gguf; missing a/x-00002-of-00002.gguf\n"
            "x []: b/x-00002-of-00002.gguf; missing b/x-00001-of-00002.gguf\n"
            "x []: c/x-00002-of-00002.gguf; missing c/x-00001-of-00002.gguf");
        row("a part for one of two folders is of neither",
            "m/config.json = {}\nm/model-00001-of-00002.safetensors\nn/config.json = {}\n"
            "n/model-00001-of-00002.safetensors\nmodel-00002-of-00002.safetensors",
            "m []: m/config.json m/model-00001-of-00002.safetensors; missing m/model-00002-of-00002.safetensors\n"
            "n []: n/config.json n/model-00001-of-00002.safetensors; missing n/model-00002-of-00002.safetensors\n"
            "model []: model-00002-of-00002.safetensors; missing model-00001-of-00002.safetensors");
        row("two whole copies stay two",
            "a/x-00001-of-00002.gguf\na/x-00002-of-00002.gguf\nb/x-00001-of-00002.gguf\nb/x-00002-of-00002.gguf",
            "x []: a/x-00001-of-00002.gguf a/x-00002-of-00002.gguf\n"
            "x []: b/x-00001-of-00002.gguf b/x-00002-of-00002.gguf");
        row("nothing that is a model", "a/notes.txt\na/config.json = {}", "others: a/notes.txt a/config.json");
        row("a claim of ten thousand parts", "x-00001-of-99999.gguf", "x-00001-of-99999 []: x-00001-of-99999.gguf");
    }
    void groupsByNames()
    {
        QFETCH(QStringList, names);
        const auto files = listing(names);
        auto actual = described(files, groupModels(files)).split(u'\n');
        QFETCH(QString, expected);
        auto wanted = expected.split(u'\n');
        actual.sort();
        wanted.sort();
        QCOMPARE(actual.join(u'\n'), wanted.join(u'\n'));
    }

    void namesAtMostAHundredMissingParts()
    {
        const auto files = listing({ QStringLiteral("x-00001-of-09000.gguf") });
        const auto sets = groupModels(files);
        QCOMPARE(sets.sets.size(), 1U);
        QCOMPARE(sets.sets[0].missingCount, 8'999);
        QCOMPARE(sets.sets[0].missing.size(), ModelSet::kNamedMissing);
    }

    void usesTheTitleWhereThereIsNoFolder()
    {
        const auto files = listing({ QStringLiteral("model.safetensors"), QStringLiteral("config.json = {}") });
        QCOMPARE(
            groupModels(files, QStringLiteral("TinyLlama-1.1B")).sets.at(0).name, QStringLiteral("TinyLlama-1.1B"));
        QCOMPARE(groupModels(files).sets.at(0).name, QStringLiteral("model"));
    }

    void scansAShardedModel()
    {
        const QTemporaryDir folder;
        ModelRecipe recipe;
        recipe.format = ModelRecipe::Format::SafetensorsSharded;
        recipe.dtype = QStringLiteral("BF16");
        recipe.size = 6 << 20;
        const QString path = folder.filePath(QStringLiteral("TinyLlama-Test"));
        QVERIFY(makeModel(recipe, path));
        QVERIFY(write(path + QStringLiteral("/.cache/huggingface/x.json"), "{}"));
        const auto scan = scanModels({ path });
        QCOMPARE(scan.sets.sets.size(), 1U);
        QVERIFY(scan.sets.others.empty());
        const auto &set = scan.sets.sets[0];
        QCOMPARE(set.files.size(), 9U);
        QVERIFY(set.missing.isEmpty());
        QCOMPARE(set.name, QStringLiteral("TinyLlama-Test"));
        QCOMPARE(set.distinctName, QStringLiteral("TinyLlama-Test-BF16"));
        QCOMPARE(set.traits.format, ModelFormat::Safetensors);
        QCOMPARE(set.traits.family, QStringLiteral("Llama"));
        QCOMPARE(set.traits.architecture, QStringLiteral("llama"));
        QCOMPARE(set.traits.quantization, QStringLiteral("BF16"));
        QCOMPARE(set.traits.contextLength, 8192);
        QCOMPARE(set.traits.license, QStringLiteral("apache-2.0"));
        QCOMPARE(set.traits.chatTemplate, QStringLiteral("{{ messages[0]['content'] }}"));
        QVERIFY(set.traits.parameters > 3'000'000 && set.traits.parameters < 3'200'000);

        QVERIFY(QFile::remove(path + QStringLiteral("/model-00002-of-00003.safetensors")));
        const auto torn = scanModels({ path });
        QCOMPARE(torn.sets.sets.at(0).missing,
            QStringList(QStringLiteral("TinyLlama-Test/model-00002-of-00003.safetensors")));
    }

    void scansGgufFiles()
    {
        const QTemporaryDir folder;
        ModelRecipe recipe;
        recipe.size = 1 << 20;
        recipe.name = QStringLiteral("Qwen2.5 Test");
        const QString model = folder.filePath(QStringLiteral("whatever.gguf"));
        QVERIFY(makeModel(recipe, model));
        const QString broken = folder.filePath(QStringLiteral("Phi-3-Q8_0.gguf"));
        QVERIFY(write(broken, "GGUF\5\0\0\0"));
        const QString text = folder.filePath(QStringLiteral("notes.txt"));
        QVERIFY(write(text, "hello"));
        const auto scan = scanModels({ model, broken, text, folder.filePath(QStringLiteral("nothing")) });
        QCOMPARE(scan.files.size(), 4U);
        QCOMPARE(scan.sets.sets.size(), 2U);
        QCOMPARE(scan.sets.others.size(), 2U);
        QCOMPARE(scan.files[3].model.problem->kind, Error::Kind::NotFound);
        const auto &unread = scan.sets.sets[0]; // by name alone
        QCOMPARE(unread.name, QStringLiteral("Phi-3"));
        QCOMPARE(unread.traits.quantization, QStringLiteral("Q8_0"));
        QCOMPARE(unread.traits.family, QStringLiteral("Phi"));
        const auto &read = scan.sets.sets[1];
        QCOMPARE(read.name, QStringLiteral("Qwen2.5 Test"));
        QCOMPARE(read.distinctName, QStringLiteral("Qwen2.5-Test-Q4_K_M"));
        QCOMPARE(read.traits.family, QStringLiteral("Qwen")); // the name tells a llama apart
        QCOMPARE(read.traits.license, QStringLiteral("apache-2.0"));
        QVERIFY(read.traits.parameters > 1'000'000);
    }

    void joinsRenamedPartsByTheirMetadata()
    {
        std::vector<SetFile> files
            = listing({ QStringLiteral("one.gguf"), QStringLiteral("two.gguf"), QStringLiteral("three.gguf") });
        for (std::size_t i = 0; i < 3; ++i) {
            files[i].model.traits.format = ModelFormat::Gguf;
            files[i].model.part = i == 2 ? 1 : static_cast<int>(i + 1); // two first parts: two models
            files[i].model.parts = 3;
            files[i].model.traits.parameters = 10;
        }
        files[0].model.traits.name = QStringLiteral("Whole");
        const auto sets = groupModels(files);
        QCOMPARE(sets.sets.size(), 2U);
        QCOMPARE(sets.sets[0].name, QStringLiteral("Whole"));
        QCOMPARE(sets.sets[0].files.size(), 2U);
        QCOMPARE(sets.sets[0].traits.parameters, 20);
        QCOMPARE(sets.sets[0].missing, QStringList(QStringLiteral("part 3 of 3")));
        QCOMPARE(sets.sets[1].missingCount, 2);
    }

    void countsPackedWeights()
    {
        auto files = listing({ QStringLiteral("m/model.safetensors"),
            QStringLiteral("m/config.json = {\"quantization_config\":{\"quant_method\":\"gptq\",\"bits\":4}}") });
        auto &traits = files[0].model.traits;
        traits.format = ModelFormat::Safetensors;
        traits.parameters = 1'000 + 50;
        traits.bytesByType = { { QStringLiteral("I32"), 4'000 }, { QStringLiteral("F16"), 100 } };
        const auto sets = groupModels(files);
        QCOMPARE(sets.sets.at(0).traits.parameters, 8'050);
        QCOMPARE(sets.sets.at(0).traits.quantization, QStringLiteral("GPTQ 4-bit"));
    }

    void knowsTheHubsCache()
    {
        QCOMPARE(folderTitle(
                     QStringLiteral("/c/models--Qwen--Qwen2.5-7B/snapshots/0123456789012345678901234567890123456789/")),
            QStringLiteral("Qwen2.5-7B"));
        QCOMPARE(folderTitle(QStringLiteral("/a/b/")), QStringLiteral("b"));
        const QTemporaryDir folder;
        const QString snapshot
            = folder.filePath(QStringLiteral("models--a--Phi-4/snapshots/0123456789012345678901234567890123456789"));
        QVERIFY(write(folder.filePath(QStringLiteral("models--a--Phi-4/blobs/abc")), "{\"model_type\":\"phi3\"}"));
        QVERIFY(QDir().mkpath(snapshot));
        QVERIFY(QFile::link(QStringLiteral("../../blobs/abc"), snapshot + QStringLiteral("/config.json")));
        QVERIFY(QFile::link(folder.path(), snapshot + QStringLiteral("/loop")));
        ModelRecipe recipe;
        recipe.format = ModelRecipe::Format::Safetensors;
        recipe.dtype = QStringLiteral("F32");
        recipe.size = 1 << 20;
        QVERIFY(makeModel(recipe, snapshot + QStringLiteral("/model.safetensors")));
        const auto scan = scanModels({ snapshot });
        QCOMPARE(scan.files.size(), 2U);
        QCOMPARE(scan.sets.sets.at(0).name, QStringLiteral("Phi-4"));
        QCOMPARE(scan.sets.sets.at(0).traits.family, QStringLiteral("Phi"));
    }

    void groupsManyFilesFast()
    {
        QStringList names;
        for (int i = 0; i < 5'000; ++i)
            names.append(QStringLiteral("d%1/x-%2-00001-of-00100.gguf").arg(i % 100).arg(i));
        const auto files = listing(names);
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(groupModels(files).sets.size(), std::size_t { 5'000 });
        QVERIFY2(timer.elapsed() < 60'000, qPrintable(QString::number(timer.elapsed())));
        qInfo("5,000 files grouped in %lld ms", timer.elapsed());
    }
};

QTEST_GUILESS_MAIN(ModelSetTest)
#include "test_model_set.moc"
