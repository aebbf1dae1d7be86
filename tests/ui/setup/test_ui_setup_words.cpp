// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/setup/scenes.h"
#include "ui/setup/setup_words.h"
#include "ui/setup/welcome_dialog.h"

#include <QtTest>

namespace mf::ui {

class TestUiSetupWords : public QObject
{
    Q_OBJECT

private slots:
    void readsWords_data();
    void readsWords();
    void knowsWhereToGoOn();
    void kitInAnAccountsFolder();
};

void TestUiSetupWords::readsWords_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("words");
    const QStringList three { QStringLiteral("able"), QStringLiteral("baby"), QStringLiteral("cage") };
    QTest::newRow("spaces") << QStringLiteral("able  baby cage ") << three;
    QTest::newRow("numbered lines") << QStringLiteral("1. able\n2. baby\n3. cage\n") << three;
    QTest::newRow("capitals and commas") << QStringLiteral("Able, BABY, cage") << three;
    QTest::newRow("a kit file") << QStringLiteral("# ModelFloat recovery kit\nable baby\n # more\ncage") << three;
    QTest::newRow("nothing") << QStringLiteral(" 1 2 3") << QStringList();
}

void TestUiSetupWords::readsWords()
{
    QFETCH(QString, text);
    QTEST(kitWordsIn(text), "words");
}

void TestUiSetupWords::knowsWhereToGoOn()
{
    SceneDesk scene;
    FakeService &service = scene.service;
    service.shownState = Service::State::None;
    service.shownKitSaved = false;
    QCOMPARE(setupPlace(service, false), SetupPlace::Welcome);
    QVERIFY(WelcomeDialog::isNeeded(scene.desk));
    service.shownState = Service::State::Ready;
    QCOMPARE(setupPlace(service, false), SetupPlace::Kit);
    QCOMPARE(setupPlace(service, true), SetupPlace::Library);
    QVERIFY(!WelcomeDialog::isNeeded(scene.desk)); // an issue tells of the kit
    service.shownKitSaved = true;
    QCOMPARE(setupPlace(service, false), SetupPlace::Storage);
    QVERIFY(!WelcomeDialog::isNeeded(scene.desk));
    service.shownState = Service::State::Failed;
    QVERIFY(!WelcomeDialog::isNeeded(scene.desk));
}

void TestUiSetupWords::kitInAnAccountsFolder()
{
    FakeService full;
    full.fill();
    const auto warning = [&full](const char *path) { return kitPlaceWarning(QLatin1String(path), full.shownAccounts); };
    QVERIFY(warning("/mnt/disk1/ModelFloat/kit.txt").contains(QStringLiteral("Archive disk")));
    QVERIFY(warning("/mnt/disk1/ModelFloat/../kit.txt").isEmpty());
    QVERIFY(warning("/mnt/disk1/ModelFloat2/kit.txt").isEmpty());
}

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiSetupWords)
#include "test_ui_setup_words.moc"
