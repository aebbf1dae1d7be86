// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/exit_code.h"
#include "app/cli/account_words.h"
#include "app/cli/output.h"

#include <QJsonDocument>
#include <QtTest>

using namespace mf;
using namespace mf::cli;
using Kind = Error::Kind;

class TestCliOutput : public QObject
{
    Q_OBJECT

    struct Captured {
        QByteArray out;
        QByteArray err;
        Output output;
        Captured(bool json, bool quiet)
            : output(
                  json, quiet,
                  [this](const QByteArray &data) {
                      out += data;
                      return true;
                  },
                  [this](const QByteArray &data) {
                      err += data;
                      return true;
                  })
        {
        }
    };

private slots:
    void exitCodes_data()
    {
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("code");
        const auto row = [](const char *name, Kind kind, const char *id, int code) {
            QTest::newRow(name) << kind << QString::fromLatin1(id) << code;
        };
        row("the network", Kind::Network, "MF-NET-DOWN", 1);
        row("a throttled account", Kind::Throttled, "MF-NET-SLOW", 1);
        row("a bug", Kind::Internal, "MF-REGISTRY-SQL", 1);
        row("something that is not supported", Kind::Unsupported, "MF-LIBRARY-NEWER", 1);
        row("a name that is taken", Kind::AlreadyExists, "MF-LIBRARY-EXISTS", 1);
        row("a file in the way", Kind::AlreadyExists, "MF-FETCH-EXISTS", 1);
        row("an impossible request", Kind::Invalid, "MF-PATH-UNSAFE", 1);
        row("a wrong command line", Kind::Invalid, "MF-USAGE-OPTION", 2);
        row("a wrong setting of an account", Kind::Invalid, "MF-ACCOUNT-SETTING", 2);
        row("an unknown kind of account", Kind::Invalid, "MF-ACCOUNT-KIND", 2);
        row("a name for two models", Kind::Invalid, "MF-MODEL-AMBIGUOUS", 2);
        row("no such model", Kind::NotFound, "MF-MODEL-UNKNOWN", 3);
        row("no such account", Kind::NotFound, "MF-ACCOUNT-UNKNOWN", 3);
        row("no such file", Kind::NotFound, "MF-FILE-MISSING", 3);
        row("no library yet", Kind::NotFound, "MF-LIBRARY-NONE", 3);
        row("below its protection", Kind::Network, "MF-STORE-REDUCED", 4);
        row("a damaged pack", Kind::Corrupt, "MF-PACK-CORRUPT", 5);
        row("too many fragments are away", Kind::Network, "MF-PACK-UNREADABLE", 5);
        row("a fragment is gone", Kind::NotFound, "MF-BLOB-MISSING", 5);
        row("a damaged registry can be rebuilt", Kind::Corrupt, "MF-REGISTRY-CORRUPT", 1);
        row("mistyped kit words", Kind::Invalid, "MF-KIT-CHECKSUM", 1);
        row("signed out", Kind::Unauthorised, "MF-ACCOUNT-SIGN-IN", 6);
        row("a wrong passphrase", Kind::Unauthorised, "MF-SECRETS-PASSPHRASE", 6);
        row("a locked keychain", Kind::Unauthorised, "MF-SECRETS-LOCKED", 6);
        row("a secret that is gone", Kind::NotFound, "MF-SECRETS-MISSING", 6);
        row("no keychain", Kind::Unsupported, "MF-SECRETS-NONE", 1);
        row("no room on the accounts", Kind::Quota, "MF-PLACE-ROOM", 7);
        row("no room on this disk", Kind::Quota, "MF-DISK-FULL", 7);
        row("too few failure domains", Kind::Invalid, "MF-PLACE-DOMAINS", 7);
        row("interrupted", Kind::Cancelled, "MF-INTERRUPTED", 130);
        row("no id", Kind::NotFound, "", 3);
    }
    void exitCodes()
    {
        QFETCH(Kind, kind);
        QFETCH(QString, id);
        QFETCH(int, code);
        const Error error(kind, id, QStringLiteral("x"));
        QCOMPARE(number(exitCodeOf(error)), code);
        Captured captured(false, false);
        QCOMPARE(captured.output.fail(error), code);
    }

