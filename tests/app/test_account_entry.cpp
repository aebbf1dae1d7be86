// SPDX-License-Identifier: GPL-3.0-or-later
// What the window shows of an account, by what the engine found out.
#include "app/desktop/entries.h"
#include "tests/support/engine_fixture.h"

#include <QtTest>

#include <functional>

using namespace mf;

namespace {

using Health = ui::AccountEntry::Health;
using Change = std::function<void(Account &)>;

Change trouble(Error::Kind kind, const QString &id)
{
    return [kind, id](Account &account) { account.setTrouble(Error(kind, id, QStringLiteral("a reason"))); };
}

} // namespace

class TestAccountEntry : public QObject
{
    Q_OBJECT

private slots:
    void health_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<Health>("health");
        QTest::newRow("nothing wrong") << Change([](Account &) { }) << Health::Connected;
        QTest::newRow("lacks part of the log") << Change([](Account &a) { a.setStale(true); }) << Health::Stale;
        QTest::newRow("no room") << Change([](Account &a) { a.limitRoom(1000); }) << Health::Full;
        QTest::newRow("lacks part of the log and has no room for it") << Change([](Account &a) {
            a.setStale(true);
            a.limitRoom(1000);
        }) << Health::Full;
        QTest::newRow("refuses the key") << trouble(Error::Kind::Unauthorised, QStringLiteral("MF-HTTP-REFUSED"))
                                         << Health::SignIn;
        QTest::newRow("a newer ModelFloat wrote there")
            << trouble(Error::Kind::Unsupported, QStringLiteral("MF-LIBRARY-NEWER")) << Health::Newer;
        QTest::newRow("away") << trouble(Error::Kind::Network, QStringLiteral("MF-HTTP-UNREACHABLE"))
                              << Health::Unreachable;
    }
    void health()
    {
        QFETCH(const Change, change);
        QFETCH(const Health, health);
        EngineFixture fixture(3);
        QVERIFY(fixture.store(fixture.write(QStringLiteral("model"), "bytes"))); // so that the accounts were looked at
        Account &account = *fixture.account(1);
        QVERIFY(account.isVerified());
        change(account);
        QCOMPARE(accountEntry(account.record(), &account, nullptr, {}, true).health, health);
    }

    // One that could not be opened has no place of its own to say why.
    void closed_data()
    {
        QTest::addColumn<Error::Kind>("kind");
        QTest::addColumn<QString>("id");
        QTest::addColumn<Health>("health");
        QTest::newRow("its secret is gone")
            << Error::Kind::NotFound << QStringLiteral("MF-SECRETS-MISSING") << Health::SignIn;
        QTest::newRow("its secret is damaged")
            << Error::Kind::Corrupt << QStringLiteral("MF-SECRETS-DAMAGED") << Health::SignIn;
        QTest::newRow("its kind is switched off")
            << Error::Kind::Invalid << QStringLiteral("MF-ACCOUNT-KIND") << Health::Unreachable;
    }
    void closed()
    {
        QFETCH(const Error::Kind, kind);
        QFETCH(const QString, id);
        QFETCH(const Health, health);
        AccountRecord record;
        record.kind = QStringLiteral("webdav");
        const Error why(kind, id, QStringLiteral("a reason"));
        const auto entry = accountEntry(record, nullptr, &why, {}, true);
        QCOMPARE(entry.health, health);
        QCOMPARE(entry.trouble->id, id);
        QVERIFY(entry.hasSecret);
    }
};

QTEST_GUILESS_MAIN(TestAccountEntry)
#include "test_account_entry.moc"
