// SPDX-License-Identifier: GPL-3.0-or-later
// What a checkpoint tells of the log, and what it leaves out.
#include "core/distributor/objects/checkpoint.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/objects/manifest.h"

#include <QTest>

using namespace mf;

namespace {

template <typename Id> Id idOf(int value)
{
    Id id;
    id.bytes.fill(static_cast<std::uint8_t>(value));
    return id;
}

const KeyRing &ring()
{
    static const KeyRing theRing(idOf<LibraryId>(1), SecretKey(idOf<Sha256>(2).view()));
    return theRing;
}

constexpr int kAuthor = 1;

// A segment of that number, clock and author.
ToldSegment said(int number, std::vector<Cbor> events, int author = kAuthor)
{
    ToldSegment segment;
    segment.hash = idOf<ObjectHash>(number);
    segment.author = idOf<ComputerId>(author);
    segment.lamport = static_cast<quint64>(number);
    for (Cbor &event : events)
        segment.events.push_back(std::move(event));
    return segment;
}

Cbor revision(int id, int manifest, int index)
{
    events::Revision event;
    event.id = idOf<RevisionId>(id);
    event.manifest = idOf<ObjectHash>(manifest);
    event.indexes.push_back(idOf<ObjectHash>(index));
    event.packs.push_back(idOf<PackId>(id));
    return events::revision(event);
}

Cbor trash(int id)
{
    return events::trash(idOf<RevisionId>(id), std::vector<PresenceId>(1, idOf<PresenceId>(id)), true);
}

DoomRecord doomOf(int id)
{
    DoomRecord doom;
    doom.id = idOf<DoomId>(id);
    return doom;
}

Cbor doomOfManifest(int id, int manifest)
{
    DoomRecord doom = doomOf(id);
    doom.objects.append(manifestName(ring(), idOf<ObjectHash>(manifest)).value);
    return events::doom(doom);
}

Cbor doomOfIndex(int id, int index)
{
    DoomRecord doom = doomOf(id);
    doom.objects.append(indexName(ring(), idOf<ObjectHash>(index)).value);
    return events::doom(doom);
}

Cbor doomOfPack(int id, int pack)
{
    DoomRecord doom = doomOf(id);
    doom.packs.push_back(idOf<PackId>(pack));
    return events::doom(doom);
}

Cbor doomOfFragment(int id, int pack)
{
    DoomRecord doom = doomOf(id);
    doom.fragments.emplace_back(idOf<PackId>(pack), 0, idOf<AccountId>(3));
    return events::doom(doom);
}

Cbor pardon(int id) { return events::pardon(idOf<DoomId>(id)); }
Cbor gone(int id) { return events::gone(idOf<DoomId>(id)); }
Cbor opened(int id) { return events::sessionOpened(idOf<SessionId>(id)); }
Cbor ended(int id) { return events::sessionEnded(idOf<SessionId>(id)); }
Cbor advanced(int id, int index)
{
    return events::sessionAdvanced(idOf<SessionId>(id), std::vector<ObjectHash>(1, idOf<ObjectHash>(index)));
}

// "1:revision 3:trash+gone"
QString shape(const std::vector<ToldSegment> &log)
{
    QStringList segments;
    for (const ToldSegment &segment : log) {
        QStringList kinds;
        for (const Cbor &event : segment.events)
            kinds.append(QString::fromStdString(event["k"].get<std::string>()));
        segments.append(QStringLiteral("%1:%2").arg(segment.lamport).arg(kinds.join(u'+')));
    }
    return segments.join(u' ');
}

std::vector<ToldSegment> told(const std::vector<ToldSegment> &log, const std::set<SessionId> &open = {})
{
    return tellAgain(ring(), log, open);
}

} // namespace

Q_DECLARE_METATYPE(std::vector<ToldSegment>)

