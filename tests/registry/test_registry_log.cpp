// SPDX-License-Identifier: GPL-3.0-or-later
// The log of the library: heads, and when a pack counts as doomed.
#include "tests/registry/registry_fixture.h"

using namespace mf;

class TestRegistryLog : public QObject
{
    Q_OBJECT
private slots:
    void heads();
    void headsInAnyOrder();
    void segmentsKnown();
    void lamport();
    void dooms_data();
    void dooms();
    void severalDooms();
    void takingIn();
    void checkpoints();
    void aCheckpointInParts();
    void whatACheckpointTellsAgain();
    void trash_data();
    void trash();
    void trashShowsTheOneBefore();
    void retired();
    void accountsElsewhere();
};

namespace {

Registry::Segment segmentOf(quint32 number, const std::vector<quint32> &parents, quint32 author = 1)
{
    Registry::Segment segment;
    segment.hash = idOf<ObjectHash>(number);
    segment.blobName = QStringLiteral("log/%1").arg(number);
    for (const quint32 parent : parents)
        segment.parents.push_back(idOf<ObjectHash>(parent));
    segment.author = idOf<ComputerId>(author);
    segment.lamport = number;
    segment.events = QByteArrayLiteral("cbor");
    return segment;
}

const QDateTime kSeen(QDate(2026, 1, 1), QTime(0, 0), Qt::UTC);

void add(RegistryFixture &f, const Registry::Segment &segment)
{
    must(f->addSegment(segment, kSeen, false));
}

std::vector<ObjectHash> hashes(const std::vector<quint32> &numbers)
{
    std::vector<ObjectHash> all;
    for (const quint32 number : numbers)
        all.push_back(idOf<ObjectHash>(number));
    std::ranges::sort(all);
    return all;
}

DoomRecord doomOf(quint32 number, quint32 author, std::vector<PackId> packs)
{
    DoomRecord doom;
    doom.id = idOf<DoomId>(number);
    doom.author = idOf<ComputerId>(author);
    doom.packs = std::move(packs);
    return doom;
}

} // namespace

namespace {

Registry::Segment checkpointOf(quint32 number, const std::vector<quint32> &parents, const std::vector<quint32> &covers)
{
    Registry::Segment segment = segmentOf(number, parents);
    Registry::CheckpointPart part;
    part.id = idOf<CheckpointId>(number);
    for (const quint32 covered : covers)
        part.covers.push_back({ idOf<ObjectHash>(covered), QStringLiteral("log/%1").arg(covered), QDateTime() });
    segment.checkpoint = part;
    return segment;
}

QStringList namesOf(RegistryFixture &f)
{
    QStringList names;
    for (const auto &segment : must(f->segmentNames()))
        names.append(segment.name);
    names.sort();
    return names;
}

} // namespace

void TestRegistryLog::checkpoints()
{
    RegistryFixture f;
    add(f, segmentOf(1, {}));
    add(f, segmentOf(2, {1}));
    add(f, segmentOf(3, {1}, 2)); // its author did not see it
    QCOMPARE(must(f->segmentsSinceCheckpoint()), 3);
    add(f, checkpointOf(10, {2}, {1, 2}));
    QCOMPARE(must(f->heads()), hashes({3, 10}));
    QCOMPARE(namesOf(f), (QStringList {QStringLiteral("log/10"), QStringLiteral("log/3")}));
    QVERIFY(!must(f->lacksAncestors())); // 3 has a parent that is covered
    QCOMPARE(must(f->segmentsSinceCheckpoint()), 1);
    QCOMPARE(must(f->areCovered({QStringLiteral("log/1"), QStringLiteral("log/3")})), (std::vector<bool> {true, false}));
    add(f, segmentOf(2, {1})); // an account brings it back
    QCOMPARE(must(f->heads()), hashes({3, 10}));
    QCOMPARE(must(f->segmentsKnown({QStringLiteral("log/2")})), std::vector<bool> {true});
    // The next one covers it, and says so of all that it covered.
    add(f, checkpointOf(20, {3, 10}, {1, 2, 3, 10}));
    QCOMPARE(must(f->heads()), hashes({20}));
    QCOMPARE(must(f->checkpoints()).size(), 1U);
    QCOMPARE(must(f->coveredSegments()), hashes({1, 2, 3, 10}));
    // One that comes late, and whose parent nobody has any more.
    add(f, segmentOf(5, {2}, 3));
    QVERIFY(!must(f->lacksAncestors()));
    add(f, segmentOf(6, {4}, 3));
    QVERIFY(must(f->lacksAncestors()));

    RegistryFixture old; // knows the beginning only
    add(old, segmentOf(1, {}));
    add(old, checkpointOf(20, {3, 10}, {1, 2, 3, 10}));
    QCOMPARE(must(old->heads()), hashes({20}));
    QCOMPARE(namesOf(old), QStringList {QStringLiteral("log/20")});
    QVERIFY(!must(old->lacksAncestors()));
}

