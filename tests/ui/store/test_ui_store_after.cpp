// SPDX-License-Identifier: GPL-3.0-or-later
// What is done with a model that is stored: download it, protect it otherwise.
#include "tests/ui/audit/scene.h"
#include "ui/store/download_dialog.h"
#include "ui/store/protect_dialog.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QComboBox>
#include <QTest>
#include <QToolButton>

namespace mf::ui {

class TestUiStoreAfter : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void init();
    void cleanup();
    void downloadsToTheFolder();
    void remembersTheFolder();
    void takesTheHomeFolderForATilde();
    void saysWhatIsFree_data();
    void saysWhatIsFree();
    void asksForTheRoomOnceWhileTyping();
    void refusesAPathThatIsNotWhole();
    void saysThatItCannotBeRead();
    void noticesThatTheModelIsGone();
    void noticesThatItCanBeReadAgain();
    void browses();
    void replacesOnlyIfSaid();
    void verifiesAlways();
    void leadsToTheTransfers();
    void protectsByTheQuestion();
    void protectsByPieces();
    void saysWhatLoweringMeans();
    void refusesWhatIsSoAlready();
    void refusesMoreThanTheAccountsAllow();
    void noticesANewAccount();

private:
    template <typename T> T *part(const char *name) const
    {
        return m_dialog->findChild<T *>(QString::fromLatin1(name));
    }
    void click(const char *name) const { QTest::mouseClick(part<QWidget>(name), Qt::LeftButton); }
    void download(const char *name = "Phi-3.5-mini-instruct");
    void protect();
    std::unique_ptr<SceneDesk> m_desk;
    QPointer<QDialog> m_dialog;
};

void TestUiStoreAfter::init()
{
    m_desk = std::make_unique<SceneDesk>();
    m_desk->memory.setValue(QStringLiteral("download/folder"), QStringLiteral("/models"));
}

void TestUiStoreAfter::cleanup()
{
    delete m_dialog.data();
    m_desk.reset();
}

void TestUiStoreAfter::download(const char *name)
{
    m_dialog = DownloadDialog::open(m_desk->desk, &m_desk->window, *m_desk->service.model(QString::fromLatin1(name)));
}

void TestUiStoreAfter::protect()
{
    m_dialog = ProtectDialog::open(
        m_desk->desk, &m_desk->window, *m_desk->service.model(QStringLiteral("Qwen2.5-7B-Instruct")));
}

void TestUiStoreAfter::downloadsToTheFolder()
{
    download();
    QVERIFY(!m_dialog->isModal());
    part<QLineEdit>("download.folder")->selectAll();
    QTest::keyClicks(part<QLineEdit>("download.folder"), QStringLiteral("/data/new"));
    m_desk->clock.advance(std::chrono::seconds(1));
    QTRY_VERIFY(part<QLabel>("download.room")->text().contains(QStringLiteral("107")));
    click("download.download");
    QCOMPARE(m_desk->service.calls.last(), QStringLiteral("fetch Phi-3.5-mini-instruct to /data/new"));
    QVERIFY(!m_dialog->isVisible());
}

void TestUiStoreAfter::remembersTheFolder()
{
    download();
    part<QLineEdit>("download.folder")->setText(QStringLiteral("/data/new"));
    click("download.download");
    delete m_dialog.data();
    download();
    QCOMPARE(part<QLineEdit>("download.folder")->text(), QStringLiteral("/data/new"));
}

void TestUiStoreAfter::takesTheHomeFolderForATilde()
{
    download();
    part<QLineEdit>("download.folder")->setText(QStringLiteral("~/models/"));
    click("download.download");
    QCOMPARE(m_desk->service.calls.last(),
        QString(QStringLiteral("fetch Phi-3.5-mini-instruct to ") + QDir::homePath() + QStringLiteral("/models")));
}

