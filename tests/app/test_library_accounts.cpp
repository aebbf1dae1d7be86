// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts of a library: what is kept of one that is added, and that nothing is of one that is not.
#include "app/library/library.h"
#include "core/base/all_of.h"
#include "core/distributor/library_log.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/objects/segment.h"
#include "core/distributor/sync_library.h"
#include "tests/support/must.h"
#include "tests/support/newer_objects.h"
#include "tests/support/run_task.h"

#include <QDirIterator>
#include <QRegularExpression>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QtTest>

using namespace mf;

namespace {

QStringList filesIn(const QString &folder)
{
    QStringList names;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext())
        names << files.next();
    return names.filter(QRegularExpression(QStringLiteral("^(?!.*/README-ModelFloat.txt$)"))); // for people
}

} // namespace

class TestLibraryAccounts : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { qputenv("MODELFLOAT_PASSPHRASE", "for this test"); }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_options = LibraryOptions();
        m_options.places.home = m_folder->filePath(QStringLiteral("home"));
        m_options.places.cache = m_folder->filePath(QStringLiteral("home/cache"));
        m_options.places.logs = m_folder->filePath(QStringLiteral("home/logs"));
        m_options.secrets = SecretStoreKind::File;
        m_library = must(runTask(Library::create(m_options)));
    }
    void cleanup()
    {
        m_library.reset();
        m_folder.reset();
    }

    // Two of one name at once: each is alone until its row is put, and the second row is refused.
    void oneThatCannotBeKeptLeavesNothing()
    {
        const qint64 before = secretBytes();
        std::vector<Task<Result<AccountRecord>>> adding;
        adding.push_back(m_library->addAccount(folder(QStringLiteral("one")), "a secret"));
        adding.push_back(m_library->addAccount(folder(QStringLiteral("two")), "a secret"));
        const auto added = runTask(allOf(std::move(adding), 2));
        const std::size_t kept = added[0] ? 0 : 1;
        QVERIFY(added[kept]);
        QVERIFY(!added[1 - kept]);
        QCOMPARE(added[1 - kept].error().id, QStringLiteral("MF-ACCOUNT-NAME"));
        QVERIFY(!filesIn(path(kept == 0 ? "one" : "two")).isEmpty());
        QCOMPARE(filesIn(path(kept == 0 ? "two" : "one")).join(u' '), QString());
        QCOMPARE(m_library->accounts().all().size(), std::size_t(1));
        QVERIFY(secretBytes() > before);
        must(runTask(m_library->forgetSecret(added[kept]->id)));
        QCOMPARE(secretBytes(), before); // the other one's is not there
    }

    // An account that could not be opened is added anew, and that fails at the last step: it is as it was.
    void oneThatCannotBeAddedAnewKeepsItsSecret()
    {
        must(runTask(m_library->addAccount(folder(QStringLiteral("one")), "its secret")));
        m_library.reset();
        const qint64 before = secretBytes();
        changeRegistry({ "UPDATE account SET kind = 'pigeons'",
            "CREATE TRIGGER refuse BEFORE INSERT ON account BEGIN SELECT RAISE(ABORT, 'no'); END" });
        m_library = must(runTask(Library::open(m_options)));
        AccountRecord again = folder(QStringLiteral("one"));
        again.name = QStringLiteral("again");
        QVERIFY(!runTask(m_library->addAccount(again, "another and longer secret")));
        QCOMPARE(secretBytes(), before);
        QVERIFY(!filesIn(path("one")).isEmpty());
    }

    void oneThatIsStoppedLeavesNothing()
    {
        const qint64 before = secretBytes();
        Event stop;
        stop.set();
        const auto added = runTask(m_library->addAccount(folder(QStringLiteral("one")), "a secret", &stop));
        QVERIFY(!added);
        QCOMPARE(added.error().kind, Error::Kind::Cancelled);
        QCOMPARE(filesIn(path("one")), QStringList());
        QCOMPARE(runTask(m_library->registry().accounts())->size(), std::size_t(0));
        QCOMPARE(secretBytes(), before);
        const auto again = runTask(m_library->addAccount(folder(QStringLiteral("one")), {}));
        QVERIFY(again);
    }

    void onlyWhatHasASecretIsSignedInTo()
    {
        const auto added = runTask(m_library->addAccount(folder(QStringLiteral("one")), {}));
        QVERIFY(added);
        const auto signedIn = runTask(m_library->signIn(*added, "a secret"));
        QVERIFY(!signedIn);
        QCOMPARE(signedIn.error().id, QStringLiteral("MF-ACCOUNT-NO-SECRET"));
        AccountRecord retired = *added;
        retired.retired = true;
        QCOMPARE(runTask(m_library->signIn(retired, "a secret")).error().id, QStringLiteral("MF-ACCOUNT-UNKNOWN"));
        AccountRecord unknown = *added;
        unknown.kind = QStringLiteral("pigeons");
        QCOMPARE(runTask(m_library->signIn(unknown, "a secret")).error().id, QStringLiteral("MF-ACCOUNT-KIND"));
    }

    // A newer ModelFloat wrote there: no kit is made, and none that crosses another one is passed on.
    void noKitForANewerLibrary()
    {
        must(runTask(m_library->addAccount(folder(QStringLiteral("one")), {})));
        // Another computer that sees nothing of what this one does until it has made a kit, too.
        copyFiles("one", "unseen");
        const auto other = must(runTask(Library::createFromKit(elsewhere(), m_library->recovery(), m_library->id())));
        must(runTask(other->addAccount(folder(QStringLiteral("unseen")), {})));
        must(runTask(m_library->renewKit()));
        must(runTask(other->renewKit()));
        const QByteArray newer = newerObject(other->engine().ring, "index");
        const ObjectHash hash = objectHash(viewOf(newer));
        const BlobName name = indexName(other->engine().ring, hash);
        must(runTask(other->accounts().all().front()->provider().put(name, newer)));
        LibraryLog log(other->engine());
        Cbor events = Cbor::array();
        events.push_back(events::sessionAdvanced(randomId<SessionId>(), std::vector<ObjectHash>(1, hash)));
        must(runTask(log.append(std::move(events))));
        copyFiles("unseen", "one");
        const QStringList before = filesIn(path("one"));

        const auto taken = runTask(m_library->takeKit(other->recovery()));
        QVERIFY(!taken);
        QCOMPARE(taken.error().id, QStringLiteral("MF-LIBRARY-NEWER"));
        const qint64 secretsBefore = secretBytes();
        const SecretKey recovery = m_library->recovery();
        const auto made = runTask(m_library->renewKit());
        QVERIFY(!made);
        QCOMPARE(made.error().id, QStringLiteral("MF-LIBRARY-NEWER"));
        QCOMPARE(filesIn(path("one")), before);
        QCOMPARE(secretBytes(), secretsBefore);
        QVERIFY(m_library->recovery() == recovery);
    }

    // On another computer: the log tells of those that were not added there, which are then the same accounts.
    void oneThatIsElsewhere()
    {
        AccountRecord second = folder(QStringLiteral("two"));
        second.name = QStringLiteral("second");
        const AccountRecord one = must(runTask(m_library->addAccount(folder(QStringLiteral("one")), {})));
        const AccountRecord two = must(runTask(m_library->addAccount(second, {})));
        must(runTask(syncLibrary(m_library->engine()))); // it tells of them
        const LibraryOptions options = elsewhere();
        auto other = must(runTask(Library::createFromKit(options, m_library->recovery(), m_library->id())));
        AccountRecord first = folder(QStringLiteral("one"));
        first.name = QStringLiteral("second"); // whatever it is called here
        const AccountRecord same = must(runTask(other->addAccount(first, {})));
        QVERIFY(same.id == one.id);
        const Account *there = other->accounts().find(two.id);
        QVERIFY(there);
        QVERIFY(there->record().isElsewhere());
        QCOMPARE(there->name(), QStringLiteral("second (2)"));
        const auto kit = runTask(other->renewKit());
        QVERIFY(!kit);
        QVERIFY2(kit.error().message.contains(there->name()), qPrintable(kit.error().message));
        other.reset();
        other = must(runTask(Library::open(options)));
        QVERIFY(other->accounts().find(two.id)->record().isElsewhere());
        const auto tested = runTask(other->testAccount(QStringLiteral("second (2)")));
        QVERIFY(!tested);
        QVERIFY2(tested.error().message.contains(QStringLiteral("add it here")), qPrintable(tested.error().message));
        const auto signedIn = runTask(other->signIn(other->accounts().find(two.id)->record(), "a secret"));
        QCOMPARE(signedIn.error().id, QStringLiteral("MF-ACCOUNT-ELSEWHERE"));
        second.name = QStringLiteral("second (2)");
        const AccountRecord added = must(runTask(other->addAccount(second, {})));
        QVERIFY(added.id == two.id);
        QCOMPARE(added.kind, QStringLiteral("folder"));
        QCOMPARE(runTask(other->registry().accounts())->size(), std::size_t(2));
        QVERIFY(other->accounts().find(two.id)->isVerified());
    }