void TestRegistryLog::aCheckpointInParts()
{
    RegistryFixture f;
    add(f, segmentOf(1, {}));
    add(f, segmentOf(2, {1}));
    auto first = checkpointOf(10, {2}, {1});
    auto second = checkpointOf(11, {10}, {2});
    second.checkpoint->id = first.checkpoint->id;
    second.checkpoint->part = 1;
    first.checkpoint->parts = second.checkpoint->parts = 2;
    add(f, second);
    QVERIFY(must(f->coveredSegments()).empty());
    QVERIFY(must(f->checkpoints()).empty());
    QVERIFY(must(f->lacksAncestors()));
    f.reopen();
    add(f, first);
    QCOMPARE(must(f->coveredSegments()), hashes({1, 2}));
    QCOMPARE(must(f->checkpoints()).size(), 2U);
    QCOMPARE(must(f->heads()), hashes({11}));
    QVERIFY(!must(f->lacksAncestors()));
}

void TestRegistryLog::whatACheckpointTellsAgain()
{
    RegistryFixture f;
    const auto pack = idOf<PackId>(1);
    const auto session = [](quint32 number, bool isEnd) {
        Registry::SessionEvent event;
        event.id = idOf<SessionId>(number);
        event.isEnd = isEnd;
        return event;
    };
    auto one = segmentOf(1, {}, 7);
    one.dooms.push_back(doomOf(1, 7, {pack}));
    one.sessions = {session(1, false), session(2, false)};
    add(f, one);
    QCOMPARE(must(f->openSessions()).size(), 2U);
    // Author 7 opened the doom; author 1 tells of it, and only author 7 pardons it. Session 2 is over.
    auto two = checkpointOf(2, {1}, {1});
    one.sessions.pop_back();
    two.told.push_back(one);
    add(f, two);
    QCOMPARE(must(f->openSessions()), std::vector<SessionId> {idOf<SessionId>(1)});
    QCOMPARE(must(f->doomedOf({pack})).size(), 1U);
    auto three = segmentOf(3, {2}, 1);
    three.pardons.push_back(idOf<DoomId>(1));
    add(f, three);
    QCOMPARE(must(f->doomedOf({pack})).size(), 1U);
    auto four = segmentOf(4, {3}, 7);
    four.pardons.push_back(idOf<DoomId>(1));
    four.sessions.push_back(session(2, false)); // it went on after all
    add(f, four);
    QVERIFY(must(f->doomedOf({pack})).empty());
    QCOMPARE(must(f->openSessions()).size(), 2U);
}

void TestRegistryLog::heads()
{
    RegistryFixture f;
    QVERIFY(must(f->heads()).empty());
    add(f, segmentOf(1, {}));
    QCOMPARE(must(f->heads()), hashes({1}));
    add(f, segmentOf(2, {1}));
    add(f, segmentOf(3, {1}, 2)); // another computer, at the same time
    QCOMPARE(must(f->heads()), hashes({2, 3}));
    add(f, segmentOf(4, {2, 3}));
    QCOMPARE(must(f->heads()), hashes({4}));
    add(f, segmentOf(2, {1})); // listed once more
    f.reopen();
    QCOMPARE(must(f->heads()), hashes({4}));
}

