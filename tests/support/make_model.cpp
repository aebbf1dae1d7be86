// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/make_model.h"

#include "tests/support/model_plan.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <cerrno>
#include <cmath>

namespace mf {

namespace {

constexpr qsizetype kBuffer = 1 << 20; // stays in the processor's cache between filling and writing

Error cannotWrite(const QFile &file)
{
    return Error(Error::Kind::Internal, QStringLiteral("MF-MAKE-WRITE"),
        QStringLiteral("cannot write %1: %2").arg(file.fileName(), file.errorString()));
}

Result<> writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.flush())
        return cannotWrite(file);
    return {};
}

Result<> writeTensor(QFile &file, const PlannedTensor &tensor, int alignment, std::uint64_t seed)
{
    WeightSource source(tensor.kind, tensor.sigma, seed);
    const qint64 block = bytesInBlock(tensor.kind);
    QByteArray buffer(static_cast<qsizetype>(std::min(tensor.bytes, kBuffer / block * block)), Qt::Uninitialized);
    for (qint64 left = tensor.bytes; left > 0; left -= buffer.size()) {
        buffer.resize(static_cast<qsizetype>(std::min<qint64>(left, buffer.size())));
        source.fill(mutableViewOf(buffer));
        if (file.write(buffer) != buffer.size())
            return cannotWrite(file);
    }
    const QByteArray padding(static_cast<qsizetype>((alignment - tensor.bytes % alignment) % alignment), '\0');
    if (file.write(padding) != padding.size())
        return cannotWrite(file);
    return {};
}

bool isInLayer(const QByteArray &tensor, int layer)
{
    const QByteArray number = QByteArray::number(layer).append('.');
    return tensor.startsWith(QByteArray("model.layers.").append(number)) // safetensors
        || tensor.startsWith(QByteArray("blk.").append(number)); // GGUF
}

Result<> writeWeights(const QString &path, const PlannedFile &plan, int changedLayer, FastRandom &seeds)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered) || file.write(plan.header) != plan.header.size())
        return cannotWrite(file);
    for (const auto &tensor : plan.tensors) {
        std::uint64_t seed = seeds.next();
        if (changedLayer >= 0 && isInLayer(tensor.name, changedLayer))
            seed = ~seed;
        if (const auto written = writeTensor(file, tensor, plan.alignment, seed); !written)
            return written.error();
    }
    return {};
}

QByteArray indexOf(const ModelPlan &plan)
{
    qint64 total = 0;
    QByteArray map;
    for (const auto &file : plan.files) {
        for (const auto &tensor : file.tensors) {
            total += tensor.bytes;
            map.append(map.isEmpty() ? "\n    \"" : ",\n    \"").append(tensor.name).append("\": \"");
            map.append(file.name.toUtf8()).append('"');
        }
    }
    return QByteArray("{\n  \"metadata\": {\n    \"total_size\": ")
        .append(QByteArray::number(total))
        .append("\n  },\n  \"weight_map\": {")
        .append(map)
        .append("\n  }\n}\n");
}

QByteArray configOf(const ModelRecipe &recipe, const ModelShape &shape)
{
    const QString torch = recipe.dtype == QLatin1String("F32") ? QStringLiteral("float32")
        : recipe.dtype == QLatin1String("F16")                 ? QStringLiteral("float16")
                                                               : QStringLiteral("bfloat16");
    const QString quantization = recipe.dtype.startsWith(QLatin1String("F8"))
        ? QStringLiteral(
              ",\n  \"quantization_config\": {\"quant_method\": \"fp8\", \"activation_scheme\": \"dynamic\"}")
        : QString();
    const QString text
        = QStringLiteral("{\n  \"architectures\": [\"LlamaForCausalLM\"],\n  \"model_type\": \"llama\",\n"
                         "  \"hidden_size\": %1,\n  \"intermediate_size\": %2,\n  \"num_hidden_layers\": %3,\n"
                         "  \"num_attention_heads\": %4,\n  \"num_key_value_heads\": %5,\n  \"vocab_size\": %6,\n"
                         "  \"max_position_embeddings\": 8192,\n  \"torch_dtype\": \"%7\"%8\n}\n");
    return text.arg(shape.hidden)
        .arg(shape.feedForward)
        .arg(shape.layers)
        .arg(shape.heads)
        .arg(shape.keyHeads)
        .arg(shape.vocabulary)
        .arg(torch, quantization)
        .toUtf8();
}

