// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts that lose what they hold or are lost themselves, as a person sees it in the window.
#include "tests/ui/stories/story.h"

#include <QDir>
#include <QWidget>
#include <QtTest>

using namespace mf;

namespace {

const QString kModel = QStringLiteral("Story-7B");
const QString kModels = QStringLiteral("models.list");
const QString kTransfers = QStringLiteral("transfers.list");

// Unplugged, and plugged in again.
bool unplug(const Story &story, int account)
{
    return QDir().rename(story.account(account), story.account(account) + QStringLiteral(".away"));
}

bool plugIn(const Story &story, int account)
{
    return QDir().rename(story.account(account) + QStringLiteral(".away"), story.account(account));
}

} // namespace

class TestUiStoryLosses : public QObject
{
    Q_OBJECT

private slots:
    // Somebody deletes the files of an account; a check finds it, Repair on the card mends it, and another account may
    // go then.
    void emptiedCheckedAndRepaired()
    {
        Story story;
        const QString file = story.makeModel(kModel, 6'000'000);
        QVERIFY(story.start());
        QVERIFY(story.dropAndStore(file, kModel));
        QVERIFY(story.isSafe(kModel));
        QVERIFY(story.empty(0) > 0);

        QVERIFY(story.clickRow(kModels, kModel, Qt::RightButton));
        QVERIFY(story.choose(QStringLiteral("model.check")));
        QVERIFY(story.readRow(kModels, kModel, QStringLiteral("At risk · 0 spare")));
        QVERIFY(story.read(QStringLiteral("models.issue"), QStringLiteral("is at risk")));
        QVERIFY(story.click(QStringLiteral("sidebar.page.activity")));
        QVERIFY(story.read(QStringLiteral("activity.cardTitle"), QStringLiteral("“Story-7B” is at risk")));
        QVERIFY(story.click(QStringLiteral("activity.remedy1"))); // Repair
        QVERIFY(story.read(QStringLiteral("activity.card"), QStringLiteral("Solved")));
        QVERIFY(story.click(QStringLiteral("sidebar.page.models")));
        QVERIFY(story.isSafe(kModel));
        QVERIFY(story.fragments(0) > 0);

        QVERIFY(unplug(story, 1));
        QVERIFY(story.fetch(kModel, file, story.path(QStringLiteral("back"))));
    }

    // What would be at risk without an account, seen before it is given up; nothing changes by looking.
    void asIfAnAccountWereGone()
    {
        Story story;
        const QString file = story.makeModel(kModel, 6'000'000);
        QVERIFY(story.start());
        QVERIFY(story.dropAndStore(file, kModel));
        QVERIFY(story.isSafe(kModel));
        const int held = story.fragments(1);
        QVERIFY(story.click(QStringLiteral("sidebar.page.storage"))); // it leads to the models from any page
        QVERIFY(story.chooseInBar(QStringLiteral("view.whatIf")));
        QVERIFY(story.choose(QStringLiteral("view.whatIf.disk1")));
        const QString message = QStringLiteral("models.whatIfMessage");
        QVERIFY(story.read(message, QStringLiteral("As if disk1 were gone:")));
        QVERIFY(story.read(message, QStringLiteral("1 model at risk")));
        QVERIFY(story.readRow(kModels, kModel, QStringLiteral("At risk · 0 spare")));
        QVERIFY(story.click(QStringLiteral("models.asItIs")));
        QVERIFY(story.isSafe(kModel));
        QCOMPARE(story.fragments(1), held);
    }

    // Chosen was to lose one: two are lost, and the download is refused until one of them is back.
    void twoLostRefusedAndOneBack()
    {
        Story story;
        const QString file = story.makeModel(kModel, 6'000'000);
        QVERIFY(story.start());
        QVERIFY(story.dropAndStore(file, kModel));
        QVERIFY(story.isSafe(kModel));
        QVERIFY(unplug(story, 0));
        QVERIFY(unplug(story, 1));

        const QString accounts = QStringLiteral("storage.accounts");
        const QString download = QStringLiteral("Download Story-7B");
        const QString folder = story.path(QStringLiteral("back"));
        QVERIFY(story.press(QKeySequence::Refresh));
        QVERIFY(story.click(QStringLiteral("sidebar.page.storage")));
        QVERIFY(story.readRow(accounts, QStringLiteral("disk0"), QStringLiteral("Unreachable")));
        QVERIFY(story.readRow(accounts, QStringLiteral("disk1"), QStringLiteral("Unreachable")));
        QVERIFY(story.click(QStringLiteral("sidebar.page.activity")));
        QVERIFY(story.read(QStringLiteral("activity.cards"), QStringLiteral("disk0 cannot be reached")));
        QVERIFY(story.read(QStringLiteral("activity.cards"), QStringLiteral("disk1 cannot be reached")));

        QVERIFY(story.click(QStringLiteral("sidebar.page.models")));
        QVERIFY(story.openDownload(kModel, folder));
        QVERIFY(story.click(QStringLiteral("download.download")));
        QVERIFY(story.click(QStringLiteral("sidebar.page.transfers")));
        QVERIFY(story.readRow(kTransfers, download, QStringLiteral("Waiting: too few fragments")));
        QVERIFY(story.readRow(kTransfers, download, QStringLiteral("connect disk0, disk1, then try again")));
        // All of it can be read below the list.
        QVERIFY(story.clickRow(kTransfers, download));
        QVERIFY(story.read(QStringLiteral("transfers.barText"), QStringLiteral("is its disk connected?")));
        QVERIFY(story.waitFor(QStringLiteral("all lines are seen"), [] {
            const QWidget *text = Hands::seen(QStringLiteral("transfers.barText"));
            return text && text->height() >= text->heightForWidth(text->width());
        }));
        QVERIFY(!QFile::exists(QDir(folder).filePath(kModel + QStringLiteral(".gguf"))));

        QVERIFY(plugIn(story, 1));
        QVERIFY(story.press(QKeySequence::Refresh));
        QVERIFY(story.isBack(file, folder));
        QVERIFY(story.readRow(kTransfers, download, QStringLiteral("downloaded and verified")));
    }
};

QTEST_MAIN(TestUiStoryLosses)
#include "test_ui_story_losses.moc"
