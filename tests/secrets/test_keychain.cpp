// SPDX-License-Identifier: GPL-3.0-or-later
// The keychain against a real gnome-keyring-daemon: open, locked, hanging, empty, absent.
#include "tests/secrets/private_keyring.h"

#include <QtTest>

#include <csignal>

class TestKeychain : public QObject
{
    Q_OBJECT

    using Operations = QStringList;

    // What the client printed, one line for each operation.
    static QStringList ask(const PrivateKeyring &keyring, const Operations &operations, int limit = 10000)
    {
        QProcess client;
        client.setProcessEnvironment(keyring.environment());
        client.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        client.start(QStringLiteral(MF_SECRETS_CLIENT), QStringList { QString::number(limit) } + operations);
        if (!client.waitForFinished(60000)) {
            client.kill();
            client.waitForFinished();
            return { QStringLiteral("the client did not end") };
        }
        return QString::fromUtf8(client.readAllStandardOutput()).split(u'\n', Qt::SkipEmptyParts);
    }
    static QString hexOf(qsizetype length, char first = 'a')
    {
        QByteArray bytes(length, '\0');
        for (qsizetype i = 0; i < length; ++i)
            bytes[i] = static_cast<char>(first + i % 251);
        return QString::fromLatin1(bytes.toHex());
    }
    static QString idOf(const QString &line) { return line.section(u' ', 0, 0); }

private slots:
    void initTestCase()
    {
        const QString missing = PrivateKeyring::whatIsMissing();
        if (missing.isEmpty())
            return;
        if (qgetenv("CI") == "true")
            QFAIL(qPrintable(missing + QStringLiteral(" is not installed")));
        QSKIP(qPrintable(missing + QStringLiteral(" is not installed: the keychain is not tested")));
    }

    void keepsValuesOverProcessesAndRestarts_data()
    {
        QTest::addColumn<int>("size");
        QTest::newRow("nothing") << 0;
        QTest::newRow("a password") << 12;
        QTest::newRow("all that one entry holds") << 2032;
        QTest::newRow("one byte more") << 2033;
        QTest::newRow("a bundle of tokens") << 9000;
    }
    void keepsValuesOverProcessesAndRestarts()
    {
        QFETCH(int, size);
        PrivateKeyring keyring;
        QVERIFY(keyring.startBus());
        QVERIFY(keyring.startDaemon("secret"));
        const QString value = hexOf(size);
        QCOMPARE(ask(keyring, { QStringLiteral("open"), QStringLiteral("write:account/a:") + value }),
            QStringList({ QStringLiteral("ok"), QStringLiteral("ok") }));
        QCOMPARE(ask(keyring, { QStringLiteral("read:account/a") }), QStringList { QStringLiteral("ok ") + value });
        keyring.stopDaemon();
        QVERIFY(keyring.startDaemon("secret"));
        QCOMPARE(ask(keyring, { QStringLiteral("read:account/a") }), QStringList { QStringLiteral("ok ") + value });
    }

    void replacesAndRemovesWithoutLeftovers()
    {
        PrivateKeyring keyring;
        QVERIFY(keyring.startBus());
        QVERIFY(keyring.startDaemon("secret"));
        const QString large = hexOf(9000);
        const QString other = hexOf(5000, 'k');
        const QString small = hexOf(10);
        QCOMPARE(
            ask(keyring,
                { QStringLiteral("write:k:") + large, QStringLiteral("write:k:") + other, QStringLiteral("read:k") }),
            QStringList({ QStringLiteral("ok"), QStringLiteral("ok"), QStringLiteral("ok ") + other }));
        QCOMPARE(keyring.entries(), 1 + 1 + 2); // the check, the head, two parts
        QCOMPARE(ask(keyring, { QStringLiteral("write:k:") + small, QStringLiteral("read:k") }),
            QStringList({ QStringLiteral("ok"), QStringLiteral("ok ") + small }));
        QCOMPARE(keyring.entries(), 2);
        QCOMPARE(ask(keyring, { QStringLiteral("remove:k"), QStringLiteral("remove:k") }),
            QStringList({ QStringLiteral("ok"), QStringLiteral("ok") }));
        QCOMPARE(keyring.entries(), 1);
        QCOMPARE(idOf(ask(keyring, { QStringLiteral("read:k") }).value(0)), QStringLiteral("MF-SECRETS-MISSING"));
    }

