// SPDX-License-Identifier: GPL-3.0-or-later
// Objects of format 1 as they were written when it was frozen (freeze.cpp) open for ever, with what was in them.
#include "core/crypto/sha256.h"
#include "core/distributor/objects/checkpoint.h"
#include "core/distributor/objects/copy_object.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/objects/manifest.h"
#include "core/distributor/objects/marker.h"
#include "core/distributor/objects/segment.h"
#include "core/packing/erasure.h"
#include "core/packing/pack.h"
#include "tests/support/test_data.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace mf;

namespace {

QByteArray fixture(const QString &name)
{
    QFile file(testData(QStringLiteral("format1/") + name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s is missing", qPrintable(file.fileName()));
    return file.readAll();
}

const QJsonObject &facts()
{
    static const QJsonObject all = QJsonDocument::fromJson(fixture(QStringLiteral("facts.json"))).object();
    return all;
}

// Of what was added when the rest was frozen already (freeze_more.cpp).
const QJsonObject &more()
{
    static const QJsonObject all = QJsonDocument::fromJson(fixture(QStringLiteral("facts-more.json"))).object();
    return all;
}

QString fact(const char *name) { return facts().value(QLatin1String(name)).toString(); }

template <typename Id> Id idFrom(const QString &hex)
{
    const QByteArray bytes = QByteArray::fromHex(hex.toLatin1());
    return Id::from(viewOf(bytes)).value_or(Id());
}

template <typename Id> Id idOf(std::uint8_t seed) // as freeze.cpp made them
{
    Id id;
    for (std::size_t i = 0; i < id.bytes.size(); ++i)
        id.bytes[i] = static_cast<std::uint8_t>(std::size_t { seed } * 16 + i);
    return id;
}

SecretKey recovery(const char *name) { return SecretKey(idFrom<Sha256>(fact(name)).view()); }

// As a computer with the newest kit has it.
KeyRing ring()
{
    const SecretKey master = KeyRing::masterOf(recovery("recovery1"), idFrom<LibraryId>(fact("library")));
    const QByteArray object = fixture(QStringLiteral("library-1"));
    auto opened = openLibraryObject(master, viewOf(object));
    if (!opened)
        qFatal("the library object does not open: %s", qPrintable(opened.error().message));
    return std::move(*opened);
}

} // namespace

class TestFrozen : public QObject
{
    Q_OBJECT
private slots:
    void libraryObjects()
    {
        const auto library = idFrom<LibraryId>(fact("library"));
        const QByteArray older = fixture(QStringLiteral("library-0"));
        QCOMPARE(*libraryIdOf(viewOf(older)), library);
        const auto first = openLibraryObject(KeyRing::masterOf(recovery("recovery0"), library), viewOf(older));
        QVERIFY(first);
        QCOMPARE(first->epochs().size(), 1U);
        const KeyRing both = ring();
        QCOMPARE(both.epochs().size(), 2U);
        QCOMPARE(both.epochs().front().id, first->epochs().front().id);
        QVERIFY(both.namingKey() == first->namingKey());
        QVERIFY(both.gearKey() == first->gearKey());
        const QByteArray newer = fixture(QStringLiteral("library-1"));
        const auto old = openLibraryObject(KeyRing::masterOf(recovery("recovery0"), library), viewOf(newer));
        QVERIFY(!old); // an old kit does not open the newer epoch
        QCOMPARE(old.error().id, QStringLiteral("MF-KIT-OTHER"));
    }

    // Two computers made a kit at once: each of the two opens one of the objects, and finds the same three epochs.
    void libraryObjectsOfAFork()
    {
        const auto library = idFrom<LibraryId>(fact("library"));
        std::vector<KeyRing> rings;
        for (const char *kit : { "recovery1", "recovery2" }) {
            for (const char *name : { "library-forked.0", "library-forked.1" }) {
                const QByteArray object = fixture(QString::fromLatin1(name));
                const auto opened = openLibraryObject(KeyRing::masterOf(recovery(kit), library), viewOf(object));
                if (opened)
                    rings.push_back(*opened);
                else
                    QCOMPARE(opened.error().id, QStringLiteral("MF-KIT-OTHER"));
            }
        }
        QCOMPARE(rings.size(), 2U);
        for (const KeyRing &ring : rings) {
            QCOMPARE(ring.epochs().size(), 3U);
            QCOMPARE(ring.epochs()[0].generation, 0);
            QCOMPARE(ring.epochs()[1].generation, 1);
            QCOMPARE(ring.epochs()[2].generation, 1);
            QCOMPARE(ring.newest().id, rings.front().newest().id);
        }
    }

    void marker()
    {
        const QByteArray sealed = fixture(QStringLiteral("marker"));
        const auto opened = openMarker(ring(), viewOf(sealed));
        QVERIFY(opened);
        QCOMPARE(opened->library, idFrom<LibraryId>(fact("library")));
        QCOMPARE(opened->account, idOf<AccountId>(4));
        QCOMPARE(markerName(ring()).value, fact("markerName"));
    }

    void segment()
    {
        const QByteArray sealed = fixture(QStringLiteral("segment"));
        const BlobName name(fact("segmentName"));
        const auto opened = openSegment(ring(), name, viewOf(sealed));
        QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().message));
        QCOMPARE(opened->parents, std::vector<ObjectHash> { idOf<ObjectHash>(13) });
        QCOMPARE(opened->author, idOf<ComputerId>(14));
        QCOMPARE(opened->lamport, 42U);
        QCOMPARE(opened->time, 1'700'000'000'000);
        QCOMPARE(opened->events.size(), 10U);
        const auto record = registryRecord(objectHash(viewOf(sealed)), name, *opened, QDateTime());
        QCOMPARE(record.sessions.size(), 3U);
        QCOMPARE(record.sessions[1].indexes.size(), 1U);
        QVERIFY(record.sessions[2].isEnd);
        QCOMPARE(record.revisions.size(), 1U);
        QCOMPARE(record.revisions[0].revision, idOf<RevisionId>(10));
        QCOMPARE(manifestName(ring(), record.revisions[0].manifest).value, fact("manifestName"));
        QCOMPARE(record.trashes.size(), 1U);
        QVERIFY(record.trashes[0].isForever);
        QCOMPARE(record.restores.size(), 1U);
        QCOMPARE(record.restores[0].presence, idOf<PresenceId>(6));
        QCOMPARE(record.dooms.size(), 1U);
        QCOMPARE(record.dooms[0].packs, std::vector<PackId> { idOf<PackId>(5) });
        QCOMPARE(record.dooms[0].fragments.size(), 1U);
        QCOMPARE(record.dooms[0].fragments[0], FragmentKey(idOf<PackId>(7), 1, idOf<AccountId>(4)));
        QCOMPARE(record.dooms[0].objects, QStringList { QStringLiteral("meta/object") });
        QCOMPARE(record.pardons, std::vector<DoomId> { idOf<DoomId>(15) });
        QCOMPARE(record.gone, std::vector<DoomId> { idOf<DoomId>(15) });
        QCOMPARE(record.retired, std::vector<AccountId> { idOf<AccountId>(4) });
    }

