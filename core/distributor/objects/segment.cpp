// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/objects/segment.h"

#include "core/crypto/sealed_object.h"
#include "core/crypto/sha256.h"
#include "core/distributor/objects/checkpoint.h"

namespace mf {

ObjectHash objectHash(ByteView sealed) { return ObjectHash(sha256(sealed).bytes); }

BlobName segmentName(const KeyRing &ring, const ObjectHash &hash)
{
    return BlobName(QString(QStringLiteral("log/") + ring.nameOf("segment", hash.view())));
}

QByteArray encodeSegment(const Segment &segment)
{
    Cbor map = Cbor::object();
    map["v"] = 1U;
    map["p"] = cborIds(segment.parents);
    map["c"] = cborBytes(segment.author.view());
    map["l"] = segment.lamport;
    map["t"] = segment.time;
    map["e"] = segment.events;
    return toCbor(map);
}

SealedSegment sealSegment(const KeyRing &ring, const Segment &segment)
{
    const QByteArray plain = encodeSegment(segment);
    SealedSegment sealed;
    sealed.bytes = sealObject(ring, "segment", ring.library().view(), viewOf(plain));
    sealed.hash = objectHash(viewOf(sealed.bytes));
    sealed.name = segmentName(ring, sealed.hash);
    return sealed;
}

Result<Segment> openSegment(const KeyRing &ring, const BlobName &name, ByteView sealed)
{
    if (segmentName(ring, objectHash(sealed)) != name)
        return Error(Error::Kind::Corrupt, QStringLiteral("MF-SEGMENT-NAME"),
            QStringLiteral("a log segment is not what its name says: %1").arg(name.value));
    const auto plain = openObject(ring, "segment", ring.library().view(), sealed);
    if (!plain) // it is what was written: only the key is missing
        return Error(Error::Kind::Unauthorised, QStringLiteral("MF-KEYS-NEWER"),
            QStringLiteral("another computer made a new recovery kit for this library, and this one does not have it: "
                           "until `init --from-kit FILE` takes it in here (FILE: the new kit), this computer writes "
                           "nothing and reads only what it could read before; if it was interrupted while it made the "
                           "kit itself, `kit --new` goes on"));
    return decodeSegment(viewOf(*plain));
}

Result<Segment> decodeSegment(ByteView plain)
{
    const auto map = fromVersionedCbor(plain);
    if (!map)
        return map.error();
    CborReader reader(*map);
    Segment segment;
    segment.parents = reader.ids<ObjectHash>("p");
    segment.author = reader.id<ComputerId>("c");
    segment.lamport = reader.number("l");
    segment.time = reader.signedNumber("t");
    segment.events = reader.array("e");
    if (reader.failed())
        return reader.error(QStringLiteral("log segment"));
    return segment;
}

namespace events {

namespace {
Cbor ofSession(const char *kind, const SessionId &session)
{
    Cbor event = Cbor::object();
    event["k"] = kind;
    event["s"] = cborBytes(session.view());
    return event;
}

Cbor ofDoom(const char *kind, const DoomId &doom)
{
    Cbor event = Cbor::object();
    event["k"] = kind;
    event["d"] = cborBytes(doom.view());
    return event;
}
} // namespace

Cbor sessionOpened(const SessionId &session) { return ofSession("session-opened", session); }

Cbor sessionAdvanced(const SessionId &session, const std::vector<ObjectHash> &indexes)
{
    Cbor event = ofSession("session-advanced", session);
    event["i"] = cborIds(indexes);
    return event;
}

Cbor sessionEnded(const SessionId &session) { return ofSession("session-ended", session); }

Cbor revision(const Revision &revision)
{
    Cbor event = Cbor::object();
    event["k"] = "revision";
    event["r"] = cborBytes(revision.id.view());
    event["m"] = cborBytes(revision.model.view());
    event["n"] = cborText(revision.name);
    event["o"] = cborBytes(revision.manifest.view());
    event["i"] = cborIds(revision.indexes);
    event["q"] = cborIds(revision.packs);
    return event;
}

Cbor trash(const RevisionId &revision, const std::vector<PresenceId> &presences, bool isForever)
{
    Cbor event = Cbor::object();
    event["k"] = "trash";
    event["r"] = cborBytes(revision.view());
    event["a"] = cborIds(presences);
    event["f"] = isForever;
    return event;
}

Cbor restore(const RevisionId &revision, const PresenceId &presence)
{
    Cbor event = Cbor::object();
    event["k"] = "restore";
    event["r"] = cborBytes(revision.view());
    event["a"] = cborBytes(presence.view());
    return event;
}

Cbor doom(const DoomRecord &doom)
{
    Cbor event = ofDoom("doom", doom.id);
    event["q"] = cborIds(doom.packs);
    Cbor fragments = Cbor::array();
    for (const FragmentKey &fragment : doom.fragments)
        fragments.push_back(Cbor::array({ cborBytes(fragment.pack.view()), static_cast<unsigned>(fragment.index),
            cborBytes(fragment.account.view()) }));
    event["x"] = std::move(fragments);
    Cbor objects = Cbor::array();
    for (const QString &name : doom.objects)
        objects.push_back(cborText(name));
    event["b"] = std::move(objects);
    return event;
}

Cbor pardon(const DoomId &doom) { return ofDoom("pardon", doom); }

Cbor gone(const DoomId &doom) { return ofDoom("gone", doom); }

Cbor account(const AccountRecord &account)
{
    Cbor event = Cbor::object();
    event["k"] = "account";
    event["a"] = cborBytes(account.id.view());
    event["n"] = cborText(account.name);
    event["d"] = cborText(account.domain);
    return event;
}

Cbor retired(const AccountId &account)
{
    Cbor event = Cbor::object();
    event["k"] = "retired";
    event["a"] = cborBytes(account.view());
    return event;
}

} // namespace events

namespace {

void readDoom(CborReader &reader, const Cbor &event, DoomRecord &doom)
{
    doom.id = reader.id<DoomId>("d");
    doom.packs = reader.ids<PackId>("q");
    if (reader.has("x")) {
        for (const Cbor &item : reader.array("x")) {
            const bool isTriple = item.is_array() && item.size() == 3 && item[0].is_binary()
                && item[1].is_number_unsigned() && item[1].get<quint64>() < 255 && item[2].is_binary();
            const auto pack = isTriple ? PackId::from(ByteView(item[0].get_binary())) : std::nullopt;
            const auto account = isTriple ? AccountId::from(ByteView(item[2].get_binary())) : std::nullopt;
            if (!pack || !account) {
                reader.fail("x");
                return;
            }
            doom.fragments.emplace_back(*pack, item[1].get<int>(), *account);
        }
    }
    if (event.contains("b")) {
        for (const Cbor &item : reader.array("b")) {
            if (!item.is_string()) {
                reader.fail("b");
                return;
            }
            doom.objects.push_back(QString::fromStdString(item.get<std::string>()));
        }
    }
}

void readSession(CborReader &reader, const QString &kind, Registry::Segment &record)
{
    Registry::SessionEvent session;
    session.id = reader.id<SessionId>("s");
    session.isEnd = kind == QStringLiteral("session-ended");
    if (reader.has("i"))
        session.indexes = reader.ids<ObjectHash>("i");
    if (!reader.failed())
        record.sessions.push_back(std::move(session));
}

void readEvents(const Segment &segment, const QDateTime &seen, Registry::Segment &record);

// One that cannot be read covers nothing: then its segments stay, or the log is known to be incomplete.
void addCheckpoint(const Cbor &event, const QDateTime &seen, Registry::Segment &record)
{
    auto checkpoint = readCheckpoint(event);
    if (!checkpoint || record.checkpoint)
        return;
    Registry::CheckpointPart part;
    part.id = checkpoint->id;
    part.part = checkpoint->part;
    part.parts = checkpoint->parts;
    for (const ObjectHash &hash : checkpoint->covered)
        part.covers.push_back({ hash, QString(), QDateTime() });
    record.checkpoint = std::move(part);
    for (ToldSegment &told : checkpoint->told) {
        Segment segment;
        segment.author = told.author;
        segment.lamport = told.lamport;
        segment.events = std::move(told.events);
        Registry::Segment again;
        again.hash = told.hash;
        again.author = told.author;
        again.lamport = told.lamport;
        readEvents(segment, seen, again);
        again.checkpoint.reset(); // one inside another tells nothing
        again.told.clear();
        record.told.push_back(std::move(again));
    }
}

void readEvents(const Segment &segment, const QDateTime &seen, Registry::Segment &record)
{
    for (const Cbor &event : segment.events) {
        CborReader reader(event);
        const QString kind = reader.text("k");
        if (kind.startsWith(QStringLiteral("session-"))) {
            readSession(reader, kind, record);
        } else if (kind == QStringLiteral("revision")) {
            Registry::RevisionEvent revision;
            revision.revision = reader.id<RevisionId>("r");
            revision.manifest = reader.id<ObjectHash>("o");
            revision.indexes = reader.ids<ObjectHash>("i");
            revision.packs = reader.ids<PackId>("q");
            if (!reader.failed())
                record.revisions.push_back(std::move(revision));
        } else if (kind == QStringLiteral("trash")) {
            Registry::TrashEvent trash;
            trash.revision = reader.id<RevisionId>("r");
            trash.presences = reader.ids<PresenceId>("a");
            trash.isForever = reader.boolean("f");
            if (!reader.failed())
                record.trashes.push_back(std::move(trash));
        } else if (kind == QStringLiteral("restore")) {
            Registry::RestoreEvent restore;
            restore.revision = reader.id<RevisionId>("r");
            restore.presence = reader.id<PresenceId>("a");
            if (!reader.failed())
                record.restores.push_back(restore);
        } else if (kind == QStringLiteral("doom")) {
            DoomRecord doom;
            readDoom(reader, event, doom);
            doom.author = segment.author;
            doom.firstSeen = seen;
            if (!reader.failed())
                record.dooms.push_back(std::move(doom));
        } else if (kind == QStringLiteral("pardon") || kind == QStringLiteral("gone")) {
            const auto id = reader.id<DoomId>("d");
            if (!reader.failed())
                (kind == QStringLiteral("gone") ? record.gone : record.pardons).push_back(id);
        } else if (kind == QStringLiteral("account")) {
            Registry::AccountEvent account;
            account.account = reader.id<AccountId>("a");
            account.name = reader.text("n");
            account.domain = reader.text("d");
            if (!reader.failed())
                record.accounts.push_back(std::move(account));
        } else if (kind == QStringLiteral("retired")) {
            const auto account = reader.id<AccountId>("a");
            if (!reader.failed())
                record.retired.push_back(account);
        } else if (kind == QString::fromLatin1(kCheckpointKind)) {
            addCheckpoint(event, seen, record);
        }
    }
}

} // namespace

Registry::Segment registryRecord(
    const ObjectHash &hash, const BlobName &name, const Segment &segment, const QDateTime &seen)
{
    Registry::Segment record;
    record.hash = hash;
    record.blobName = name.value;
    record.parents = segment.parents;
    record.author = segment.author;
    record.lamport = segment.lamport;
    record.events = toCbor(Cbor::object({ { "e", segment.events } }));
    readEvents(segment, seen, record);
    return record;
}

void nameCovered(const KeyRing &ring, Registry::Segment &record)
{
    if (!record.checkpoint)
        return;
    for (Registry::SegmentName &segment : record.checkpoint->covers)
        segment.name = segmentName(ring, segment.hash).value;
}

} // namespace mf
