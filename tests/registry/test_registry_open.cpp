// SPDX-License-Identifier: GPL-3.0-or-later
// Opening: the lock, migrations, damaged files, full disks, and what is not lost between two runs.
#include "core/registry/migrations.h"
#include "tests/registry/registry_fixture.h"

#include <QFile>

#include <sys/file.h>

using namespace mf;

class TestRegistryOpen : public QObject
{
    Q_OBJECT
private slots:
    void oneProcessAtATime();
    void aLockThatNobodyHolds();
    void filesAreTheOwnersAlone();
    void makesItsFolder();
    void folderCannotBeMade();
    void reopenedSeesEverything();
    void identityAndSettings();
    void accounts();
    void damagedFiles_data();
    void damagedFiles();
    void damagedLater();
    void diskFull();
    void newerVersion();
    void upgradeEqualsFresh();
    void upgradeKeepsABackup();
    void failedUpgradeChangesNothing();
    void endsWhileWorkIsUnderWay();
    void transfersAndEvents();
};

namespace {

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString openingFailsWith(const QString &path)
{
    const auto opened = runTask(Registry::open(path));
    return opened ? QStringLiteral("opened") : opened.error().id;
}

QStringList schemaOf(Connection &db)
{
    QStringList schema;
    Statement query = db.prepareOnce(QStringLiteral("SELECT type, name, sql FROM sqlite_master ORDER BY type, name"));
    while (query.next())
        schema << QStringList {query.text(0), query.text(1), query.text(2)}.join(u' ');
    return schema;
}

// A registry as an older ModelFloat left it.
Result<> makeVersion(const QString &path, std::size_t version, std::span<const MigrationStep> steps)
{
    Connection db(path);
    auto done = db.open();
    if (done)
        done = db.configure(0);
    if (done)
        done = migrate(db, steps.first(version));
    return done;
}

// The real steps, and one that is still to come.
std::vector<MigrationStep> oneStepMore(const char *first, const char *second)
{
    std::vector<MigrationStep> steps(migrationSteps().begin(), migrationSteps().end());
    steps.push_back({first, second});
    return steps;
}

} // namespace

void TestRegistryOpen::oneProcessAtATime()
{
    RegistryFixture f;
    const Error busy = failureOf(Registry::open(f.path()));
    QCOMPARE(busy.id, QStringLiteral("MF-REGISTRY-BUSY"));
    QCOMPARE(busy.kind, Error::Kind::AlreadyExists);
    QVERIFY(busy.message.contains(QString::number(QCoreApplication::applicationPid())));
    f.registry.reset();
    QCOMPARE(openingFailsWith(f.path()), QStringLiteral("opened"));
}

// As a process leaves it that is killed while it makes one.
void TestRegistryOpen::aLockThatNobodyHolds()
{
    RegistryFixture f;
    f.registry.reset();
    const QString lock = f.path() + QStringLiteral(".lock");
    write(lock, QByteArray());
    f.registry = must(Registry::open(f.path()));
    QVERIFY(!contents(lock).isEmpty());
    QCOMPARE(openingFailsWith(f.path()), QStringLiteral("MF-REGISTRY-BUSY")); // it is held now
    f.registry.reset();
    // An empty one that is held is somebody's.
    QFile held(lock);
    QVERIFY(held.open(QIODevice::WriteOnly));
    QCOMPARE(::flock(held.handle(), LOCK_EX), 0);
    QCOMPARE(openingFailsWith(f.path()), QStringLiteral("MF-REGISTRY-BUSY"));
}

void TestRegistryOpen::filesAreTheOwnersAlone()
{
    RegistryFixture f;
    f.addAccount(1);
    const auto others = QFileDevice::ReadGroup | QFileDevice::ReadOther | QFileDevice::WriteGroup | QFileDevice::WriteOther;
    for (const QString &ending : {QString(), QStringLiteral("-wal"), QStringLiteral("-shm")}) {
        QVERIFY(QFile::exists(f.path() + ending));
        QVERIFY(!(QFile::permissions(f.path() + ending) & others));
    }
}