void TestUiStoreAfter::saysWhatIsFree_data()
{
    QTest::addColumn<qint64>("free"); // < 0: not known
    QTest::addColumn<bool>("can");
    QTest::addColumn<QString>("text");
    QTest::newRow("enough") << qint64(5'000'000'000) << true
                            << QStringLiteral("Needs 2.39\u00a0GB, 5.00\u00a0GB is free");
    QTest::newRow("just enough") << qint64(2'390'000'000) << true << QStringLiteral("2.39\u00a0GB is free");
    QTest::newRow("a byte too little") << qint64(2'389'999'999) << false << QStringLiteral("but only 2.3");
    QTest::newRow("not known") << qint64(-1) << true << QStringLiteral("not known");
}

void TestUiStoreAfter::saysWhatIsFree()
{
    QFETCH(qint64, free);
    QFETCH(bool, can);
    QFETCH(QString, text);
    m_desk->service.shownRoom = free < 0 ? std::nullopt : std::optional(free);
    download();
    QVERIFY2(part<QLabel>("download.room")->text().contains(text), qPrintable(part<QLabel>("download.room")->text()));
    QCOMPARE(part<QPushButton>("download.download")->isEnabled(), can);
    QCOMPARE(part<InlineMessage>("download.message")->isVisible(), !can);
    QCOMPARE(part<QPushButton>("download.download")->toolTip().isEmpty(), can);
}

void TestUiStoreAfter::asksForTheRoomOnceWhileTyping()
{
    download();
    m_desk->service.calls.clear();
    QTest::keyClicks(part<QLineEdit>("download.folder"), QStringLiteral("/abc"));
    QCOMPARE(m_desk->service.calls.size(), 0);
    m_desk->clock.advance(std::chrono::seconds(1));
    QTRY_COMPARE(m_desk->service.calls.size(), 1);
}

void TestUiStoreAfter::refusesAPathThatIsNotWhole()
{
    download();
    for (const QString &typed : { QStringLiteral("models"), QString(), QStringLiteral("  ") }) {
        part<QLineEdit>("download.folder")->setText(typed);
        QVERIFY(!part<QPushButton>("download.download")->isEnabled());
    }
    QTest::keyClick(m_dialog, Qt::Key_Return);
    QVERIFY(m_dialog->isVisible());
}

void TestUiStoreAfter::saysThatItCannotBeRead()
{
    m_desk->service.model(QStringLiteral("Mistral-7B-Instruct-v0.3"))->spare = -12;
    download("Mistral-7B-Instruct-v0.3");
    QVERIFY(!part<QPushButton>("download.download")->isEnabled());
    const QSignalSpy asks(static_cast<DownloadDialog *>(m_dialog.data()), &DownloadDialog::asksFor);
    click("download.showMissing");
    QCOMPARE(asks.size(), 1);
    QCOMPARE(asks[0][0].toString(), QStringLiteral("models"));
    QCOMPARE(asks[0][1].toString(), QStringLiteral("Mistral-7B-Instruct-v0.3"));
}

void TestUiStoreAfter::noticesThatTheModelIsGone()
{
    download();
    m_desk->service.shownModels.clear();
    emit m_desk->service.modelsChanged();
    QVERIFY(!part<QPushButton>("download.download")->isEnabled());
    QVERIFY(part<InlineMessage>("download.message")->isVisible());
}

void TestUiStoreAfter::noticesThatItCanBeReadAgain()
{
    download("Mistral-7B-Instruct-v0.3");
    QVERIFY(!part<QPushButton>("download.download")->isEnabled());
    m_desk->service.model(QStringLiteral("Mistral-7B-Instruct-v0.3"))->state = ModelState::Safe;
    emit m_desk->service.modelsChanged();
    QVERIFY(part<QPushButton>("download.download")->isEnabled());
    QVERIFY(!part<InlineMessage>("download.message")->isVisible());
}

void TestUiStoreAfter::browses()
{
    download();
    m_desk->prompts.folder = QStringLiteral("/chosen");
    click("download.browse");
    QCOMPARE(part<QLineEdit>("download.folder")->text(), QStringLiteral("/chosen"));
    m_desk->prompts.folder.clear(); // nothing chosen changes nothing
    click("download.browse");
    QCOMPARE(part<QLineEdit>("download.folder")->text(), QStringLiteral("/chosen"));
}

void TestUiStoreAfter::replacesOnlyIfSaid()
{
    download();
    QVERIFY(!part<QCheckBox>("download.overwrite")->isChecked());
}

void TestUiStoreAfter::verifiesAlways()
{
    download();
    QVERIFY(part<QCheckBox>("download.verify")->isChecked());
    QVERIFY(!part<QCheckBox>("download.verify")->isEnabled());
}

void TestUiStoreAfter::leadsToTheTransfers()
{
    m_desk->window.show();
    download();
    const QSignalSpy asks(static_cast<DownloadDialog *>(m_dialog.data()), &DownloadDialog::asksFor);
    click("download.download");
    QPushButton *show = nullptr;
    for (auto *button : m_desk->window.findChildren<QPushButton *>()) {
        if (button->text() == QStringLiteral("Show") && button->isVisible())
            show = button;
    }
    QVERIFY(show);
    QTest::mouseClick(show, Qt::LeftButton);
    QCOMPARE(asks.size(), 1);
    QCOMPARE(asks[0][0].toString(), QStringLiteral("transfers"));
    m_desk->toaster.show(QStringLiteral("something else"));
    QTRY_VERIFY(!m_dialog); // nobody can ask for it any more
}

void TestUiStoreAfter::protectsByTheQuestion()
{
    protect();
    QCOMPARE(part<QLabel>("protect.before")->text(), QStringLiteral("3\u00a0+\u00a02 · 7.80\u00a0GB"));
    QVERIFY(part<QRadioButton>("protect.lose2")->isChecked());
    part<QRadioButton>("protect.lose1")->click();
    QCOMPARE(part<QLabel>("protect.after")->text(), QStringLiteral("3\u00a0+\u00a01 · 6.24\u00a0GB"));
    QVERIFY(part<QLabel>("protect.effect")->text().contains(QStringLiteral("frees 1.56\u00a0GB")));
    click("protect.protect");
    QCOMPARE(m_desk->service.calls.last(), QStringLiteral("protect 0+1"));
    QVERIFY(!m_dialog->isVisible());
}

void TestUiStoreAfter::protectsByPieces()
{
    protect();
    part<QToolButton>("protect.advanced")->click();
    part<QComboBox>("protect.way")->setCurrentIndex(2);
    part<QSpinBox>("protect.pieces")->setValue(4);
    part<QSpinBox>("protect.spare")->setValue(1);
    QCOMPARE(part<QLabel>("protect.after")->text(), QStringLiteral("4\u00a0+\u00a01 · 5.85\u00a0GB"));
    QCOMPARE(part<QLabel>("protect.effect")->text(),
        QStringLiteral("Uploads about 5.85\u00a0GB first, and frees 1.95\u00a0GB in the end."));
    QCOMPARE(part<QSpinBox>("protect.spare")->maximum(), 1); // five accounts
    click("protect.protect");
    QCOMPARE(m_desk->service.calls.last(), QStringLiteral("protect 4+1"));
}

void TestUiStoreAfter::saysWhatLoweringMeans()
{
    protect();
    QVERIFY(!part<InlineMessage>("protect.message")->isVisible());
    part<QRadioButton>("protect.lose1")->click();
    QVERIFY(part<InlineMessage>("protect.message")->isVisible());
    part<QRadioButton>("protect.lose2")->click();
    QVERIFY(!part<InlineMessage>("protect.message")->isVisible());
}

void TestUiStoreAfter::refusesWhatIsSoAlready()
{
    protect();
    QVERIFY(!part<QPushButton>("protect.protect")->isEnabled());
    QVERIFY(!part<QPushButton>("protect.protect")->toolTip().isEmpty());
}

void TestUiStoreAfter::refusesMoreThanTheAccountsAllow()
{
    m_desk->service.shownAccounts.resize(4); // 3 + 2 takes five
    m_desk->service.model(QStringLiteral("Qwen2.5-7B-Instruct"))->protection = Protection(3, 1);
    protect();
    QVERIFY(!part<QRadioButton>("protect.lose2")->isEnabled());
    QVERIFY(!part<QRadioButton>("protect.lose2")->toolTip().isEmpty());
    QVERIFY(part<QRadioButton>("protect.lose1")->isEnabled());
}

void TestUiStoreAfter::noticesANewAccount()
{
    const AccountEntry last = m_desk->service.shownAccounts.back();
    m_desk->service.shownAccounts.pop_back();
    m_desk->service.model(QStringLiteral("Qwen2.5-7B-Instruct"))->protection = Protection(3, 1);
    protect();
    QVERIFY(!part<QRadioButton>("protect.lose2")->isEnabled());
    m_desk->service.shownAccounts.push_back(last);
    emit m_desk->service.accountsChanged();
    QVERIFY(part<QRadioButton>("protect.lose2")->isEnabled());
}

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiStoreAfter)
#include "test_ui_store_after.moc"