    // Measured: such a daemon answers a read with "entry not found" and a removal with success.
    void aLockedKeyringIsNotTakenForAnEmptyOne_data()
    {
        QTest::addColumn<bool>("restarted");
        QTest::newRow("started without a password, as by a headless sign-in") << true;
        QTest::newRow("locked while it runs, as by a locked screen") << false;
    }
    void aLockedKeyringIsNotTakenForAnEmptyOne()
    {
        QFETCH(bool, restarted);
        PrivateKeyring keyring;
        QVERIFY(keyring.startBus());
        QVERIFY(keyring.startDaemon("secret"));
        QCOMPARE(ask(keyring, { QStringLiteral("write:there:abcd") }), QStringList { QStringLiteral("ok") });
        if (restarted) {
            keyring.stopDaemon();
            QVERIFY(keyring.startDaemon(std::nullopt));
        } else {
            QVERIFY(keyring.lock());
        }
        const auto lines = ask(keyring,
            { QStringLiteral("read:there"), QStringLiteral("read:absent"), QStringLiteral("write:there:1234"),
                QStringLiteral("write:new:1234"), QStringLiteral("remove:there"), QStringLiteral("remove:absent"),
                QStringLiteral("open") });
        QCOMPARE(lines.size(), 7);
        for (const QString &line : lines) {
            QCOMPARE(idOf(line), QStringLiteral("MF-SECRETS-LOCKED"));
            QVERIFY2(line.contains(QStringLiteral("--secret-store file")), qPrintable(line));
        }
        keyring.stopDaemon();
        QVERIFY(keyring.startDaemon("secret"));
        const auto after = ask(keyring, { QStringLiteral("read:there"), QStringLiteral("read:absent") });
        QCOMPARE(after.value(0), QStringLiteral("ok abcd"));
        QCOMPARE(idOf(after.value(1)), QStringLiteral("MF-SECRETS-MISSING"));
    }

    void namesTheFileStoreWhereThereIsNoKeychain_data()
    {
        QTest::addColumn<QString>("what");
        QTest::newRow("no session bus") << QStringLiteral("no bus");
        QTest::newRow("a bus without a keychain") << QStringLiteral("bus");
        QTest::newRow("a daemon that has no keyring and cannot ask for a password") << QStringLiteral("daemon");
    }
    void namesTheFileStoreWhereThereIsNoKeychain()
    {
        QFETCH(QString, what);
        PrivateKeyring keyring;
        if (what != QStringLiteral("no bus"))
            QVERIFY(keyring.startBus());
        if (what == QStringLiteral("daemon"))
            QVERIFY(keyring.startDaemon(std::nullopt));
        const QString line = ask(keyring, { QStringLiteral("open") }).value(0);
        QCOMPARE(idOf(line), QStringLiteral("MF-SECRETS-NONE"));
        QVERIFY2(line.contains(QStringLiteral("--secret-store file")), qPrintable(line));
    }

    void givesUpOnAKeychainThatDoesNotAnswer()
    {
        PrivateKeyring keyring;
        QVERIFY(keyring.startBus());
        QVERIFY(keyring.startDaemon("secret"));
        QCOMPARE(ask(keyring, { QStringLiteral("write:k:abcd") }), QStringList { QStringLiteral("ok") });
        const auto daemon = static_cast<pid_t>(keyring.daemonId());
        QCOMPARE(::kill(daemon, SIGSTOP), 0);
        const auto lines
            = ask(keyring, { QStringLiteral("read:k"), QStringLiteral("write:k:00"), QStringLiteral("probe") }, 200);
        QCOMPARE(::kill(daemon, SIGCONT), 0);
        QCOMPARE(lines.size(), 3);
        for (const QString &line : lines)
            QCOMPARE(idOf(line), QStringLiteral("MF-SECRETS-UNAVAILABLE"));
        QCOMPARE(ask(keyring, { QStringLiteral("read:k") }), QStringList { QStringLiteral("ok abcd") });
    }
};

QTEST_GUILESS_MAIN(TestKeychain)
#include "test_keychain.moc"
