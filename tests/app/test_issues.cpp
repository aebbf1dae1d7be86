// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/issues.h"

#include <QtTest>

using namespace mf;
using Severity = ui::IssueEntry::Severity;
using Remedy = ui::IssueEntry::Remedy;
using Health = ui::AccountEntry::Health;

namespace {

ui::ModelEntry model(const QString &name, ModelState state)
{
    ui::ModelEntry entry;
    entry.name = name;
    entry.state = state;
    entry.id.bytes[0] = static_cast<std::uint8_t>(qHash(name, 0));
    return entry;
}

ui::AccountEntry account(const QString &name, Health health)
{
    ui::AccountEntry entry;
    entry.name = name;
    entry.kind = QStringLiteral("folder");
    entry.health = health;
    entry.fragments = 3;
    entry.trouble = Error(Error::Kind::Network, QStringLiteral("MF-X"), QStringLiteral("its disk is not connected"));
    return entry;
}

QStringList titles(const std::vector<ui::IssueEntry> &issues)
{
    QStringList list;
    for (const ui::IssueEntry &issue : issues)
        list.append(issue.title);
    return list;
}

} // namespace

class TestIssues : public QObject
{
    Q_OBJECT

private slots:
    void nothingIsWrong()
    {
        IssueSources sources;
        for (const ModelState state : { ModelState::Safe, ModelState::SingleCopy, ModelState::Storing })
            sources.models.push_back(model(QStringLiteral("m"), state));
        sources.accounts.push_back(account(QStringLiteral("a"), Health::Connected));
        sources.accounts.push_back(account(QStringLiteral("b"), Health::Connecting));
        sources.transfers.emplace_back();
        QVERIFY(issuesOf(sources).empty());
    }

    void worstFirst()
    {
        IssueSources sources;
        sources.models.push_back(model(QStringLiteral("old"), ModelState::Unknown));
        sources.models.push_back(model(QStringLiteral("less"), ModelState::Reduced));
        sources.models.push_back(model(QStringLiteral("gone"), ModelState::Unreadable));
        sources.models.push_back(model(QStringLiteral("close"), ModelState::AtRisk));
        sources.models.push_back(model(QStringLiteral("here"), ModelState::SingleCopy));
        sources.models.back().onThisComputer = true;
        sources.isKitSaved = false;
        const auto issues = issuesOf(sources);
        QCOMPARE(titles(issues),
            (QStringList { QStringLiteral("“gone” cannot be read"), QStringLiteral("“close” is at risk"),
                QStringLiteral("“here” is on this computer only"),
                QStringLiteral("“less” has less protection than you chose"),
                QStringLiteral("Your recovery kit is not saved yet"),
                QStringLiteral("“old” was not checked for more than 30 days") }));
        QCOMPARE(issues[0].severity, Severity::Bad);
        QCOMPARE(issues[0].remedies.front(), Remedy::Check);
        QCOMPARE(issues[1].remedies.front(), Remedy::Repair);
        QCOMPARE(issues[1].model, QStringLiteral("close"));
    }

    void manyModelsAreOneIssue()
    {
        IssueSources sources;
        for (int i = 0; i <= kMostModelsAlone; ++i)
            sources.models.push_back(model(QString::number(i), ModelState::Reduced));
        const auto issues = issuesOf(sources);
        QCOMPARE(issues.size(), std::size_t(1));
        QCOMPARE(issues[0].title, QStringLiteral("5 models have less protection than you chose"));
        QCOMPARE(issues[0].model, QString());
        QVERIFY(std::find(issues[0].remedies.begin(), issues[0].remedies.end(), Remedy::ShowModel)
            == issues[0].remedies.end());
        sources.models.pop_back();
        QCOMPARE(issuesOf(sources).size(), std::size_t(kMostModelsAlone));
    }

