// SPDX-License-Identifier: GPL-3.0-or-later
// Made tests/data/library1, once: freeze-library FOLDER. A whole library of format 1 on four accounts, as small as one
// can be that needs erasure coding, two epochs, leaves, and a log that begins with a checkpoint of three parts. Never
// made again: what could be restored then can be restored for ever.
#include "core/crypto/kit_words.h"
#include "core/distributor/objects/checkpoint.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/objects/manifest.h"
#include "core/distributor/objects/marker.h"
#include "tests/format/frozen_chunks.h"

#include <QDir>
#include <QFile>

using namespace mf;

namespace {

const QStringList kAccounts { QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("d") };

struct Accounts {
    QString folder;

    void file(const QString &path, const QByteArray &bytes) const
    {
        const QString full = folder + u'/' + path;
        QDir().mkpath(full.section(u'/', 0, -2));
        QFile out(full);
        if (out.exists() || !out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size())
            qFatal("cannot write %s, or it is there", qPrintable(full));
    }
    void onAll(const BlobName &name, const QByteArray &bytes) const
    {
        for (const QString &account : kAccounts)
            file(account + u'/' + name.value, bytes);
    }
    // Fragment n lies on the account `first` + n.
    PackRecord pack(const KeyRing &ring, const PackId &id, PackShape shape, PackClass packClass, const Chunks &chunks,
        int first) const
    {
        const auto salt = idOf<Sha256>(static_cast<std::uint8_t>(id.bytes[0] / 16 + 1)).bytes;
        const SealedPack sealed = sealPack(ring, id, salt, shape, chunks.records, chunks.encoded);
        for (int i = 0; i < shape.fragments; ++i)
            file(kAccounts[first + i] + u'/' + fragmentName(ring, id, i).value,
                sealed.blobs[static_cast<std::size_t>(i)]);
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
};

QByteArray piecesOf(const Chunks &chunks)
{
    QByteArray pieces;
    for (const Record &record : chunks.records) {
        ContentPiece piece;
        piece.hash = record.hash;
        piece.length = record.plainLength;
        appendPiece(pieces, piece);
    }
    return pieces;
}

ManifestFile fileOf(const QString &path, const QByteArray &content)
{
    ManifestFile file;
    file.file.path = path;
    file.file.size = content.size();
    file.file.sha256 = sha256(viewOf(content));
    file.file.modified = QDateTime::fromMSecsSinceEpoch(1'600'000'000'000, Qt::UTC);
    return file;
}

// A model's manifest and index object on all accounts; the event that tells of them.
Cbor publish(const Accounts &accounts, const KeyRing &ring, Manifest manifest, const QString &name, std::uint8_t number,
    Protection protection, const std::vector<PackRecord> &packs)
{
    RevisionRecord &revision = manifest.revision;
    revision.id = idOf<RevisionId>(number);
    revision.model = idOf<ModelId>(number);
    revision.name = name;
    revision.number = 1;
    revision.created = QDateTime::fromMSecsSinceEpoch(1'700'000'000'000, Qt::UTC);
    revision.protection = protection;
    for (const ManifestFile &file : manifest.files)
        revision.bytes += file.file.size;
    IndexObject index;
    index.packs = packs;
    for (const PackRecord &pack : packs)
        manifest.packs.push_back(pack.id);
    const QByteArray sealedIndex = sealIndex(ring, index);
    const QByteArray sealedManifest = sealManifest(ring, manifest);
    events::Revision event;
    event.id = revision.id;
    event.model = revision.model;
    event.name = name;
    event.manifest = objectHash(viewOf(sealedManifest));
    event.indexes = { objectHash(viewOf(sealedIndex)) };
    event.packs = manifest.packs;
    accounts.onAll(indexName(ring, event.indexes.front()), sealedIndex);
    accounts.onAll(manifestName(ring, event.manifest), sealedManifest);
    return events::revision(event);
}

// The log, segment by segment.
struct Log {
    const KeyRing *ring = nullptr;
    std::vector<ObjectHash> heads;
    quint64 lamport = 0;

