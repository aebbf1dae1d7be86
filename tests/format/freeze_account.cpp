// SPDX-License-Identifier: GPL-3.0-or-later
// Made tests/data/format1/segment-account, once, under the keys that the files of freeze.cpp were sealed with, when the
// log began to tell of accounts: freeze-format-account FOLDER. Never made again either.
#include "core/distributor/objects/segment.h"
#include "tests/format/frozen_files.h"

#include <QJsonDocument>
#include <QJsonObject>

using namespace mf;

// NOLINTNEXTLINE(bugprone-exception-escape): a tool for us: an exception ends it, and nobody calls it
int main(int argc, char **argv)
{
    if (argc != 2)
        qFatal("usage: freeze-format-account FOLDER");
    const QString folder = QFile::decodeName(argv[1]) + u'/';
    const KeyRing ring = frozenRing(folder);
    AccountRecord account;
    account.id = idOf<AccountId>(5);
    account.name = QStringLiteral("Desk \u2744");
    account.domain = QStringLiteral("disk 1");
    Segment segment;
    segment.parents = { idOf<ObjectHash>(13) };
    segment.author = idOf<ComputerId>(14);
    segment.lamport = 49;
    segment.time = 1'700'000'000'002;
    segment.events.push_back(events::account(account));
    const SealedSegment sealed = sealSegment(ring, segment);
    writeFrozen(folder + QStringLiteral("segment-account"), sealed.bytes);
    QJsonObject facts;
    facts[QStringLiteral("segmentAccountName")] = sealed.name.value;
    writeFrozen(folder + QStringLiteral("facts-account.json"), QJsonDocument(facts).toJson());
    return 0;
}