void TestRegistryOpen::makesItsFolder()
{
    const QTemporaryDir folder;
    QCOMPARE(openingFailsWith(folder.filePath(QStringLiteral("a/b/registry.db"))), QStringLiteral("opened"));
}

void TestRegistryOpen::folderCannotBeMade()
{
    const QTemporaryDir folder;
    write(folder.filePath(QStringLiteral("file")), "x");
    QCOMPARE(openingFailsWith(folder.filePath(QStringLiteral("file/registry.db"))), QStringLiteral("MF-REGISTRY-OPEN"));
    QVERIFY(QDir(folder.path()).mkdir(QStringLiteral("registry.db")));
    QCOMPARE(openingFailsWith(folder.filePath(QStringLiteral("registry.db"))), QStringLiteral("MF-REGISTRY-OPEN"));
}

void TestRegistryOpen::reopenedSeesEverything()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(3);
    const PackRow complete = f.complete(f.packOf(1, {10}, 2, accounts));
    const PackRow pending = f.commit(f.packOf(2, {11}, 2, accounts));
    const auto revision = f.live(1, 1, QStringLiteral("Qwen"), {QStringLiteral("a.gguf")});
    const auto file = must(f->files(revision.row)).front();
    must(f->putPart(file.row, 0, {Piece::chunk(ChunkPlace(complete, 0))}));
    f.reopen();
    QCOMPARE(must(f->accounts()).size(), 3U);
    QCOMPARE(f.find(10), std::optional(ChunkPlace(complete, 0)));
    QCOMPARE(must(f->pendingPacks()).front().row, pending);
    QCOMPARE(must(f->revision(QStringLiteral("Qwen"), 0)).row, revision.row);
    QCOMPARE(must(f->part(file.row, 0)).front().place, ChunkPlace(complete, 0));
    QCOMPARE(must(f->models(QStringLiteral("qwen a.gg"))).size(), 1U);
}

void TestRegistryOpen::identityAndSettings()
{
    RegistryFixture f;
    QVERIFY(!must(f->identity()));
    Registry::Identity identity;
    identity.library = idOf<LibraryId>(1);
    identity.computer = idOf<ComputerId>(2);
    identity.lamport = ~quint64(0) - 1;
    must(f->setIdentity(identity));
    must(f->setSetting(QStringLiteral("up"), QStringLiteral("5M")));
    must(f->setSetting(QStringLiteral("up"), QStringLiteral("6M")));
    must(f->setSetting(QStringLiteral("down"), QStringLiteral("7M")));
    must(f->setSetting(QStringLiteral("down"), QString()));
    f.reopen();
    const auto read = must(f->identity());
    QVERIFY(read);
    QCOMPARE(read->library, identity.library);
    QCOMPARE(read->computer, identity.computer);
    QCOMPARE(read->lamport, identity.lamport);
    QCOMPARE(must(f->settings()), (QMap<QString, QString> {{QStringLiteral("up"), QStringLiteral("6M")}}));
}

void TestRegistryOpen::accounts()
{
    RegistryFixture f;
    AccountRecord account = f.accountRecord(1, QStringLiteral("disk 1"));
    account.settings = {{QStringLiteral("path"), QStringLiteral("/a/\u00e9 \"'")}, {QStringLiteral("e"), QString()}};
    account.upLimit = 1;
    account.downLimit = 2;
    account.connections = 3;
    account.capacity = qint64(4) << 40;
    must(f->putAccount(account));
    AccountRecord other = f.accountRecord(2, QString());
    other.name = account.name;
    QCOMPARE(failureOf(f->putAccount(other)).id, QStringLiteral("MF-ACCOUNT-NAME"));

    auto read = must(f->accounts());
    QCOMPARE(read.size(), 1U);
    QCOMPARE(read[0].settings, account.settings);
    QVERIFY(!read[0].total && !read[0].used && !read[0].seen.isValid());
    const QDateTime when(QDate(2026, 5, 6), QTime(7, 8, 9, 10), Qt::UTC);
    must(f->noteAccountSeen(account.id, 1000, std::nullopt, when));
    QCOMPARE(failureOf(f->noteAccountSeen(other.id, 1, 1, when)).id, QStringLiteral("MF-ACCOUNT-UNKNOWN"));
    read = must(f->accounts());
    QCOMPARE(read[0].id, account.id);
    QCOMPARE(read[0].name, account.name);
    QCOMPARE(read[0].kind, account.kind);
    QCOMPARE(read[0].domain, account.domain);
    QCOMPARE(read[0].upLimit, 1);
    QCOMPARE(read[0].downLimit, 2);
    QCOMPARE(read[0].connections, 3);
    QCOMPARE(read[0].capacity, qint64(4) << 40);
    QCOMPARE(read[0].total, std::optional<qint64>(1000));
    QVERIFY(!read[0].used);
    QCOMPARE(read[0].seen, when);

    account.retired = true;
    must(f->putAccount(account));
    must(f->putAccount(other)); // the name is free again
    QCOMPARE(must(f->accounts()).size(), 2U);
}

