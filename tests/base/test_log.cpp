// SPDX-License-Identifier: GPL-3.0-or-later
// The log: levels, one line each, rotation, permissions, threads.
#include "core/base/log.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtTest>

#include <memory>
#include <thread>
#include <vector>

using namespace mf;

class TestLog : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;

    QString path(const char *suffix = "") const
    {
        return m_folder->filePath(u"logs/modelfloat.log"_qs + QLatin1StringView(suffix));
    }
    Result<> open(LogLevel level) { return openLog(m_folder->filePath(u"logs"_qs), level); }
    QList<QByteArray> lines(const char *suffix = "") const
    {
        QFile file(path(suffix));
        if (!file.open(QIODevice::ReadOnly))
            return {};
        auto all = file.readAll().split('\n');
        all.removeLast(); // after the last line break
        return all;
    }

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void cleanup() { closeLog(); }

    void goesNowhereUntilItIsOpen();
    void writesTimeLevelAreaAndText();
    void levels_data();
    void levels();
    void levelWords();
    void aLineStaysALine();
    void continuesAnOldLog();
    void rotatesAndKeepsFiveFiles();
    void onlyTheUserMayReadIt();
    void saysWhenItCannotBeWritten();
    void threadsDoNotMixTheirLines();
};

void TestLog::goesNowhereUntilItIsOpen()
{
    logError("test", u"too early"_qs);
    QVERIFY(open(LogLevel::Debug));
    logError("test", u"in time"_qs);
    closeLog();
    logError("test", u"too late"_qs);
    QCOMPARE(lines().size(), 1);
    QVERIFY(lines()[0].endsWith("in time"));
}

void TestLog::writesTimeLevelAreaAndText()
{
    QVERIFY(open(LogLevel::Info));
    logWarning("store", u"größer"_qs);
    const QRegularExpression form(u"^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z warning store: größer$"_qs);
    QCOMPARE(lines().size(), 1);
    QVERIFY2(form.match(QString::fromUtf8(lines()[0])).hasMatch(), lines()[0].constData());
}

void TestLog::levels_data()
{
    QTest::addColumn<QString>("level");
    QTest::addColumn<int>("written");
    QTest::newRow("debug") << u"debug"_qs << 4;
    QTest::newRow("info") << u"info"_qs << 3;
    QTest::newRow("warning") << u"warning"_qs << 2;
    QTest::newRow("error") << u"error"_qs << 1;
    QTest::newRow("off") << u"off"_qs << 0;
}

void TestLog::levels()
{
    QFETCH(QString, level);
    QFETCH(int, written);
    QVERIFY(open(*logLevelFrom(level)));
    logDebug("test", u"debug"_qs);
    logInfo("test", u"info"_qs);
    logWarning("test", u"warning"_qs);
    logError("test", u"error"_qs);
    QCOMPARE(lines().size(), written);
    QCOMPARE(QFile::exists(path()), written > 0);
}

void TestLog::levelWords()
{
    QVERIFY(logLevelFrom(u"debug") == LogLevel::Debug);
    QVERIFY(logLevelFrom(u"off") == LogLevel::Off);
    QVERIFY(!logLevelFrom(u""));
    QVERIFY(!logLevelFrom(u"verbose"));
    QVERIFY(!logLevelFrom(u"Debug"));
}

void TestLog::aLineStaysALine()
{
    QVERIFY(open(LogLevel::Info));
    logInfo("test", u"one\ntwo\r\nthree\u2028four\u0085five\u001b[31mred\ttab"_qs);
    QCOMPARE(lines().size(), 1);
    QVERIFY2(lines()[0].endsWith("one two  three four five [31mred tab"), lines()[0].constData());
}

void TestLog::continuesAnOldLog()
{
    QVERIFY(open(LogLevel::Info));
    logInfo("test", u"first"_qs);
    QVERIFY(open(LogLevel::Info)); // reopens
    logInfo("test", u"second"_qs);
    QCOMPARE(lines().size(), 2);
}

void TestLog::rotatesAndKeepsFiveFiles()
{
    QVERIFY(open(LogLevel::Info));
    const QString megabyte = u"x"_qs.repeated(1'000'000);
    for (int i = 0; i < 35; ++i)
        logInfo("test", QString(QString::number(i) + u' ' + megabyte));
    closeLog();
    const QStringList files = QDir(m_folder->filePath(u"logs"_qs)).entryList(QDir::Files, QDir::Name);
    QCOMPARE(files,
        QStringList({ u"modelfloat.log"_qs, u"modelfloat.log.1"_qs, u"modelfloat.log.2"_qs, u"modelfloat.log.3"_qs,
            u"modelfloat.log.4"_qs }));
    for (const char *suffix : { ".1", ".2", ".3", ".4" })
        QVERIFY(QFile(path(suffix)).size() < 6'100'000);
    QVERIFY(lines(".1").last().contains(" 34 ") || lines().last().contains(" 34 ")); // nothing new was lost
    QVERIFY(!lines(".4").first().contains(" 0 ")); // the oldest went
}

void TestLog::onlyTheUserMayReadIt()
{
    QVERIFY(open(LogLevel::Info));
    for (int i = 0; i < 6; ++i)
        logInfo("test", u"x"_qs.repeated(1'000'000)); // once around
    logInfo("test", u"x"_qs);
    for (const char *suffix : { "", ".1" }) {
        const auto others = QFile::permissions(path(suffix))
            & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther);
        QVERIFY2(!others, suffix);
    }
}

void TestLog::saysWhenItCannotBeWritten()
{
    QFile file(m_folder->filePath(u"logs"_qs)); // a file where the folder should be
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto opened = open(LogLevel::Info);
    QVERIFY(!opened);
    QCOMPARE(opened.error().id, u"MF-LOG-OPEN"_qs);
    logInfo("test", u"goes nowhere"_qs);
    QVERIFY(open(LogLevel::Off)); // off needs no folder
}

void TestLog::threadsDoNotMixTheirLines()
{
    QVERIFY(open(LogLevel::Info));
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([t] {
            for (int i = 0; i < 250; ++i)
                logInfo("test", QString(u"<"_qs + QString::number(t).repeated(40) + u'>'));
        });
    }
    for (auto &thread : threads)
        thread.join();
    const auto written = lines();
    QCOMPARE(written.size(), 1000);
    for (const auto &line : written)
        QVERIFY2(line.endsWith('>') && line.count('<') == 1 && line.size() == written[0].size(), line.constData());
}

QTEST_GUILESS_MAIN(TestLog)
#include "test_log.moc"