    void accounts_data()
    {
        QTest::addColumn<Health>("health");
        QTest::addColumn<Severity>("severity");
        QTest::addColumn<Remedy>("remedy");
        QTest::newRow("away") << Health::Unreachable << Severity::Warning << Remedy::ShowAccount;
        QTest::newRow("signed out") << Health::SignIn << Severity::Warning << Remedy::ShowAccount;
        QTest::newRow("stale") << Health::Stale << Severity::Note << Remedy::ShowAccount;
        QTest::newRow("newer") << Health::Newer << Severity::Warning << Remedy::ShowAccount;
        QTest::newRow("full") << Health::Full << Severity::Warning << Remedy::AddStorage;
        QTest::newRow("almost full") << Health::AlmostFull << Severity::Note << Remedy::AddStorage;
    }
    void accounts()
    {
        QFETCH(const Health, health);
        QFETCH(const Severity, severity);
        QFETCH(const Remedy, remedy);
        IssueSources sources;
        sources.accounts.push_back(account(QStringLiteral("usb"), health));
        const auto issues = issuesOf(sources);
        QCOMPARE(issues.size(), std::size_t(1));
        QCOMPARE(issues[0].severity, severity);
        QCOMPARE(issues[0].remedies.front(), remedy);
        QCOMPARE(issues[0].account, QStringLiteral("usb"));
        QVERIFY(issues[0].title.contains(QStringLiteral("usb")));
        QVERIFY(issues[0].text.endsWith(u'.'));
        QCOMPARE(issuesOf(sources)[0].id, issues[0].id);
    }

    void anAccountOfAnotherComputerIsNoTrouble()
    {
        IssueSources sources;
        sources.accounts.push_back(account(QStringLiteral("attic"), Health::Unreachable));
        sources.accounts[0].kind.clear();
        sources.accounts[0].fragments = 0; // nobody here could look
        const auto issues = issuesOf(sources);
        QCOMPARE(issues.size(), std::size_t(1));
        QCOMPARE(issues[0].severity, Severity::Note);
        QVERIFY(issues[0].title.contains(QStringLiteral("was not added to this computer")));
        QCOMPARE(issues[0].remedies.front(), Remedy::AddStorage);
        QVERIFY(issues[0].text.startsWith(QStringLiteral("Another computer added it.")));

        // What is said of models is said with that in mind.
        sources.models.push_back(model(QStringLiteral("close"), ModelState::AtRisk));
        const QString doubt = QStringLiteral("What lies on attic is not counted, as this computer cannot look there.");
        QVERIFY(issuesOf(sources)[0].text.endsWith(doubt));
        sources.accounts[0].kind = QStringLiteral("folder");
        QVERIFY(!issuesOf(sources)[0].text.contains(doubt));
    }

    void aNewPasswordIsAskedForWhereThereIsOne()
    {
        IssueSources sources;
        sources.accounts.push_back(account(QStringLiteral("cloud"), Health::SignIn));
        sources.accounts.back().hasSecret = true;
        const std::vector<Remedy> expected { Remedy::SignIn, Remedy::ShowAccount };
        QCOMPARE(issuesOf(sources).front().remedies, expected);
    }

    void failedTransfers()
    {
        IssueSources sources;
        ui::TransferEntry transfer;
        transfer.id = 7;
        transfer.name = QStringLiteral("m");
        transfer.state = ui::TransferEntry::State::Failed;
        transfer.error = Error(Error::Kind::Quota, QStringLiteral("MF-X"), QStringLiteral("there is no room"));
        sources.transfers.push_back(transfer);
        transfer.state = ui::TransferEntry::State::Waiting;
        sources.transfers.push_back(transfer);
        const auto issues = issuesOf(sources);
        QCOMPARE(titles(issues), QStringList(QStringLiteral("“m” could not be stored")));
        QCOMPARE(issues[0].text, QStringLiteral("There is no room."));
        QCOMPARE(issues[0].remedies, (std::vector<Remedy> { Remedy::Retry, Remedy::AddStorage }));
        QCOMPARE(issues[0].transfer, 7);
    }
};

QTEST_GUILESS_MAIN(TestIssues)
#include "test_issues.moc"
