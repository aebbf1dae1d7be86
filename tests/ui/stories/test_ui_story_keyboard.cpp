// SPDX-License-Identifier: GPL-3.0-or-later
// All of it without a mouse.
#include "tests/ui/stories/story.h"

#include <QtTest>

using namespace mf;

namespace {

const QString kModel = QStringLiteral("Story-7B");
const QString kModels = QStringLiteral("models.list");

} // namespace

class TestUiStoryKeyboard : public QObject
{
    Q_OBJECT

private slots:
    void storedFetchedTrashedAndUndone()
    {
        Story story;
        const QString file = story.makeModel(kModel, 6'000'000);
        const QString back = story.path(QStringLiteral("back"));
        QVERIFY(story.start());

        QVERIFY(story.press(QKeySequence::Open));
        QVERIFY(story.see(QStringLiteral("store.dialog")));
        QVERIFY(story.focus(QStringLiteral("empty.button"))); // Choose Files…
        QVERIFY(story.press(Qt::Key_Space));
        QVERIFY(story.see(QStringLiteral("prompt.file")));
        QVERIFY(story.type(file));
        QVERIFY(story.press(Qt::Key_Return));
        QVERIFY(story.readRow(QStringLiteral("store.found"), kModel, QString()));
        QVERIFY(story.press(Qt::ALT | Qt::Key_1)); // how many accounts may be lost
        QVERIFY(story.focus(QStringLiteral("store.store")));
        QVERIFY(story.press(Qt::Key_Return));
        QVERIFY(story.isSafe(kModel));

        QVERIFY(story.focus(kModels));
        QVERIFY(story.press(Qt::Key_End));
        QVERIFY(story.press(Qt::CTRL | Qt::Key_D));
        QVERIFY(story.waitForFocus(QStringLiteral("download.folder")));
        QVERIFY(story.press(QKeySequence::SelectAll));
        QVERIFY(story.type(back));
        QVERIFY(story.waitForUse(QStringLiteral("download.download")));
        QVERIFY(story.press(Qt::Key_Return));
        QVERIFY(story.isBack(file, back));

        QVERIFY(story.waitForFocus(kModels)); // where it was
        QVERIFY(story.press(Qt::Key_Delete));
        QVERIFY(story.isGone(kModels, kModel));
        QVERIFY(story.press(QKeySequence::Undo));
        QVERIFY(story.isSafe(kModel));

        QVERIFY(story.press(Qt::CTRL | Qt::Key_2));
        QVERIFY(story.readRow(QStringLiteral("transfers.list"), QStringLiteral("Download Story-7B"),
            QStringLiteral("downloaded and verified")));
    }
};

QTEST_MAIN(TestUiStoryKeyboard)
#include "test_ui_story_keyboard.moc"