void TestRegistryLog::headsInAnyOrder()
{
    RegistryFixture f;
    add(f, segmentOf(3, {2}));
    QCOMPARE(must(f->heads()), hashes({3}));
    add(f, segmentOf(2, {1}));
    add(f, segmentOf(1, {}));
    QCOMPARE(must(f->heads()), hashes({3}));
}

void TestRegistryLog::segmentsKnown()
{
    RegistryFixture f;
    add(f, segmentOf(1, {}));
    add(f, segmentOf(2, {1}));
    const auto known = must(f->segmentsKnown(
        {QStringLiteral("log/2"), QStringLiteral("log/9"), QStringLiteral("LOG/1"), QStringLiteral("log/1")}));
    QCOMPARE(known, (std::vector<bool> {true, false, false, true}));
}

void TestRegistryLog::lamport()
{
    RegistryFixture f;
    add(f, segmentOf(5, {}));
    QVERIFY(!must(f->identity()));
    Registry::Identity identity;
    identity.library = idOf<LibraryId>(1);
    identity.computer = idOf<ComputerId>(1);
    identity.lamport = 6;
    must(f->setIdentity(identity));
    add(f, segmentOf(4, {}));
    QCOMPARE(must(f->identity())->lamport, 6U);
    add(f, segmentOf(9, {}));
    QCOMPARE(must(f->identity())->lamport, 9U);
}

void TestRegistryLog::dooms_data()
{
    QTest::addColumn<QString>("events"); // in the order in which they are seen
    QTest::addColumn<bool>("doomed");
    QTest::newRow("none") << "" << false;
    QTest::newRow("an open doom") << "doom" << true;
    QTest::newRow("pardoned by its author") << "doom pardon" << false;
    QTest::newRow("pardoned, seen before the doom") << "pardon doom" << false;
    QTest::newRow("pardoned by somebody else") << "doom foreign-pardon" << true;
    QTest::newRow("gone") << "doom gone" << true;
    QTest::newRow("gone, seen before the doom") << "gone doom" << true;
    QTest::newRow("gone by somebody else's word") << "doom foreign-gone" << true;
    QTest::newRow("pardoned and gone") << "doom pardon gone" << true;
    QTest::newRow("the same doom twice") << "doom doom pardon" << false;
    QTest::newRow("a checkpoint: pardoned") << "checkpoint-pardoned" << false;
    QTest::newRow("a checkpoint: gone") << "checkpoint-gone" << true;
    QTest::newRow("a pardon of nothing") << "pardon" << false;
}

void TestRegistryLog::dooms()
{
    QFETCH(QString, events);
    QFETCH(bool, doomed);
    RegistryFixture f;
    const auto accounts = f.addAccounts(2);
    const PackRow row = f.complete(f.packOf(1, {10}, 1, accounts));
    f.complete(f.packOf(2, {20}, 1, accounts));
    const PackId pack = idOf<PackId>(1);
    const auto revision = f.live(1, 1, QStringLiteral("m"));
    must(f->notePacksRelied(revision.row, {row}));
    quint32 number = 100;
    for (const QString &event : events.split(u' ', Qt::SkipEmptyParts)) {
        auto segment = segmentOf(++number, {}, event.startsWith(QStringLiteral("foreign")) ? 2 : 1);
        DoomRecord doom = doomOf(1, 1, {pack});
        doom.pardoned = event == QStringLiteral("checkpoint-pardoned");
        doom.gone = event == QStringLiteral("checkpoint-gone");
        if (event == QStringLiteral("doom") || doom.pardoned || doom.gone)
            segment.dooms.push_back(doom);
        else if (event.endsWith(QStringLiteral("pardon")))
            segment.pardons.push_back(idOf<DoomId>(1));
        else
            segment.gone.push_back(idOf<DoomId>(1));
        add(f, segment);
    }
    const auto found = must(f->doomedOf({idOf<PackId>(2), pack, idOf<PackId>(3)}));
    QCOMPARE(found, doomed ? std::vector<PackId> {pack} : std::vector<PackId>());
    QCOMPARE(f.find(10).has_value(), !doomed);
    QVERIFY(f.find(20));
    QCOMPARE(must(f->spare(revision.row, {})), std::optional(doomed ? -1 : 1));
}

