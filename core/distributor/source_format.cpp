// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/source_format.h"

#include "core/base/path_text.h"
#include "core/formats/model_file.h"
#include "core/formats/tar.h"

#include <algorithm>

namespace mf {
namespace {

constexpr qsizetype kLongestMetadata = 64 << 10; // characters of one value; a chat template fits
constexpr std::size_t kMostMetadata = 512;

// The regions of each file in a tar, and what lies between them in such a file as regions of their own: then the file
// is cut where it would be by itself.
std::vector<Region> regionsOfMembers(const ByteSource &tar)
{
    std::vector<Region> regions;
    for (const TarMember &member : readTar(tar)) {
        qint64 at = member.offset;
        const auto fill = [&regions, &at](qint64 end) {
            if (end > at)
                regions.emplace_back(at, end - at, ElementKind::Bytes, 0);
        };
        const ModelFile model
            = readModelFile(PartSource(tar, member.offset, member.length), member.name.section(u'/', -1));
        for (const TensorRegion &region : model.regions) {
            const qint64 begin = member.offset + region.offset;
            fill(begin);
            regions.emplace_back(begin, region.length, elementKindOf(region.element), region.block);
            at = begin + region.length;
        }
        fill(member.offset + member.length);
    }
    return regions;
}

bool isTar(const ByteSource &source)
{
    std::array<std::uint8_t, kTarBlock> head {};
    return source.size() >= qint64(kTarBlock) && source.readAt(0, head) && looksLikeTar(head);
}

} // namespace

ElementKind elementKindOf(TensorElement element)
{
    switch (element) {
    case TensorElement::BF16:
        return ElementKind::BF16;
    case TensorElement::FP16:
        return ElementKind::FP16;
    case TensorElement::FP32:
        return ElementKind::FP32;
    case TensorElement::FP8:
        return ElementKind::FP8;
    case TensorElement::Bytes:
        break;
    }
    return ElementKind::Bytes;
}

SourceFormat inspectSource(const SourceFile &file, const QString &storedPath)
{
    const DescriptorSource source(file.descriptor(), file.size());
    ModelFile model = readModelFile(source, storedPath.section(u'/', -1));
    SourceFormat format;
    for (const TensorRegion &region : model.regions)
        format.regions.emplace_back(region.offset, region.length, elementKindOf(region.element), region.block);
    if (model.traits.format == ModelFormat::Unknown && isTar(source))
        format.regions = regionsOfMembers(source);
    for (Tensor &tensor : model.tensors) {
        TensorRecord record;
        record.name = std::move(tensor.name);
        record.type = std::move(tensor.type);
        record.offset = tensor.offset;
        record.length = tensor.length;
        record.shape = QList<qint64>(tensor.shape.begin(), tensor.shape.end());
        format.tensors.push_back(std::move(record));
    }
    format.facts.format = formatName(model.traits.format);
    format.facts.family = model.traits.family;
    format.facts.architecture = model.traits.architecture;
    format.facts.quantization = model.traits.quantization;
    format.facts.parameters = model.traits.parameters;
    format.facts.contextLength = model.traits.contextLength;
    format.facts.license = model.traits.license;
    for (std::size_t i = 0; i < std::min(model.metadata.size(), kMostMetadata); ++i) {
        const MetadataLine &line = model.metadata[i];
        const QString value = line.value.isEmpty() && line.count > 0
            ? QString(QString::number(line.count) + QStringLiteral(" items"))
            : line.value;
        format.metadata.insert(line.key, value.left(kLongestMetadata));
    }
    return format;
}

ModelFacts mergeFacts(const std::vector<std::pair<ModelFacts, qint64>> &factsAndSizes)
{
    ModelFacts merged;
    qint64 largest = -1;
    qint64 parameters = 0;
    for (const auto &[facts, size] : factsAndSizes) {
        parameters += facts.parameters;
        if (!facts.format.isEmpty() && size > largest) {
            largest = size;
            merged = facts;
        }
    }
    const auto fill = [](QString &value, const QString &other) {
        if (value.isEmpty())
            value = other;
    };
    for (const auto &[facts, size] : factsAndSizes) { // config.json knows what safetensors files do not say
        fill(merged.family, facts.family);
        fill(merged.architecture, facts.architecture);
        fill(merged.quantization, facts.quantization);
        fill(merged.license, facts.license);
        merged.contextLength = std::max(merged.contextLength, facts.contextLength);
    }
    merged.parameters = parameters;
    return merged;
}

QString defaultModelName(const std::vector<SourceEntry> &entries, const std::vector<QByteArray> &paths)
{
    if (paths.size() != 1 || entries.size() != 1) {
        QByteArray first = paths.front();
        while (first.size() > 1 && first.endsWith('/'))
            first.chop(1);
        if (paths.size() == 1)
            return textOfPath(first.mid(first.lastIndexOf('/') + 1));
    }
    QString name = entries.front().stored.section(u'/', -1);
    for (const QString &suffix : { QStringLiteral(".gguf"), QStringLiteral(".safetensors") }) {
        if (name.endsWith(suffix, Qt::CaseInsensitive) && name.size() > suffix.size())
            name.chop(suffix.size());
    }
    // "-00001-of-00003": the parts together are the model.
    const qsizetype of = name.lastIndexOf(QStringLiteral("-of-"));
    if (of >= 6 && name.size() == of + 9 && name[of - 6] == u'-')
        name.truncate(of - 6);
    return name;
}

} // namespace mf
