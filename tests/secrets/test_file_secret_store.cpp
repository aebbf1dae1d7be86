// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/file_secret_store.h"
#include "core/secrets/private_file.h"
#include "tests/support/run_task.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <sys/stat.h>

using namespace mf;

class TestFileSecretStore : public QObject
{
    Q_OBJECT

    static constexpr int kQuick = 10; // log2 N of scrypt

    using Opened = Result<std::unique_ptr<FileSecretStore>>;
    Pool m_pool { 1 };

    Opened open(const QString &home, const QString &passphrase = QStringLiteral("correct horse"))
    {
        return runTask(FileSecretStore::open(home, passphrase, m_pool, kQuick));
    }
    static QByteArray bytesOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private slots:
    void keepsReplacesAndRemovesOverProcesses()
    {
        const QTemporaryDir folder;
        const QString home = folder.filePath(QStringLiteral("a/home"));
        {
            auto store = open(home);
            QVERIFY(bool(store));
            QVERIFY2(!QFile::exists(FileSecretStore::pathBelow(home)), "opening alone makes nothing");
            QCOMPARE(runTask((*store)->read(QStringLiteral("a"))).error().id, QStringLiteral("MF-SECRETS-MISSING"));
            QVERIFY(bool(runTask((*store)->write(QStringLiteral("a"), "one"))));
            QVERIFY(bool(runTask((*store)->write(QStringLiteral("b"), QByteArray(64 << 10, '\xff')))));
            QVERIFY(bool(runTask((*store)->write(QStringLiteral("a"), "two"))));
        }
        auto store = open(home);
        QVERIFY(bool(store));
        QCOMPARE(*runTask((*store)->read(QStringLiteral("a"))), QByteArray("two"));
        QCOMPARE(*runTask((*store)->read(QStringLiteral("b"))), QByteArray(64 << 10, '\xff'));
        QVERIFY(bool(runTask((*store)->remove(QStringLiteral("a")))));
        QVERIFY(bool(runTask((*store)->remove(QStringLiteral("a")))));
        QCOMPARE(runTask((*store)->read(QStringLiteral("a"))).error().kind, Error::Kind::NotFound);
        QCOMPARE(runTask((*store)->read(QStringLiteral("b")))->size(), 64 << 10);
    }

    void onlyItsOwnerCanReadTheFileAndNothingIsPlain()
    {
        const QTemporaryDir folder;
        const QString path = FileSecretStore::pathBelow(folder.path());
        const mode_t before = ::umask(0);
        auto store = open(folder.path());
        QVERIFY(bool(runTask((*store)->write(QStringLiteral("account/mega"), "hunter2hunter2"))));
        ::umask(before);
        struct stat status {};
        QCOMPARE(::stat(QFile::encodeName(path).constData(), &status), 0);
        QCOMPARE(int(status.st_mode & 0777), 0600);
        const QByteArray bytes = bytesOf(path);
        QVERIFY(!bytes.contains("hunter2"));
        QVERIFY(!bytes.contains("mega"));
        // The same secrets written again are other bytes: no key and nonce meet twice.
        QVERIFY(bool(runTask((*store)->write(QStringLiteral("account/mega"), "hunter2hunter2"))));
        const QByteArray again = bytesOf(path);
        QCOMPARE(again.size(), bytes.size());
        QVERIFY(again.right(40) != bytes.right(40));
    }

    void refusesAWrongPassphraseAndLeavesTheFile()
    {
        const QTemporaryDir folder;
        auto store = open(folder.path());
        QVERIFY(bool(runTask((*store)->write(QStringLiteral("k"), "v"))));
        const QByteArray bytes = bytesOf(FileSecretStore::pathBelow(folder.path()));
        const auto other = open(folder.path(), QStringLiteral("correct horsf"));
        QVERIFY(!other);
        QCOMPARE(other.error().id, QStringLiteral("MF-SECRETS-PASSPHRASE"));
        QCOMPARE(other.error().kind, Error::Kind::Unauthorised);
        QCOMPARE(bytesOf(FileSecretStore::pathBelow(folder.path())), bytes);
    }

    void theProgramOpensItByTheEnvironment()
    {
        const QTemporaryDir folder;
        qunsetenv("MODELFLOAT_PASSPHRASE");
        auto none = runTask(openSecretStore(SecretStoreKind::File, folder.path(), m_pool));
        QCOMPARE(none.error().id, QStringLiteral("MF-SECRETS-NO-PASSPHRASE"));
        QCOMPARE(none.error().kind, Error::Kind::Unauthorised);
        QVERIFY(none.error().message.contains(QStringLiteral("MODELFLOAT_PASSPHRASE")));
        qputenv("MODELFLOAT_PASSPHRASE", "gr\xc3\xbc\xc3\x9f");
        auto store = runTask(openSecretStore(SecretStoreKind::File, folder.path(), m_pool));
        QVERIFY(bool(store));
        QVERIFY(bool(runTask((*store)->write(QStringLiteral("k"), "v"))));
        qputenv("MODELFLOAT_PASSPHRASE", "other");
        QCOMPARE(runTask(openSecretStore(SecretStoreKind::File, folder.path(), m_pool)).error().id,
            QStringLiteral("MF-SECRETS-PASSPHRASE"));
        qunsetenv("MODELFLOAT_PASSPHRASE");
    }

