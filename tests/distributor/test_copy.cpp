// SPDX-License-Identifier: GPL-3.0-or-later
// The registry's daily copy: beside it, and sealed on the accounts, where recover begins with it.
#include "core/distributor/collect.h"
#include "core/distributor/daily_copy.h"
#include "core/distributor/objects/copy_object.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "core/registry/registry_copy.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/model_names.h"
#include "tests/support/must.h"

#include <QDir>
#include <QRegularExpression>
#include <QSqlDatabase>
#include <QSqlQuery>

using namespace mf;

namespace {

using std::chrono::hours;
const QString kM = QStringLiteral("m");
const QString kN = QStringLiteral("n");
const QString kCopies = QStringLiteral("copy/");

SyncResult synced(Engine &engine) { return must(runTask(syncLibrary(engine))); }

QStringList copiesHere(Engine &engine) { return QDir(copiesOf(engine.registry)).entryList(QDir::Files, QDir::Name); }

// Two models, and a copy of the registry that knows them.
struct Scene {
    EngineFixture one { 3 };
    QByteArray m = randomBytes(300'000, 1);
    QByteArray n = randomBytes(300'000, 2);
    Scene()
    {
        synced(one.engine());
        store(kM, m);
        store(kN, n);
        one.passTime(hours(25));
        synced(one.engine());
        if (heads().size() != 1)
            qFatal("there is no copy");
    }
    void store(const QString &name, const QByteArray &bytes)
    {
        must(one.store(one.write(name, bytes), Protection(1, 1), name));
    }
    QStringList heads() { return one.place(0).memory->names().filter(QString::fromLatin1(kCopyHeads)); }
};

RecoverResult recovered(EngineFixture &computer) { return must(runTask(recoverLibrary(computer.engine()))); }

QByteArray fetched(EngineFixture &computer, const QString &model)
{
    static int count = 0;
    const QString to = QStringLiteral("back%1").arg(++count);
    const auto got = computer.fetch(model, to);
    if (!got)
        qWarning("%s", qPrintable(got.error().message));
    return readFile(computer.path(to + u'/' + model));
}

// What a statement says of a copy, or changes in it.
qint64 numberIn(const QString &path, const QString &sql)
{
    qint64 found = -1;
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("look"));
        db.setDatabaseName(path);
        QSqlQuery query(db);
        if (db.open() && query.exec(sql) && query.next())
            found = query.value(0).toLongLong();
    }
    QSqlDatabase::removeDatabase(QStringLiteral("look"));
    return found;
}

} // namespace