QByteArray tokenizerOf(const ModelShape &shape)
{
    QByteArray text("{\n  \"version\": \"1.0\",\n  \"model\": {\n    \"type\": \"BPE\",\n    \"vocab\": {");
    for (qint64 i = 0; i < shape.vocabulary; ++i)
        text.append(i > 0 ? ",\n      \"" : "\n      \"")
            .append(tokenText(i))
            .append("\": ")
            .append(QByteArray::number(i));
    return text.append("\n    },\n    \"merges\": []\n  }\n}\n");
}

Result<QStringList> writeCompanions(const ModelRecipe &recipe, const ModelPlan &plan, const QDir &folder)
{
    const QByteArray readme = QByteArray("---\nlicense: apache-2.0\nlanguage:\n- en\n---\n\n# ")
                                  .append(recipe.name.toUtf8())
                                  .append("\n\nA model without a meaning.\n");
    const std::pair<QString, QByteArray> files[] = {
        { QStringLiteral("model.safetensors.index.json"), indexOf(plan) },
        { QStringLiteral("config.json"), configOf(recipe, plan.shape) },
        { QStringLiteral("generation_config.json"), "{\"bos_token_id\": 1, \"eos_token_id\": 2}\n" },
        { QStringLiteral("tokenizer.json"), tokenizerOf(plan.shape) },
        { QStringLiteral("tokenizer_config.json"),
            "{\"tokenizer_class\": \"PreTrainedTokenizerFast\", \"chat_template\": \"{{ messages[0]['content'] "
            "}}\"}\n" },
        { QStringLiteral("README.md"), readme },
    };
    QStringList paths;
    for (const auto &[name, bytes] : files) {
        paths.append(folder.filePath(name));
        if (const auto written = writeFile(paths.last(), bytes); !written)
            return written.error();
    }
    return paths;
}

} // namespace

Result<QStringList> makeModel(const ModelRecipe &recipe, const QString &path)
{
    const auto plan = planModel(recipe);
    if (!plan)
        return plan.error();
    FastRandom seeds(recipe.seed);
    QStringList paths;
    if (recipe.format != ModelRecipe::Format::SafetensorsSharded) {
        if (const auto written = writeWeights(path, plan->files.front(), recipe.changedLayer, seeds); !written)
            return written.error();
        paths.append(path);
        return paths;
    }
    const QDir folder(path);
    if (!folder.mkpath(QStringLiteral(".")))
        return systemError(errno, QStringLiteral("cannot make the folder %1").arg(path));
    for (const auto &file : plan->files) {
        paths.append(folder.filePath(file.name));
        if (const auto written = writeWeights(paths.last(), file, recipe.changedLayer, seeds); !written)
            return written.error();
    }
    const auto companions = writeCompanions(recipe, *plan, folder);
    if (!companions)
        return companions.error();
    return paths + *companions;
}

Result<QStringList> makeTree(const QString &folder, int count, std::uint64_t seed)
{
    FastRandom random(seed);
    QStringList paths;
    for (int i = 0; i < count; ++i) {
        static const char16_t *const folders[]
            = { u"", u"docs", u"docs/more", u"data", u"data/a/b/c", u"with space", u"caf\u00e9" };
        static const char16_t *const names[]
            = { u"notes %1.txt", u"item-%1.json", u"blob_%1.bin", u"\u00fcber-%1.txt", u".hidden-%1" };
        const auto kind = static_cast<std::size_t>(random.below(5));
        const QString inside = QString::fromUtf16(folders[random.below(7)]);
        const QString name = QString::fromUtf16(names[kind]).arg(i);
        paths.append(inside.isEmpty() ? name : QString(inside + u'/' + name));
        // Most files are small; one in thirty is empty.
        const auto scale = static_cast<double>(random.below(1'000)) / 1'000;
        const auto size = random.below(30) == 0 ? 0 : static_cast<qsizetype>(std::exp(3 + 8 * scale));
        QByteArray bytes;
        if (kind == 2) {
            bytes.resize(size);
            WeightSource(WeightKind::Random, 1, random.next()).fill(mutableViewOf(bytes));
        } else {
            if (size > 0)
                bytes = kind == 1 ? QByteArray("{\"id\": ").append(QByteArray::number(i)).append(", \"text\": \"")
                                  : QByteArray::number(random.next(), 36);
            while (bytes.size() < size)
                bytes.append(' ').append(tokenText(3 + static_cast<qint64>(random.below(4'000))));
            if (kind == 1 && size > 0)
                bytes.append("\"}\n");
        }
        const QDir target(folder + u'/' + inside);
        if (!target.mkpath(QStringLiteral(".")))
            return systemError(errno, QStringLiteral("cannot make the folder %1").arg(target.path()));
        if (const auto written = writeFile(folder + u'/' + paths.last(), bytes); !written)
            return written.error();
    }
    return paths;
}

} // namespace mf
