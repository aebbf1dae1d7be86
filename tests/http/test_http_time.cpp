// SPDX-License-Identifier: GPL-3.0-or-later
// What headers and statuses mean.
#include "core/http/http_error.h"

#include <QtTest>

#include <ctime>

using namespace mf;

namespace {

class StoppedClock final : public Clock
{
public:
    QDateTime now() const override { return QDateTime(QDate(2026, 11, 22), QTime(12, 0, 0), Qt::UTC); }
    Duration elapsed() const override { return Duration(0); }
    Task<void> sleep(Duration) override { co_return; }
};

HttpAnswer answerOf(int status, HttpHeaders headers = {})
{
    HttpAnswer answer;
    answer.status = status;
    answer.headers = std::move(headers);
    answer.url = QUrl(QStringLiteral("https://dav.example/secret/path?token=secret"));
    return answer;
}

} // namespace

class TestHttpTime : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        qputenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3");
        ::tzset();
    }

    void times_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("time");
        // The three of RFC 9110 section 5.6.7.
        QTest::newRow("IMF-fixdate") << QByteArray("Sun, 06 Nov 1994 08:49:37 GMT") << "1994-11-06T08:49:37Z";
        QTest::newRow("RFC 850") << QByteArray("Sunday, 06-Nov-94 08:49:37 GMT") << "1994-11-06T08:49:37Z";
        QTest::newRow("asctime") << QByteArray("Sun Nov  6 08:49:37 1994") << "1994-11-06T08:49:37Z";
        QTest::newRow("RFC 850, after 2000") << QByteArray("Sunday, 22-Nov-26 08:49:37 GMT") << "2026-11-22T08:49:37Z";
        QTest::newRow("one digit") << QByteArray("Sun, 6 Nov 1994 08:49:37 GMT") << "1994-11-06T08:49:37Z";
        QTest::newRow("UTC") << QByteArray("Sun, 06 Nov 1994 08:49:37 UTC") << "1994-11-06T08:49:37Z";
        QTest::newRow("in the hour that summer skips here") // in Berlin, for one
            << QByteArray("Sun, 29 Mar 2026 02:30:00 GMT") << "2026-03-29T02:30:00Z";
        QTest::newRow("no such time") << QByteArray("Sun, 06 Nov 1994 24:00:00 GMT") << "";
        QTest::newRow("empty") << QByteArray() << "";
        QTest::newRow("a number") << QByteArray("120") << "";
        QTest::newRow("no such day") << QByteArray("Sun, 31 Feb 1994 08:49:37 GMT") << "";
    }
    void times()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, time);
        QCOMPARE(httpTime(text).toString(Qt::ISODate), time);
    }

    void retryAfterSays_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<QByteArray>("date");
        QTest::addColumn<int>("seconds"); // from now; negative: nothing
        const QByteArray none;
        QTest::newRow("no header") << none << none << -1;
        QTest::newRow("seconds") << QByteArray("120") << none << 120;
        QTest::newRow("at once") << QByteArray("0") << none << 0;
        QTest::newRow("in the past") << QByteArray("-5") << none << 0;
        QTest::newRow("a week: at most a day") << QByteArray("604800") << none << 86'400;
        QTest::newRow("a time") << QByteArray("Sun, 22 Nov 2026 12:01:00 GMT") << none << 60;
        QTest::newRow("a time, by a clock that is three hours behind")
            << QByteArray("Sun, 22 Nov 2026 09:01:00 GMT") << QByteArray("Sun, 22 Nov 2026 09:00:00 GMT") << 60;
        QTest::newRow("nonsense") << QByteArray("soon") << none << -1;
    }
    void retryAfterSays()
    {
        QFETCH(const QByteArray, header);
        QFETCH(const QByteArray, date);
        QFETCH(const int, seconds);
        const StoppedClock clock;
        HttpHeaders headers;
        if (!header.isEmpty())
            headers.emplace_back("retry-after", header);
        if (!date.isEmpty())
            headers.emplace_back("DATE", date);
        const auto at = retryAfter(answerOf(503, headers), clock);
        QCOMPARE(at ? int(clock.now().secsTo(*at)) : -1, seconds);
    }

    void statusMeans_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("id");
        const auto row = [](int status, Error::Kind kind, const char *id) {
            QTest::addRow("%d", status) << status << int(kind) << QString::fromLatin1(id);
        };
        using Kind = Error::Kind;
        for (const int status : { 401, 403, 407 })
            row(status, Kind::Unauthorised, "MF-HTTP-REFUSED");
        for (const int status : { 404, 410 })
            row(status, Kind::NotFound, "MF-HTTP-MISSING");
        for (const int status : { 405, 501 })
            row(status, Kind::Unsupported, "MF-HTTP-UNSUPPORTED");
        for (const int status : { 409, 412 })
            row(status, Kind::AlreadyExists, "MF-HTTP-CONFLICT");
        for (const int status : { 413, 507 })
            row(status, Kind::Quota, "MF-HTTP-FULL");
        for (const int status : { 429, 503, 509 })
            row(status, Kind::Throttled, "MF-HTTP-THROTTLED");
        for (const int status : { 408, 423, 425, 500, 502, 504, 520, 599 })
            row(status, Kind::Network, "MF-HTTP-SERVER");
        for (const int status : { 301, 302, 307 })
            row(status, Kind::Invalid, "MF-HTTP-REDIRECT");
        for (const int status : { 200, 400, 415, 416, 418 })
            row(status, Kind::Invalid, "MF-HTTP-STATUS");
    }
    void statusMeans()
    {
        QFETCH(const int, status);
        QFETCH(const int, kind);
        QFETCH(const QString, id);
        const StoppedClock clock;
        const Error error = statusError(answerOf(status), QStringLiteral("cannot store"), clock);
        QCOMPARE(int(error.kind), kind);
        QCOMPARE(error.id, id);
        QVERIFY(error.message.startsWith(QStringLiteral("cannot store: dav.example answered with status")));
        QVERIFY(!error.message.contains(QStringLiteral("secret")));
        QCOMPARE(error.parameters.value(QStringLiteral("status")), QString::number(status));
        QVERIFY(!error.retryAt); // it did not say
    }

    void headersAreFoundWithoutCase()
    {
        const HttpAnswer answer = answerOf(200, { { "ETag", "\"a\"" }, { "X-A", "1" }, { "x-a", "2" } });
        QCOMPARE(answer.header("etag"), QByteArray("\"a\""));
        QCOMPARE(answer.header("X-a"), QByteArray("1"));
        QCOMPARE(answer.header("Missing"), QByteArray());
    }
};

QTEST_GUILESS_MAIN(TestHttpTime)
#include "test_http_time.moc"