private:
    QString path(const char *name) const { return m_folder->filePath(QString::fromLatin1(name)); }
    void copyFiles(const char *from, const char *to) const // but those that are there
    {
        for (const QString &file : filesIn(path(from))) {
            const QString target = path(to) + file.mid(path(from).size());
            QDir().mkpath(QFileInfo(target).path());
            QFile::copy(file, target);
        }
    }
    LibraryOptions elsewhere() const // on another computer
    {
        LibraryOptions options = m_options;
        options.places.home = path("other");
        options.places.cache = path("other/cache");
        options.places.logs = path("other/logs");
        return options;
    }
    AccountRecord folder(const QString &place) const
    {
        AccountRecord draft;
        draft.kind = QStringLiteral("folder");
        draft.name = QStringLiteral("disk");
        draft.domain = place;
        draft.settings.insert(QStringLiteral("path"), m_folder->filePath(place));
        return draft;
    }
    void changeRegistry(const std::vector<const char *> &statements) const
    {
        const QString name = QStringLiteral("from outside");
        {
            QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
            db.setDatabaseName(path("home/registry.sqlite"));
            if (!db.open())
                qFatal("no registry");
            for (const char *statement : statements) {
                if (!QSqlQuery(db).exec(QString::fromLatin1(statement)))
                    qFatal("%s", statement);
            }
        }
        QSqlDatabase::removeDatabase(name);
    }
    qint64 secretBytes() const
    {
        qint64 size = 0;
        for (const QFileInfo &file : QDir(path("home")).entryInfoList({ QStringLiteral("secrets*") }, QDir::Files))
            size += file.size();
        return size;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    LibraryOptions m_options;
    std::unique_ptr<Library> m_library;
};

QTEST_GUILESS_MAIN(TestLibraryAccounts)
#include "test_library_accounts.moc"
