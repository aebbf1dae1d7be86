// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does with models from the first drop on, in the real program: window, engine, folders.
#include "tests/ui/stories/story.h"

#include <QtTest>

using namespace mf;

namespace {

const QString kModel = QStringLiteral("Story-7B");
const QString kTransfers = QStringLiteral("transfers.list");

} // namespace

class TestUiStory : public QObject
{
    Q_OBJECT

private slots:
    void droppedSafeAndFetched()
    {
        Story story;
        const QString file = story.makeModel(kModel, 20'000'000);
        story.start();
        QVERIFY(story.read(QStringLiteral("empty.title"), QStringLiteral("Drop a model here")));
        QVERIFY(story.dropAndStore(file, kModel));
        QVERIFY(story.isSafe(kModel));
        QVERIFY(story.read(QStringLiteral("window.summary"), QStringLiteral("1 model")));
        QVERIFY(story.fetch(kModel, file, story.path(QStringLiteral("back"))));
        QVERIFY(story.click(QStringLiteral("sidebar.page.transfers")));
        QVERIFY(story.readRow(
            kTransfers, QStringLiteral("Download Story-7B"), QStringLiteral("20.0 MB downloaded and verified")));
    }
};

QTEST_MAIN(TestUiStory)
#include "test_ui_story.moc"
