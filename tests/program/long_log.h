// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto/kit_words.h"
#include "core/distributor/objects/segment.h"
#include "tests/program/program.h"

namespace mf {

// Writes so many segments into the log on the program's three accounts, each a session that came to nothing, as other
// computers might have.
inline void lengthenLog(const Program &program, int segments)
{
    QFile kit(program.path(QStringLiteral("kit")));
    const QDir lib(program.accountPath(QStringLiteral("a")) + QStringLiteral("/lib"));
    QFile object(lib.filePath(lib.entryList(QDir::Files).value(0)));
    if (!kit.open(QIODevice::ReadOnly) || !object.open(QIODevice::ReadOnly))
        qFatal("the kit or the library object cannot be read");
    const auto recovery = recoveryFrom(QString::fromUtf8(kit.readAll()));
    const QByteArray id = object.read(LibraryId::size());
    const auto library = LibraryId::from(viewOf(id));
    if (!recovery || !library)
        qFatal("the kit or the library object is not what it should be");
    const KeyRing ring(*library, KeyRing::masterOf(*recovery, *library));
    Segment segment;
    segment.author = randomId<ComputerId>();
    for (int i = 0; i < segments; ++i) {
        const auto session = randomId<SessionId>();
        segment.lamport = static_cast<quint64>(i) + 1;
        segment.events = Cbor::array();
        segment.events.push_back(events::sessionOpened(session));
        segment.events.push_back(events::sessionEnded(session));
        const SealedSegment sealed = sealSegment(ring, segment);
        for (const QString &account : { QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c") }) {
            QDir().mkpath(program.accountPath(account) + QStringLiteral("/log"));
            QFile file(program.accountPath(account) + u'/' + sealed.name.value);
            if (!file.open(QIODevice::WriteOnly) || file.write(sealed.bytes) != sealed.bytes.size())
                qFatal("cannot write into an account");
        }
        segment.parents.assign(1, sealed.hash);
    }
}

} // namespace mf
