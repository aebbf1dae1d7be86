// SPDX-License-Identifier: GPL-3.0-or-later
// A whole library as it was written when format 1 was frozen (freeze_library.cpp): this version recovers it, and so
// does resources/restore.py, with any one account missing.
#include "core/crypto/kit_words.h"
#include "core/distributor/check.h"
#include "core/distributor/fetch.h"
#include "core/distributor/objects/marker.h"
#include "core/distributor/sync_library.h"
#include "tests/support/memory_provider.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"
#include "tests/support/test_data.h"

#include <QDirIterator>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace mf;

namespace {

const QString kLibrary = testData(QStringLiteral("library1/"));
const QStringList kAccounts { QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("d") };
const QStringList kModels { QStringLiteral("Frozen"), QStringLiteral("Later") };

QByteArray read(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s is missing", qPrintable(path));
    return file.readAll();
}

// Files below the folder, by relative path.
std::map<QString, QByteArray> filesOf(const QString &folder)
{
    std::map<QString, QByteArray> files;
    for (QDirIterator it(folder, QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
        const QString path = it.next();
        files[QDir(folder).relativeFilePath(path)] = read(path);
    }
    return files;
}

QStringList without(const QString &missing)
{
    QStringList accounts = kAccounts;
    accounts.removeAll(missing);
    return accounts;
}

// A computer that has the kit and these accounts, and knows nothing.
class Newcomer
{
public:
    explicit Newcomer(const QStringList &accounts)
    {
        const SecretKey kit = must(recoveryFrom(QString::fromLatin1(read(kLibrary + QStringLiteral("kit")))));
        const QStringList lib = QDir(kLibrary + QStringLiteral("a/lib")).entryList(QDir::Files);
        const QByteArray object = read(kLibrary + QStringLiteral("a/lib/") + lib.value(0));
        m_ring = std::make_unique<KeyRing>(
            must(openLibraryObject(KeyRing::masterOf(kit, must(libraryIdOf(viewOf(object)))), viewOf(object))));
        m_registry = must(runTask(Registry::open(path(QStringLiteral("registry.sqlite")))));
        Registry::Identity identity;
        identity.library = m_ring->library();
        identity.computer = randomId<ComputerId>();
        must(runTask(m_registry->setIdentity(identity)));
        for (const QString &name : accounts) {
            auto provider = std::make_unique<MemoryProvider>(m_clock);
            for (const auto &[file, bytes] : filesOf(kLibrary + name))
                must(runTask(provider->put(BlobName(file), bytes)));
            AccountRecord record;
            record.id = must(openMarker(*m_ring, viewOf(provider->bytes(markerName(*m_ring))))).account;
            record.name = name;
            record.domain = name;
            record.kind = QStringLiteral("memory");
            must(runTask(m_registry->putAccount(record)));
            m_accounts.add(std::make_unique<Account>(record, std::move(provider)));
        }
        m_engine.reset(new Engine { *m_registry, *m_ring, m_accounts, m_clock, m_cpu, m_io, m_buffers });
    }

    Engine &engine() { return *m_engine; }
    QString path(const QString &name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
    SystemClock m_clock;
    Pool m_cpu { 2 };
    Pool m_io { 2 };
    Budget m_buffers { kBufferBudget };
    std::unique_ptr<KeyRing> m_ring;
    std::unique_ptr<Registry> m_registry;
    AccountSet m_accounts;
    std::unique_ptr<Engine> m_engine;
};

} // namespace

class TestFrozenLibrary : public QObject
{
    Q_OBJECT

    static void addMissing()
    {
        QTest::addColumn<QString>("missing");
        QTest::newRow("all accounts") << QString();
        for (const QString &account : kAccounts)
            QTest::addRow("without %s", qPrintable(account)) << account;
    }

private slots:
    void thisVersionRecovers_data() { addMissing(); }
    void thisVersionRecovers()
    {
        QFETCH(const QString, missing);
        Newcomer computer(without(missing));
        const RecoverResult recovered = must(runTask(recoverLibrary(computer.engine())));
        QCOMPARE(recovered.readable, 2);
        QCOMPARE(recovered.unreadable, 0);
        QCOMPARE(recovered.models, 2);
        for (const QString &model : kModels) {
            FetchRequest request;
            request.model = model;
            request.to = QFile::encodeName(computer.path(model));
            Fetch fetch(computer.engine(), std::move(request), nullptr);
            const auto fetched = runTask(fetch.run());
            QVERIFY2(fetched, qPrintable(fetched ? QString() : fetched.error().message));
            QVERIFY(filesOf(computer.path(model)) == filesOf(kLibrary + QStringLiteral("expected/") + model));
        }
        if (!missing.isEmpty())
            return;
        CheckRequest request;
        request.deep = true;
        Check check(computer.engine(), request, nullptr);
        const CheckResult checked = must(runTask(check.run()));
        QCOMPARE(checked.models.size(), std::size_t(2));
        for (const ModelHealth &model : checked.models)
            QCOMPARE(model.state, ModelState::Safe);
        QCOMPARE(checked.findings, QStringList());
    }

    void restorePyRestores_data() { addMissing(); }
    void restorePyRestores()
    {
        QFETCH(const QString, missing);
        const auto run = [&missing](const QStringList &options) {
            QStringList words { QStringLiteral(MF_RESTORE), kLibrary + QStringLiteral("kit") };
            for (const QString &account : without(missing))
                words << kLibrary + account;
            auto python = std::make_unique<QProcess>();
            python->start(QStringLiteral(MF_PYTHON), words + options);
            if (!python->waitForFinished(120'000))
                qFatal("restore.py does not end");
            return python;
        };
        const auto listed = run({});
        QVERIFY2(listed->exitCode() == 0, listed->readAllStandardError().constData());
        QCOMPARE(listed->readAllStandardOutput(), QByteArray("Frozen\nLater\n"));
        const QTemporaryDir to;
        for (const QString &model : kModels) {
            const QString folder = to.filePath(model);
            const auto got = run({ QStringLiteral("--model"), model, QStringLiteral("--to"), folder });
            QVERIFY2(got->exitCode() == 0, got->readAllStandardError().constData());
            QVERIFY(filesOf(folder) == filesOf(kLibrary + QStringLiteral("expected/") + model));
        }
    }
};

QTEST_GUILESS_MAIN(TestFrozenLibrary)
#include "test_frozen_library.moc"