void TestRegistryLog::severalDooms()
{
    RegistryFixture f;
    const PackId pack = idOf<PackId>(1);
    auto first = segmentOf(1, {}, 1);
    first.dooms.push_back(doomOf(1, 1, {pack, idOf<PackId>(2)}));
    auto second = segmentOf(2, {}, 2);
    second.dooms.push_back(doomOf(2, 2, {pack}));
    auto pardon = segmentOf(3, {1, 2}, 1);
    pardon.pardons.push_back(idOf<DoomId>(1));
    add(f, first);
    add(f, second);
    add(f, pardon);
    QCOMPARE(must(f->doomedOf({pack, idOf<PackId>(2)})), (std::vector<PackId> {pack})); // all must be pardoned
    auto last = segmentOf(4, {3}, 2);
    last.pardons.push_back(idOf<DoomId>(2));
    add(f, last);
    QVERIFY(must(f->doomedOf({pack, idOf<PackId>(2)})).empty());
}

void TestRegistryLog::takingIn()
{
    RegistryFixture f;
    must(f->addSegment(segmentOf(1, {}), kSeen, true)); // our own: in the registry already
    add(f, segmentOf(3, {1}, 2));
    add(f, segmentOf(2, {1}, 2));
    const auto all = must(f->segmentsToTakeIn(10));
    QCOMPARE(all.size(), 2U);
    QCOMPARE(all[0].lamport, 2U);
    QCOMPARE(all[0].author, idOf<ComputerId>(2));
    QCOMPARE(all[0].events, QByteArrayLiteral("cbor"));
    QCOMPARE(must(f->segmentsToTakeIn(1)).size(), 1U);
    must(f->noteTakenIn(all[0].hash));
    f.reopen();
    QCOMPARE(must(f->segmentsToTakeIn(10)).front().lamport, 3U);
}

void TestRegistryLog::trash_data()
{
    QTest::addColumn<QString>("events"); // in the order in which they are seen
    QTest::addColumn<bool>("shown");
    QTest::newRow("none") << "" << true;
    QTest::newRow("trashed") << "trash" << false;
    QTest::newRow("trashed twice") << "trash trash" << false;
    QTest::newRow("restored") << "trash restore" << true;
    QTest::newRow("restored, seen before the trash") << "restore trash" << true;
    QTest::newRow("trashed again") << "trash restore trash-both" << false;
    QTest::newRow("restored beside a second trash") << "trash trash-forever restore" << true;
    QTest::newRow("for ever") << "trash-forever" << false;
    QTest::newRow("for ever, from the trash") << "trash trash-forever" << false;
}

void TestRegistryLog::trash()
{
    QFETCH(QString, events);
    QFETCH(bool, shown);
    RegistryFixture f;
    const auto revision = f.live(1, 1, QStringLiteral("m"));
    const PresenceId first(revision.id.bytes);
    const PresenceId second = idOf<PresenceId>(7);
    quint32 number = 100;
    for (const QString &event : events.split(u' ', Qt::SkipEmptyParts)) {
        auto segment = segmentOf(++number, {}, 2);
        if (event == QStringLiteral("restore")) {
            segment.restores.push_back({revision.id, second});
        } else {
            std::vector<PresenceId> taken(1, first);
            if (event == QStringLiteral("trash-both"))
                taken.push_back(second);
            segment.trashes.push_back({revision.id, taken, event == QStringLiteral("trash-forever")});
        }
        add(f, segment);
    }
    const auto standing = must(f->standing(revision.id));
    QCOMPARE(standing.removed, !shown);
    QCOMPARE(standing.isForever, !shown && events.contains(QStringLiteral("forever")));
    QCOMPARE(standing.since, shown ? QDateTime() : kSeen);
    QCOMPARE(must(f->revisionAt(revision.row)).state, shown ? RevisionState::Live : RevisionState::Trashed);
    QCOMPARE(must(f->models(QString())).size(), shown ? 1U : 0U);
}

