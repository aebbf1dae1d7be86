// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/model_file.h"

#include "core/formats/ggml_types.h"
#include "core/formats/gguf.h"
#include "core/formats/model_name.h"
#include "core/formats/safetensors.h"
#include "core/formats/tensor_mix.h"

#include <QFile>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mf {

namespace {

constexpr qsizetype kShownValue = 65'536; // characters

std::vector<TensorRegion> regionsOf(const std::vector<Tensor> &tensors)
{
    std::vector<TensorRegion> regions;
    regions.reserve(tensors.size());
    for (const auto &tensor : tensors) {
        if (tensor.length > 0)
            regions.push_back({ tensor.offset, tensor.length, tensor.element, tensor.block });
    }
    return regions;
}

MetadataLine lineOf(const GgufEntry &entry)
{
    MetadataLine line;
    line.key = QString::fromUtf8(entry.key);
    if (entry.type != GgufType::Array) {
        line.type = ggufTypeName(entry.type);
        line.value = toText(entry.value).left(kShownValue);
        return line;
    }
    line.type = QStringLiteral("array of %1").arg(ggufTypeName(entry.element));
    line.count = entry.count;
    QStringList items;
    for (const auto &item : entry.items)
        items.append(toText(item));
    line.value = items.join(QStringLiteral(", ")).left(kShownValue);
    return line;
}

void fillFromGguf(ModelFile &file, GgufHeader header, const ModelFileName &name)
{
    auto &traits = file.traits;
    traits.format = ModelFormat::Gguf;
    traits.name = header.text("general.name").value_or(QString());
    traits.kind = header.text("general.type").value_or(QStringLiteral("model"));
    traits.architecture = header.text("general.architecture").value_or(QString());
    traits.license = header.text("general.license").value_or(header.text("general.license.name").value_or(QString()));
    traits.chatTemplate = header.text("tokenizer.chat_template").value_or(QString());
    const QByteArray contextKey = traits.architecture.toUtf8() + ".context_length";
    traits.contextLength = std::max<qint64>(0, header.integer(contextKey).value_or(0));
    traits.family = modelFamily(traits.architecture,
        { header.text("general.basename").value_or(QString()), traits.name,
            header.text("general.base_model.0.name").value_or(QString()), name.stem });
    addTensors(traits, header.tensors);
    std::optional<QString> fileType;
    if (const auto number = header.integer("general.file_type"); number && *number >= 0)
        fileType = ggufFileTypeName(static_cast<std::uint64_t>(*number));
    traits.declared = fileType.value_or(QString());
    traits.quantization = ggufQuantization(traits.declared, traits.bytesByType, name.quantization);
    const qint64 count = header.integer("split.count").value_or(0);
    const qint64 number = header.integer("split.no").value_or(-1);
    if (count > 1 && count <= kMostParts && number >= 0 && number < count) {
        file.part = static_cast<int>(number) + 1;
        file.parts = static_cast<int>(count);
    }
    file.metadata.reserve(header.entries.size());
    for (const auto &entry : header.entries)
        file.metadata.push_back(lineOf(entry));
    file.regions = regionsOf(header.tensors);
    file.tensors = std::move(header.tensors);
}

void fillFromSafetensors(ModelFile &file, SafetensorsHeader header, const ModelFileName &name)
{
    auto &traits = file.traits;
    traits.format = ModelFormat::Safetensors;
    traits.kind = QStringLiteral("model");
    for (const auto &[key, value] : header.metadata) {
        if (key == QLatin1String("modelspec.architecture"))
            traits.architecture = value;
        else if (key == QLatin1String("modelspec.title"))
            traits.name = value;
        else if (key == QLatin1String("modelspec.license"))
            traits.license = value;
        MetadataLine line;
        line.key = key;
        line.type = QStringLiteral("string");
        line.value = value.left(kShownValue);
        file.metadata.push_back(std::move(line));
    }
    traits.family = modelFamily(traits.architecture, { traits.name, name.stem });
    addTensors(traits, header.tensors);
    traits.quantization = safetensorsQuantization(traits.bytesByType);
    if (traits.quantization.isEmpty())
        traits.quantization = name.quantization;
    file.regions = regionsOf(header.tensors);
    file.tensors = std::move(header.tensors);
}

// PyTorch's own files: a zip whose first member is "…/data.pkl", or before 2020 a bare pickle of a magic number.
bool looksLikePickle(ByteView head, const QString &extension)
{
    static constexpr std::uint8_t zip[] = { 'P', 'K', 3, 4 };
    static constexpr std::uint8_t legacy[]
        = { 0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19 };
    const auto begins = [&](ByteView with) {
        return head.size() >= with.size() && std::ranges::equal(head.first(with.size()), with);
    };
    if (begins(zip) && head.size() >= 30) {
        const auto length = static_cast<std::size_t>(loadLe<std::uint16_t>(head.data() + 26));
        const auto name = toByteArray(head.subspan(30, std::min(length, head.size() - 30)));
        return name == "data.pkl" || name.endsWith("/data.pkl");
    }
    if (begins(legacy))
        return true;
    static const QStringList extensions { QStringLiteral("bin"), QStringLiteral("pt"), QStringLiteral("pth"),
        QStringLiteral("ckpt"), QStringLiteral("pkl"), QStringLiteral("pickle") };
    return head.size() >= 2 && head[0] == 0x80 && head[1] >= 2 && head[1] <= 5 && extensions.contains(extension);
}

Error notAModel()
{
    return Error(Error::Kind::Unsupported, QStringLiteral("MF-FORMAT-UNKNOWN"),
        QStringLiteral("This is not a GGUF or safetensors file. It is stored as it is."));
}

} // namespace

