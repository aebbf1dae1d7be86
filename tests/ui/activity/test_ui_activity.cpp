// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/audit/scene.h"
#include "ui/activity/activity_page.h"
#include "ui/activity/diagnostics_dialog.h"
#include "ui/activity/history_model.h"
#include "ui/activity/issue_card.h"
#include "ui/activity/issues_view.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTreeView>
#include <QVBoxLayout>
#include <QtTest>

namespace mf::ui {

using Remedy = IssueEntry::Remedy;
using Mode = QAbstractItemModelTester::FailureReportingMode;

class World
{
public:
    explicit World(const char *tab = "issues")
        : page(new ActivityPage(desk.desk, &desk.window))
    {
        auto *layout = new QVBoxLayout(&desk.window);
        layout->addWidget(page);
        page->reveal(QLatin1StringView(tab));
        desk.window.resize(1000, 700);
        desk.window.show();
        if (!QTest::qWaitForWindowExposed(&desk.window))
            qFatal("the window is not shown");
    }
    template <typename T> T *find(const char *name) const { return page->findChild<T *>(QLatin1StringView(name)); }
    IssueCard *card(const QString &issue) const
    {
        for (IssueCard *one : page->findChildren<IssueCard *>()) {
            if (one->issue().id == issue && !one->isHidden())
                return one;
        }
        return nullptr;
    }
    static QPushButton *button(const IssueCard *card, Remedy remedy)
    {
        return card->findChild<QPushButton *>(QStringLiteral("activity.remedy%1").arg(static_cast<int>(remedy)));
    }
    FakeService &service() { return desk.service; }

    SceneDesk desk;
    ActivityPage *page;
};

class TestActivity final : public QObject
{
    Q_OBJECT
private slots:
    void issuesAreCounted()
    {
        World world;
        auto *tabs = world.find<QTabBar>("activity.tabs");
        QCOMPARE(tabs->tabText(0), QStringLiteral("Issues 3"));
        QCOMPARE(world.page->findChildren<IssueCard *>().size(), 3);
        world.service().shownIssues.clear();
        emit world.service().issuesChanged();
        QCOMPARE(tabs->tabText(0), QStringLiteral("Issues"));
    }

    void remediesAreCarriedOut_data()
    {
        QTest::addColumn<int>("remedy");
        QTest::addColumn<QString>("call");
        QTest::addColumn<QString>("page");
        QTest::addColumn<QString>("key");
        const auto row = [](const char *name, Remedy remedy, const char *call, const char *page, const char *key) {
            QTest::newRow(name) << static_cast<int>(remedy) << QString::fromLatin1(call) << QString::fromLatin1(page)
                                << QString::fromLatin1(key);
        };
        row("repair", Remedy::Repair, "repair 1", "", "");
        row("check", Remedy::Check, "check 1", "", "");
        row("add storage", Remedy::AddStorage, "", "storage", "add");
        row("move away", Remedy::MoveAway, "", "storage", "Backup stick");
        row("show the account", Remedy::ShowAccount, "", "storage", "Backup stick");
        row("sign in", Remedy::SignIn, "", "storage", "sign-in,Backup stick");
        row("show the model", Remedy::ShowModel, "", "models", "gemma-2-9b-it");
        row("try again", Remedy::Retry, "retry 5", "", "");
        row("save the kit", Remedy::SaveKit, "", "kit", "");
    }
    void remediesAreCarriedOut()
    {
        QFETCH(int, remedy);
        QFETCH(QString, call);
        QFETCH(QString, page);
        QFETCH(QString, key);
        World world;
        IssueEntry &issue = world.service().shownIssues[1];
        issue.remedies = { static_cast<Remedy>(remedy) };
        issue.model = QStringLiteral("gemma-2-9b-it");
        issue.account = QStringLiteral("Backup stick");
        issue.transfer = 5;
        emit world.service().issuesChanged();
        QSignalSpy asked(world.page, &Page::asksFor);
        QPushButton *button = World::button(world.card(issue.id), static_cast<Remedy>(remedy));
        QVERIFY(button->accessibleName().contains(issue.title));
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(world.service().calls.join(u','), call);
        QCOMPARE(asked.size(), page.isEmpty() ? 0 : 1);
        if (!page.isEmpty()) {
            QCOMPARE(asked[0][0].toString(), page);
            QCOMPARE(asked[0][1].toString(), key);
        }
    }

    void aModelThatIsGoneIsNotAllModels()
    {
        World world;
        IssueEntry &issue = world.service().shownIssues[0];
        issue.remedies = { Remedy::Repair };
        issue.model = QStringLiteral("gone meanwhile");
        emit world.service().issuesChanged();
        QTest::mouseClick(World::button(world.card(issue.id), Remedy::Repair), Qt::LeftButton);
        QVERIFY(world.service().calls.isEmpty());
    }