    void anErrorIsOneLineWithItsId()
    {
        const Error error
            = Error(Kind::Network, QStringLiteral("MF-NET-DOWN"), QStringLiteral("cannot read\nthe \x1b[31mthing"))
                  .at(QStringLiteral("mega"))
                  .of(QStringLiteral("thing"));
        Captured captured(false, false);
        QCOMPARE(captured.output.fail(error), 1);
        QCOMPARE(captured.out, QByteArray());
        QCOMPARE(QString::fromUtf8(captured.err),
            QStringLiteral("modelfloat-cli: cannot read\\nthe \\x1b[31mthing (account “mega”) [MF-NET-DOWN]\n"));
    }

    void anErrorIsAlsoAnObjectWithJson()
    {
        const QDateTime when(QDate(2026, 11, 21), QTime(10, 0, 1), Qt::UTC);
        const Error error = Error(Kind::Throttled, QStringLiteral("MF-X-Y"), QStringLiteral("later"))
                                .at(QStringLiteral("drive"))
                                .of(QStringLiteral("m"))
                                .until(when);
        Captured captured(true, true);
        captured.output.error(error);
        QCOMPARE(captured.err.count('\n'), 1);
        QCOMPARE(captured.out.count('\n'), 1);
        const QJsonObject inner = QJsonDocument::fromJson(captured.out).object().value(u"error").toObject();
        QCOMPARE(inner.keys(),
            QStringList({ QStringLiteral("account"), QStringLiteral("id"), QStringLiteral("kind"),
                QStringLiteral("message"), QStringLiteral("model"), QStringLiteral("retryAt") }));
        QCOMPARE(inner.value(u"id").toString(), QStringLiteral("MF-X-Y"));
        QCOMPARE(inner.value(u"kind").toString(), QStringLiteral("throttled"));
        QCOMPARE(inner.value(u"account").toString(), QStringLiteral("drive"));
        QCOMPARE(inner.value(u"model").toString(), QStringLiteral("m"));
        QCOMPARE(inner.value(u"retryAt").toString(), QStringLiteral("2026-11-21T10:00:01.000Z"));
        const QJsonObject bare
            = errorJson(Error(Kind::Internal, QStringLiteral("MF-X"), QStringLiteral("x"))).value(u"error").toObject();
        QVERIFY(bare.value(u"account").isNull() && bare.value(u"model").isNull() && bare.value(u"retryAt").isNull());
    }

    // Which certificate a server showed that nobody vouches for, and what trusts it.
    void certificates()
    {
        const Error error = Error(Kind::Unauthorised, QStringLiteral("MF-HTTP-CERTIFICATE"), QStringLiteral("no trust"))
                                .with(QStringLiteral("certificate"), QStringLiteral("ab:cd"));
        const QJsonObject json = errorJson(error).value(u"error").toObject();
        QCOMPARE(json.value(u"certificate").toString(), QStringLiteral("ab:cd"));
        QVERIFY(sayingHowToTrust(error, QStringLiteral("--set certificate="))
                .message.endsWith(QStringLiteral(" --set certificate=ab:cd")));
        const Error other(Kind::Network, QStringLiteral("MF-X"), QStringLiteral("x"));
        QCOMPARE(sayingHowToTrust(other, QStringLiteral("--set certificate=")).message, QStringLiteral("x"));
    }

    void results_data()
    {
        QTest::addColumn<bool>("json");
        QTest::addColumn<bool>("quiet");
        QTest::addColumn<QByteArray>("out");
        QTest::addColumn<QByteArray>("err");
        QTest::newRow("text") << false << false << QByteArray("text\n") << QByteArray("a\\nremark\n");
        QTest::newRow("quiet") << false << true << QByteArray() << QByteArray();
        QTest::newRow("json") << true << false << QByteArray("{\"bytes\":9007199254740993}\n") << QByteArray();
        QTest::newRow("json, quiet") << true << true << QByteArray("{\"bytes\":9007199254740993}\n") << QByteArray();
    }
    void results()
    {
        QFETCH(bool, json);
        QFETCH(bool, quiet);
        Captured captured(json, quiet);
        // More than a double holds: sizes are exact.
        captured.output.result(
            QJsonObject { { QStringLiteral("bytes"), qint64(9007199254740993) } }, QStringLiteral("text\n"));
        captured.output.note(QStringLiteral("a\nremark"));
        QTEST(captured.out, "out");
        QTEST(captured.err, "err");
    }
};

QTEST_GUILESS_MAIN(TestCliOutput)
#include "test_cli_output.moc"