class TestTellAgain : public QObject
{
    Q_OBJECT
private slots:
    void whatIsTold_data()
    {
        QTest::addColumn<std::vector<ToldSegment>>("log");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const std::vector<ToldSegment> &log, const char *expected) {
            QTest::newRow(name) << log << QString::fromLatin1(expected);
        };
        const ToldSegment stored = said(1, { revision(1, 11, 21) });
        row("a revision", { stored }, "1:revision");
        row("one that was removed", { stored, said(2, { trash(1) }) }, "1:revision 2:trash");
        row("its manifest is doomed", { stored, said(2, { trash(1) }), said(3, { doomOfManifest(1, 11) }) },
            "1:revision 2:trash 3:doom");
        row("its manifest is deleted, its index object is not",
            { stored, said(2, { trash(1) }), said(3, { doomOfManifest(1, 11) }), said(4, { gone(1) }) },
            "1:revision 2:trash 3:doom 4:gone");
        row("both are deleted: the tombstone stays",
            { stored, said(2, { trash(1) }), said(3, { doomOfManifest(1, 11), doomOfIndex(2, 21) }),
                said(4, { gone(1), gone(2) }) },
            "2:trash");
        row("a restore beside the trash",
            { stored, said(2, { trash(1) }), said(3, { events::restore(idOf<RevisionId>(1), idOf<PresenceId>(9)) }),
                said(4, { doomOfManifest(1, 11), doomOfIndex(2, 21) }), said(5, { gone(1), gone(2) }) },
            "1:revision 2:trash 3:restore 4:doom+doom 5:gone+gone");
        row("a later event of a revision: the first gives it its place", { stored, said(2, { revision(1, 12, 21) }) },
            "1:revision 2:revision");
        row("one in between, of the same manifest",
            { stored, said(2, { revision(1, 12, 21) }), said(3, { revision(1, 12, 21) }) }, "1:revision 3:revision");
        row("one in between whose manifest is still there",
            { stored, said(2, { revision(1, 12, 21) }), said(3, { revision(1, 13, 21) }) },
            "1:revision 2:revision 3:revision");
        row("one in between whose index object is named by nothing else",
            { stored, said(2, { revision(1, 12, 22) }), said(3, { revision(1, 12, 21) }) },
            "1:revision 2:revision 3:revision");
        row("a doom that waits", { said(1, { doomOfPack(1, 1) }) }, "1:doom");
        row("a pardoned one", { said(1, { doomOfPack(1, 1) }), said(2, { pardon(1) }) }, "2:pardon");
        row("pardoned by somebody else", { said(1, { doomOfPack(1, 1) }), said(2, { pardon(1) }, 2) },
            "1:doom 2:pardon");
        row("a deleted pack", { said(1, { doomOfPack(1, 1) }), said(2, { gone(1) }) }, "1:doom 2:gone");
        row("a deleted fragment", { said(1, { doomOfFragment(1, 1) }), said(2, { gone(1) }) }, "1:doom 2:gone");
        row("a deleted fragment of a deleted pack",
            { said(1, { doomOfFragment(1, 1) }), said(2, { gone(1) }), said(3, { doomOfPack(2, 1) }),
                said(4, { gone(2) }) },
            "3:doom 4:gone");
        row("deleted objects that nothing names", { said(1, { doomOfManifest(1, 11) }), said(2, { gone(1) }) }, "");
        row("a session that goes on", { said(1, { opened(7) }), said(2, { advanced(7, 21) }) },
            "1:session-opened 2:session-advanced");
        row("a session that is over", { said(1, { opened(8) }), said(2, { ended(8) }) }, "");
        row("one whose index object a revision names", { stored, said(2, { opened(8), advanced(8, 21), ended(8) }) },
            "1:revision");
        row("one whose index object nothing else names", { said(2, { opened(8), advanced(8, 22), ended(8) }) },
            "2:session-advanced");
        row("one whose index object is deleted",
            { said(2, { opened(8), advanced(8, 22), ended(8) }), said(3, { doomOfIndex(1, 22) }),
                said(4, { gone(1) }) },
            "");
        row("an account that is given up", { said(1, { events::retired(idOf<AccountId>(1)) }) }, "1:retired");
        row("what a later version knows", { said(1, { Cbor::object({ { "k", "news" } }) }) }, "1:news");
    }
    void whatIsTold()
    {
        QFETCH(const std::vector<ToldSegment>, log);
        QFETCH(const QString, expected);
        const std::set<SessionId> open { idOf<SessionId>(7) };
        const auto once = told(log, open);
        QCOMPARE(shape(once), expected);
        // Told by a checkpoint, and beside the segments that it covers: the same.
        Checkpoint checkpoint;
        checkpoint.told = once;
        const ToldSegment in = said(99, { checkpointEvent(checkpoint) }, 5);
        const auto again = told({ in }, open);
        QCOMPARE(shape(again), expected);
        for (std::size_t i = 0; i < once.size(); ++i) {
            QCOMPARE(again[i].hash, once[i].hash);
            QCOMPARE(again[i].author, once[i].author);
            QVERIFY(again[i].events == once[i].events);
        }
        auto both = log;
        both.push_back(in);
        QCOMPARE(shape(told(both, open)), expected);
    }

    void aDoomKeepsWhatIsStillNamed()
    {
        DoomRecord doom = doomOf(1);
        doom.packs.push_back(idOf<PackId>(1));
        doom.fragments.emplace_back(idOf<PackId>(1), 0, idOf<AccountId>(3));
        doom.fragments.emplace_back(idOf<PackId>(2), 0, idOf<AccountId>(3));
        doom.objects = { indexName(ring(), idOf<ObjectHash>(21)).value, QStringLiteral("log/old") };
        const auto rest
            = told({ said(1, { revision(2, 11, 21) }), said(2, { events::doom(doom) }), said(3, { gone(1) }) });
        QCOMPARE(shape(rest), QStringLiteral("1:revision 2:doom 3:gone"));
        Segment segment;
        segment.events = rest[1].events;
        const auto record = registryRecord(ObjectHash(), BlobName(), segment, QDateTime());
        QCOMPARE(record.dooms[0].packs.size(), 1U);
        QCOMPARE(record.dooms[0].fragments, std::vector<FragmentKey>(1, doom.fragments[1]));
        QCOMPARE(record.dooms[0].objects, QStringList(doom.objects.front()));
    }

    void aDamagedOneTellsNothing_data()
    {
        QTest::addColumn<QString>("field");
        for (const char *field : { "d", "n", "o", "c", "y", "s" })
            QTest::newRow(field) << QString::fromLatin1(field);
    }
    void aDamagedOneTellsNothing()
    {
        QFETCH(const QString, field);
        Checkpoint checkpoint;
        checkpoint.covered.push_back(idOf<ObjectHash>(4));
        checkpoint.told.push_back(said(1, { trash(1) }));
        Cbor event = checkpointEvent(checkpoint);
        QVERIFY(readCheckpoint(event));
        event[field.toStdString()] = cborBytes(idOf<EpochId>(3).view());
        if (field == QStringLiteral("y"))
            event.erase("y");
        QVERIFY(!readCheckpoint(event));
        Segment segment;
        segment.events.push_back(event);
        QVERIFY(!registryRecord(ObjectHash(), BlobName(), segment, QDateTime()).checkpoint);
    }
};

QTEST_GUILESS_MAIN(TestTellAgain)
#include "test_tell_again.moc"
