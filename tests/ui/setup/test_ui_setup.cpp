// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/setup/scenes.h"
#include "ui/setup/kit_dialog.h"
#include "ui/setup/kit_panel.h"
#include "ui/setup/setup_words.h"
#include "ui/setup/welcome_dialog.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPointer>
#include <QPushButton>
#include <QtTest>

namespace mf::ui {

class TestUiSetup : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void storyOfANewLibrary();
    void aWrongWordDoesNotGoOn();
    void remindMeLater();
    void continuesWhereItWasLeft();
    void libraryThatCannotBeMade();
    void savesTheKit();
    void kitThatCannotBeSaved();
    void copiesTheWords();
    void storyOfRecovery();
    void pastesTheKit();
    void marksTheWrongWord();
    void libraryThatIsNotThere();
    void stopsLooking();
    void recoveryIsTakenUpAgain();
    void closesAtAnyStep();
    void kitDialog();

private:
    void openDialog()
    {
        m_dialog = WelcomeDialog::open(m_scene->desk, &m_scene->window);
        QVERIFY(QTest::qWaitForWindowExposed(m_dialog));
    }
    template <typename T> T *find(const QString &name)
    {
        T *found = m_dialog->findChild<T *>(name);
        if (!found)
            qFatal("there is no %s", qUtf8Printable(name));
        return found;
    }
    template <typename T> T *find(const char *name) { return find<T>(QString::fromLatin1(name)); }
    void click(const char *name)
    {
        auto *button = find<QPushButton>(name);
        QVERIFY2(button->isVisible() && button->isEnabled(), name);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    QString title() { return find<QLabel>("setup.title")->text(); }
    void typeAskedWord()
    {
        const int asked = find<KitPanel>("kit.panel")->asked();
        QTest::keyClicks(find<QLineEdit>("kit.typed"), m_scene->service.shownWords[asked]);
    }
    void typeWords()
    {
        for (int i = 0; i < kKitWords; ++i)
            find<QLineEdit>(QStringLiteral("recover.word%1").arg(i + 1))->insert(m_scene->service.shownWords[i]);
    }
    bool wasCalled(const char *call) { return m_scene->service.calls.contains(QLatin1String(call)); }
    void addFolder(const QString &path)
    {
        QTest::keyClicks(find<QLineEdit>("account.field.path"), path);
        click("account.submit");
        QTRY_VERIFY(find<QPushButton>("account.done")->isVisible());
    }

    std::unique_ptr<SceneDesk> m_scene;
    QPointer<QDialog> m_dialog;
};

void TestUiSetup::init()
{
    m_scene = std::make_unique<SceneDesk>();
    FakeService &service = m_scene->service;
    service.shownState = Service::State::None;
    service.shownAccounts.clear();
    service.shownKitSaved = false;
    for (int i = 0; i < kKitWords; ++i)
        service.shownWords[i] = QStringLiteral("word") + QChar(u'a' + i);
}

void TestUiSetup::cleanup()
{
    delete m_dialog;
    m_scene.reset();
}

void TestUiSetup::storyOfANewLibrary()
{
    openDialog();
    QCOMPARE(title(), QStringLiteral("Welcome to ModelFloat"));
    click("setup.setUp");
    QTRY_COMPARE(title(), QStringLiteral("Save your recovery kit"));
    QTRY_COMPARE(find<QLabel>("kit.word24")->text(), QStringLiteral("wordx"));
    QVERIFY(!find<QPushButton>("setup.primary")->isEnabled());
    typeAskedWord();
    click("setup.primary");
    QVERIFY(wasCalled("noteKitSaved"));

    QCOMPARE(title(), QStringLiteral("Add places for your models"));
    QVERIFY(!find<QPushButton>("setup.primary")->isEnabled());
    QCOMPARE(find<QLabel>("setup.accountsNote")->text(), QStringLiteral("0 of 3 recommended"));
    click("setup.addAccount");
    QVERIFY(!find<QPushButton>("setup.primary")->isVisible()); // the form has its own
    addFolder(QStringLiteral("/mnt/a"));
    click("account.another");
    addFolder(QStringLiteral("/mnt/b"));
    click("account.done");
    QCOMPARE(find<QListWidget>("setup.accounts")->count(), 2);
    QCOMPARE(find<QLabel>("setup.accountsNote")->text(), QStringLiteral("2 of 3 recommended"));
    click("setup.primary");
    QCOMPARE(title(), QStringLiteral("You’re ready"));
    click("setup.primary");
    QTRY_VERIFY(m_dialog.isNull());
}

void TestUiSetup::aWrongWordDoesNotGoOn()
{
    openDialog();
    click("setup.setUp");
    QTRY_VERIFY(find<QLineEdit>("kit.typed")->isVisible());
    QTest::keyClicks(find<QLineEdit>("kit.typed"), QStringLiteral("zebra"));
    QVERIFY(find<QWidget>("kit.verdict")->isVisible());
    QVERIFY(!find<QPushButton>("setup.primary")->isEnabled());
    find<QLineEdit>("kit.typed")->clear();
    QTest::keyClicks(find<QLineEdit>("kit.typed"), QStringLiteral("WO")); // so far so good
    QVERIFY(!find<QWidget>("kit.verdict")->isVisible());
}

void TestUiSetup::remindMeLater()
{
    openDialog();
    click("setup.setUp");
    QTRY_VERIFY(find<QPushButton>("setup.secondary")->isVisible());
    click("setup.secondary");
    QVERIFY(!wasCalled("noteKitSaved"));
    QCOMPARE(title(), QStringLiteral("Add places for your models"));
    click("setup.secondary"); // without storage
    QVERIFY(find<QLabel>("setup.doneText")->text().contains(QStringLiteral("You will be reminded")));
}

void TestUiSetup::continuesWhereItWasLeft()
{
    m_scene->service.shownState = Service::State::Ready;
    openDialog();
    QCOMPARE(title(), QStringLiteral("Save your recovery kit"));
    QVERIFY(!wasCalled("createLibrary"));
    typeAskedWord();
    m_dialog->close();
    QTRY_VERIFY(m_dialog.isNull());
    m_scene->service.shownKitSaved = true;
    openDialog();
    QCOMPARE(title(), QStringLiteral("Add places for your models"));
}

void TestUiSetup::libraryThatCannotBeMade()
{
    m_scene->service.fails
        = Error(Error::Kind::Unauthorised, QStringLiteral("MF-KEYCHAIN"), QStringLiteral("the keychain is locked"));
    openDialog();
    click("setup.setUp");
    QTRY_VERIFY(find<InlineMessage>("setup.kitError")->isVisible());
    QVERIFY(
        find<InlineMessage>("setup.kitError")->accessibleName().contains(QStringLiteral("The keychain is locked.")));
    m_scene->service.fails.reset();
    QTRY_COMPARE(find<QPushButton>("setup.primary")->text(), QStringLiteral("Try Again"));
    QTRY_VERIFY(find<QPushButton>("setup.primary")->isEnabled());
    click("setup.primary");
    QTRY_VERIFY(find<QLineEdit>("kit.typed")->isVisible());
    QVERIFY(!find<InlineMessage>("setup.kitError")->isVisible());
}

void TestUiSetup::savesTheKit()
{
    m_scene->service.shownState = Service::State::Ready;
    m_scene->prompts.saveFile = QStringLiteral("/home/anna/kit.txt");
    openDialog();
    click("kit.save");
    QTRY_VERIFY(wasCalled("saveKit /home/anna/kit.txt"));
    QTRY_VERIFY(find<QWidget>("kit.status")
            ->findChildren<QLabel *>()
            .last()
            ->text()
            .contains(QStringLiteral("/home/anna/kit.txt")));
    QVERIFY(!find<InlineMessage>("kit.message")->isVisible());
    m_scene->prompts.saveFile.clear(); // the dialog of the platform was cancelled
    m_scene->service.calls.clear();
    click("kit.save");
    QVERIFY(m_scene->service.calls.isEmpty());
}

void TestUiSetup::kitThatCannotBeSaved()
{
    m_scene->service.shownState = Service::State::Ready;
    m_scene->prompts.saveFile = QStringLiteral("/home/anna/kit.txt");
    openDialog();
    m_scene->service.fails = Error(
        Error::Kind::AlreadyExists, QStringLiteral("MF-KIT-EXISTS"), QStringLiteral("kit.txt is there already"));
    click("kit.save");
    QTRY_VERIFY(find<InlineMessage>("kit.message")->isVisible());
}

void TestUiSetup::copiesTheWords()
{
    m_scene->service.shownState = Service::State::Ready;
    openDialog();
    click("kit.copy");
    QCOMPARE(QGuiApplication::clipboard()->text(), m_scene->service.shownWords.join(u' '));
}

void TestUiSetup::storyOfRecovery()
{
    openDialog();
    click("setup.recover");
    QCOMPARE(title(), QStringLiteral("Open an existing library"));
    QVERIFY(!find<QPushButton>("setup.primary")->isEnabled());
    for (int i = 0; i < kKitWords; ++i) {
        auto *field = find<QLineEdit>(QStringLiteral("recover.word%1").arg(i + 1));
        QVERIFY(field->hasFocus()); // a space leads to the next one
        QTest::keyClicks(field, m_scene->service.shownWords[i] + u' ');
    }
    QCOMPARE(find<QLabel>("setup.wordsCount")->text(), QStringLiteral("24 of 24 words"));
    click("setup.primary");
    QTRY_VERIFY(wasCalled("openWithKit 24"));
    QTRY_COMPARE(title(), QStringLiteral("Find your library"));
    QVERIFY(!find<QPushButton>("setup.primary")->isEnabled());
    QVERIFY(find<QLineEdit>("recover.word1")->text().isEmpty()); // no longer than needed

    click("recover.addAccount");
    addFolder(QStringLiteral("/mnt/a"));
    click("account.done");
    click("setup.primary");
    QTRY_VERIFY(wasCalled("recover"));
    QTRY_VERIFY(find<QWidget>("setup.found")->isVisible());
    QCOMPARE(find<QLabel>("setup.readable")->text(),
        QStringLiteral("4 of 6 models can be downloaded now. Add the other accounts to get the rest."));
    click("setup.primary");
    QCOMPARE(title(), QStringLiteral("You’re ready"));
    QVERIFY(!m_scene->memory.contains(QStringLiteral("setup/recovering")));
}

void TestUiSetup::pastesTheKit()
{
    QString text = QStringLiteral("# ModelFloat recovery kit\n# keep it safe\n");
    for (int i = 0; i < kKitWords; ++i)
        text += QStringLiteral("%1. %2\n").arg(i + 1).arg(m_scene->service.shownWords[i]);
    QGuiApplication::clipboard()->setText(text);
    openDialog();
    click("setup.recover");
    QTest::keySequence(find<QLineEdit>("recover.word1"), QKeySequence::Paste);
    QCOMPARE(find<QLineEdit>("recover.word1")->text(), QStringLiteral("worda"));
    QCOMPARE(find<QLineEdit>("recover.word24")->text(), QStringLiteral("wordx"));
    QVERIFY(find<QPushButton>("setup.primary")->isEnabled());
}

void TestUiSetup::marksTheWrongWord()
{
    openDialog();
    click("setup.recover");
    typeWords();
    Error wrong(Error::Kind::Invalid, QStringLiteral("MF-KIT-WORD"), QStringLiteral("word 7 is wrong"));
    wrong.parameters.insert(QStringLiteral("position"), QStringLiteral("7"));
    m_scene->service.fails = wrong;
    QTRY_VERIFY(find<QPushButton>("setup.primary")->isEnabled());
    click("setup.primary");
    auto *error = find<InlineMessage>("setup.wordsError");
    QTRY_VERIFY(error->isVisible());
    QVERIFY(error->accessibleName().contains(QStringLiteral("Word 7 isn’t right.")));
    QVERIFY(find<QLineEdit>("recover.word7")->hasFocus());
    QVERIFY(!find<QLineEdit>("recover.word7")->accessibleDescription().isEmpty());
    QVERIFY(find<QLineEdit>("recover.word6")->accessibleDescription().isEmpty());
    QCOMPARE(find<QLineEdit>("recover.word1")->text(), QStringLiteral("worda")); // kept
    QTRY_VERIFY(find<QPushButton>("setup.primary")->isEnabled());
    click("setup.back");
    QCOMPARE(title(), QStringLiteral("Welcome to ModelFloat"));
}

void TestUiSetup::libraryThatIsNotThere()
{
    m_scene->service.fill();
    m_scene->service.shownState = Service::State::Ready;
    m_scene->memory.setValue(QStringLiteral("setup/recovering"), true);
    m_scene->service.fails
        = Error(Error::Kind::NotFound, QStringLiteral("MF-LIBRARY-NOT-FOUND"), QStringLiteral("no library is there"));
    openDialog();
    click("setup.primary");
    QTRY_VERIFY(find<InlineMessage>("setup.libraryError")->isVisible());
    QVERIFY(find<QPushButton>("setup.primary")->isEnabled());
    m_scene->service.fails.reset();
    click("setup.primary");
    QTRY_VERIFY(find<QWidget>("setup.found")->isVisible());
    QVERIFY(!find<InlineMessage>("setup.libraryError")->isVisible());
}

void TestUiSetup::stopsLooking()
{
    m_scene->service.fill();
    m_scene->service.shownState = Service::State::Ready;
    m_scene->memory.setValue(QStringLiteral("setup/recovering"), true);
    m_scene->service.answersNever = true;
    openDialog();
    click("setup.primary");
    QTRY_VERIFY(find<QWidget>("setup.lookingBar")->isVisible());
    QVERIFY(find<QLabel>("setup.looking")->text().contains(QStringLiteral("“Archive disk”")));
    click("setup.secondary");
    QVERIFY(!find<QWidget>("setup.lookingBar")->isVisible());
    QVERIFY(find<QPushButton>("setup.primary")->isEnabled());
}

void TestUiSetup::recoveryIsTakenUpAgain()
{
    openDialog();
    click("setup.recover");
    typeWords();
    QTRY_VERIFY(find<QPushButton>("setup.primary")->isEnabled());
    click("setup.primary");
    QTRY_COMPARE(title(), QStringLiteral("Find your library"));
    m_dialog->close();
    QTRY_VERIFY(m_dialog.isNull());
    m_scene->service.shownKitSaved = true;
    QVERIFY(WelcomeDialog::isNeeded(m_scene->desk));
    openDialog();
    QCOMPARE(title(), QStringLiteral("Find your library"));
}

void TestUiSetup::closesAtAnyStep()
{
    m_scene->service.answersNever = true;
    openDialog();
    click("setup.setUp"); // never ends
    QTest::keyClick(m_dialog.data(), Qt::Key_Escape);
    QTRY_VERIFY(m_dialog.isNull());
}

void TestUiSetup::kitDialog()
{
    m_scene->service.shownState = Service::State::Ready;
    m_dialog = KitDialog::open(m_scene->desk, &m_scene->window);
    QCOMPARE(KitDialog::open(m_scene->desk, &m_scene->window), m_dialog.data()); // one is enough
    QVERIFY(QTest::qWaitForWindowExposed(m_dialog));
    QVERIFY(!find<QPushButton>("kit.kept")->isEnabled());
    typeAskedWord();
    click("kit.kept");
    QVERIFY(wasCalled("noteKitSaved"));
    QTRY_VERIFY(m_dialog.isNull());
}

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiSetup)
#include "test_ui_setup.moc"
