// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/set_traits.h"

#include "core/formats/hub_files.h"
#include "core/formats/model_name.h"
#include "core/formats/tensor_mix.h"

#include <QRegularExpression>

#include <algorithm>
#include <limits>

namespace mf {

namespace {

// File names that say what a file is for, not what model it is of.
bool isGenericName(const QString &name)
{
    static const QRegularExpression pattern(
        QStringLiteral("^(pytorch_model|model|diffusion_pytorch_model|adapter_model|consolidated(\\.\\d+)?|ggml-model"
                       "|weights|lora|tf_model|main|snapshots?|[0-9a-f]{40})$"));
    return name.isEmpty() || pattern.match(name.toLower()).hasMatch();
}

// What converters leave in general.name when nobody says better: paths, hashes, names of work folders.
bool isUsefulName(const QString &name)
{
    static const QRegularExpression junk(QStringLiteral(
        "^(models?|workspace|out(put)?|tmp|temp|hf|huggingface|llama|gguf|checkpoint.*|merged|download|\\.+"
        "|[0-9a-f]{32,64})$"));
    return name.size() >= 3 && name.size() <= 120 && !name.contains(u'/') && !name.contains(u'\\')
        && !isGenericName(name) && !junk.match(name.toLower()).hasMatch();
}

// What a folder is called; with its parent where its own name only says what is in it.
QString titleOf(const QString &folder)
{
    static const QRegularExpression plain(
        QStringLiteral("^(original|onnx|weights|checkpoints?|gguf|safetensors|models?)$"));
    const QString name = fileNameOf(folder);
    const QString parent = fileNameOf(folderOf(folder));
    return parent.isEmpty() || !plain.match(name.toLower()).hasMatch() ? name
                                                                       : QStringLiteral("%1-%2").arg(parent, name);
}

// The first file that can speak for all: part 1 of a split GGUF model holds all metadata.
const SetFile &speaker(std::span<const SetFile> files, const SetDraft &draft)
{
    const auto partOf = [&](std::size_t index) {
        const auto &model = files[index].model;
        const int part = model.parts > 0 ? model.part : splitModelFileName(files[index].name).part;
        return std::pair(model.problem.has_value(), part);
    };
    return files[*std::ranges::min_element(draft.counted, {}, partOf)];
}

void addUp(ModelTraits &traits, std::span<const SetFile> files, const SetDraft &draft)
{
    traits.parameters = 0;
    traits.bytesByType.clear();
    for (const auto index : draft.counted) {
        const auto &part = files[index].model.traits;
        if (__builtin_add_overflow(traits.parameters, part.parameters, &traits.parameters))
            traits.parameters = std::numeric_limits<qint64>::max();
        for (const auto &[type, bytes] : part.bytesByType)
            traits.bytesByType[type] += bytes;
        if (traits.format == ModelFormat::Unknown)
            traits.format = part.format;
    }
}

// Integers that hold several weights each count as what they hold.
void unpack(ModelTraits &traits, int bits)
{
    static const std::pair<QString, int> packed[]
        = { { QStringLiteral("I32"), 4 }, { QStringLiteral("U32"), 4 }, { QStringLiteral("U8"), 1 } };
    for (const auto &[type, width] : packed) {
        const auto found = traits.bytesByType.find(type);
        if (bits > 0 && found != traits.bytesByType.end())
            traits.parameters += found->second / bits * 8 - found->second / width;
    }
}

// What the small files beside the weights say; the deepest folder of the draft's own files first.
void readHubFiles(ModelTraits &traits, std::span<const SetFile> files, const SetDraft &draft)
{
    int packedBits = 0;
    for (const auto index : draft.files) {
        const auto &file = files[index];
        if (file.text.isEmpty() || folderOf(file.name) != draft.folder)
            continue;
        const QString name = fileNameOf(file.name);
        const auto fill = [](QString &field, const QString &value) {
            if (field.isEmpty())
                field = value;
        };
        if (name == QLatin1String("config.json") && draft.kind == SetKind::Weights) {
            const auto config = readHubConfig(file.text).value_or(HubConfig());
            fill(traits.architecture, config.architecture);
            traits.contextLength = traits.contextLength > 0 ? traits.contextLength : config.contextLength;
            if (!config.quantization.isEmpty())
                traits.quantization = config.quantization;
            else
                fill(traits.quantization, config.dtype);
            packedBits = config.packedBits;
        } else if (name == QLatin1String("README.md")) {
            fill(traits.license, licenseOfReadme(file.text));
        } else if (name == QLatin1String("chat_template.jinja")) {
            traits.chatTemplate = QString::fromUtf8(file.text);
        } else if (name == QLatin1String("tokenizer_config.json") || name == QLatin1String("chat_template.json")) {
            fill(traits.chatTemplate, chatTemplateOf(file.text));
        }
    }
    unpack(traits, packedBits);
}

QString nameOf(const SetDraft &draft, const ModelTraits &traits, const QString &base, const QString &folderTitle)
{
    if (isUsefulName(traits.name))
        return traits.name;
    if (draft.isFolder && !isGenericName(folderTitle))
        return folderTitle;
    if (!isGenericName(base))
        return base;
    if (!folderTitle.isEmpty())
        return folderTitle;
    return base.isEmpty() ? QStringLiteral("model") : base;
}

} // namespace

bool isGguf(const SetFile &file)
{
    const auto format = file.model.traits.format;
    return format == ModelFormat::Gguf
        || (format == ModelFormat::Unknown && file.name.endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive));
}

