// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/objects/checkpoint.h"

namespace mf {

Cbor checkpointEvent(const Checkpoint &checkpoint)
{
    QByteArray covered;
    for (const ObjectHash &hash : checkpoint.covered)
        covered += hash.toByteArray();
    Cbor told = Cbor::array();
    for (const ToldSegment &segment : checkpoint.told) {
        Cbor entry = Cbor::object();
        entry["h"] = cborBytes(segment.hash.view());
        entry["c"] = cborBytes(segment.author.view());
        entry["l"] = segment.lamport;
        entry["e"] = segment.events;
        told.push_back(std::move(entry));
    }
    Cbor event = Cbor::object();
    event["k"] = kCheckpointKind;
    event["d"] = cborBytes(checkpoint.id.view());
    event["n"] = static_cast<unsigned>(checkpoint.part);
    event["o"] = static_cast<unsigned>(checkpoint.parts);
    event["c"] = cborBytes(viewOf(covered));
    event["y"] = cborBytes(viewOf(checkpoint.library));
    event["s"] = std::move(told);
    return event;
}

Result<Checkpoint> readCheckpoint(const Cbor &event)
{
    constexpr quint64 kMostParts = 1'000'000;
    CborReader reader(event);
    Checkpoint checkpoint;
    checkpoint.id = reader.id<CheckpointId>("d");
    checkpoint.part = static_cast<int>(reader.number("n", kMostParts));
    checkpoint.parts = static_cast<int>(reader.number("o", kMostParts));
    checkpoint.library = reader.bytes("y");
    const QByteArray covered = reader.bytes("c");
    if (checkpoint.part >= checkpoint.parts)
        reader.fail("n");
    if (covered.size() % static_cast<qsizetype>(ObjectHash::size()) != 0)
        reader.fail("c");
    for (const Cbor &entry : reader.array("s")) {
        CborReader fields(entry);
        ToldSegment segment;
        segment.hash = fields.id<ObjectHash>("h");
        segment.author = fields.id<ComputerId>("c");
        segment.lamport = fields.number("l");
        segment.events = fields.array("e");
        if (fields.failed())
            reader.fail("s");
        checkpoint.told.push_back(std::move(segment));
    }
    if (reader.failed())
        return reader.error(QStringLiteral("checkpoint"));
    const ByteView all = viewOf(covered);
    for (std::size_t at = 0; at < all.size(); at += ObjectHash::size())
        checkpoint.covered.emplace_back(all.subspan(at, ObjectHash::size()));
    return checkpoint;
}

} // namespace mf
