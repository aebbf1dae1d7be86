// SPDX-License-Identifier: GPL-3.0-or-later
// Made what tests/data/format1 has beside the files of freeze.cpp, once, under the keys that those were sealed with:
// freeze-format-more FOLDER. Never made again either.
#include "core/distributor/objects/checkpoint.h"
#include "core/distributor/objects/marker.h"
#include "tests/format/frozen_files.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace mf;

// NOLINTNEXTLINE(bugprone-exception-escape): a tool for us: an exception ends it, and nobody calls it
int main(int argc, char **argv)
{
    if (argc != 2)
        qFatal("usage: freeze-format-more FOLDER");
    const QString folder = QFile::decodeName(argv[1]) + u'/';
    const KeyRing ring = frozenRing(folder);
    QJsonObject facts;

    // A kit was made; and what a later version may write is kept and passed over.
    Segment segment;
    segment.parents = { idOf<ObjectHash>(13), idOf<ObjectHash>(14) };
    segment.author = idOf<ComputerId>(14);
    segment.lamport = 44;
    segment.time = 1'700'000'000'001;
    Cbor epoch = Cbor::object();
    epoch["k"] = "epoch";
    epoch["e"] = cborBytes(ring.newest().id.view());
    segment.events.push_back(epoch);
    Cbor later = Cbor::object();
    later["k"] = "of a later version";
    later["z"] = 1;
    segment.events.push_back(later);
    segment.events.push_back(events::retired(idOf<AccountId>(4)));
    const SealedSegment sealed = sealSegment(ring, segment);
    writeFrozen(folder + QStringLiteral("segment-epoch"), sealed.bytes);
    facts[QStringLiteral("segmentEpochName")] = sealed.name.value;
    facts[QStringLiteral("epoch")] = ring.newest().id.toHex();

    // A checkpoint of three parts.
    QJsonArray names;
    for (int part = 0; part < 3; ++part) {
        Checkpoint checkpoint;
        checkpoint.id = idOf<CheckpointId>(2);
        checkpoint.part = part;
        checkpoint.parts = 3;
        checkpoint.covered = { idOf<ObjectHash>(static_cast<std::uint8_t>(3 + part)) };
        if (part == 0)
            checkpoint.library = sealLibraryObject(ring);
        if (part == 2)
            checkpoint.covered.push_back(sealed.hash);
        ToldSegment told;
        told.hash = checkpoint.covered.back();
        told.author = segment.author;
        told.lamport = static_cast<quint64>(40 + part);
        told.events.push_back(part == 2 ? epoch : events::gone(idOf<DoomId>(static_cast<std::uint8_t>(8 + part))));
        checkpoint.told.push_back(told);
        Segment covering;
        covering.parents = { sealed.hash };
        covering.author = segment.author;
        covering.lamport = static_cast<quint64>(45 + part);
        covering.time = segment.time;
        covering.events.push_back(checkpointEvent(checkpoint));
        const SealedSegment of = sealSegment(ring, covering);
        writeFrozen(folder + QStringLiteral("checkpoint-part.%1").arg(part), of.bytes);
        names.append(of.name.value);
    }
    facts[QStringLiteral("checkpointPartNames")] = names;
    writeFrozen(folder + QStringLiteral("facts-more.json"), QJsonDocument(facts).toJson());
    return 0;
}