bool isWeights(const SetFile &file)
{
    static const QRegularExpression pattern(
        QStringLiteral("(\\.safetensors|(^|/)(pytorch_model|consolidated)[^/]*\\.(bin|pth|pt))$"));
    const auto format = file.model.traits.format;
    if (format != ModelFormat::Unknown)
        return format == ModelFormat::Safetensors || format == ModelFormat::Pickle;
    return pattern.match(file.name).hasMatch();
}

QString folderOf(const QString &name) { return name.left(std::max<qsizetype>(0, name.lastIndexOf(u'/'))); }

QString fileNameOf(const QString &name) { return name.mid(name.lastIndexOf(u'/') + 1); }

ModelSet describeSet(std::span<const SetFile> files, SetDraft draft, const QString &title)
{
    ModelSet set;
    std::ranges::sort(draft.files, {}, [&](std::size_t i) { return files[i].name; });
    for (const auto index : draft.files)
        set.size += files[index].size;
    const auto &first = speaker(files, draft);
    const auto fileName = splitModelFileName(first.name);
    auto &traits = set.traits;
    traits = first.model.traits;
    addUp(traits, files, draft);
    if (traits.format == ModelFormat::Unknown)
        traits.format = draft.kind == SetKind::Gguf              ? ModelFormat::Gguf
            : fileName.extension == QLatin1String("safetensors") ? ModelFormat::Safetensors
                                                                 : ModelFormat::Pickle;
    traits.quantization = draft.kind == SetKind::Gguf
        ? ggufQuantization(traits.declared, traits.bytesByType, fileName.quantization)
        : safetensorsQuantization(traits.bytesByType);
    readHubFiles(traits, files, draft);
    if (traits.quantization.isEmpty())
        traits.quantization = fileName.quantization;
    const QString folderTitle = draft.folder.isEmpty() ? title : titleOf(draft.folder);
    set.name = nameOf(draft, traits, fileName.base, folderTitle);
    traits.family = modelFamily(traits.architecture, { traits.name, set.name, fileName.stem, folderTitle });
    const bool says = traits.quantization.isEmpty() || set.name.contains(traits.quantization, Qt::CaseInsensitive);
    set.distinctName = says ? set.name : QStringLiteral("%1-%2").arg(set.name, traits.quantization).replace(u' ', u'-');
    set.files = std::move(draft.files);
    set.missing = std::move(draft.missing);
    set.missingCount = draft.missingCount;
    return set;
}

} // namespace mf
