// SPDX-License-Identifier: GPL-3.0-or-later
// Signatures as Amazon's examples have them (tests/data/vectors/sigv4_s3.json), step by step.
#include "core/providers/s3/sigv4.h"
#include "tests/support/test_data.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <fstream>

using namespace mf;
using namespace mf::s3;
using Json = nlohmann::json;

namespace {

const Json &vectors()
{
    static const Json all = Json::parse(std::ifstream(qPrintable(testData(QStringLiteral("vectors/sigv4_s3.json")))));
    return all;
}

QByteArray text(const Json &value) { return QByteArray::fromStdString(value.get<std::string>()); }

const Json &vectorCase(const QByteArray &name)
{
    for (const char *list : { "cases", "extra_cases" }) {
        for (const Json &one : vectors().at(list)) {
            if (text(one.at("name")) == name)
                return one;
        }
    }
    qFatal("no vector %s", name.constData());
}

ToSign requestOf(const Json &one)
{
    ToSign request;
    request.method = text(one.at("method"));
    if (one.contains("canonical_uri")) {
        request.path = text(one.at("canonical_uri"));
        request.query = text(one.at("canonical_query"));
    } else {
        const QByteArray target = text(one.at("request_target"));
        const qsizetype mark = target.indexOf('?');
        request.path = mark < 0 ? target : target.left(mark);
        request.query = mark < 0 ? QByteArray() : target.mid(mark + 1);
    }
    for (const auto &[name, value] : one.at("headers").items())
        request.headers.emplace_back(QByteArray::fromStdString(name).toUpper(), text(value)); // in any case and order
    std::reverse(request.headers.begin(), request.headers.end());
    request.payload = one.contains("payload_sha256") ? text(one.at("payload_sha256"))
                                                     : text(one.at("headers").at("x-amz-content-sha256"));
    return request;
}

} // namespace

class TestSigV4 : public QObject
{
    Q_OBJECT
private slots:
    void everyStepIsAsPublished_data()
    {
        QTest::addColumn<QByteArray>("name");
        for (const char *list : { "cases", "extra_cases" }) {
            for (const Json &one : vectors().at(list))
                QTest::newRow(text(one.at("name")).constData()) << text(one.at("name"));
        }
    }
    void everyStepIsAsPublished()
    {
        QFETCH(const QByteArray, name);
        const Json &one = vectorCase(name);
        const ToSign request = requestOf(one);
        const QByteArray canonical = canonicalRequest(request);
        QCOMPARE(canonical, text(one.at("canonical_request")));
        // The date stands in the header, or, where the address holds all, in the query.
        const QByteArray date = one.at("headers").contains("x-amz-date") ? text(one.at("headers").at("x-amz-date"))
                                                                         : text(vectors().at("timestamp"));
        const QByteArray region = text(vectors().at("region"));
        const QByteArray toSign = stringToSign(canonical, date, region);
        QCOMPARE(toSign, text(one.at("string_to_sign")));
        const QByteArray secret = text(vectors().at("secret_key"));
        QCOMPARE(signature(secret, date, region, toSign), text(one.at("signature")));
        const QByteArray header = authorization(request, text(vectors().at("access_key")), secret, date, region);
        const QByteArray begin = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/" + date.left(8) + "/us-east-1/s3/";
        QVERIFY(header.startsWith(begin));
        QVERIFY(header.endsWith(text(one.at("signature"))));
        QVERIFY(!header.contains(secret));
    }

    void pathsAndQueriesAreEncodedOnce()
    {
        const Json &one = vectorCase("put-pathstyle-localhost-port-special-key");
        QCOMPARE("/bucket/" + encoded(text(one.at("key_utf8")), true), text(one.at("request_target")));
        QCOMPARE(encodedQuery({ { "prefix", "models/a b" }, { "delimiter", "/" }, { "max-keys", "1000" },
                     { "list-type", "2" }, { "continuation-token", "abc/1==" } }),
            QByteArray(
                "continuation-token=abc%2F1%3D%3D&delimiter=%2F&list-type=2&max-keys=1000&prefix=models%2Fa%20b"));
        QCOMPARE(encodedQuery({ { "uploads", "" } }), QByteArray("uploads="));
        QCOMPARE(encodedQuery({}), QByteArray());
    }

    void timesAreUtc()
    {
        const QDateTime time(QDate(2013, 5, 24), QTime(1, 0), Qt::OffsetFromUTC, 3600);
        QCOMPARE(amzDate(time), QByteArray("20130524T000000Z"));
    }
};

QTEST_APPLESS_MAIN(TestSigV4)
#include "test_sigv4.moc"
