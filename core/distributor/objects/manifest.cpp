// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/objects/manifest.h"

#include "core/base/path_text.h"
#include "core/crypto/sealed_object.h"

#include <set>

namespace mf {
namespace {

constexpr qint64 kLargestModel = qint64(1) << 62; // bytes; keeps every sum in range

Cbor encodeFacts(const ModelFacts &facts)
{
    Cbor map = Cbor::object();
    map["format"] = cborText(facts.format);
    map["family"] = cborText(facts.family);
    map["arch"] = cborText(facts.architecture);
    map["quant"] = cborText(facts.quantization);
    map["params"] = static_cast<quint64>(std::max<qint64>(facts.parameters, 0));
    map["context"] = static_cast<quint64>(std::max<qint64>(facts.contextLength, 0));
    map["license"] = cborText(facts.license);
    return map;
}

ModelFacts decodeFacts(CborReader &outer)
{
    CborReader reader(outer.map("a"));
    ModelFacts facts;
    facts.format = reader.text("format");
    facts.family = reader.text("family");
    facts.architecture = reader.text("arch");
    facts.quantization = reader.text("quant");
    facts.parameters = static_cast<qint64>(reader.number("params"));
    facts.contextLength = static_cast<qint64>(reader.number("context"));
    facts.license = reader.text("license");
    if (reader.failed())
        outer.fail("a");
    return facts;
}

Cbor encodeTensor(const TensorRecord &tensor)
{
    Cbor shape = Cbor::array();
    for (const qint64 n : tensor.shape)
        shape.push_back(static_cast<quint64>(n));
    Cbor list = Cbor::array();
    list.push_back(cborText(tensor.name));
    list.push_back(cborText(tensor.type));
    list.push_back(static_cast<quint64>(tensor.offset));
    list.push_back(static_cast<quint64>(tensor.length));
    list.push_back(std::move(shape));
    return list;
}

std::optional<TensorRecord> decodeTensor(const Cbor &list)
{
    const auto isSize = [](const Cbor &v) {
        return v.is_number_unsigned() && v.get<quint64>() <= quint64(std::numeric_limits<qint64>::max());
    };
    if (!list.is_array() || list.size() != 5 || !list[0].is_string() || !list[1].is_string() || !isSize(list[2])
        || !isSize(list[3]) || !list[4].is_array())
        return std::nullopt;
    TensorRecord tensor;
    tensor.name = QString::fromStdString(list[0].get_ref<const std::string &>());
    tensor.type = QString::fromStdString(list[1].get_ref<const std::string &>());
    tensor.offset = list[2].get<qint64>();
    tensor.length = list[3].get<qint64>();
    for (const Cbor &n : list[4]) {
        if (!isSize(n))
            return std::nullopt;
        tensor.shape.append(n.get<qint64>());
    }
    return tensor;
}

Cbor encodeFile(const ManifestFile &entry)
{
    const FileRecord &file = entry.file;
    Cbor map = Cbor::object();
    map["p"] = cborText(file.path);
    map["s"] = static_cast<quint64>(file.size);
    map["h"] = cborBytes(file.sha256.view());
    map["x"] = file.executable;
    map["t"] = file.modified.isValid() ? file.modified.toMSecsSinceEpoch() : qint64(0);
    if (entry.leaves.empty()) {
        map["c"] = cborBytes(viewOf(entry.pieces));
    } else {
        Cbor leaves = Cbor::array();
        for (const LeafReference &leaf : entry.leaves) {
            Cbor item = Cbor::object();
            item["h"] = cborBytes(leaf.hash.view());
            item["n"] = static_cast<quint64>(leaf.length);
            leaves.push_back(std::move(item));
        }
        map["l"] = std::move(leaves);
    }
    Cbor tensors = Cbor::array();
    for (const TensorRecord &tensor : entry.tensors)
        tensors.push_back(encodeTensor(tensor));
    map["e"] = std::move(tensors);
    return map;
}

Result<ManifestFile> decodeFile(const Cbor &map)
{
    constexpr quint64 kLongestLeaf = quint64(4) << 20;
    CborReader reader(map);
    ManifestFile entry;
    entry.file.path = reader.text("p");
    entry.file.size = static_cast<qint64>(reader.number("s", kLargestModel));
    entry.file.sha256 = reader.id<Sha256>("h");
    entry.file.executable = reader.boolean("x");
    const qint64 modified = reader.signedNumber("t");
    if (modified != 0)
        entry.file.modified = QDateTime::fromMSecsSinceEpoch(modified, Qt::UTC);
    if (reader.has("l")) {
        for (const Cbor &item : reader.array("l")) {
            CborReader leaf(item);
            LeafReference reference;
            reference.hash = leaf.id<ChunkHash>("h");
            reference.length = static_cast<qint64>(leaf.number("n", kLongestLeaf));
            if (leaf.failed())
                reader.fail("l");
            entry.leaves.push_back(reference);
        }
    } else {
        entry.pieces = reader.bytes("c");
    }
    for (const Cbor &item : reader.array("e")) {
        auto tensor = decodeTensor(item);
        if (!tensor) {
            reader.fail("e");
            break;
        }
        entry.tensors.push_back(std::move(*tensor));
    }
    if (reader.failed())
        return reader.error(QStringLiteral("file in a manifest"));
    const auto safe = checkRelativePath(entry.file.path);
    if (!safe)
        return safe.error();
    if (!entry.pieces.isEmpty()) {
        const auto pieces = parsePieces(viewOf(entry.pieces));
        if (!pieces)
            return pieces.error();
    }
    return entry;
}

} // namespace

QByteArray encodeManifest(const Manifest &manifest)
{
    const RevisionRecord &revision = manifest.revision;
    Cbor map = Cbor::object();
    map["v"] = 1U;
    map["r"] = cborBytes(revision.id.view());
    map["m"] = cborBytes(revision.model.view());
    map["n"] = cborText(revision.name);
    map["u"] = static_cast<quint64>(revision.number);
    map["t"] = revision.created.toMSecsSinceEpoch();
    map["k"] = static_cast<quint64>(revision.protection.k);
    map["l"] = static_cast<quint64>(revision.protection.m);
    map["a"] = encodeFacts(revision.facts);
    Cbor metadata = Cbor::object();
    for (auto it = revision.metadata.begin(); it != revision.metadata.end(); ++it)
        metadata[it.key().toStdString()] = cborText(it.value());
    map["d"] = std::move(metadata);
    Cbor tags = Cbor::array();
    for (const QString &tag : revision.tags)
        tags.push_back(cborText(tag));
    map["g"] = std::move(tags);
    map["cv"] = 1U;
    map["ev"] = 1U;
    Cbor files = Cbor::array();
    for (const ManifestFile &file : manifest.files)
        files.push_back(encodeFile(file));
    map["f"] = std::move(files);
    map["q"] = cborIds(manifest.packs);
    return toCbor(map);
}

Result<Manifest> decodeManifest(ByteView plain)
{
    const auto map = fromVersionedCbor(plain);
    if (!map)
        return map.error();
    CborReader reader(*map);
    Manifest manifest;
    RevisionRecord &revision = manifest.revision;
    revision.id = reader.id<RevisionId>("r");
    revision.model = reader.id<ModelId>("m");
    revision.name = reader.text("n");
    revision.number = static_cast<int>(reader.number("u", 1'000'000'000));
    revision.created = QDateTime::fromMSecsSinceEpoch(reader.signedNumber("t"), Qt::UTC);
    revision.protection.k = static_cast<int>(reader.number("k", 254));
    revision.protection.m = static_cast<int>(reader.number("l", 254));
    revision.facts = decodeFacts(reader);
    for (const auto &[key, value] : reader.map("d").items()) {
        if (!value.is_string())
            reader.fail("d");
        else
            revision.metadata.insert(
                QString::fromStdString(key), QString::fromStdString(value.get_ref<const std::string &>()));
    }
    for (const Cbor &tag : reader.array("g")) {
        if (tag.is_string())
            revision.tags.append(QString::fromStdString(tag.get_ref<const std::string &>()));
    }
    std::set<QString> paths;
    for (const Cbor &item : reader.array("f")) {
        auto file = decodeFile(item);
        if (!file)
            return file.error();
        if (!paths.insert(file->file.path).second)
            reader.fail("f");
        if (file->file.size > kLargestModel - revision.bytes)
            reader.fail("f");
        else
            revision.bytes += file->file.size;
        manifest.files.push_back(std::move(*file));
    }
    revision.files = static_cast<int>(manifest.files.size());
    manifest.packs = reader.ids<PackId>("q");
    if (reader.failed())
        return reader.error(QStringLiteral("manifest"));
    return manifest;
}

QByteArray sealManifest(const KeyRing &ring, const Manifest &manifest)
{
    const QByteArray plain = encodeManifest(manifest);
    return sealObject(ring, "manifest", ring.library().view(), viewOf(plain));
}

Result<Manifest> openManifest(const KeyRing &ring, ByteView sealed)
{
    const auto plain = openObject(ring, "manifest", ring.library().view(), sealed);
    if (!plain)
        return plain.error();
    return decodeManifest(viewOf(*plain));
}

BlobName manifestName(const KeyRing &ring, const ObjectHash &hash)
{
    return BlobName(QString(QStringLiteral("meta/") + ring.nameOf("manifest", hash.view())));
}

} // namespace mf
