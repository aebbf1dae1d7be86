// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/objects/segment.h"

#include "core/crypto/sealed_object.h"
#include "core/crypto/sha256.h"

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
    if (!plain)
        return plain.error();
    return decodeSegment(viewOf(*plain));
}

Result<Segment> decodeSegment(ByteView plain)
{
    const auto map = fromCbor(plain);
    if (!map)
        return map.error();
    CborReader reader(*map);
    if (reader.number("v") > 1)
        return Error(Error::Kind::Unsupported, QStringLiteral("MF-LIBRARY-NEWER"),
            QStringLiteral("this library is written by a newer ModelFloat; update this one"));
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

} // namespace events

} // namespace mf
