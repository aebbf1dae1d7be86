// SPDX-License-Identifier: GPL-3.0-or-later
// make-model: writes models and folders for tests and the bench. See --help.

#include "tests/support/make_model.h"

#include <QCommandLineParser>
#include <QCoreApplication>

#include <cstdio>
#include <optional>

using namespace mf;

namespace {

// "2G", "300M", "64K", "1000": powers of 1024.
std::optional<qint64> sizeFrom(const QString &text)
{
    static const QString units = QStringLiteral("KMGT");
    const qsizetype unit = text.isEmpty() ? -1 : units.indexOf(text.back().toUpper());
    bool ok = false;
    const qint64 number = (unit < 0 ? text : text.chopped(1)).toLongLong(&ok);
    const int shift = static_cast<int>(10 * (unit + 1));
    if (!ok || number < 0 || number > (std::numeric_limits<qint64>::max() >> shift))
        return std::nullopt;
    return number << shift;
}

int fail(const QString &message)
{
    std::fprintf(stderr, "make-model: %s\n", qPrintable(message));
    return 1;
}

} // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): a tool for tests: an exception ends it, and nobody calls it
int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("Writes a llama-like model with real headers and weights of a "
                                                    "realistic distribution, or a folder of small files."));
    parser.addHelpOption();
    const auto option = [&](const char *name, const char *help, const char *value, const char *byDefault = "") {
        parser.addOption(QCommandLineOption(QString::fromLatin1(name), QString::fromLatin1(help),
            QString::fromLatin1(value), QString::fromLatin1(byDefault)));
    };
    option("format", "gguf, safetensors or safetensors-sharded", "FORMAT", "gguf");
    option("dtype", "gguf: Q4_K_M, Q6_K, Q8_0, Q4_0, F16, BF16, F32; safetensors: BF16, F16, F32, F8_E4M3", "DTYPE");
    option("size", "of the weights, with K, M, G or T", "SIZE", "16M");
    option("seed", "models of different seeds share no chunk", "NUMBER", "1");
    option("changed-layer", "this layer's weights are others, all else is as without it", "NUMBER", "-1");
    option("shards", "of safetensors-sharded", "NUMBER", "3");
    option("name", "what the model calls itself", "NAME", "Test-Llama");
    option("tree", "instead of a model: a folder of so many small files", "COUNT");
    option("out", "the file, or the folder of a sharded model or a tree", "PATH");
    parser.process(app);
    const auto value = [&](const char *name) { return parser.value(QString::fromLatin1(name)); };

    const QString out = value("out");
    if (out.isEmpty())
        return fail(QStringLiteral("--out is missing"));
    bool seedOk = false;
    const auto seed = value("seed").toULongLong(&seedOk);
    if (!seedOk)
        return fail(QStringLiteral("--seed is not a number"));
    if (parser.isSet(QStringLiteral("tree"))) {
        const auto made = makeTree(out, value("tree").toInt(), seed);
        return made ? 0 : fail(made.error().message);
    }

    ModelRecipe recipe;
    const QString format = value("format");
    if (format == QLatin1String("safetensors"))
        recipe.format = ModelRecipe::Format::Safetensors;
    else if (format == QLatin1String("safetensors-sharded"))
        recipe.format = ModelRecipe::Format::SafetensorsSharded;
    else if (format != QLatin1String("gguf"))
        return fail(QStringLiteral("no such --format: %1").arg(format));
    recipe.dtype = value("dtype");
    if (recipe.dtype.isEmpty())
        recipe.dtype = recipe.format == ModelRecipe::Format::Gguf ? QStringLiteral("Q4_K_M") : QStringLiteral("BF16");
    const auto size = sizeFrom(value("size"));
    if (!size)
        return fail(QStringLiteral("--size is not a size"));
    recipe.size = *size;
    recipe.seed = seed;
    recipe.changedLayer = value("changed-layer").toInt();
    recipe.shards = value("shards").toInt();
    recipe.name = value("name");
    const auto made = makeModel(recipe, out);
    if (!made)
        return fail(made.error().message);
    for (const auto &path : *made)
        std::printf("%s\n", qPrintable(path));
    return 0;
}
