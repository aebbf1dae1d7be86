// SPDX-License-Identifier: GPL-3.0-or-later
// Log segments: what is written is what is read, and what cannot be read does no harm.
#include "core/distributor/objects/segment.h"

#include <QTest>

using namespace mf;

class TestSegment : public QObject
{
    Q_OBJECT
private slots:
    void everyEvent();
    void sealed();
    void damagedEvents_data();
    void damagedEvents();
};

namespace {

template <typename Id> Id idOf(std::uint8_t value)
{
    Id id;
    id.bytes.fill(value);
    return id;
}

const QDateTime kSeen(QDate(2026, 11, 21), QTime(12, 0), Qt::UTC);

Segment segmentWith(Cbor events)
{
    Segment segment;
    segment.parents = { idOf<ObjectHash>(1), idOf<ObjectHash>(2) };
    segment.author = idOf<ComputerId>(3);
    segment.lamport = 77;
    segment.time = 1'700'000'000'000;
    segment.events = std::move(events);
    return segment;
}

Registry::Segment recordOf(const Segment &segment)
{
    const QByteArray plain = encodeSegment(segment);
    const auto decoded = decodeSegment(viewOf(plain));
    return decoded ? registryRecord(idOf<ObjectHash>(9), BlobName(QStringLiteral("log/x")), *decoded, kSeen)
                   : Registry::Segment();
}

} // namespace

void TestSegment::everyEvent()
{
    DoomRecord doom;
    doom.id = idOf<DoomId>(20);
    doom.packs = { idOf<PackId>(21), idOf<PackId>(22) };
    doom.fragments = { FragmentKey(idOf<PackId>(23), 254, idOf<AccountId>(24)) };
    doom.objects = { QStringLiteral("meta/abc") };
    Cbor events = Cbor::array();
    events.push_back(events::sessionOpened(idOf<SessionId>(10)));
    events.push_back(events::sessionAdvanced(idOf<SessionId>(10), { idOf<ObjectHash>(11) }));
    events.push_back(events::sessionEnded(idOf<SessionId>(10)));
    events.push_back(events::trash(idOf<RevisionId>(12), { idOf<PresenceId>(13), idOf<PresenceId>(14) }, true));
    events.push_back(events::restore(idOf<RevisionId>(12), idOf<PresenceId>(15)));
    events.push_back(events::doom(doom));
    events.push_back(events::pardon(doom.id));
    events.push_back(events::gone(doom.id));
    events.push_back(events::retired(idOf<AccountId>(16)));
    AccountRecord account;
    account.id = idOf<AccountId>(17);
    account.name = QStringLiteral("attic");
    account.domain = QStringLiteral("a house");
    events.push_back(events::account(account));
    events.push_back(Cbor::object({ { "k", "of a later version" } }));

    const auto record = recordOf(segmentWith(std::move(events)));
    QCOMPARE(record.lamport, 77U);
    QCOMPARE(record.author, idOf<ComputerId>(3));
    QCOMPARE(record.parents.size(), 2U);
    QCOMPARE(record.sessions.size(), 3U);
    QVERIFY(!record.sessions[0].isEnd);
    QCOMPARE(record.sessions[1].indexes, std::vector<ObjectHash> { idOf<ObjectHash>(11) });
    QVERIFY(record.sessions[2].isEnd);
    QCOMPARE(record.accounts.size(), 1U);
    QVERIFY(record.accounts[0].account == account.id);
    QCOMPARE(record.accounts[0].name, account.name);
    QCOMPARE(record.accounts[0].domain, account.domain);
    QCOMPARE(record.trashes.size(), 1U);
    QCOMPARE(record.trashes[0].revision, idOf<RevisionId>(12));
    QCOMPARE(record.trashes[0].presences.size(), 2U);
    QVERIFY(record.trashes[0].isForever);
    QCOMPARE(record.restores.size(), 1U);
    QCOMPARE(record.restores[0].presence, idOf<PresenceId>(15));
    QCOMPARE(record.dooms.size(), 1U);
    QCOMPARE(record.dooms[0].id, doom.id);
    QCOMPARE(record.dooms[0].author, idOf<ComputerId>(3));
    QCOMPARE(record.dooms[0].packs, doom.packs);
    QCOMPARE(record.dooms[0].fragments, doom.fragments);
    QCOMPARE(record.dooms[0].objects, doom.objects);
    QCOMPARE(record.dooms[0].firstSeen, kSeen);
    QCOMPARE(record.pardons, std::vector<DoomId> { doom.id });
    QCOMPARE(record.gone, std::vector<DoomId> { doom.id });
    QCOMPARE(record.retired, std::vector<AccountId> { idOf<AccountId>(16) });
}

void TestSegment::sealed()
{
    const KeyRing ring(idOf<LibraryId>(1), SecretKey());
    const SealedSegment sealed = sealSegment(ring, segmentWith(Cbor::array()));
    QVERIFY(openSegment(ring, sealed.name, viewOf(sealed.bytes)));
    const auto misnamed = openSegment(ring, BlobName(QStringLiteral("log/other")), viewOf(sealed.bytes));
    QCOMPARE(misnamed.error().id, QStringLiteral("MF-SEGMENT-NAME"));
    QByteArray flipped = sealed.bytes;
    flipped[40] = static_cast<char>(flipped[40] ^ 1);
    QVERIFY(!openSegment(ring, sealed.name, viewOf(flipped)));
}

void TestSegment::damagedEvents_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("not a map") << QByteArray("[1]");
    QTest::newRow("no kind") << QByteArray("[{}]");
    QTest::newRow("a trash of nothing") << QByteArray(R"([{"k":"trash"}])");
    QTest::newRow("a trash with a text for a list") << QByteArray(R"([{"k":"trash","r":"x","a":"y","f":true}])");
    QTest::newRow("a restore of a number") << QByteArray(R"([{"k":"restore","r":1,"a":2}])");
    QTest::newRow("a doom without packs") << QByteArray(R"([{"k":"doom","d":"short"}])");
    QTest::newRow("a doom with a fragment of two") << QByteArray(R"([{"k":"doom","d":"","q":[],"x":[[1,2]],"b":[3]}])");
    QTest::newRow("a session of nobody") << QByteArray(R"([{"k":"session-opened"}])");
    QTest::newRow("retired, but who") << QByteArray(R"([{"k":"retired","a":[]}])");
}

void TestSegment::damagedEvents()
{
    QFETCH(QByteArray, json);
    const auto record = recordOf(segmentWith(Cbor::parse(json.toStdString())));
    QCOMPARE(record.lamport, 77U); // the segment itself is fine
    QVERIFY(record.trashes.empty() && record.restores.empty() && record.dooms.empty() && record.sessions.empty()
        && record.retired.empty() && record.gone.empty() && record.pardons.empty());
}

QTEST_GUILESS_MAIN(TestSegment)
#include "test_segment.moc"
