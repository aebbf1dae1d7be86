// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/render_transfer.h"
#include "core/crypto/kit_words.h"

#include <QJsonArray>
#include <QtTest>

using namespace mf;
using namespace mf::cli;
using namespace std::chrono_literals;

class TestCliRenderTransfer : public QObject
{
    Q_OBJECT

    static StoreResult stored()
    {
        StoreResult result;
        result.model = QStringLiteral("m");
        result.revision = 3;
        result.bytes = 2'540'000'000;
        result.newBytes = 1'000'000'000;
        result.storedBytes = 660'000'000;
        result.uploadedBytes = 990'000'000;
        return result;
    }

private slots:
    void store()
    {
        const QJsonObject json = storeJson(stored(), 12345ms);
        QCOMPARE(json.value(u"model").toString(), QStringLiteral("m"));
        QCOMPARE(json.value(u"revision").toInteger(), 3);
        QCOMPARE(json.value(u"bytes").toInteger(), 2'540'000'000);
        QCOMPARE(json.value(u"newBytes").toInteger(), 1'000'000'000);
        QCOMPARE(json.value(u"storedBytes").toInteger(), 660'000'000);
        QCOMPARE(json.value(u"uploadedBytes").toInteger(), 990'000'000);
        QCOMPARE(json.value(u"seconds").toDouble(), 12.345);
        QCOMPARE(storeText(stored(), 12345ms),
            QStringLiteral("Stored m (revision 3) in 12 s.\n"
                           "  2.54 GB, of which 1.00 GB were new\n"
                           "  660 MB after compression, 990 MB uploaded with redundancy\n"));
        StoreResult unchanged = stored();
        unchanged.unchanged = true;
        QVERIFY(storeText(unchanged, 1s).contains(QStringLiteral("nothing was sent")));
        StoreResult reduced = stored();
        reduced.reducedPacks = 2;
        QVERIFY(storeText(reduced, 1s).contains(QStringLiteral("below its protection")));
        QCOMPARE(storeJson(reduced, 1s).value(u"reducedPacks").toInteger(), 2);
    }

    void warningsAreSaid()
    {
        const QString warning = QStringLiteral("More than one fragment had to go to x\x1b[31m");
        const QString said = QStringLiteral("\n  More than one fragment had to go to x");
        StoreResult plain = stored();
        StoreResult unchanged = stored();
        unchanged.unchanged = true;
        StoreResult here = stored();
        here.onThisComputer = true;
        for (StoreResult *result : { &plain, &unchanged, &here }) {
            QVERIFY(!storeText(*result, 1s).contains(said));
            result->warnings.append(warning);
            const QString text = storeText(*result, 1s);
            QVERIFY2(text.contains(said) && text.endsWith(u'\n') && !text.contains(u'\x1b'), qPrintable(text));
        }
        EstimateResult estimated;
        QVERIFY(!estimateText(estimated, 0).contains(said));
        estimated.warnings.append(warning);
        QVERIFY(estimateText(estimated, 0).contains(said));
    }

    void estimate()
    {
        EstimateResult result;
        result.model = QStringLiteral("m");
        result.bytes = 100;
        result.newBytes = 50;
        result.storedBytes = 30;
        result.protection = Protection(2, 1);
        EstimateResult::PerAccount known;
        known.account = QStringLiteral("a");
        known.bytes = 15;
        known.freeAfter = 85;
        EstimateResult::PerAccount unknown;
        unknown.account = QStringLiteral("b");
        unknown.bytes = 15;
        result.perAccount = { known, unknown };
        const QJsonObject json = estimateJson(result);
        QCOMPARE(json.value(u"bytes").toInteger(), 100);
        QCOMPARE(json.value(u"newBytes").toInteger(), 50);
        QCOMPARE(json.value(u"storedBytes").toInteger(), 30);
        const QJsonArray accounts = json.value(u"perAccount").toArray();
        QCOMPARE(accounts.at(0).toObject().value(u"account").toString(), QStringLiteral("a"));
        QCOMPARE(accounts.at(0).toObject().value(u"bytes").toInteger(), 15);
        QCOMPARE(accounts.at(0).toObject().value(u"freeAfter").toInteger(), 85);
        QVERIFY(accounts.at(1).toObject().value(u"freeAfter").isNull());
        QVERIFY(estimateText(result, 0).contains(QStringLiteral("protection 2+1")));
        QVERIFY(estimateText(result, 0).contains(QStringLiteral("a              15 B  85 B")));
        QVERIFY(!estimateText(result, 0).contains(QStringLiteral("does not fit")));
        result.fits = false;
        QVERIFY(estimateText(result, 0).contains(QStringLiteral("does not fit")));
    }

    void fetch()
    {
        FetchResult result;
        result.model = QStringLiteral("m");
        result.bytes = 2'000'000;
        result.reused = 500'000;
        FileRecord file;
        file.path = QStringLiteral("x/y.bin");
        file.sha256.bytes.fill(1);
        result.files = { file };
        result.stats.unreachable.insert(QStringLiteral("usb"), QStringLiteral("the folder is gone"));
        Damage damage;
        damage.account = QStringLiteral("mega");
        damage.fragment = 2;
        damage.what = QStringLiteral("checksum");
        result.stats.damages = { damage };
        const QJsonObject json = fetchJson(result, QStringLiteral("/to"), 1500ms);
        QCOMPARE(json.value(u"model").toString(), QStringLiteral("m"));
        QCOMPARE(json.value(u"to").toString(), QStringLiteral("/to"));
        QCOMPARE(json.value(u"bytes").toInteger(), 2'000'000);
        QCOMPARE(json.value(u"seconds").toDouble(), 1.5);
        const QJsonObject first = json.value(u"files").toArray().at(0).toObject();
        QCOMPARE(first.value(u"path").toString(), QStringLiteral("x/y.bin"));
        QCOMPARE(first.value(u"sha256").toString(), QStringLiteral("01").repeated(32));
        QCOMPARE(
            json.value(u"damaged").toArray().at(0).toObject().value(u"account").toString(), QStringLiteral("mega"));
        const QString text = fetchText(result, QStringLiteral("/to"), 1500ms);
        for (const char *part :
            { "Fetched m: 1 file, 2.00 MB, verified, in 1.5 s.", "to /to", "500 kB were there already",
                "without account usb: the folder is gone", "fragment 2 of pack 00000000 on mega is damaged" })
            QVERIFY2(text.contains(QString::fromUtf8(part)), part);
    }

    void theKitComesBackFromItsText()
    {
        const SecretKey recovery = randomKey();
        const QStringList words = wordsOf(recovery);
        LibraryId library;
        library.bytes.fill(0xcd);
        const QString kit = kitText(words, library, QDateTime(QDate(2026, 11, 21), QTime(10, 0), Qt::UTC));
        const auto read = recoveryFrom(kit);
        QVERIFY2(bool(read), read ? "" : qPrintable(read.error().message));
        QVERIFY(*read == recovery);
        QVERIFY(kit.contains(
            QStringLiteral("# Library ") + QStringLiteral("cd").repeated(16) + QStringLiteral(", 2026-11-21")));
        QVERIFY(kit.contains(QStringLiteral("restore.py")));
        for (const QString &line : kit.split(u'\n'))
            QVERIFY(line.size() <= 80);
        QCOMPARE(initJson(library, QStringLiteral("/kit"), words).value(u"kit").toString(), QStringLiteral("/kit"));
        QCOMPARE(initJson(library, QString(), words).value(u"kit").toString(), words.join(u' '));
        QCOMPARE(initJson(library, QString(), words).value(u"library").toString(), QStringLiteral("cd").repeated(16));
    }

    void tags()
    {
        QCOMPARE(
            tagsText(QStringLiteral("m"), { QStringLiteral("a"), QStringLiteral("b") }), QStringLiteral("m: a, b\n"));
        QCOMPARE(tagsText(QStringLiteral("m"), {}), QStringLiteral("m: no tags\n"));
        QCOMPARE(tagsJson(QStringLiteral("m"), { QStringLiteral("a") }).value(u"tags").toArray().at(0).toString(),
            QStringLiteral("a"));
    }

    void limits()
    {
        const QDateTime night(QDate(2026, 1, 2), QTime(23, 0));
        SpeedLimits speed;
        QCOMPARE(limitsText(speed, night), QStringLiteral("Always: up none, down none\n"));
        QVERIFY(bool(speed.set(QStringLiteral("up"), QStringLiteral("2MB"))));
        QVERIFY(bool(speed.set(QStringLiteral("alt-up"), QStringLiteral("none"))));
        QVERIFY(limitsText(speed, night).contains(QStringLiteral("set alt-from and alt-to")));
        QVERIFY(bool(speed.set(QStringLiteral("alt-from"), QStringLiteral("22:00"))));
        QVERIFY(bool(speed.set(QStringLiteral("alt-to"), QStringLiteral("06:00"))));
        QCOMPARE(limitsText(speed, night),
            QStringLiteral("Always: up 2.00 MB/s, down none\n"
                           "From 22:00 to 06:00, every day: up none, down none (now)\n"));
        const QJsonObject json = limitsJson(speed, night);
        QCOMPARE(json.value(u"limits").toObject().value(u"up").toInteger(), 2'000'000);
        QCOMPARE(json.value(u"now").toObject().value(u"up").toInteger(-1), 0);
        const QJsonObject alternative = json.value(u"limits").toObject().value(u"alternative").toObject();
        QCOMPARE(alternative.value(u"from").toString(), QStringLiteral("22:00"));
        QVERIFY(alternative.value(u"down").isNull());
    }
};

QTEST_GUILESS_MAIN(TestCliRenderTransfer)
#include "test_cli_render_transfer.moc"
