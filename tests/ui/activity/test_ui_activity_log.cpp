// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/audit/scene.h"
#include "ui/activity/activity_page.h"
#include "ui/activity/log_tail.h"
#include "ui/activity/log_view.h"

#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QtTest>

namespace mf::ui {
namespace {

const QByteArray kInfo = "2026-11-20T13:58:02.114Z info app: starts\n";
const QByteArray kWarning = "2026-11-20T13:58:03.114Z warning accounts: NAS is away\n";
const QByteArray kError = "2026-11-20T13:58:04.114Z error store: stopped\n";
const QByteArray kDebug = "2026-11-20T13:58:05.114Z debug store: pack 3\n";

void append(const QTemporaryDir &folder, const QByteArray &bytes)
{
    QFile file(folder.filePath(QStringLiteral("modelfloat.log")));
    if (!file.open(QIODevice::Append) || file.write(bytes) != bytes.size())
        qFatal("cannot write a log");
}

} // namespace

class TestActivityLog final : public QObject
{
    Q_OBJECT
private slots:
    void theTailBeginsWithAWholeLine()
    {
        const QTemporaryDir folder;
        LogTail tail(folder.path());
        const Result<bool> none = tail.refresh();
        QVERIFY(!none);
        QCOMPARE(none.error().id, QStringLiteral("MF-LOG-READ"));

        const QByteArray line = QByteArray("2026-11-20T13:58:02.114Z info app: \xc3\xa4").leftJustified(99, 'x') + '\n';
        append(folder, line.repeated(10'000)); // nearly four times what is shown
        const Result<bool> read = tail.refresh();
        QVERIFY(read && *read);
        QCOMPARE(tail.lines().size(), LogTail::kMost / 100);
        for (const QString &one : tail.lines())
            QCOMPARE(one.toUtf8() + '\n', line);
        const Result<bool> again = tail.refresh();
        QVERIFY(again && !*again);
    }

    void whatIsNoTextIsNoHarm()
    {
        const QTemporaryDir folder;
        append(folder, QByteArray(300'000, '\xff')); // no line break at all
        LogTail tail(folder.path());
        const Result<bool> read = tail.refresh();
        QVERIFY(bool(read));
        QVERIFY(tail.lines().size() <= 1);
        QCOMPARE(levelOf(u"no level here"), LogLevel::Info);
        QCOMPARE(levelOf(u""), LogLevel::Info);
        // A folder of that name is no log.
        const QTemporaryDir other;
        QVERIFY(QDir(other.path()).mkdir(QStringLiteral("modelfloat.log")));
        LogTail none(other.path());
        QVERIFY(!none.refresh());
    }

    void levelsFilter_data()
    {
        QTest::addColumn<int>("choice");
        QTest::addColumn<int>("lines");
        QTest::newRow("all") << 0 << 4;
        QTest::newRow("info") << 1 << 3;
        QTest::newRow("warnings") << 2 << 2;
        QTest::newRow("errors") << 3 << 1;
    }
    void levelsFilter()
    {
        QFETCH(int, choice);
        QFETCH(int, lines);
        const QTemporaryDir folder;
        append(folder, kInfo + kWarning + kError + kDebug);
        SceneDesk desk;
        ActivityPage page(desk.desk, nullptr);
        page.setLogFolder(folder.path());
        page.reveal(QStringLiteral("log"));
        page.show();
        page.findChild<QComboBox *>(QStringLiteral("activity.logLevel"))->setCurrentIndex(choice);
        const QString text = page.findChild<QPlainTextEdit *>(QStringLiteral("activity.log"))->toPlainText();
        QCOMPARE(text.count(u'\n') + 1, lines);
    }

    void itFollowsTheFileWhileItIsSeen()
    {
        const QTemporaryDir folder;
        SceneDesk desk;
        ActivityPage page(desk.desk, nullptr);
        page.setLogFolder(folder.path());
        page.reveal(QStringLiteral("log"));
        page.show();
        auto *text = page.findChild<QPlainTextEdit *>(QStringLiteral("activity.log"));
        auto *empty = page.findChild<EmptyState *>(QStringLiteral("activity.logEmpty"));
        QVERIFY(empty->isVisible()); // it cannot be read
        append(folder, kInfo);
        QTRY_VERIFY(text->isVisible());
        QVERIFY(text->toPlainText().endsWith(QStringLiteral("starts")));
        append(folder, kWarning);
        QTRY_VERIFY(text->toPlainText().endsWith(QStringLiteral("away")));
        QVERIFY(text->toPlainText().startsWith(QStringLiteral("2026-11-20T13:58:02")));

        page.reveal(QStringLiteral("history"));
        append(folder, kError);
        QVERIFY(!text->toPlainText().contains(QStringLiteral("stopped")));
        page.reveal(QStringLiteral("log")); // caught up at once
        QVERIFY(text->toPlainText().endsWith(QStringLiteral("stopped")));
        page.search()->setText(QStringLiteral("NAS"));
        QCOMPARE(text->toPlainText(), QString::fromUtf8(kWarning).trimmed());
        page.search()->setText(QStringLiteral("nobody"));
        QVERIFY(empty->isVisible());
        page.search()->clear();
        QVERIFY(text->isVisible());
    }

    void whatIsSelectedOrAllIsCopied()
    {
        const QTemporaryDir folder;
        append(folder, kInfo + kWarning);
        SceneDesk desk;
        ActivityPage page(desk.desk, nullptr);
        page.setLogFolder(folder.path());
        page.reveal(QStringLiteral("log"));
        page.show();
        auto *copy = page.findChild<QPushButton *>(QStringLiteral("activity.logCopy"));
        QTest::mouseClick(copy, Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text().toUtf8() + '\n', kInfo + kWarning);
        auto *text = page.findChild<QPlainTextEdit *>(QStringLiteral("activity.log"));
        QTextCursor cursor = text->textCursor();
        cursor.movePosition(QTextCursor::End);
        cursor.movePosition(QTextCursor::StartOfBlock, QTextCursor::KeepAnchor);
        text->setTextCursor(cursor);
        QTest::mouseClick(copy, Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text().toUtf8() + '\n', kWarning);
    }
};

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestActivityLog)
#include "test_ui_activity_log.moc"