    SealedSegment add(std::vector<Cbor> events)
    {
        Segment segment;
        segment.parents = heads;
        segment.author = idOf<ComputerId>(9);
        segment.lamport = ++lamport;
        segment.time = 1'700'000'000'000;
        for (Cbor &event : events)
            segment.events.push_back(std::move(event));
        SealedSegment sealed = sealSegment(*ring, segment);
        heads.assign(1, sealed.hash);
        return sealed;
    }
};

} // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): a tool for us: an exception ends it, and nobody calls it
int main(int argc, char **argv)
{
    if (argc != 2)
        qFatal("usage: freeze-library FOLDER");
    const Accounts accounts { QFile::decodeName(argv[1]) };
    const auto library = idOf<LibraryId>(5);
    const SecretKey kit(idOf<Sha256>(7).view());
    const KeyRing older(library, KeyRing::masterOf(SecretKey(idOf<Sha256>(6).view()), library));
    KeyRing ring = older;
    ring.add(KeyRing::masterOf(kit, library));
    accounts.file(QStringLiteral("kit"), wordsOf(kit).join(u' ').toLatin1() + '\n');
    for (int i = 0; i < kAccounts.size(); ++i) {
        Marker marker;
        marker.library = library;
        marker.account = idOf<AccountId>(static_cast<std::uint8_t>(i));
        accounts.file(kAccounts[i] + u'/' + markerName(older).value, sealMarker(older, marker));
    }
    const QByteArray object = sealLibraryObject(ring);
    accounts.onAll(libraryObjectName(ring, viewOf(object)), object);

    // Before the new kit: 2 + 2, every codec, its list of chunks in a leaf.
    const QByteArray text = QByteArray("text that repeats itself, ").repeated(200);
    const std::vector<std::tuple<QByteArray, ElementKind, Codec>> plains {
        { QByteArray("raw bytes of a chunk"), ElementKind::Bytes, Codec::Raw },
        { text, ElementKind::Bytes, Codec::Zstd },
        { weights(WeightKind::BF16, 8'000) + "x", ElementKind::BF16, Codec::PlanesBF16 },
        { weights(WeightKind::F16, 8'000), ElementKind::FP16, Codec::PlanesFP16 },
        { weights(WeightKind::F32, 8'000) + "xyz", ElementKind::FP32, Codec::PlanesFP32 },
        { weights(WeightKind::F8E4M3, 8'000), ElementKind::FP8, Codec::PlanesFP8 },
    };
    Chunks data;
    QByteArray content;
    for (const auto &[plain, element, codec] : plains) {
        data.add(plain, element, codec);
        content += plain;
    }
    QByteArray leaf = piecesOf(data);
    ContentPiece zeros;
    zeros.kind = ContentPiece::Kind::Zeros;
    zeros.length = 10'000;
    appendPiece(leaf, zeros);
    ContentPiece literal;
    literal.kind = ContentPiece::Kind::Literal;
    literal.literal = "the end";
    literal.length = literal.literal.size();
    appendPiece(leaf, literal);
    content += QByteArray(10'000, '\0') + literal.literal;
    Chunks leaves;
    leaves.add(leaf, ElementKind::Bytes, Codec::Raw);
    const std::vector<PackRecord> packs { accounts.pack(older, idOf<PackId>(5),
                                              PackShape(2, 4, fragmentDataCapacity(16 << 10)), PackClass::Data, data,
                                              0),
        accounts.pack(
            older, idOf<PackId>(7), PackShape(1, 3, fragmentDataCapacity(4 << 10)), PackClass::Metadata, leaves, 1) };
    Manifest manifest;
    manifest.files.push_back(fileOf(QStringLiteral("sub/weights.bin"), content));
    LeafReference reference;
    reference.hash = leaves.records.front().hash;
    reference.length = leaf.size();
    manifest.files.back().leaves.push_back(reference);
    manifest.files.push_back(fileOf(QStringLiteral("config.json"), literal.literal));
    appendPiece(manifest.files.back().pieces, literal);
    manifest.files.push_back(fileOf(QStringLiteral("nothing"), {}));
    for (const ManifestFile &file : manifest.files)
        accounts.file(QStringLiteral("expected/Frozen/") + file.file.path,
            file.file.path.endsWith(u"bin") ? content
                : file.file.size > 0        ? literal.literal
                                            : QByteArray());
    const Cbor frozen = publish(accounts, older, manifest, QStringLiteral("Frozen"), 1, Protection(2, 2), packs);

    Log log;
    log.ring = &older;
    const auto session = idOf<SessionId>(8);
    const std::vector<Cbor> stored { events::sessionOpened(session), frozen, events::sessionEnded(session) };
    std::vector<ToldSegment> told;
    const auto tell = [&](const SealedSegment &sealed, const std::vector<Cbor> &said) {
        ToldSegment segment;
        segment.hash = sealed.hash;
        segment.author = idOf<ComputerId>(9);
        segment.lamport = log.lamport;
        for (const Cbor &event : said)
            segment.events.push_back(event);
        told.push_back(std::move(segment));
    };
    tell(log.add(stored), { frozen });
    // A kit is made. A model is stored, removed for good, and its pack deleted; an account is given up.
    log.ring = &ring;
    Cbor epoch = Cbor::object();
    epoch["k"] = "epoch";
    epoch["e"] = cborBytes(ring.newest().id.view());
    tell(log.add({ epoch }), { epoch });
    events::Revision removed;
    removed.id = idOf<RevisionId>(3);
    removed.model = idOf<ModelId>(3);
    removed.name = QStringLiteral("Removed");
    removed.manifest = idOf<ObjectHash>(3);
    removed.indexes = { idOf<ObjectHash>(4) };
    removed.packs = { idOf<PackId>(13) }; // not the id of an account: that would be its end
    DoomRecord doom;
    doom.id = idOf<DoomId>(3);
    doom.packs = removed.packs;
    const std::vector<Cbor> gone { events::revision(removed),
        events::trash(removed.id, { PresenceId(removed.id.bytes) }, true), events::doom(doom), events::gone(doom.id),
        events::retired(idOf<AccountId>(6)) };
    tell(log.add(gone), gone);
    // All of that is told again by a checkpoint of three parts, and deleted.
    for (int part = 0; part < 3; ++part) {
        Checkpoint checkpoint;
        checkpoint.id = idOf<CheckpointId>(2);
        checkpoint.part = part;
        checkpoint.parts = 3;
        checkpoint.told = { told[static_cast<std::size_t>(part)] };
        checkpoint.covered = { checkpoint.told.front().hash };
        if (part == 0)
            checkpoint.library = object;
        const SealedSegment sealed = log.add({ checkpointEvent(checkpoint) });
        accounts.onAll(sealed.name, sealed.bytes);
    }
    // After the new kit, and after the checkpoint: two copies; put into the trash, and brought back.
    Chunks later;
    later.add(text + "later", ElementKind::Bytes, Codec::Zstd);
    Manifest second;
    second.files.push_back(fileOf(QStringLiteral("later.txt"), text + "later"));
    second.files.back().pieces = piecesOf(later);
    accounts.file(QStringLiteral("expected/Later/later.txt"), text + "later");
    const std::vector<PackRecord> copies { accounts.pack(
        ring, idOf<PackId>(9), PackShape(1, 2, fragmentDataCapacity(4 << 10)), PackClass::Data, later, 2) };
    const Cbor after = publish(accounts, ring, second, QStringLiteral("Later"), 2, Protection(1, 1), copies);
    const auto revision = idOf<RevisionId>(2);
    DoomRecord pardoned;
    pardoned.id = idOf<DoomId>(2);
    pardoned.packs = { idOf<PackId>(9) };
    for (const std::vector<Cbor> &said : std::vector<std::vector<Cbor>> { { after },
             { events::trash(revision, { PresenceId(revision.bytes) }, false), events::doom(pardoned) },
             { events::restore(revision, idOf<PresenceId>(11)), events::pardon(pardoned.id) } }) {
        const SealedSegment sealed = log.add(said);
        accounts.onAll(sealed.name, sealed.bytes);
    }
    return 0;
}