void TestRegistryLog::trashShowsTheOneBefore()
{
    RegistryFixture f;
    const auto older = f.live(1, 1, QStringLiteral("m"));
    const auto newer = f.live(2, 1, QStringLiteral("m"));
    auto trash = segmentOf(1, {});
    trash.trashes.push_back({newer.id, {PresenceId(newer.id.bytes)}, false});
    add(f, trash);
    QCOMPARE(must(f->revision(QStringLiteral("m"), 0)).row, older.row);
    auto restore = segmentOf(2, {1});
    restore.restores.push_back({newer.id, idOf<PresenceId>(9)});
    add(f, restore);
    QCOMPARE(must(f->revision(QStringLiteral("m"), 0)).row, newer.row);
}

void TestRegistryLog::retired()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(2);
    auto segment = segmentOf(1, {});
    segment.retired = {accounts[0], idOf<AccountId>(99)};
    add(f, segment);
    for (const AccountRecord &account : must(f->accounts()))
        QCOMPARE(account.retired, account.id == accounts[0]);
    AccountRecord back; // put after its end was read
    back.id = idOf<AccountId>(99);
    back.name = QStringLiteral("back");
    must(f->putAccount(back));
    QVERIFY(std::ranges::all_of(must(f->accounts()), [&](const AccountRecord &account) {
        return account.retired == (account.id != accounts[1]);
    }));
}

void TestRegistryLog::accountsElsewhere()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(2); // "account 0", "account 1"
    const auto told = [](quint32 number, const QString &name) {
        Registry::AccountEvent event;
        event.account = idOf<AccountId>(number);
        event.name = name;
        event.domain = QStringLiteral("a house");
        return event;
    };
    const auto nameOf = [&f](quint32 number) {
        for (const AccountRecord &account : must(f->accounts())) {
            if (account.id == idOf<AccountId>(number))
                return account.retired ? QString() : account.name;
        }
        return QStringLiteral("nothing");
    };
    QCOMPARE(must(f->accountsToTell()).size(), 2U);
    auto segment = segmentOf(1, {});
    const QString taken = must(f->accounts()).front().name;
    segment.accounts = {told(50, taken), told(51, QStringLiteral("attic")), told(52, QStringLiteral("gone"))};
    segment.accounts.push_back(told(0, QStringLiteral("another name")));
    segment.accounts.back().account = accounts[0];
    segment.retired = {idOf<AccountId>(52)};
    add(f, segment);
    const auto toTell = must(f->accountsToTell());
    QCOMPARE(toTell.size(), 1U);
    QVERIFY(toTell.front().id == accounts[1]);
    QCOMPARE(nameOf(50), taken + QStringLiteral(" (2)"));
    QCOMPARE(nameOf(51), QStringLiteral("attic"));
    QVERIFY(nameOf(52).isEmpty());
    for (const AccountRecord &account : must(f->accounts())) {
        QCOMPARE(account.isElsewhere(), account.id != accounts[0] && account.id != accounts[1]);
        if (account.id == accounts[0])
            QCOMPARE(account.name, taken); // what this computer calls it
    }

    // Its end, told later.
    auto end = segmentOf(2, {1});
    end.retired = {idOf<AccountId>(50)};
    add(f, end);
    QVERIFY(nameOf(50).isEmpty());

    // Another place is added under the name; then that very account.
    AccountRecord attic = RegistryFixture::accountRecord(7, QStringLiteral("here"));
    attic.name = QStringLiteral("attic");
    must(f->putAccount(attic));
    QCOMPARE(nameOf(51), QStringLiteral("attic (2)"));
    AccountRecord added = RegistryFixture::accountRecord(8, QStringLiteral("here"));
    added.id = idOf<AccountId>(51);
    must(f->putAccount(added));
    QCOMPARE(nameOf(51), added.name);
    QVERIFY(std::ranges::none_of(must(f->accounts()),
        [](const AccountRecord &account) { return account.isElsewhere() && !account.retired; }));
}

QTEST_GUILESS_MAIN(TestRegistryLog)
#include "test_registry_log.moc"
