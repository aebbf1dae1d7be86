// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/memory_secret_store.h"
#include "tests/support/run_task.h"

using namespace mf;

class TestMemorySecretStore : public QObject
{
    Q_OBJECT

private slots:
    void keepsReplacesAndRemoves()
    {
        MemorySecretStore store;
        const QString key = QStringLiteral("account/a");
        QCOMPARE(runTask(store.read(key)).error().id, QStringLiteral("MF-SECRETS-MISSING"));
        QVERIFY(bool(runTask(store.write(key, "one"))));
        QVERIFY(bool(runTask(store.write(key, "two"))));
        QCOMPARE(*runTask(store.read(key)), QByteArray("two"));
        QVERIFY(bool(runTask(store.remove(key))));
        QVERIFY(bool(runTask(store.remove(key))));
        QCOMPARE(runTask(store.read(key)).error().kind, Error::Kind::NotFound);
    }

    void refusesWhatNoStoreKeeps_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<int>("size");
        QTest::newRow("no key") << QString() << 1;
        QTest::newRow("a space") << QStringLiteral("a b") << 1;
        QTest::newRow("a line break") << QStringLiteral("a\n") << 1;
        QTest::newRow("not ASCII") << QString(QChar(0xe4)) << 1;
        QTest::newRow("a key that is too long") << QString(121, u'k') << 1;
        QTest::newRow("a value that is too long") << QStringLiteral("k") << 64 * 1024 + 1;
    }
    void refusesWhatNoStoreKeeps()
    {
        QFETCH(QString, key);
        QFETCH(int, size);
        MemorySecretStore store;
        QCOMPARE(runTask(store.write(key, QByteArray(size, 'x'))).error().id, QStringLiteral("MF-SECRETS-ENTRY"));
    }

    void failsAsToldAndComesBack()
    {
        MemorySecretStore store;
        store.failWith(Error(Error::Kind::Network, QStringLiteral("MF-SECRETS-UNAVAILABLE"), QStringLiteral("gone")));
        QCOMPARE(runTask(store.write(QStringLiteral("k"), "v")).error().id, QStringLiteral("MF-SECRETS-UNAVAILABLE"));
        QCOMPARE(runTask(store.read(QStringLiteral("k"))).error().id, QStringLiteral("MF-SECRETS-UNAVAILABLE"));
        QCOMPARE(runTask(store.remove(QStringLiteral("k"))).error().id, QStringLiteral("MF-SECRETS-UNAVAILABLE"));
        store.failWith(std::nullopt);
        QVERIFY(bool(runTask(store.write(QStringLiteral("k"), "v"))));
    }
};

QTEST_GUILESS_MAIN(TestMemorySecretStore)
#include "test_memory_secret_store.moc"