void TestRegistryOpen::damagedFiles_data()
{
    QTest::addColumn<QString>("damage");
    QTest::newRow("garbage") << "garbage";
    QTest::newRow("a text") << "text";
    QTest::newRow("cut off within its header") << "header";
    QTest::newRow("cut off in the middle") << "middle";
    QTest::newRow("its first page overwritten") << "page";
    QTest::newRow("another program's database") << "foreign";
    QTest::newRow("a version without the program's mark") << "unmarked";
}

void TestRegistryOpen::damagedFiles()
{
    QFETCH(QString, damage);
    RegistryFixture f;
    f.addAccount(1);
    f.registry.reset(); // the write-ahead log is folded in
    QByteArray bytes = contents(f.path());
    QVERIFY(bytes.size() > 8192);
    if (damage == QStringLiteral("garbage")) {
        QRandomGenerator random(1);
        for (auto &byte : bytes)
            byte = static_cast<char>(random.bounded(256));
    } else if (damage == QStringLiteral("text")) {
        bytes = "Do not touch this file.\n";
    } else if (damage == QStringLiteral("header")) {
        bytes.truncate(60);
    } else if (damage == QStringLiteral("middle")) {
        bytes.truncate(bytes.size() / 2);
    } else if (damage == QStringLiteral("page")) {
        bytes.replace(100, 3996, QByteArray(3996, '\xff'));
    } else {
        bytes.clear();
        Connection db(f.folder.filePath(QStringLiteral("other.db")));
        MF_VERIFY(db.open());
        MF_VERIFY(db.execute(QStringLiteral("CREATE TABLE theirs(x)")));
        if (damage == QStringLiteral("unmarked"))
            MF_VERIFY(db.execute(QStringLiteral("PRAGMA user_version = 1")));
        bytes = contents(db.path());
    }
    write(f.path(), bytes);
    const Error error = failureOf(Registry::open(f.path()));
    QCOMPARE(error.id, QStringLiteral("MF-REGISTRY-CORRUPT"));
    QCOMPARE(error.kind, Error::Kind::Corrupt);
    QVERIFY(error.message.contains(f.path()));
    QCOMPARE(contents(f.path()), bytes); // left as it was, for who wants to save it
}

void TestRegistryOpen::damagedLater()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(1);
    std::vector<PackRow> packs;
    for (quint32 i = 0; i < 200; ++i)
        packs.push_back(f.complete(f.packOf(i, {i, 1000 + i, 2000 + i}, 1, accounts)));
    const auto revision = f.live(1, 1, QStringLiteral("m"), {QStringLiteral("f")});
    f.registry.reset();
    // All but the schema's pages: it opens (or says so), and then nothing may crash.
    QByteArray bytes = contents(f.path());
    constexpr qsizetype kKept = qsizetype(16) * 4096;
    QVERIFY(bytes.size() > 2 * kKept);
    QRandomGenerator random(7);
    for (qsizetype i = kKept; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(random.bounded(256));
    write(f.path(), bytes);
    auto opened = runTask(Registry::open(f.path()));
    int failures = 0;
    const auto count = [&failures](const Error &error) {
        if (error.id.isEmpty())
            return;
        ++failures;
        QCOMPARE(error.id, QStringLiteral("MF-REGISTRY-CORRUPT"));
    };
    if (!opened) {
        count(opened.error());
    } else {
        Registry &registry = **opened;
        for (const PackRow pack : packs)
            count(failureOf(registry.pack(pack)));
        count(failureOf(registry.models(QString())));
        count(failureOf(registry.files(revision.row)));
    }
    QVERIFY(failures > 0);
}

