// SPDX-License-Identifier: GPL-3.0-or-later
// Made tests/data/format1, once: freeze-format FOLDER. Format 1 is frozen: what it wrote then must open for ever, so
// the files are never made again; a format 2 gets a folder of its own.
#include "core/crypto/sha256.h"
#include "core/distributor/objects/checkpoint.h"
#include "core/distributor/objects/copy_object.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/objects/manifest.h"
#include "core/distributor/objects/marker.h"
#include "core/distributor/objects/segment.h"
#include "tests/format/frozen_chunks.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace mf;

namespace {

struct Writer {
    QString folder;
    QJsonObject facts;
    void file(const QString &name, const QByteArray &bytes) const
    {
        QFile out(folder + u'/' + name);
        if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(name));
    }
};

PackRecord writePack(Writer &writer, const KeyRing &ring, const QString &name, const PackId &id, PackShape shape,
    PackClass packClass, const Chunks &chunks)
{
    const auto salt = idOf<Sha256>(static_cast<std::uint8_t>(id.bytes[0] / 16 + 1)).bytes;
    const SealedPack sealed = sealPack(ring, id, salt, shape, chunks.records, chunks.encoded);
    for (std::size_t i = 0; i < sealed.blobs.size(); ++i)
        writer.file(QStringLiteral("%1.%2").arg(name).arg(i), sealed.blobs[i]);
    QJsonArray names;
    for (int i = 0; i < shape.fragments; ++i)
        names.append(fragmentName(ring, id, i).value);
    writer.facts[name] = QJsonObject { { QStringLiteral("id"), id.toHex() }, { QStringLiteral("k"), shape.k },
        { QStringLiteral("fragments"), shape.fragments }, { QStringLiteral("names"), names },
        { QStringLiteral("chunks"), chunks.facts } };
    PackRecord record;
    record.id = id;
    record.packClass = packClass;
    record.shape = shape;
    record.salt = salt;
    record.commitment = sealed.commitment;
    record.epoch = sealed.epoch;
    record.payloadLength = sealed.payloadLength;
    record.records = chunks.records;
    return record;
}

} // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): a tool for us: an exception ends it, and nobody calls it
int main(int argc, char **argv)
{
    if (argc != 2 || !QDir().mkpath(QFile::decodeName(argv[1])))
        qFatal("usage: freeze-format FOLDER");
    Writer writer;
    writer.folder = QFile::decodeName(argv[1]);
    const auto library = idOf<LibraryId>(1);
    const SecretKey first(idOf<Sha256>(2).view());
    const SecretKey second(idOf<Sha256>(3).view());
    KeyRing ring(library, KeyRing::masterOf(first, library));
    writer.file(QStringLiteral("library-0"), sealLibraryObject(ring));
    Marker marker;
    marker.library = library;
    marker.account = idOf<AccountId>(4);
    writer.file(QStringLiteral("marker"), sealMarker(ring, marker)); // under epoch 0; the rest under epoch 1
    writer.facts[QStringLiteral("markerName")] = markerName(ring).value;
    ring.add(KeyRing::masterOf(second, library));
    writer.file(QStringLiteral("library-1"), sealLibraryObject(ring));
    // Two computers made a kit at once, each knowing of the first one only.
    KeyRing forked(library, KeyRing::masterOf(first, library));
    forked.add(KeyRing::masterOf(second, library), 1);
    forked.add(KeyRing::masterOf(SecretKey(idOf<Sha256>(4).view()), library), 1);
    const auto eachKit = sealLibraryObjects(forked);
    for (std::size_t i = 0; i < eachKit.size(); ++i)
        writer.file(QStringLiteral("library-forked.%1").arg(i), eachKit[i]);

    Chunks data;
    data.add(QByteArray("raw bytes of a chunk"), ElementKind::Bytes, Codec::Raw);
    data.add(QByteArray("text that repeats itself, ").repeated(200), ElementKind::Bytes, Codec::Zstd);
    data.add(weights(WeightKind::BF16, 8'000) + "x", ElementKind::BF16, Codec::PlanesBF16);
    data.add(weights(WeightKind::F16, 8'000), ElementKind::FP16, Codec::PlanesFP16);
    data.add(weights(WeightKind::F32, 8'000) + "xyz", ElementKind::FP32, Codec::PlanesFP32);
    data.add(weights(WeightKind::F8E4M3, 8'000), ElementKind::FP8, Codec::PlanesFP8);
    const PackRecord pack = writePack(writer, ring, QStringLiteral("pack"), idOf<PackId>(5),
        PackShape(2, 4, fragmentDataCapacity(16 << 10)), PackClass::Data, data);

    QByteArray leaf;
    for (const Record &record : data.records) {
        ContentPiece piece;
        piece.hash = record.hash;
        piece.length = record.plainLength;
        appendPiece(leaf, piece);
    }
    ContentPiece zeros;
    zeros.kind = ContentPiece::Kind::Zeros;
    zeros.length = 1'000'000;
    appendPiece(leaf, zeros);
    ContentPiece literal;
    literal.kind = ContentPiece::Kind::Literal;
    literal.literal = "literal";
    literal.length = literal.literal.size();
    appendPiece(leaf, literal);
    Chunks leaves;
    leaves.add(leaf, ElementKind::Bytes, Codec::Raw);
    const PackRecord metadata = writePack(writer, ring, QStringLiteral("leaves"), idOf<PackId>(7),
        PackShape(1, 2, fragmentDataCapacity(4 << 10)), PackClass::Metadata, leaves);

    IndexObject index;
    index.supersedes.push_back(idOf<ObjectHash>(9));
    index.packs = { pack, metadata };
    const QByteArray sealedIndex = sealIndex(ring, index);
    writer.file(QStringLiteral("index"), sealedIndex);
    writer.facts[QStringLiteral("indexName")] = indexName(ring, objectHash(viewOf(sealedIndex))).value;

    Manifest manifest;
    RevisionRecord &revision = manifest.revision;
    revision.id = idOf<RevisionId>(10);
    revision.model = idOf<ModelId>(11);
    revision.name = QStringLiteral("Frozen \u2744");
    revision.number = 3;
    revision.created = QDateTime::fromMSecsSinceEpoch(1'700'000'000'123, Qt::UTC);
    revision.protection = Protection(2, 2);
    revision.facts.format = QStringLiteral("safetensors");
    revision.facts.parameters = 7'000'000'000;
    revision.metadata = { { QStringLiteral("general.name"), QStringLiteral("value") } };
    revision.tags = { QStringLiteral("chat") };
    ManifestFile file;
    file.file.path = QStringLiteral("sub/model.safetensors");
    file.file.sha256 = idOf<Sha256>(12);
    file.file.executable = true;
    file.file.modified = QDateTime::fromMSecsSinceEpoch(1'600'000'000'456, Qt::UTC);
    LeafReference reference;
    reference.hash = leaves.records.front().hash;
    reference.length = leaf.size();
    file.leaves.push_back(reference);
    for (const Record &record : data.records)
        file.file.size += record.plainLength;
    file.file.size += zeros.length + literal.length;
    TensorRecord tensor;
    tensor.name = QStringLiteral("weight");
    tensor.type = QStringLiteral("BF16");
    tensor.offset = 20;
    tensor.length = 8'000;
    tensor.shape = { 40, 100 };
    file.tensors.push_back(tensor);
    manifest.files.push_back(file);
    ManifestFile small;
    small.file.path = QStringLiteral("config.json");
    small.file.size = literal.length;
    small.file.sha256 = sha256(viewOf(literal.literal));
    appendPiece(small.pieces, literal);
    manifest.files.push_back(small);
    manifest.packs = { pack.id, metadata.id };
    const QByteArray sealedManifest = sealManifest(ring, manifest);
    writer.file(QStringLiteral("manifest"), sealedManifest);
    const ObjectHash manifestHash = objectHash(viewOf(sealedManifest));
    writer.facts[QStringLiteral("manifestName")] = manifestName(ring, manifestHash).value;

    Segment segment;
    segment.parents = { idOf<ObjectHash>(13) };
    segment.author = idOf<ComputerId>(14);
    segment.lamport = 42;
    segment.time = 1'700'000'000'000;
    events::Revision revisionEvent;
    revisionEvent.id = revision.id;
    revisionEvent.model = revision.model;
    revisionEvent.name = revision.name;
    revisionEvent.manifest = manifestHash;
    revisionEvent.indexes = { objectHash(viewOf(sealedIndex)) };
    revisionEvent.packs = manifest.packs;
    DoomRecord doom;
    doom.id = idOf<DoomId>(15);
    doom.packs = { pack.id };
    doom.fragments.emplace_back(metadata.id, 1, marker.account);
    doom.objects = { QStringLiteral("meta/object") };
    const auto session = idOf<SessionId>(8);
    for (const Cbor &event : { events::sessionOpened(session), events::sessionAdvanced(session, revisionEvent.indexes),
             events::revision(revisionEvent), events::sessionEnded(session),
             events::trash(revision.id, { PresenceId(revision.id.bytes) }, true),
             events::restore(revision.id, idOf<PresenceId>(6)), events::doom(doom), events::pardon(doom.id),
             events::gone(doom.id), events::retired(marker.account) })
        segment.events.push_back(event);
    const SealedSegment sealed = sealSegment(ring, segment);
    writer.file(QStringLiteral("segment"), sealed.bytes);
    writer.facts[QStringLiteral("segmentName")] = sealed.name.value;

    Checkpoint checkpoint;
    checkpoint.id = idOf<CheckpointId>(1);
    checkpoint.covered = { idOf<ObjectHash>(13), sealed.hash };
    checkpoint.library = sealLibraryObject(ring);
    ToldSegment told;
    told.hash = sealed.hash;
    told.author = segment.author;
    told.lamport = segment.lamport;
    told.events.push_back(events::revision(revisionEvent));
    checkpoint.told.push_back(told);
    segment.parents = { sealed.hash };
    segment.lamport = 43;
    segment.events = Cbor::array();
    segment.events.push_back(checkpointEvent(checkpoint));
    const SealedSegment covering = sealSegment(ring, segment);
    writer.file(QStringLiteral("checkpoint"), covering.bytes);
    writer.facts[QStringLiteral("checkpointName")] = covering.name.value;

    const QByteArray text("an SQLite file");
    const QByteArray part = sealCopyPart(ring, viewOf(text));
    RegistryCopy copy;
    copy.computer = segment.author;
    copy.lamport = 43;
    copy.bytes = text.size();
    copy.sha256 = sha256(viewOf(text));
    copy.parts = { objectHash(viewOf(part)) };
    const QByteArray head = sealCopyHead(ring, copy);
    writer.file(QStringLiteral("copy-part"), part);
    writer.facts[QStringLiteral("copyPartName")] = copyPartName(ring, copy.parts.front()).value;
    writer.file(QStringLiteral("copy-head"), head);
    writer.facts[QStringLiteral("copyHeadName")] = copyHeadName(ring, objectHash(viewOf(head))).value;

    writer.facts[QStringLiteral("library")] = library.toHex();
    writer.facts[QStringLiteral("recovery0")] = idOf<Sha256>(2).toHex();
    writer.facts[QStringLiteral("recovery1")] = idOf<Sha256>(3).toHex();
    writer.facts[QStringLiteral("recovery2")] = idOf<Sha256>(4).toHex();
    writer.file(QStringLiteral("facts.json"), QJsonDocument(writer.facts).toJson());
    return 0;
}