    void aCardTellsHowTheMendingGoes()
    {
        World world;
        const QString id = world.service().shownIssues[0].id;
        QPushButton *check = World::button(world.card(id), Remedy::Check);
        QTest::mouseClick(check, Qt::LeftButton);
        auto *words = world.card(id)->findChild<QLabel *>(QStringLiteral("activity.cardMending"));
        QVERIFY(words->isVisible());
        QVERIFY(!check->isEnabled());
        QVERIFY(World::button(world.card(id), Remedy::ShowModel)->isEnabled());
        TransferEntry &transfer = world.service().shownTransfers.back();
        transfer.state = TransferEntry::State::Running;
        transfer.progress.total = 100;
        transfer.progress.bytes = 30;
        emit world.service().transferMoved(transfer.id);
        QVERIFY2(words->text().contains(QStringLiteral("30")), qUtf8Printable(words->text()));
        transfer.state = TransferEntry::State::Failed;
        transfer.error = Error(Error::Kind::Network, QStringLiteral("MF-X"), QStringLiteral("no account answers"));
        emit world.service().transfersChanged();
        QVERIFY2(words->text().contains(QStringLiteral("no account answers")), qUtf8Printable(words->text()));
        QVERIFY(check->isEnabled());
    }

    void whatIsSolvedStaysUntilOneLooksAway()
    {
        World world;
        const IssueEntry solved = world.service().shownIssues[1];
        const QPointer<IssueCard> card = world.card(solved.id);
        world.service().shownIssues.erase(world.service().shownIssues.begin() + 1);
        emit world.service().issuesChanged();
        QVERIFY(card && card->isVisible());
        QVERIFY(card->isSolved());
        QVERIFY(card->accessibleName().startsWith(QStringLiteral("Solved")));
        QVERIFY(!World::button(card, Remedy::MoveAway)->isVisible());
        // Back again, it is an issue as before.
        world.service().shownIssues.push_back(solved);
        emit world.service().issuesChanged();
        QVERIFY(!card->isSolved());
        QTRY_VERIFY(World::button(card, Remedy::MoveAway)->isVisible());
        world.service().shownIssues.clear();
        emit world.service().issuesChanged();
        QVERIFY(!world.find<EmptyState>("activity.issuesEmpty")->isVisible());
        world.page->reveal(QStringLiteral("history"));
        world.page->reveal(QStringLiteral("issues"));
        QVERIFY(world.find<EmptyState>("activity.issuesEmpty")->isVisible());
        QTRY_VERIFY(!card);
    }

    void tabGoesFromCardToCard()
    {
        World world;
        IssueEntry worst = world.service().shownIssues[1];
        worst.id = QStringLiteral("worst");
        world.service().shownIssues.insert(world.service().shownIssues.begin(), worst); // made last, read first
        emit world.service().issuesChanged();
        QList<QPushButton *> expected;
        for (const IssueEntry &issue : world.service().issues()) {
            for (QPushButton *button : world.card(issue.id)->buttons())
                expected.append(button);
        }
        QTRY_VERIFY(expected.first()->isVisible());
        world.find<QWidget>("activity.issues")->setFocus();
        for (QPushButton *button : std::as_const(expected)) {
            QTest::keyClick(world.desk.window.focusWidget(), Qt::Key_Tab);
            QCOMPARE(world.desk.window.focusWidget(), button);
        }
    }

    void tooManyIssuesAreCounted()
    {
        World world;
        world.service().shownIssues.clear();
        for (int i = 0; i < IssuesView::kMost + 20; ++i) {
            IssueEntry issue;
            issue.id = QString::number(i);
            issue.title = QStringLiteral("issue %1").arg(i);
            world.service().shownIssues.push_back(issue);
        }
        emit world.service().issuesChanged();
        world.page->reveal(QStringLiteral("history")); // those solved go
        world.page->reveal(QStringLiteral("issues"));
        QTRY_COMPARE(world.page->findChildren<IssueCard *>().size(), IssuesView::kMost);
        QCOMPARE(world.find<QLabel>("activity.more")->text(), QStringLiteral("And 20 more issues."));
    }

    void theFilterIsForAllTabs()
    {
        World world;
        QTest::keyClicks(world.page->search(), QStringLiteral("NAS"));
        QVERIFY(world.card(QStringLiteral("away/NAS (attic)")));
        QVERIFY(!world.card(QStringLiteral("full/Backup stick")));
        world.page->search()->setText(QStringLiteral("model 7"));
        QVERIFY(world.find<EmptyState>("activity.issuesEmpty")->isVisible());
        world.page->reveal(QStringLiteral("history"));
        auto *tree = world.find<QTreeView>("activity.history");
        QCOMPARE(tree->model()->rowCount(), 1);
        QCOMPARE(tree->model()->rowCount(tree->model()->index(0, 0)), 1);
        world.page->search()->setText(QStringLiteral("nothing like it"));
        QVERIFY(world.find<EmptyState>("activity.historyEmpty")->isVisible());
        world.page->search()->clear();
        QVERIFY(tree->isExpanded(tree->model()->index(0, 0)));
    }