void TestRegistryOpen::diskFull()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(2);
    f.reopen(Registry::Seams(~quint64(0), 120));
    quint32 stored = 0;
    Error error;
    for (; stored < 100'000; ++stored) {
        std::vector<quint32> chunks(100, stored);
        const auto done = runTask(f->commitPending(f.packOf(stored, chunks, 1, accounts)));
        if (!done) {
            error = done.error();
            break;
        }
    }
    QCOMPARE(error.id, QStringLiteral("MF-DISK-FULL"));
    QCOMPARE(error.kind, Error::Kind::Quota);
    QVERIFY(stored > 10);
    QCOMPARE(must(f->pendingPacks()).size(), std::size_t(stored)); // it still reads, and what was kept is whole
    f.reopen();
    QCOMPARE(must(f->pendingPacks()).size(), std::size_t(stored));
    f.commit(f.packOf(stored, {1}, 1, accounts)); // there is room again
}

void TestRegistryOpen::newerVersion()
{
    RegistryFixture f;
    f.registry.reset();
    const auto version = static_cast<int>(migrationSteps().size()) + 1;
    {
        Connection db(f.path());
        MF_VERIFY(db.open());
        MF_VERIFY(db.execute(QStringLiteral("PRAGMA user_version = %1").arg(version)));
    }
    const QByteArray before = contents(f.path());
    const Error error = failureOf(Registry::open(f.path()));
    QCOMPARE(error.id, QStringLiteral("MF-REGISTRY-NEWER"));
    QCOMPARE(error.kind, Error::Kind::Unsupported);
    QCOMPARE(contents(f.path()), before);
}

void TestRegistryOpen::upgradeEqualsFresh()
{
    const auto steps = oneStepMore("ALTER TABLE account ADD COLUMN colour TEXT", "CREATE TABLE later(x INTEGER)");
    const QTemporaryDir folder;
    Connection fresh(folder.filePath(QStringLiteral("fresh.db")));
    MF_VERIFY(fresh.open());
    MF_VERIFY(fresh.configure(0));
    MF_VERIFY(migrate(fresh, steps));
    const QStringList wanted = schemaOf(fresh);
    QVERIFY(wanted.size() > 20);
    for (std::size_t version = 1; version < steps.size(); ++version) {
        const QString path = folder.filePath(QStringLiteral("from %1.db").arg(version));
        MF_VERIFY(makeVersion(path, version, steps));
        Connection db(path);
        MF_VERIFY(db.open());
        MF_VERIFY(checkVersion(db, steps));
        MF_VERIFY(db.configure(0));
        QVERIFY(schemaOf(db) != wanted);
        MF_VERIFY(migrate(db, steps));
        QCOMPARE(schemaOf(db), wanted);
        QCOMPARE(*db.number(QStringLiteral("PRAGMA user_version")), qint64(steps.size()));
    }
}

void TestRegistryOpen::upgradeKeepsABackup()
{
    RegistryFixture f;
    const PackRow pack = f.complete(f.packOf(1, {10}, 1, f.addAccounts(2)));
    f.registry.reset();
    const auto version = static_cast<int>(migrationSteps().size());
    const auto steps = oneStepMore("UPDATE account SET domain = 'upgraded'", "CREATE TABLE later(x INTEGER)");
    {
        QVERIFY(!QFile::exists(backupPath(f.path(), version))); // a fresh one has none
        Connection db(f.path());
        MF_VERIFY(db.open());
        MF_VERIFY(db.configure(0));
        MF_VERIFY(migrate(db, steps));
        QCOMPARE(*db.number(QStringLiteral("SELECT COUNT(*) FROM account WHERE domain = 'upgraded'")), 2);
    }
    QCOMPARE(openingFailsWith(f.path()), QStringLiteral("MF-REGISTRY-NEWER"));
    // The backup is a registry of the old version, whole.
    QVERIFY(QFile::remove(f.path()));
    QVERIFY(QFile::rename(backupPath(f.path(), version), f.path()));
    f.reopen();
    QCOMPARE(f.find(10), std::optional(ChunkPlace(pack, 0)));
    QCOMPARE(must(f->accounts()).front().domain, QString());
}

