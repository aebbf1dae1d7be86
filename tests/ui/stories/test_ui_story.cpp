// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does with models from the first drop on, in the real program: window, engine, folders.
#include "tests/support/make_model.h"
#include "tests/ui/stories/story.h"

#include <QDir>
#include <QtTest>

using namespace mf;

namespace {

const QString kModel = QStringLiteral("Story-7B");
const QString kModels = QStringLiteral("models.list");
const QString kTrash = QStringLiteral("models.trash");
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
        QVERIFY(story.start());
        QVERIFY(story.read(QStringLiteral("empty.title"), QStringLiteral("Drop a model here")));
        QVERIFY(story.dropAndStore(file, kModel));
        QVERIFY(story.isSafe(kModel));
        QVERIFY(story.read(QStringLiteral("window.summary"), QStringLiteral("1 model")));
        QVERIFY(story.fetch(kModel, file, story.path(QStringLiteral("back"))));
        QVERIFY(story.click(QStringLiteral("sidebar.page.transfers")));
        QVERIFY(story.readRow(
            kTransfers, QStringLiteral("Download Story-7B"), QStringLiteral("20.0 MB downloaded and verified")));
        // Each account with what it had to do with it.
        QVERIFY(story.readRow(kTransfers, QStringLiteral("disk0"), QStringLiteral("disk0 for Story-7B, Done · ")));
    }

    // A folder lacks one of the model's files, which lies elsewhere among other things: it is found, and the model
    // comes back whole.
    void aMissingPartIsFoundElsewhere()
    {
        const QString name = QStringLiteral("Sharded");
        const QString part = QStringLiteral("model-00002-of-00003.safetensors");
        const QString found = QStringLiteral("store.found");
        Story story;
        const QDir folder(story.path(name));
        ModelRecipe recipe;
        recipe.format = ModelRecipe::Format::SafetensorsSharded;
        recipe.dtype = QStringLiteral("BF16");
        recipe.size = 6'000'000;
        QVERIFY(makeModel(recipe, folder.path()));
        const QString elsewhere = story.path(QStringLiteral("elsewhere"));
        QVERIFY(QDir().mkpath(elsewhere));
        QVERIFY(QFile::copy(folder.filePath(QStringLiteral("config.json")), elsewhere + QStringLiteral("/private")));
        QVERIFY(QFile::rename(folder.filePath(part), elsewhere + u'/' + part));

        QVERIFY(story.start());
        QVERIFY(story.drop({ folder.path() }, QStringLiteral("models")));
        QVERIFY(story.readRow(found, name, QStringLiteral("A part is missing")));
        QVERIFY(story.click(QStringLiteral("store.findParts")));
        QVERIFY(story.see(QStringLiteral("prompt.file")));
        QVERIFY(story.type(elsewhere + u'/' + part));
        QVERIFY(story.press(Qt::Key_Return));
        QVERIFY(story.readRow(found, name, QStringLiteral("9 files")));
        QVERIFY(story.click(QStringLiteral("store.store")));
        QVERIFY(story.isSafe(name));

        const QString back = story.path(QStringLiteral("back"));
        QVERIFY(story.openDownload(name, back));
        QVERIFY(story.click(QStringLiteral("download.download")));
        QVERIFY(story.click(QStringLiteral("sidebar.page.transfers")));
        QVERIFY(
            story.readRow(kTransfers, QStringLiteral("Download Sharded"), QStringLiteral("downloaded and verified")));
        const QDir fetched(back);
        QCOMPARE(fetched.entryList(QDir::Files | QDir::Hidden).size(), 9);
        QVERIFY(Story::isSame(fetched.filePath(part), elsewhere + u'/' + part));
        for (const QString &file : folder.entryList(QDir::Files))
            QVERIFY2(Story::isSame(fetched.filePath(file), folder.filePath(file)), qPrintable(file));
    }

    // To the trash and back by the toast, by Ctrl+Z, and after a restart; then for ever.
    void trashedAndBackAndGone()
    {
        Story story;
        const QString file = story.makeModel(kModel, 6'000'000);
        QVERIFY(story.start());
        QVERIFY(story.dropAndStore(file, kModel));
        QVERIFY(story.isSafe(kModel));
        QVERIFY(story.fragments(0) > 0);

        QVERIFY(story.clickRow(kModels, kModel));
        QVERIFY(story.press(Qt::Key_Delete));
        QVERIFY(story.read(QStringLiteral("toast.text"), QStringLiteral("moved to Trash")));
        QVERIFY(story.read(QStringLiteral("empty.title"), QStringLiteral("Drop a model here")));
        QVERIFY(story.click(QStringLiteral("toast.button")));
        QVERIFY(story.isSafe(kModel));

        QVERIFY(story.clickRow(kModels, kModel));
        QVERIFY(story.chooseInBar(QStringLiteral("model.trash")));
        QVERIFY(story.isGone(kModels, kModel));
        QVERIFY(story.chooseInBar(QStringLiteral("edit.undo")));
        QVERIFY(story.isSafe(kModel));

        QVERIFY(story.clickRow(kModels, kModel));
        QVERIFY(story.press(Qt::Key_Delete));
        QVERIFY(story.isGone(kModels, kModel));
        story.quit();
        QVERIFY(story.start());
        QVERIFY(story.click(QStringLiteral("models.showTrash")));
        QVERIFY(story.readRow(kTrash, kModel, QStringLiteral(" days")));
        QVERIFY(story.clickRow(kTrash, kModel));
        QVERIFY(story.click(QStringLiteral("models.restore")));
        QVERIFY(story.isGone(kTrash, kModel));
        QVERIFY(story.click(QStringLiteral("models.showTrash")));
        QVERIFY(story.isSafe(kModel));
        QVERIFY(story.fetch(kModel, file, story.path(QStringLiteral("back"))));

        QVERIFY(story.clickRow(kModels, kModel));
        QVERIFY(story.press(Qt::Key_Delete));
        QVERIFY(story.isGone(kModels, kModel));
        QVERIFY(story.click(QStringLiteral("models.showTrash")));
        QVERIFY(story.clickRow(kTrash, kModel));
        QVERIFY(story.press(Qt::SHIFT | Qt::Key_Delete));
        QVERIFY(story.read(QStringLiteral("prompt"), QStringLiteral("Nobody can bring it back")));
        QVERIFY(story.press(Qt::Key_Return)); // what is offered first is the safe answer
        QVERIFY(story.readRow(kTrash, kModel, QStringLiteral(" days")));
        QVERIFY(story.press(Qt::SHIFT | Qt::Key_Delete));
        QVERIFY(story.click(QStringLiteral("prompt.choice1")));
        QVERIFY(story.readRow(kTrash, kModel, QStringLiteral("is being removed")));
        QVERIFY(story.chooseInBar(QStringLiteral("storage.freeSpace")));
        QVERIFY(story.isGone(kTrash, kModel));
        QVERIFY(story.read(QStringLiteral("empty.title"), QStringLiteral("Trash is empty")));
        for (int account = 0; account < 3; ++account)
            QCOMPARE(story.fragments(account), 0);
    }
};

QTEST_MAIN(TestUiStory)
#include "test_ui_story.moc"