class TestCopy : public QObject
{
    Q_OBJECT

private slots:
    void onceADay()
    {
        Computers c(2);
        synced(c.engine());
        QVERIFY(copiesHere(c.engine()).isEmpty());
        c.clock().advance(hours(23));
        synced(c.engine());
        QVERIFY(copiesHere(c.engine()).isEmpty());
        const auto path = c.write(QStringLiteral("m.bin"), randomBytes(100'000, 1));
        must(c.store(path, Protection(1, 1), kM));
        c.clock().advance(hours(2));
        synced(c.engine());
        QCOMPARE(copiesHere(c.engine()).size(), 1);
        const QStringList first = c.memory(1).names().filter(kCopies);
        QCOMPARE(first.size(), 2); // a head, a part
        QCOMPARE(c.memory(0).names().filter(kCopies), first);
        synced(c.engine());
        QCOMPARE(copiesHere(c.engine()).size(), 1);
        // The log has not grown: the one on the accounts is as good as a new one.
        c.clock().advance(hours(25));
        synced(c.engine());
        QCOMPARE(copiesHere(c.engine()).size(), 2);
        QCOMPARE(c.memory(0).names().filter(kCopies), first);
        for (int day = 0; day < 8; ++day) {
            c.clock().advance(hours(25));
            synced(c.engine());
        }
        QCOMPARE(copiesHere(c.engine()).size(), kCopiesKept);
        must(runTask(removeModel(c.engine(), kM, 0, false)));
        c.setGone(1, true);
        c.reopen(0);
        c.clock().advance(hours(25));
        synced(c.engine());
        QCOMPARE(c.memory(0).names().filter(kCopies).size(), 2);
        QVERIFY(c.memory(0).names().filter(kCopies) != first);
        QCOMPARE(c.memory(1).names().filter(kCopies), first); // away
        c.setGone(1, false);
        c.reopen(0);
        must(runTask(restoreModel(c.engine(), kM)));
        c.clock().advance(hours(25));
        synced(c.engine());
        QCOMPARE(c.memory(1).names().filter(kCopies).size(), 2); // nothing old is left
        QCOMPARE(c.memory(0).names().filter(kCopies), c.memory(1).names().filter(kCopies));
        // A clock that was wrong for a while.
        c.clock().jump(-hours(24 * 100));
        synced(c.engine());
        QCOMPARE(copiesHere(c.engine()).size(), kCopiesKept);
    }

    // A process that was killed left them; each is as large as the registry.
    void whatWasLeftUnfinishedIsTidied()
    {
        Scene s;
        const QDir folder(copiesOf(s.one.engine().registry));
        for (const char *left : { "20200101-000000.sqlite.part", "20200101-000000.sqlite.reduced" }) {
            QFile file(folder.filePath(QString::fromLatin1(left)));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write("x") == 1);
        }
        s.one.passTime(hours(25));
        synced(s.one.engine());
        const QStringList there = copiesHere(s.one.engine());
        QCOMPARE(there.size(), 2);
        QCOMPARE(there.filter(QRegularExpression(QStringLiteral("\\.sqlite$"))), there);
    }

    void recoverBeginsWithIt()
    {
        Scene s;
        // What came after it: one more, one removed.
        const QByteArray o = randomBytes(300'000, 3);
        s.store(QStringLiteral("o"), o);
        must(runTask(removeModel(s.one.engine(), kN, 0, false)));
        const auto other = s.one.anotherComputer();
        // Where the copy tells it, no manifest is read.
        const auto manifest = must(runTask(s.one.engine().registry.revision(kM, 0))).manifest;
        const auto name = s.one.place(0).memory->names();
        const RecoverResult result = recovered(*other);
        QVERIFY(result.fromCopy);
        QCOMPARE(result.models, 2);
        QCOMPARE(result.readable, 2);
        QCOMPARE(modelNames(other->engine()), (QStringList { kM, QStringLiteral("o") }));
        QCOMPARE(must(runTask(other->engine().registry.revision(kM, 0))).manifest, manifest);
        QCOMPARE(fetched(*other, kM), s.m);
        QCOMPARE(fetched(*other, QStringLiteral("o")), o);
        must(runTask(restoreModel(other->engine(), kN)));
        QCOMPARE(fetched(*other, kN), s.n);
        // Chunks are found, and other computers' packs are not its own.
        const auto again = other->store(other->write(QStringLiteral("p"), s.m), Protection(1, 1), QStringLiteral("p"));
        QVERIFY(again);
        QCOMPARE(again->newBytes, 0);
        QCOMPARE(must(runTask(collect(other->engine()))).waiting, QStringList());
        QVERIFY(!recovered(*other).fromCopy);
        QCOMPARE(fetched(*other, kM), s.m);
    }

    // The copy believes in packs that were deleted since.
    void anOldCopyBringsNothingBack()
    {
        Scene s;
        must(runTask(removeModel(s.one.engine(), kN, 0, true)));
        QVERIFY(must(runTask(collect(s.one.engine()))).fragments > 0);
        const auto other = s.one.anotherComputer();
        QVERIFY(recovered(*other).fromCopy);
        QCOMPARE(modelNames(other->engine()), QStringList { kM });
        const auto stored = other->store(other->write(kN, s.n), Protection(1, 1), kN);
        QVERIFY(stored && stored->uploadedBytes > 0);
        QCOMPARE(fetched(*other, kN), s.n);
    }

    void accountsThatAreNotConnectedYetAreLookedThroughLater()
    {
        Scene s;
        s.one.place(2).memory->setGone(true);
        const auto other = s.one.anotherComputer();
        QVERIFY(recovered(*other).fromCopy);
        QCOMPARE(fetched(*other, kM), s.m);
    }

    void withoutAWholeCopyItGoesTheLongWay_data()
    {
        QTest::addColumn<QString>("damage");
        QTest::newRow("there is none") << "none";
        QTest::newRow("its head is damaged") << "head";
        QTest::newRow("a part is damaged") << "part";
        QTest::newRow("a part is missing") << "missing";
        QTest::newRow("it is not what its head says") << "hash";
        QTest::newRow("it is no database") << "text";
    }
    void withoutAWholeCopyItGoesTheLongWay()
    {
        QFETCH(const QString, damage);
        Scene s;
        const KeyRing &ring = s.one.engine().ring;
        const BlobName head(s.heads().front());
        const auto bytes = s.one.place(0).memory->bytes(head);
        RegistryCopy copy = must(openCopyHead(ring, head, viewOf(bytes)));
        const BlobName part = copyPartName(ring, copy.parts.front());
        QVERIFY(s.one.place(0).memory->names().contains(part.value));
        for (int i = 0; i < 3; ++i) {
            MemoryProvider &memory = *s.one.place(i).memory;
            if (damage == QStringLiteral("none") || damage == QStringLiteral("hash")
                || damage == QStringLiteral("text"))
                memory.lose(head);
            if (damage == QStringLiteral("head"))
                memory.replace(head, bytes.left(bytes.size() - 1));
            if (damage == QStringLiteral("part"))
                memory.replace(part, QByteArray(1'000, 'x'));
            if (damage == QStringLiteral("missing"))
                memory.lose(part);
        }
        if (damage == QStringLiteral("hash") || damage == QStringLiteral("text")) {
            const QByteArray text(5'000, 'x');
            if (damage == QStringLiteral("text")) {
                const QByteArray sealed = sealCopyPart(ring, viewOf(text));
                copy.parts.assign(1, objectHash(viewOf(sealed)));
                copy.bytes = text.size();
                copy.sha256 = sha256(viewOf(text));
                QVERIFY(runTask(s.one.place(0).memory->put(copyPartName(ring, copy.parts.front()), sealed)));
            } else {
                copy.sha256 = sha256(viewOf(text));
            }
            const QByteArray sealed = sealCopyHead(ring, copy);
            QVERIFY(runTask(s.one.place(0).memory->put(copyHeadName(ring, objectHash(viewOf(sealed))), sealed)));
        }
        const auto other = s.one.anotherComputer();
        QVERIFY(!recovered(*other).fromCopy);
        QCOMPARE(modelNames(other->engine()), (QStringList { kM, kN }));
        QCOMPARE(fetched(*other, kN), s.n);
        QVERIFY(!QFile::exists(other->engine().registry.path() + QStringLiteral(".found")));
    }

    // What is one computer's alone does not leave it.
    void aReducedCopyHasNoSecrets()
    {
        Scene s;
        must(runTask(s.one.engine().registry.setSetting(QStringLiteral("limit"), QStringLiteral("7"))));
        const QString path = s.one.path(QStringLiteral("reduced.sqlite"));
        must(runTask(s.one.engine().registry.copyTo(path)));
        QVERIFY(QFile::permissions(path).testFlag(QFile::ReadOwner));
        QVERIFY(!QFile::permissions(path).testFlag(QFile::ReadOther));
        QVERIFY(reduceCopy(path));
        const auto count = [&path](const QString &sql) { return numberIn(path, sql); };
        QCOMPARE(count(QStringLiteral("SELECT COUNT(*) FROM meta")), 1); // the library's id
        for (const QString &table : tablesOfThisComputer()) {
            const qint64 rows = table == QStringLiteral("meta") ? 1 : table == QStringLiteral("account") ? 3 : 0;
            QCOMPARE(count(QStringLiteral("SELECT COUNT(*) FROM ") + table), rows);
        }
        QCOMPARE(count(QStringLiteral("SELECT COUNT(*) FROM account WHERE length(settings) > 0 OR domain <> ''")), 0);
        QVERIFY(count(QStringLiteral("SELECT COUNT(*) FROM pack")) > 0);
        // Whoever adds a table decides whether it is the library's or this computer's.
        const QStringList known = tablesOfTheLibrary() + tablesOfThisComputer();
        QCOMPARE(
            count(QStringLiteral("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                                 " AND name NOT LIKE 'model_search_%'")),
            known.size());
    }

    // Then it is as if there were none, and nothing has changed.
    void oneThatDoesNotFitIsNotTaken_data()
    {
        QTest::addColumn<QString>("change"); // to the copy
        QTest::addColumn<QString>("why");
        const auto row = [](const char *name, const char *change, const char *why) {
            QTest::newRow(name) << QString::fromLatin1(change) << QString::fromLatin1(why);
        };
        row("it fits", "", "");
        row("of another version", "PRAGMA user_version = 99", "another version");
        row("of another library", "UPDATE meta SET value = x'00' WHERE key = 'library'", "another library");
        row("of no library", "DELETE FROM meta", "another library");
        row("damaged", "damage", "damaged");
        row("this computer knows something already", "known", "knows the library already");
    }
    void oneThatDoesNotFitIsNotTaken()
    {
        QFETCH(const QString, change);
        QFETCH(const QString, why);
        Scene s;
        const QString path = s.one.path(QStringLiteral("reduced.sqlite"));
        must(runTask(s.one.engine().registry.copyTo(path)));
        QVERIFY(reduceCopy(path));
        const auto other = s.one.anotherComputer();
        if (change == QStringLiteral("damage")) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(5'000));
            QVERIFY(file.write(QByteArray(file.size() - 5'000, 'x')) > 0);
        } else if (change == QStringLiteral("known")) {
            recovered(*other);
        } else if (!change.isEmpty()) {
            numberIn(path, change);
        }
        const QStringList before = modelNames(other->engine());
        const auto taken = runTask(other->engine().registry.adopt(path));
        QCOMPARE(bool(taken), why.isEmpty());
        if (taken) {
            QCOMPARE(modelNames(other->engine()), (QStringList { kM, kN }));
            return;
        }
        QCOMPARE(taken.error().id, QStringLiteral("MF-REGISTRY-COPY"));
        QVERIFY2(taken.error().message.contains(why), qPrintable(taken.error().message));
        QCOMPARE(modelNames(other->engine()), before);
        QCOMPARE(recovered(*other).readable, 2); // the long way
        QCOMPARE(fetched(*other, kM), s.m);
    }
};

QTEST_GUILESS_MAIN(TestCopy)
#include "test_copy.moc"