void TestRegistryOpen::failedUpgradeChangesNothing()
{
    RegistryFixture f;
    f.addAccounts(2);
    f.registry.reset();
    const auto steps = oneStepMore("UPDATE account SET domain = 'upgraded'", "CREATE TABLE pack(x INTEGER)");
    {
        Connection db(f.path());
        MF_VERIFY(db.open());
        MF_VERIFY(db.configure(0));
        const auto failed = migrate(db, steps);
        QVERIFY(!failed);
        QCOMPARE(failed.error().id, QStringLiteral("MF-REGISTRY-SQL"));
        QCOMPARE(*db.number(QStringLiteral("PRAGMA user_version")), qint64(migrationSteps().size()));
    }
    f.reopen();
    QCOMPARE(must(f->accounts()).front().domain, QString());
}

void TestRegistryOpen::endsWhileWorkIsUnderWay()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(2);
    struct Body {
        static Task<void> commit(Task<Result<PackRow>> task) { const auto ignored = co_await task; }
    };
    {
        TaskScope scope; // cancelled: what the worker has begun it ends
        for (quint32 i = 0; i < 20; ++i)
            scope.start(Body::commit(f->commitPending(f.packOf(i, {i}, 1, accounts))));
    }
    {
        TaskScope scope; // the registry ends first
        scope.start(Body::commit(f->commitPending(f.packOf(20, {20}, 1, accounts))));
        f.registry.reset();
        QCoreApplication::processEvents();
    }
    f.reopen();
    QCOMPARE(must(f->pendingPacks()).size(), 21U);
}

void TestRegistryOpen::transfersAndEvents()
{
    RegistryFixture f;
    TransferRecord transfer;
    transfer.kind = QStringLiteral("store");
    transfer.model = QStringLiteral("m");
    transfer.request = QByteArray("{\"a\":\0}", 7);
    transfer.session = idOf<SessionId>(1);
    transfer.started = QDateTime(QDate(2026, 1, 2), QTime(3, 4), Qt::UTC);
    transfer.total = 1000;
    const qint64 row = must(f->beginTransfer(transfer));
    const qint64 second = must(f->beginTransfer(transfer));
    QVERIFY(second != row);
    must(f->noteTransfer(row, 500, 2000));
    must(f->endTransfer(second));
    f.reopen();
    const auto transfers = must(f->transfers());
    QCOMPARE(transfers.size(), 1U);
    QCOMPARE(transfers[0].row, row);
    QCOMPARE(transfers[0].kind, transfer.kind);
    QCOMPARE(transfers[0].model, transfer.model);
    QCOMPARE(transfers[0].request, transfer.request);
    QCOMPARE(transfers[0].session, transfer.session);
    QCOMPARE(transfers[0].started, transfer.started);
    QCOMPARE(transfers[0].done, 500);
    QCOMPARE(transfers[0].total, 2000);
    QCOMPARE(failureOf(f->noteTransfer(second, 1, 1)).kind, Error::Kind::NotFound);
    must(f->addEvent(transfer.started, QStringLiteral("stored"), QStringLiteral("m")));
    f.registry.reset();
    Connection db(f.path());
    MF_VERIFY(db.open());
    QCOMPARE(*db.number(QStringLiteral("SELECT COUNT(*) FROM event WHERE kind = 'stored' AND text = 'm'")), 1);
}

QTEST_GUILESS_MAIN(TestRegistryOpen)
#include "test_registry_open.moc"