QString formatName(ModelFormat format)
{
    switch (format) {
    case ModelFormat::Gguf:
        return QStringLiteral("gguf");
    case ModelFormat::Safetensors:
        return QStringLiteral("safetensors");
    case ModelFormat::Pickle:
        return QStringLiteral("pickle");
    case ModelFormat::Unknown:
        break;
    }
    return {};
}

ModelFile readModelFile(const ByteSource &source, const QString &fileName)
{
    ModelFile file;
    const auto name = splitModelFileName(fileName);
    std::array<std::uint8_t, 512> buffer {};
    const auto head = MutableBytes(buffer).first(
        static_cast<std::size_t>(std::min({ source.size(), source.available(), qint64 { 512 } })));
    if (const auto read = source.readAt(0, head); !read) {
        file.problem = read.error();
        return file;
    }
    static constexpr QByteArrayView pointer("version https://git-lfs.github.com/spec/");
    if (toByteArray(head).startsWith(pointer)) {
        file.problem = Error(Error::Kind::Invalid, QStringLiteral("MF-FORMAT-POINTER"),
            QStringLiteral("This is only a Git LFS pointer to the file. Run “git lfs pull” to get the file itself."));
    } else if (looksLikeGguf(head)) {
        auto header = readGguf(source);
        if (header)
            fillFromGguf(file, *std::move(header), name);
        else
            file.problem = header.error();
    } else if (looksLikeSafetensors(head, source.size()) || name.extension == QLatin1String("safetensors")) {
        auto header = readSafetensors(source);
        if (header)
            fillFromSafetensors(file, *std::move(header), name);
        else
            file.problem = header.error();
    } else if (looksLikePickle(head, name.extension)) {
        file.traits.format = ModelFormat::Pickle;
        file.traits.kind = QStringLiteral("model");
        file.traits.family = modelFamily({}, { name.stem });
        file.traits.quantization = name.quantization;
    } else {
        file.problem = notAModel();
    }
    return file;
}

Result<ModelFile> readModelFile(const QString &path)
{
    const QString what = QStringLiteral("cannot open %1").arg(path);
    const int descriptor = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        return systemError(errno, what);
    struct Closer {
        int descriptor;
        ~Closer() { ::close(descriptor); }
    } const closer { descriptor };
    struct stat status {};
    if (::fstat(descriptor, &status) != 0)
        return systemError(errno, what);
    if (!S_ISREG(status.st_mode))
        return Error(Error::Kind::Invalid, QStringLiteral("MF-FORMAT-NOT-A-FILE"),
            QStringLiteral("%1 is not a file; choose a file or a folder.").arg(path));
    const DescriptorSource source(descriptor, status.st_size);
    return readModelFile(source, path);
}

} // namespace mf