    void theHistoryGrowsAtTheFront()
    {
        SceneDesk desk;
        HistoryModel model(desk.service, desk.clock);
        HistoryFilter filter;
        filter.setSourceModel(&model);
        QAbstractItemModelTester tester(&model, Mode::QtTest);
        QAbstractItemModelTester filterTester(&filter, Mode::QtTest);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        const int days = model.rowCount();
        const QPersistentModelIndex newest = model.index(0, 0, model.index(0, 0));
        QCOMPARE(model.line(model.index(0, 0)), QStringLiteral("Today"));
        QCOMPARE(model.line(model.index(1, 0)), QStringLiteral("Yesterday"));

        std::vector<HistoryEntry> &history = desk.service.shownHistory;
        HistoryEntry entry = history.front();
        entry.when = entry.when.addSecs(60);
        entry.text = QStringLiteral("newer");
        history.insert(history.begin(), entry);
        history.pop_back(); // the service keeps only so many
        emit desk.service.historyChanged();
        QCOMPARE(newest.row(), 1);
        entry.when = entry.when.addDays(1);
        history.insert(history.begin(), entry);
        emit desk.service.historyChanged();
        QCOMPARE(newest.parent().row(), 1);
        QCOMPARE(model.rowCount(), days + 1);
        QCOMPARE(reset.size(), 0);
        int count = 0;
        for (int day = 0; day < model.rowCount(); ++day)
            count += model.rowCount(model.index(day, 0));
        QCOMPARE(count, static_cast<int>(history.size()));

        history.erase(history.begin() + 3); // what never happens must not confuse it
        emit desk.service.historyChanged();
        QCOMPARE(reset.size(), 1);
        history.clear();
        emit desk.service.historyChanged();
        QCOMPARE(model.rowCount(), 0);
    }

    void historyRowsAreCopied()
    {
        World world("history");
        auto *tree = world.find<QTreeView>("activity.history");
        const QModelIndex today = tree->model()->index(0, 0);
        tree->setCurrentIndex(tree->model()->index(1, 0, today));
        tree->selectionModel()->select(tree->model()->index(0, 0, today), QItemSelectionModel::Select);
        QTest::keyClick(tree, Qt::Key_C, Qt::ControlModifier);
        const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n');
        QCOMPARE(lines.size(), 2);
        QVERIFY(lines[0].contains(QStringLiteral("“model 12”")));
        QVERIFY(lines[1].contains(QStringLiteral("“model 11”")));
    }

    void theDiagnosticsAreShownBeforeTheyAreSaved()
    {
        World world;
        const QTemporaryDir folder;
        QTest::mouseClick(world.find<QPushButton>("activity.diagnosticsButton"), Qt::LeftButton);
        const QPointer<DiagnosticsDialog> dialog = world.page->findChild<DiagnosticsDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        const QString text = dialog->findChild<QPlainTextEdit *>(QStringLiteral("diagnostics.preview"))->toPlainText();
        QVERIFY(text.contains(QStringLiteral("account-1")));
        QVERIFY(text.contains(QStringLiteral("cannot be read")));
        auto *save = dialog->findChild<QPushButton *>(QStringLiteral("diagnostics.save"));
        QTest::mouseClick(save, Qt::LeftButton); // no place was chosen
        QVERIFY(dialog->isVisible());
        world.desk.prompts.saveFile = folder.filePath(QStringLiteral("none/d.txt"));
        QTest::mouseClick(save, Qt::LeftButton);
        QVERIFY(dialog->findChild<InlineMessage *>(QStringLiteral("diagnostics.message"))->isVisible());
        world.desk.prompts.saveFile = folder.filePath(QStringLiteral("d.txt"));
        QTest::mouseClick(save, Qt::LeftButton);
        QTRY_VERIFY(!dialog);
        QFile file(folder.filePath(QStringLiteral("d.txt")));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(file.readAll()), text);
    }

    void everyStateHasItsWords()
    {
        World world;
        world.service().shownIssues.clear();
        world.service().shownState = Service::State::Opening;
        emit world.service().issuesChanged();
        world.page->reveal(QStringLiteral("log"));
        world.page->reveal(QStringLiteral("issues"));
        const auto says = [&world](const char *words) {
            for (const QLabel *label : world.find<EmptyState>("activity.issuesEmpty")->findChildren<QLabel *>()) {
                if (label->text().contains(QLatin1StringView(words)))
                    return true;
            }
            return false;
        };
        QVERIFY(says("Collecting"));
        world.service().shownState = Service::State::Ready;
        emit world.service().stateChanged();
        QVERIFY(says("Everything is fine"));
        QVERIFY(says("6 models"));
    }
};

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestActivity)
#include "test_ui_activity.moc"
