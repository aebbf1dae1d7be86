// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/run_task.h"
#include "ui/common/prompts.h"

#include <QApplication>
#include <QDialog>
#include <QFileDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QScopeGuard>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

#include <memory>

using namespace mf;
using namespace mf::ui;

namespace {

template <typename T> Task<void> keep(Task<T> task, std::optional<T> &answer) { answer.emplace(co_await task); }

const QStringList kChoices { QStringLiteral("Keep"), QStringLiteral("Pause"), QStringLiteral("Delete Forever") };

} // namespace

class TestPrompts : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void eachButtonIsItsIndex_data();
    void eachButtonIsItsIndex();
    void escAndReturnAreTheSafeChoice_data();
    void escAndReturnAreTheSafeChoice();
    void aDialogThatGoesWithItsPageIsTheSafeChoice();
    void aTaskThatEndsTakesItsDialogAlong();
    void filesAreAskedFor();
    void aFolderIsAskedFor();
    void aPlaceToSaveIsAskedFor();

private:
    QDialog *dialog() const { return m_window->findChild<QDialog *>(QStringLiteral("prompt")); }
    QFileDialog *fileDialog() const { return m_window->findChild<QFileDialog *>(QStringLiteral("prompt.file")); }
    void ask()
    {
        m_scope->start(keep(m_prompts.choose(m_window.get(), QStringLiteral("Delete “x” forever?"),
                                QStringLiteral("Nobody can bring it back."), kChoices),
            m_choice));
    }

    DialogPrompts m_prompts;
    std::unique_ptr<QWidget> m_window;
    std::optional<int> m_choice;
    std::unique_ptr<TaskScope> m_scope;
};

void TestPrompts::init()
{
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    m_choice.reset();
    m_window = std::make_unique<QWidget>();
    m_window->show();
    m_scope = std::make_unique<TaskScope>();
}

void TestPrompts::cleanup()
{
    m_scope.reset();
    m_window.reset();
}

void TestPrompts::eachButtonIsItsIndex_data()
{
    QTest::addColumn<int>("index");
    for (int i = 0; i < kChoices.size(); ++i)
        QTest::newRow(qPrintable(kChoices[i])) << i;
}

void TestPrompts::eachButtonIsItsIndex()
{
    QFETCH(int, index);
    ask();
    QVERIFY(dialog() && dialog()->isVisible());
    QCOMPARE(dialog()->windowTitle(), QStringLiteral("Delete “x” forever?"));
    auto *button = dialog()->findChild<QPushButton *>(QStringLiteral("prompt.choice%1").arg(index));
    QCOMPARE(button->text(), kChoices[index]);
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_COMPARE(m_choice, std::optional<int>(index));
    QTRY_VERIFY(!dialog());
}

void TestPrompts::escAndReturnAreTheSafeChoice_data()
{
    QTest::addColumn<Qt::Key>("key");
    QTest::newRow("Esc") << Qt::Key_Escape;
    QTest::newRow("Return") << Qt::Key_Return;
}

void TestPrompts::escAndReturnAreTheSafeChoice()
{
    QFETCH(Qt::Key, key);
    ask();
    QTest::keyClick(dialog(), key);
    QTRY_COMPARE(m_choice, std::optional<int>(0));
}

void TestPrompts::aDialogThatGoesWithItsPageIsTheSafeChoice()
{
    ask();
    m_window.reset();
    QTRY_COMPARE(m_choice, std::optional<int>(0));
}

void TestPrompts::aTaskThatEndsTakesItsDialogAlong()
{
    ask();
    m_scope.reset();
    QVERIFY(!dialog() || dialog()->isHidden());
    QTRY_VERIFY(!dialog());
    QVERIFY(!m_choice);
}

void TestPrompts::filesAreAskedFor()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.gguf"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    std::optional<QStringList> answer;
    m_scope->start(keep(m_prompts.chooseFiles(m_window.get(), QStringLiteral("Choose Files")), answer));
    QVERIFY(fileDialog());
    QCOMPARE(fileDialog()->fileMode(), QFileDialog::ExistingFiles);
    fileDialog()->setDirectory(folder.path());
    fileDialog()->findChild<QLineEdit *>(QStringLiteral("fileNameEdit"))->setText(QStringLiteral("a.gguf"));
    QMetaObject::invokeMethod(fileDialog(), "accept");
    QTRY_VERIFY(answer.has_value());
    QCOMPARE(*answer, QStringList(path));
    answer.reset();
    QTRY_VERIFY(!fileDialog());
    m_scope->start(keep(m_prompts.chooseFiles(m_window.get(), QStringLiteral("Choose Files")), answer));
    fileDialog()->reject();
    QTRY_COMPARE(answer, std::optional<QStringList>(QStringList()));
}

void TestPrompts::aFolderIsAskedFor()
{
    QTemporaryDir folder;
    std::optional<QString> answer;
    m_scope->start(
        keep(m_prompts.chooseFolder(m_window.get(), QStringLiteral("Choose a Folder"), folder.path()), answer));
    QVERIFY(fileDialog());
    QCOMPARE(fileDialog()->fileMode(), QFileDialog::Directory);
    QCOMPARE(fileDialog()->directory().path(), folder.path());
    fileDialog()->reject();
    QTRY_COMPARE(answer, std::optional<QString>(QString()));
}

void TestPrompts::aPlaceToSaveIsAskedFor()
{
    // Not in the working directory, which is any.
    QTemporaryDir home;
    const QByteArray homeBefore = qgetenv("HOME");
    qputenv("HOME", QFile::encodeName(home.path()));
    const auto restored = qScopeGuard([&homeBefore] { qputenv("HOME", homeBefore); });
    const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    QVERIFY(QDir().mkpath(documents));
    std::optional<QString> answer;
    m_scope->start(keep(
        m_prompts.chooseSaveFile(m_window.get(), QStringLiteral("Save the Kit"), QStringLiteral("kit.txt")), answer));
    QVERIFY(fileDialog());
    QCOMPARE(fileDialog()->acceptMode(), QFileDialog::AcceptSave);
    QCOMPARE(fileDialog()->directory().canonicalPath(), QDir(documents).canonicalPath());
    QCOMPARE(fileDialog()->findChild<QLineEdit *>(QStringLiteral("fileNameEdit"))->text(), QStringLiteral("kit.txt"));
    fileDialog()->reject();
    QTRY_COMPARE(answer, std::optional<QString>(QString()));
}

QTEST_MAIN(TestPrompts)
#include "test_ui_prompts.moc"
