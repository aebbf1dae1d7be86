// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/size_text.h"

#include <QtTest>

#include <limits>

using namespace mf;

class TestSizeText : public QObject
{
    Q_OBJECT

private slots:
    void showsThreeSignificantDigits_data()
    {
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << qint64(0) << QStringLiteral("0 B");
        QTest::newRow("below a kilobyte") << qint64(999) << QStringLiteral("999 B");
        QTest::newRow("a kilobyte") << qint64(1000) << QStringLiteral("1.00 kB");
        QTest::newRow("rounded down") << qint64(1004) << QStringLiteral("1.00 kB");
        QTest::newRow("rounded up at the half") << qint64(1005) << QStringLiteral("1.01 kB");
        QTest::newRow("the last kilobyte") << qint64(999499) << QStringLiteral("999 kB");
        QTest::newRow("carried into the next unit") << qint64(999500) << QStringLiteral("1.00 MB");
        QTest::newRow("carried within a unit") << qint64(99950000) << QStringLiteral("100 MB");
        QTest::newRow("a file of the hub") << qint64(4920739232) << QStringLiteral("4.92 GB");
        QTest::newRow("tens") << qint64(41100000000) << QStringLiteral("41.1 GB");
        QTest::newRow("hundreds") << qint64(812000000) << QStringLiteral("812 MB");
        QTest::newRow("15 GiB") << qint64(16106127360) << QStringLiteral("16.1 GB");
        QTest::newRow("terabytes") << qint64(1230000000000) << QStringLiteral("1.23 TB");
        QTest::newRow("the largest") << std::numeric_limits<qint64>::max() << QStringLiteral("9.22 EB");
        QTest::newRow("negative") << qint64(-1500) << QStringLiteral("-1.50 kB");
        QTest::newRow("the smallest") << std::numeric_limits<qint64>::min() << QStringLiteral("-9.22 EB");
    }
    void showsThreeSignificantDigits()
    {
        QFETCH(qint64, bytes);
        QFETCH(QString, text);
        QCOMPARE(sizeText(bytes), text);
    }

    void speaksTheUsersLanguage()
    {
        QVERIFY(sizeText(4920739232, QLocale(QLocale::German)).startsWith(QStringLiteral("4,92")));
    }

    void readsWhatPeopleType_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("bytes"); // -1: refused
        QTest::newRow("bytes") << QStringLiteral("1000") << qint64(1000);
        QTest::newRow("bytes, with their unit") << QStringLiteral("12B") << qint64(12);
        QTest::newRow("kilobytes") << QStringLiteral("500kB") << qint64(500'000);
        QTest::newRow("a space between") << QStringLiteral("500 kB") << qint64(500'000);
        QTest::newRow("a fraction") << QStringLiteral("4.5GB") << qint64(4'500'000'000);
        QTest::newRow("a short unit") << QStringLiteral("2M") << qint64(2'000'000);
        QTest::newRow("small letters") << QStringLiteral("2mb") << qint64(2'000'000);
        QTest::newRow("binary") << QStringLiteral("2GiB") << qint64(2'147'483'648);
        QTest::newRow("none") << QStringLiteral("none") << qint64(0);
        QTest::newRow("nothing") << QString() << qint64(-1);
        QTest::newRow("a word") << QStringLiteral("much") << qint64(-1);
        QTest::newRow("negative") << QStringLiteral("-5GB") << qint64(-1);
        QTest::newRow("two points") << QStringLiteral("1.2.3GB") << qint64(-1);
        QTest::newRow("a point at the end") << QStringLiteral("1.GB") << qint64(-1);
        QTest::newRow("a line break behind") << QStringLiteral("1GB\n") << qint64(-1);
        QTest::newRow("a binary unit without its letter") << QStringLiteral("1iB") << qint64(-1);
        QTest::newRow("more than there is") << QStringLiteral("9999999999999999999") << qint64(-1);
        QTest::newRow("an exponent") << QStringLiteral("1e9") << qint64(-1);
    }
    void readsWhatPeopleType()
    {
        QFETCH(QString, text);
        QFETCH(qint64, bytes);
        QCOMPARE(sizeFromText(text).value_or(-1), bytes);
        QCOMPARE(rateFromText(text).value_or(-1), bytes);
        if (text != QStringLiteral("none"))
            QCOMPARE(rateFromText(text + QStringLiteral("/s")).value_or(-1), bytes);
    }

    void ratesAreNeverAbsurd_data()
    {
        QTest::addColumn<double>("rate");
        QTest::addColumn<QString>("text");
        QTest::newRow("usual") << 3.1e6 << QStringLiteral("3.10 MB/s");
        QTest::newRow("none") << 0.0 << QStringLiteral("0 B/s");
        QTest::newRow("negative") << -5.0 << QStringLiteral("0 B/s");
        QTest::newRow("infinite") << std::numeric_limits<double>::infinity() << QStringLiteral("0 B/s");
        QTest::newRow("not a number") << std::numeric_limits<double>::quiet_NaN() << QStringLiteral("0 B/s");
    }
    void ratesAreNeverAbsurd()
    {
        QFETCH(double, rate);
        QFETCH(QString, text);
        QCOMPARE(rateText(rate), text);
    }
};

QTEST_GUILESS_MAIN(TestSizeText)
#include "test_size_text.moc"