    void everyChangedByteIsNoticed()
    {
        const QTemporaryDir folder;
        const QString path = FileSecretStore::pathBelow(folder.path());
        auto store = open(folder.path());
        QVERIFY(bool(runTask((*store)->write(QStringLiteral("k"), "v"))));
        const QByteArray good = bytesOf(path);
        for (qsizetype i = 0; i < good.size(); ++i) {
            QByteArray bad = good;
            bad[i] = static_cast<char>(bad[i] ^ 0x01);
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(bad);
            file.close();
            QVERIFY2(!runTask((*store)->read(QStringLiteral("k"))), qPrintable(QString::number(i)));
        }
    }

    void refusesDamage_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("an empty file") << QByteArray();
        QTest::newRow("another file") << QByteArray("hello, world; this is not a secret store at all");
        QTest::newRow("a magic alone") << QByteArray("MFSF\x01");
        QTest::newRow("a wrap longer than the file") << QByteArray("MFSF\x01\xff\xff" + QByteArray(200, 'x'));
        QTest::newRow("a wrap of nothing") << QByteArray(QByteArray("MFSF\x01\0\0", 7) + QByteArray(200, 'x'));
        QTest::newRow("a newer version") << QByteArray("MFSF\x02\x20" + QByteArray(200, '\0'));
    }
    void refusesDamage()
    {
        QFETCH(QByteArray, bytes);
        const QTemporaryDir folder;
        QFile file(FileSecretStore::pathBelow(folder.path()));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        file.close();
        const auto store = open(folder.path());
        QVERIFY(!store);
        QCOMPARE(store.error().id, QStringLiteral("MF-SECRETS-DAMAGED"));
        QCOMPARE(store.error().kind, Error::Kind::Corrupt);
        QCOMPARE(bytesOf(FileSecretStore::pathBelow(folder.path())), bytes);
    }

    void aStoreThatAnotherProcessReplacedIsNotOverwritten()
    {
        const QTemporaryDir folder;
        auto one = open(folder.path());
        auto two = open(folder.path()); // both before there is a file: two data keys
        QVERIFY(bool(runTask((*one)->write(QStringLiteral("k"), "v"))));
        QCOMPARE(runTask((*two)->write(QStringLiteral("k"), "w")).error().id, QStringLiteral("MF-SECRETS-CHANGED"));
        QCOMPARE(*runTask((*one)->read(QStringLiteral("k"))), QByteArray("v"));
    }

    void manyWritesAtOnceAllStand()
    {
        const QTemporaryDir folder;
        auto store = open(folder.path());
        int done = 0;
        struct Body {
            static Task<void> write(SecretStore &s, int n, int &count)
            {
                const auto written = co_await s.write(QStringLiteral("k%1").arg(n), QByteArray::number(n));
                if (written)
                    ++count;
            }
        };
        {
            TaskScope scope;
            for (int n = 0; n < 20; ++n)
                scope.start(Body::write(**store, n, done));
            QTRY_COMPARE(done, 20);
        }
        for (int n = 0; n < 20; ++n)
            QCOMPARE(*runTask((*store)->read(QStringLiteral("k%1").arg(n))), QByteArray::number(n));
    }

    void aFolderThatCannotBeWrittenIsSaid()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("file")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        const QString home = folder.filePath(QStringLiteral("file/home"));
        const auto store = open(home);
        const QString id = store ? runTask((*store)->write(QStringLiteral("k"), "v")).error().id : store.error().id;
        QCOMPARE(id, QStringLiteral("MF-FILE-MISSING"));
    }

    void aNewPrivateFileNeverReplacesOne()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("kits/kit.txt"));
        QVERIFY(bool(createPrivateFile(path, "words")));
        struct stat status {};
        QCOMPARE(::stat(QFile::encodeName(path).constData(), &status), 0);
        QCOMPARE(int(status.st_mode & 0777), 0600);
        QCOMPARE(createPrivateFile(path, "other").error().id, QStringLiteral("MF-FILE-EXISTS"));
        QCOMPARE(bytesOf(path), QByteArray("words"));
        QCOMPARE(QDir(folder.filePath(QStringLiteral("kits"))).entryList(QDir::Files),
            QStringList { QStringLiteral("kit.txt") });
    }

    void whatAnInterruptedWriteLeftDoesNotDisturb()
    {
        const QTemporaryDir folder;
        auto store = open(folder.path());
        QVERIFY(bool(runTask((*store)->write(QStringLiteral("k"), "v"))));
        QFile left(FileSecretStore::pathBelow(folder.path()) + QStringLiteral(".new"));
        QVERIFY(left.open(QIODevice::WriteOnly));
        left.write("half");
        left.close();
        QVERIFY(bool(runTask((*store)->write(QStringLiteral("k"), "w"))));
        QCOMPARE(*runTask((*store)->read(QStringLiteral("k"))), QByteArray("w"));
        QVERIFY(!left.exists());
    }
};

QTEST_GUILESS_MAIN(TestFileSecretStore)
#include "test_file_secret_store.moc"
