// SPDX-License-Identifier: GPL-3.0-or-later
// The registry is lost, accounts too: what was stored comes back.
#include "core/distributor/library_log.h"
#include "core/distributor/sync_library.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/make_model.h"
#include "tests/support/model_names.h"
#include "tests/support/stored_packs.h"

#include <QtTest>

using namespace mf;

namespace {

const QString kName = QStringLiteral("model.bin");

QByteArray content() { return randomBytes(4'300'000, 21) + QByteArray(2'000'000, '\0') + randomBytes(300'001, 22); }

RecoverResult recovered(EngineFixture &computer)
{
    const auto result = runTask(recoverLibrary(computer.engine()));
    if (!result)
        qFatal("recover: %s", qPrintable(result.error().message));
    return *result;
}

QStringList objectsBut(EngineFixture &fixture, int account, const QString &prefix, const QSet<QString> &kept)
{
    QStringList found;
    for (const QString &name : fixture.place(account).memory->names()) {
        if (name.startsWith(prefix) && !kept.contains(name))
            found.append(name);
    }
    return found;
}

// All of meta/ that is neither a marker nor the manifest of a live model: the index objects.
void damageIndexes(EngineFixture &fixture, int accounts, bool lose)
{
    QSet<QString> kept { markerName(fixture.engine().ring).value };
    const auto models = runTask(fixture.engine().registry.models(QString()));
    for (const RevisionRecord &model : *models)
        kept.insert(manifestName(fixture.engine().ring, model.manifest).value);
    for (int i = 0; i < accounts; ++i) {
        const QStringList indexes = objectsBut(fixture, i, QStringLiteral("meta/"), kept);
        if (indexes.isEmpty())
            qFatal("no index object");
        for (const QString &name : indexes) {
            if (lose)
                fixture.place(i).memory->lose(BlobName(name));
            else
                fixture.place(i).memory->replace(BlobName(name), QByteArray(200, 'x'));
        }
    }
}

} // namespace

class TestRecover : public QObject
{
    Q_OBJECT
private slots:
    void bothComputersLoseTheirRegistries()
    {
        EngineFixture one(3);
        const auto other = one.anotherComputer();
        const QByteArray a = content();
        const QByteArray b = randomBytes(3'000'000, 23);
        QVERIFY(one.store(one.write(QStringLiteral("a.bin"), a), Protection(2, 1)));
        QVERIFY(other->store(other->write(QStringLiteral("b.bin"), b), Protection(2, 1)));
        const auto third = one.anotherComputer();
        one.destroy(0);
        const RecoverResult result = recovered(*third);
        QCOMPARE(result.models, 2);
        QCOMPARE(result.readable, 2);
        QVERIFY(third->fetch(QStringLiteral("a.bin"), QStringLiteral("back")));
        QVERIFY(third->fetch(QStringLiteral("b.bin"), QStringLiteral("back")));
        QCOMPARE(readFile(third->path(QStringLiteral("back/a.bin"))), a);
        QCOMPARE(readFile(third->path(QStringLiteral("back/b.bin"))), b);
        QVERIFY(third->store(third->write(QStringLiteral("c.bin"), a), Protection(1, 1)));
    }

    void everyIndexObjectIsDamaged_data()
    {
        QTest::addColumn<int>("accounts");
        QTest::addColumn<int>("k");
        QTest::addColumn<int>("m");
        QTest::addColumn<bool>("lose");
        QTest::addColumn<int>("destroyed");
        QTest::newRow("2 + 1, damaged") << 3 << 2 << 1 << false << -1;
        QTest::newRow("2 + 1, gone") << 3 << 2 << 1 << true << -1;
        QTest::newRow("2 + 1, and the first account gone") << 3 << 2 << 1 << false << 0;
        QTest::newRow("copies") << 2 << 1 << 1 << false << 0;
        QTest::newRow("3 + 2") << 5 << 3 << 2 << true << 2;
    }
    void everyIndexObjectIsDamaged()
    {
        QFETCH(const int, accounts);
        QFETCH(const int, k);
        QFETCH(const int, m);
        QFETCH(const bool, lose);
        QFETCH(const int, destroyed);
        EngineFixture fixture(accounts);
        const QByteArray bytes = content();
        const auto files = makeTree(fixture.path(QStringLiteral("tree")), 12);
        QVERIFY(files);
        QVERIFY(fixture.store(fixture.write(kName, bytes), Protection(k, m)));
        QVERIFY(fixture.store(QFile::encodeName(fixture.path(QStringLiteral("tree"))), Protection(k, m)));
        damageIndexes(fixture, accounts, lose);
        if (destroyed >= 0)
            fixture.destroy(destroyed);
        const auto computer = fixture.anotherComputer();
        const RecoverResult result = recovered(*computer);
        QVERIFY2(result.warnings.isEmpty() || destroyed >= 0, qPrintable(result.warnings.join(u'\n')));
        QCOMPARE(result.readable, 2);
        QCOMPARE(result.unreadable, 0);
        const auto fetched = computer->fetch(kName, QStringLiteral("back"));
        QVERIFY2(fetched, qPrintable(fetched ? QString() : fetched.error().message));
        QCOMPARE(readFile(computer->path(QStringLiteral("back/model.bin"))), bytes);
        QVERIFY(computer->fetch(QStringLiteral("tree"), QStringLiteral("back")));
        for (const QString &file : *files)
            QCOMPARE(readFile(computer->path(QStringLiteral("back/") + file)),
                readFile(fixture.path(QStringLiteral("tree/") + file)));
    }

    void aDamagedFragmentDoesNotHideADirectory()
    {
        EngineFixture fixture(3);
        const QByteArray bytes = content();
        QVERIFY(fixture.store(fixture.write(kName, bytes), Protection(2, 1)));
        damageIndexes(fixture, 3, true);
        const auto revision = runTask(fixture.engine().registry.revision(kName, 0));
        const auto rows = runTask(fixture.engine().registry.packsRelied(revision->row));
        for (const PackRow row : *rows) { // of each pack the fragment that holds the end of the payload
            const auto pack = runTask(fixture.engine().registry.pack(row));
            const int last = static_cast<int>((pack->payloadLength - 1) / pack->shape.dataLength);
            for (int i = 0; i < 3; ++i) {
                const BlobName name = fragmentName(fixture.engine().ring, pack->id, last);
                if (!fixture.place(i).memory->contains(name))
                    continue;
                QByteArray blob = fixture.place(i).memory->bytes(name);
                const qint64 end = kFragmentHeaderSize + (pack->payloadLength - 1) % pack->shape.dataLength;
                for (qint64 at = end - 40; at < end; ++at)
                    blob[at] = static_cast<char>(blob[at] ^ 0x55);
                fixture.place(i).memory->replace(name, blob);
            }
        }
        const auto computer = fixture.anotherComputer();
        QCOMPARE(recovered(*computer).readable, 1);
        QVERIFY(computer->fetch(kName, QStringLiteral("back")));
        QCOMPARE(readFile(computer->path(QStringLiteral("back/model.bin"))), bytes);
    }

    // Of two that should be alike the one that is read first is damaged; and no parity could make up for it.
    void aDamagedTwinDoesNotHideADirectory()
    {
        EngineFixture fixture(4);
        const QByteArray bytes = content();
        QVERIFY(fixture.store(fixture.write(kName, bytes), Protection(2, 1)));
        damageIndexes(fixture, 4, true);
        StoredPacks packs(fixture, 4);
        const auto rows = packs.rows(2);
        const StoredPacks::Stored &last = rows.at(1); // the end of the payload, and so the directory
        const QByteArray right = packs.bytes(last);
        std::vector<int> holders(1, last.account);
        for (int i = 0; holders.size() < 2; ++i) {
            if (std::none_of(rows.begin(), rows.end(), [i](const auto &row) { return row.second.account == i; }))
                holders.push_back(i);
        }
        std::sort(holders.begin(), holders.end());
        const qint64 end = last.header.payloadLength - last.header.dataLength;
        packs.lose(last);
        for (const int holder : holders)
            QVERIFY(runTask(fixture.place(holder).memory->put(last.name, right)));
        packs.flip({ holders[0], last.name, last.header }, end - 20);
        packs.lose(rows.at(2));

        const auto computer = fixture.anotherComputer();
        QCOMPARE(recovered(*computer).readable, 1);
        QVERIFY(computer->fetch(kName, QStringLiteral("back")));
        QCOMPARE(readFile(computer->path(QStringLiteral("back/model.bin"))), bytes);
    }

    // Accounts are replaced one after the other: the catalogue must not go with those that were there at first.
    void anAccountThatCameLaterGetsTheCatalogue()
    {
        EngineFixture fixture(3);
        const QByteArray bytes = content();
        QVERIFY(fixture.store(fixture.write(kName, bytes), Protection(2, 1)));
        MemoryProvider &late = *fixture.place(2).memory;
        for (const QString &name : late.names()) { // it has its fragments alone, as if they had been moved there
            if (!name.startsWith(QStringLiteral("f/")) && name != markerName(fixture.engine().ring).value)
                late.lose(BlobName(name));
        }
        QVERIFY(runTask(syncLibrary(fixture.engine())));
        for (int i = 0; i < 2; ++i) { // the others keep theirs alone
            MemoryProvider &old = *fixture.place(i).memory;
            for (const QString &name : old.names()) {
                if (!name.startsWith(QStringLiteral("f/")) && name != markerName(fixture.engine().ring).value)
                    old.lose(BlobName(name));
            }
        }
        fixture.destroy(1);
        const auto computer = fixture.anotherComputer();
        QCOMPARE(recovered(*computer).readable, 1);
        QVERIFY(computer->fetch(kName, QStringLiteral("back")));
        QCOMPARE(readFile(computer->path(QStringLiteral("back/model.bin"))), bytes);
    }

    // Asked for one by one, they would take two requests a pack (each is so small that it is kept as two copies).
    void fragmentsOfManyPacksAreFoundInOneList()
    {
        constexpr int models = 40;
        EngineFixture fixture(3);
        const auto nameOf = [](int model) { return QStringLiteral("model %1.bin").arg(model); };
        const auto bytesOf = [](int model) { return randomBytes(10'000, 100 + quint32(model)); };
        for (int i = 0; i < models; ++i)
            QVERIFY(fixture.store(fixture.write(nameOf(i), bytesOf(i)), Protection(2, 1)));
        // Of one pack two fragments are not what their names say: one is too short, one is gone.
        const auto revision = runTask(fixture.engine().registry.revision(nameOf(7), 0));
        const auto packs = runTask(fixture.engine().registry.packsRelied(revision->row));
        const auto pack = runTask(fixture.engine().registry.pack(packs->front()));
        int spoilt = 0;
        for (int i = 0; i < 3 && spoilt < 2; ++i) {
            for (int index = 0; index < 3; ++index) {
                const BlobName name = fragmentName(fixture.engine().ring, pack->id, index);
                if (!fixture.place(i).memory->contains(name))
                    continue;
                if (spoilt++ == 0)
                    fixture.place(i).memory->replace(name, QByteArray(100, 'x'));
                else
                    fixture.place(i).memory->lose(name);
            }
        }
        QCOMPARE(spoilt, 2);

        const auto computer = fixture.anotherComputer();
        for (int i = 0; i < 3; ++i)
            fixture.place(i).memory->resetCounters();
        const RecoverResult result = recovered(*computer);
        QCOMPARE(result.readable, models - 1);
        QCOMPARE(result.unreadable, 1);
        for (int i = 0; i < 3; ++i)
            QVERIFY(fixture.place(i).memory->counters().list.calls < models);
        for (int i = 0; i < models; ++i) {
            const auto fetched = computer->fetch(nameOf(i), QStringLiteral("back"));
            QCOMPARE(bool(fetched), i != 7);
            if (fetched)
                QCOMPARE(readFile(computer->path(QStringLiteral("back/") + nameOf(i))), bytesOf(i));
        }
    }

    void oneLossTooManyIsSaid()
    {
        EngineFixture fixture(3);
        QVERIFY(fixture.store(fixture.write(kName, content()), Protection(2, 1)));
        fixture.destroy(0);
        fixture.destroy(2);
        const auto computer = fixture.anotherComputer();
        const RecoverResult result = recovered(*computer);
        QCOMPARE(result.models, 1);
        QCOMPARE(result.readable, 0);
        QCOMPARE(result.unreadable, 1);
    }

    // A backup of the registry from before: what came after is taken in before anything counts as stored.
    void anOldRegistryIsBroughtUpToDate()
    {
        EngineFixture fixture(3);
        const QByteArray first = content();
        QVERIFY(fixture.store(fixture.write(kName, first), Protection(2, 1)));
        fixture.backUpRegistry(QStringLiteral("backup"));
        const QByteArray second = randomBytes(3'000'000, 24);
        QVERIFY(fixture.store(fixture.write(QStringLiteral("second.bin"), second), Protection(2, 1)));
        const auto revision = runTask(fixture.engine().registry.revision(kName, 0));
        LibraryLog log(fixture.engine());
        Cbor events = Cbor::array();
        events.push_back(events::trash(revision->id, { PresenceId(revision->id.bytes) }, true));
        QVERIFY(runTask(log.append(std::move(events))));
        fixture.restoreRegistry(QStringLiteral("backup"));

        const qint64 sent = fixture.putBytes();
        const auto again = fixture.store(fixture.write(QStringLiteral("copy.bin"), second), Protection(2, 1));
        QVERIFY2(again, qPrintable(again ? QString() : again.error().message));
        QCOMPARE(again->newBytes, 0);
        QVERIFY(fixture.putBytes() - sent < 100'000);
        QCOMPARE(
            modelNames(fixture.engine()), (QStringList { QStringLiteral("copy.bin"), QStringLiteral("second.bin") }));
        QVERIFY(fixture.fetch(QStringLiteral("second.bin"), QStringLiteral("back")));
        QCOMPARE(readFile(fixture.path(QStringLiteral("back/second.bin"))), second);
    }

    void recoverOverAWholeRegistryChangesNothing()
    {
        EngineFixture fixture(3);
        const QByteArray bytes = content();
        QVERIFY(fixture.store(fixture.write(kName, bytes), Protection(2, 1)));
        const auto before = runTask(fixture.engine().registry.revision(kName, 0));
        const RecoverResult result = recovered(fixture);
        QCOMPARE(result.readable, 1);
        const auto after = runTask(fixture.engine().registry.revision(kName, 0));
        QCOMPARE(after->row, before->row);
        QCOMPARE(after->manifest, before->manifest);
        const auto again = fixture.store(fixture.write(kName, bytes), Protection(2, 1));
        QVERIFY(again->unchanged);
    }
};

QTEST_GUILESS_MAIN(TestRecover)
#include "test_recover.moc"