    void checkpoint()
    {
        const QByteArray sealed = fixture(QStringLiteral("checkpoint"));
        const BlobName name(fact("checkpointName"));
        const auto opened = openSegment(ring(), name, viewOf(sealed));
        QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().message));
        auto record = registryRecord(objectHash(viewOf(sealed)), name, *opened, QDateTime());
        nameCovered(ring(), record);
        QVERIFY(record.checkpoint);
        QCOMPARE(record.checkpoint->id, idOf<CheckpointId>(1));
        QCOMPARE(record.checkpoint->part, 0);
        QCOMPARE(record.checkpoint->parts, 1);
        QCOMPARE(record.checkpoint->covers.size(), 2U);
        QCOMPARE(record.checkpoint->covers[0].hash, idOf<ObjectHash>(13));
        QCOMPARE(record.told.size(), 1U);
        QCOMPARE(record.told[0].author, idOf<ComputerId>(14));
        QCOMPARE(record.told[0].lamport, 42U);
        QCOMPARE(record.told[0].hash, record.checkpoint->covers[1].hash);
        QCOMPARE(record.told[0].revisions.size(), 1U);
        QCOMPARE(record.told[0].revisions[0].revision, idOf<RevisionId>(10));
        const auto checkpoint = readCheckpoint(opened->events.front());
        QVERIFY(checkpoint);
        const SecretKey master = KeyRing::masterOf(recovery("recovery1"), idFrom<LibraryId>(fact("library")));
        const auto inside = openLibraryObject(master, viewOf(checkpoint->library));
        QVERIFY(inside);
        QCOMPARE(inside->epochs().size(), 2U);
    }

    void theEventOfANewKit()
    {
        const QByteArray sealed = fixture(QStringLiteral("segment-epoch"));
        const BlobName name(more().value(QStringLiteral("segmentEpochName")).toString());
        const auto opened = openSegment(ring(), name, viewOf(sealed));
        QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().message));
        QCOMPARE(opened->parents, (std::vector<ObjectHash> { idOf<ObjectHash>(13), idOf<ObjectHash>(14) }));
        QCOMPARE(opened->events.size(), 3U);
        CborReader reader(opened->events[0]);
        QCOMPARE(reader.text("k"), QStringLiteral("epoch"));
        QCOMPARE(reader.id<EpochId>("e"), ring().newest().id);
        QCOMPARE(ring().newest().id.toHex(), more().value(QStringLiteral("epoch")).toString());
        // One that nobody knows is kept, and hides nothing behind it.
        QCOMPARE(opened->events[1].at("k").get<std::string>(), std::string("of a later version"));
        const auto record = registryRecord(objectHash(viewOf(sealed)), name, *opened, QDateTime());
        QCOMPARE(record.retired, std::vector<AccountId> { idOf<AccountId>(4) });
    }

    // Of an account that another computer added (freeze_account.cpp).
    void anAccount()
    {
        const QByteArray sealed = fixture(QStringLiteral("segment-account"));
        const auto made = QJsonDocument::fromJson(fixture(QStringLiteral("facts-account.json"))).object();
        const BlobName name(made.value(QStringLiteral("segmentAccountName")).toString());
        const auto opened = openSegment(ring(), name, viewOf(sealed));
        QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().message));
        const auto record = registryRecord(objectHash(viewOf(sealed)), name, *opened, QDateTime());
        QCOMPARE(record.accounts.size(), 1U);
        QCOMPARE(record.accounts[0].account, idOf<AccountId>(5));
        QCOMPARE(record.accounts[0].name, QStringLiteral("Desk \u2744"));
        QCOMPARE(record.accounts[0].domain, QStringLiteral("disk 1"));
    }

    void aCheckpointOfThreeParts()
    {
        const QJsonArray names = more().value(QStringLiteral("checkpointPartNames")).toArray();
        QCOMPARE(names.size(), 3);
        std::vector<ObjectHash> covered;
        for (int part = 0; part < 3; ++part) {
            const QByteArray sealed = fixture(QStringLiteral("checkpoint-part.%1").arg(part));
            const BlobName name(names.at(part).toString());
            const auto opened = openSegment(ring(), name, viewOf(sealed));
            QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().message));
            const auto record = registryRecord(objectHash(viewOf(sealed)), name, *opened, QDateTime());
            QVERIFY(record.checkpoint);
            QCOMPARE(record.checkpoint->id, idOf<CheckpointId>(2));
            QCOMPARE(record.checkpoint->part, part);
            QCOMPARE(record.checkpoint->parts, 3);
            for (const auto &cover : record.checkpoint->covers)
                covered.push_back(cover.hash);
            QCOMPARE(record.told.size(), 1U);
            QCOMPARE(record.told[0].lamport, static_cast<quint64>(40 + part));
            QCOMPARE(record.told[0].hash, covered.back());
            if (part < 2)
                QCOMPARE(
                    record.told[0].gone, std::vector<DoomId> { idOf<DoomId>(static_cast<std::uint8_t>(8 + part)) });
            const auto checkpoint = readCheckpoint(opened->events.front());
            QVERIFY(checkpoint);
            QCOMPARE(checkpoint->library.isEmpty(), part > 0);
        }
        QCOMPARE(covered.size(), 4U);
        for (int part = 0; part < 3; ++part)
            QCOMPARE(covered[static_cast<std::size_t>(part)], idOf<ObjectHash>(static_cast<std::uint8_t>(3 + part)));
        QCOMPARE(covered[3], objectHash(viewOf(fixture(QStringLiteral("segment-epoch")))));
    }

    void registryCopy()
    {
        const QByteArray sealed = fixture(QStringLiteral("copy-head"));
        const auto head = openCopyHead(ring(), BlobName(fact("copyHeadName")), viewOf(sealed));
        QVERIFY2(head, qPrintable(head ? QString() : head.error().message));
        QCOMPARE(head->computer, idOf<ComputerId>(14));
        QCOMPARE(head->lamport, 43U);
        QCOMPARE(head->parts.size(), 1U);
        const QByteArray part = fixture(QStringLiteral("copy-part"));
        QCOMPARE(objectHash(viewOf(part)), head->parts.front());
        QCOMPARE(copyPartName(ring(), head->parts.front()).value, fact("copyPartName"));
        const auto plain = openCopyPart(ring(), viewOf(part));
        QVERIFY(plain);
        QCOMPARE(*plain, QByteArray("an SQLite file"));
        QCOMPARE(plain->size(), head->bytes);
        QCOMPARE(sha256(viewOf(*plain)), head->sha256);
    }

    void manifest()
    {
        const QByteArray sealed = fixture(QStringLiteral("manifest"));
        QCOMPARE(manifestName(ring(), objectHash(viewOf(sealed))).value, fact("manifestName"));
        const auto opened = openManifest(ring(), viewOf(sealed));
        QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().message));
        const RevisionRecord &revision = opened->revision;
        QCOMPARE(revision.id, idOf<RevisionId>(10));
        QCOMPARE(revision.model, idOf<ModelId>(11));
        QCOMPARE(revision.name, QStringLiteral("Frozen \u2744"));
        QCOMPARE(revision.number, 3);
        QCOMPARE(revision.created.toMSecsSinceEpoch(), 1'700'000'000'123);
        QVERIFY(revision.protection == Protection(2, 2));
        QCOMPARE(revision.facts.format, QStringLiteral("safetensors"));
        QCOMPARE(revision.facts.parameters, 7'000'000'000);
        QCOMPARE(revision.metadata.value(QStringLiteral("general.name")), QStringLiteral("value"));
        QCOMPARE(revision.tags, QStringList { QStringLiteral("chat") });
        QCOMPARE(opened->packs, (std::vector<PackId> { idOf<PackId>(5), idOf<PackId>(7) }));
        QCOMPARE(opened->files.size(), 2U);
        const ManifestFile &file = opened->files[0];
        QCOMPARE(file.file.path, QStringLiteral("sub/model.safetensors"));
        QCOMPARE(file.file.sha256, idOf<Sha256>(12));
        QVERIFY(file.file.executable);
        QCOMPARE(file.file.modified.toMSecsSinceEpoch(), 1'600'000'000'456);
        QCOMPARE(file.leaves.size(), 1U);
        QCOMPARE(file.tensors.size(), 1U);
        QCOMPARE(file.tensors[0].name, QStringLiteral("weight"));
        QCOMPARE(file.tensors[0].shape, (QList<qint64> { 40, 100 }));
        QCOMPARE(parsePieces(viewOf(opened->files[1].pieces))->front().literal, QByteArray("literal"));
    }

    void index()
    {
        const QByteArray sealed = fixture(QStringLiteral("index"));
        QCOMPARE(indexName(ring(), objectHash(viewOf(sealed))).value, fact("indexName"));
        const auto opened = openIndex(ring(), viewOf(sealed));
        QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().message));
        QCOMPARE(opened->supersedes, std::vector<ObjectHash> { idOf<ObjectHash>(9) });
        QCOMPARE(opened->packs.size(), 2U);
        QCOMPARE(opened->packs[0].id, idOf<PackId>(5));
        QCOMPARE(opened->packs[0].shape.k, 2);
        QCOMPARE(opened->packs[0].shape.fragments, 4);
        QCOMPARE(opened->packs[0].records.size(), 6U);
        QVERIFY(opened->packs[1].packClass == PackClass::Metadata);
    }

    void packs_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QList<int>>("rows");
        QTest::newRow("data fragments") << "pack" << QList<int> { 0, 1 };
        QTest::newRow("one data, one parity") << "pack" << QList<int> { 1, 2 };
        QTest::newRow("parity alone") << "pack" << QList<int> { 2, 3 };
        QTest::newRow("a copy") << "leaves" << QList<int> { 0 };
        QTest::newRow("another copy") << "leaves" << QList<int> { 1 };
    }
    void packs()
    {
        QFETCH(const QString, name);
        QFETCH(const QList<int>, rows);
        const KeyRing keys = ring();
        const QJsonObject pack = facts().value(name).toObject();
        const int k = pack.value(QStringLiteral("k")).toInt();
        const auto id = idFrom<PackId>(pack.value(QStringLiteral("id")).toString());
        std::vector<QByteArray> blobs;
        std::vector<ErasureRow> have;
        std::optional<FragmentHeader> header;
        for (const int row : rows) {
            blobs.push_back(fixture(QStringLiteral("%1.%2").arg(name).arg(row)));
            const ByteView blob = viewOf(blobs.back());
            const auto opened = openFragmentHeader(keys, blob);
            QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().message));
            QCOMPARE(opened->pack, id);
            QCOMPARE(int(opened->index), row);
            QCOMPARE(
                fragmentName(keys, id, row).value, pack.value(QStringLiteral("names")).toArray().at(row).toString());
            const auto length = static_cast<std::size_t>(opened->dataLength);
            const ByteView data = blob.subspan(std::size_t(kFragmentHeaderSize), length);
            QVERIFY(damagedBlocks(data, blob.subspan(std::size_t(kFragmentHeaderSize) + length)).empty());
            // Written again it is the same, byte for byte.
            QCOMPARE(makeFragment(keys, *opened, data), blobs.back());
            have.emplace_back(row, data);
            header = *opened;
        }
        QByteArray payload;
        for (int row = 0; row < k; ++row) {
            QByteArray data(header->dataLength, '\0');
            QVERIFY(rebuildRow(k, have, row, mutableViewOf(data)));
            payload += data;
        }
        payload.truncate(header->payloadLength);
        PackOpener opener(keys, id, header->salt, header->commitment);
        QVERIFY(opener.isValid());
        const auto records = opener.readDirectory(viewOf(payload));
        QVERIFY2(records, qPrintable(records ? QString() : records.error().message));
        const QJsonArray chunks = pack.value(QStringLiteral("chunks")).toArray();
        QCOMPARE(records->size(), static_cast<std::size_t>(chunks.size()));
        for (std::size_t i = 0; i < records->size(); ++i) {
            const Record &record = (*records)[i];
            const QJsonObject chunk = chunks.at(static_cast<int>(i)).toObject();
            QCOMPARE(static_cast<int>(record.codec), chunk.value(QStringLiteral("codec")).toInt());
            QCOMPARE(record.hash.toHex(), chunk.value(QStringLiteral("sha256")).toString());
            QByteArray plain(record.plainLength, '\0');
            const ByteView sealed = viewOf(payload).subspan(
                static_cast<std::size_t>(recordOffset(*records, i)), record.encodedLength + std::size_t(16));
            const auto opened = opener.openRecord(i, record, sealed, mutableViewOf(plain));
            QVERIFY2(opened, qPrintable(opened ? QString() : opened.error().message));
            QCOMPARE(sha256(viewOf(plain)).toHex(), chunk.value(QStringLiteral("sha256")).toString());
            if (name == QStringLiteral("leaves")) {
                const auto pieces = parsePieces(viewOf(plain));
                QVERIFY(pieces);
                QCOMPARE(pieces->size(), 8U);
                QCOMPARE((*pieces)[6].length, 1'000'000);
                QCOMPARE((*pieces)[7].literal, QByteArray("literal"));
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestFrozen)
#include "test_frozen.moc"
