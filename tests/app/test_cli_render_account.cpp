// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/render_account.h"

#include <QJsonArray>
#include <QtTest>

using namespace mf;
using namespace mf::cli;

class TestCliRenderAccount : public QObject
{
    Q_OBJECT

    static AccountView account(const char *name, const char *domain)
    {
        AccountView view;
        view.record.name = QString::fromUtf8(name);
        view.record.kind = QStringLiteral("folder");
        view.record.domain = QString::fromUtf8(domain);
        view.record.settings.insert(QStringLiteral("path"), QStringLiteral("/secret/place"));
        view.state = AccountState::Connected;
        view.used = 9'100'000'000;
        view.total = 21'500'000'000;
        view.ours = 8'000'000'000;
        view.fragments = 812;
        return view;
    }

private slots:
    void jsonHasTheFieldsOfTheContract()
    {
        AccountView other = account("b", "disk");
        other.used.reset();
        other.total.reset();
        other.state = AccountState::SignIn;
        const QJsonArray accounts = accountsJson({ account("a", "disk"), other }).value(u"accounts").toArray();
        QCOMPARE(accounts.size(), 2);
        const QJsonObject first = accounts.at(0).toObject();
        QCOMPARE(first.keys(),
            QStringList({ QStringLiteral("domain"), QStringLiteral("fragments"), QStringLiteral("kind"),
                QStringLiteral("name"), QStringLiteral("ours"), QStringLiteral("state"), QStringLiteral("total"),
                QStringLiteral("used") }));
        QCOMPARE(first.value(u"name").toString(), QStringLiteral("a"));
        QCOMPARE(first.value(u"kind").toString(), QStringLiteral("folder"));
        QCOMPARE(first.value(u"domain").toString(), QStringLiteral("disk"));
        QCOMPARE(first.value(u"state").toString(), QStringLiteral("connected"));
        QCOMPARE(first.value(u"used").toInteger(), 9'100'000'000);
        QCOMPARE(first.value(u"total").toInteger(), 21'500'000'000);
        QCOMPARE(first.value(u"ours").toInteger(), 8'000'000'000);
        QCOMPARE(first.value(u"fragments").toInteger(), 812);
        const QJsonObject second = accounts.at(1).toObject();
        QVERIFY2(second.value(u"used").isNull() && second.value(u"total").isNull(), "what nobody tells is null, not 0");
        QCOMPARE(second.value(u"state").toString(), QStringLiteral("sign-in"));
        QCOMPARE(oneAccountJson(other).value(u"account").toObject(), second);
        QCOMPARE(oneAccountJson(other).value(u"accounts").toArray(), QJsonArray({ second }));
        QCOMPARE(accountsJson({}).value(u"accounts").toArray().size(), 0);
    }

    void textIsATableWithSums()
    {
        AccountView other = account("mega \x1b[31m", "mega");
        other.used.reset();
        other.total.reset();
        other.state = AccountState::Unreachable;
        QCOMPARE(accountsText({ account("a", "disk"), other }, 0),
            QStringLiteral("ACCOUNT        KIND    DOMAIN  HEALTH          USED       OF     OURS  FRAGMENTS\n"
                           "a              folder  disk    Connected    9.10 GB  21.5 GB  8.00 GB        812\n"
                           "mega \\x1b[31m  folder  mega    Unreachable        —        —  8.00 GB        812\n"
                           "2 accounts in 2 failure domains, 16.0 GB used by ModelFloat\n"));
        QVERIFY(accountsText({ account("a", "d"), account("b", "d") }, 0)
                .contains(QStringLiteral("2 accounts in 1 failure domain,")));
        QVERIFY(accountsText({}, 0).contains(QStringLiteral("account add")));
    }

    void states_data()
    {
        using Kind = Error::Kind;
        QTest::addColumn<int>("kind"); // -1: no trouble
        QTest::addColumn<qint64>("room"); // -1: not known
        QTest::addColumn<QString>("word");
        QTest::newRow("all is well") << -1 << qint64(-1) << QStringLiteral("connected");
        QTest::newRow("with room") << -1 << qint64(1) << QStringLiteral("connected");
        QTest::newRow("without room") << -1 << qint64(0) << QStringLiteral("full");
        QTest::newRow("signed out") << int(Kind::Unauthorised) << qint64(-1) << QStringLiteral("sign-in");
        QTest::newRow("over quota") << int(Kind::Quota) << qint64(-1) << QStringLiteral("full");
        QTest::newRow("no marker") << int(Kind::NotFound) << qint64(-1) << QStringLiteral("missing");
        QTest::newRow("another's marker") << int(Kind::AlreadyExists) << qint64(-1) << QStringLiteral("missing");
        QTest::newRow("offline") << int(Kind::Network) << qint64(-1) << QStringLiteral("unreachable");
        QTest::newRow("throttled") << int(Kind::Throttled) << qint64(-1) << QStringLiteral("unreachable");
    }
    void states()
    {
        QFETCH(int, kind);
        QFETCH(qint64, room);
        QFETCH(QString, word);
        std::optional<Error> trouble;
        if (kind >= 0)
            trouble = Error(static_cast<Error::Kind>(kind), QStringLiteral("MF-X"), QStringLiteral("x"));
        AccountRecord record;
        const auto left = room < 0 ? std::optional<qint64>() : std::optional<qint64>(room);
        QCOMPARE(accountStateWord(accountStateOf(record, trouble, left)), word);
        record.retired = true;
        QCOMPARE(accountStateWord(accountStateOf(record, trouble, left)), QStringLiteral("retired"));
    }

    // One that could not be opened.
    void statesById()
    {
        const auto word = [](Error::Kind kind, const char *id) {
            const Error trouble(kind, QString::fromLatin1(id), QStringLiteral("x"));
            return accountStateWord(accountStateOf(AccountRecord(), trouble, std::nullopt));
        };
        QCOMPARE(word(Error::Kind::NotFound, "MF-SECRETS-MISSING"), QStringLiteral("sign-in"));
        QCOMPARE(word(Error::Kind::Corrupt, "MF-SECRETS-DAMAGED"), QStringLiteral("sign-in"));
        QCOMPARE(word(Error::Kind::Invalid, "MF-ACCOUNT-KIND"), QStringLiteral("off"));
    }

    void everyStateHasWords()
    {
        QCOMPARE(accountStateText(AccountState::SignIn), QStringLiteral("Sign in again"));
        QStringList words;
        for (int state = 0; state <= int(AccountState::Unknown); ++state) {
            words << accountStateWord(static_cast<AccountState>(state));
            QVERIFY(!accountStateText(static_cast<AccountState>(state)).isEmpty());
        }
        QCOMPARE(words.removeDuplicates(), 0);
    }
};

QTEST_GUILESS_MAIN(TestCliRenderAccount)
#include "test_cli_render_account.moc"
