// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/cid.h"
#include "tests/formats/format_test.h"

#include <QRandomGenerator>

using namespace mf;

namespace {

std::optional<Cid> parse(const nlohmann::json &text) { return Cid::parse(textOf(text)); }

} // namespace

class CidTest : public QObject
{
    Q_OBJECT

private slots:
    void writesAndReadsVarints_data()
    {
        QTest::addColumn<quint64>("number");
        QTest::addColumn<QByteArray>("bytes");
        const auto vector = vectorFile("ipld_small.json");
        for (const auto &[number, hex] : vector["varints"].items())
            QTest::newRow(number.c_str()) << QString::fromStdString(number).toULongLong() << hexOf(hex);
        QTest::newRow("largest of nine bytes") << ((1ULL << 63) - 1) << QByteArray::fromHex("ffffffffffffffff7f");
    }
    void writesAndReadsVarints()
    {
        QFETCH(quint64, number);
        QFETCH(QByteArray, bytes);
        QByteArray written;
        appendVarint(written, number);
        QCOMPARE(written, bytes);
        const QByteArray followed = bytes + "x";
        ByteView rest = viewOf(followed);
        QCOMPARE(takeVarint(rest), std::optional<quint64>(number));
        QCOMPARE(rest.size(), std::size_t { 1 });
    }

    void refusesVarints_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("cut short") << QByteArray::fromHex("8080");
        QTest::newRow("not the shortest form of 1") << QByteArray::fromHex("8100");
        QTest::newRow("not the shortest form of 0") << QByteArray::fromHex("8000");
        QTest::newRow("ten bytes") << QByteArray::fromHex("ffffffffffffffffff01");
    }
    void refusesVarints()
    {
        QFETCH(QByteArray, bytes);
        ByteView rest = viewOf(bytes);
        QVERIFY(!takeVarint(rest));
    }

    void spellsTheVectors()
    {
        const auto vector = vectorFile("ipld_small.json")["cid_encodings"];
        const Sha256 digest { viewOf(hexOf(vector["sha256_hex"])) };
        const auto raw = Cid::ofSha256(Cid::kRaw, digest);
        QCOMPARE(raw.multihash, hexOf(vector["multihash_hex"]));
        QCOMPARE(raw.bytes(), hexOf(vector["raw_v1_bytes_hex"]));
        QCOMPARE(raw.toString(), textOf(vector["raw_v1_base32"]));
        QCOMPARE(toBase58Text(raw), textOf(vector["raw_v1_base58btc"]));
        QCOMPARE(toBase36Text(raw), textOf(vector["raw_v1_base36"]));
        QVERIFY(raw.sha256() == digest);
        const auto node = Cid::ofSha256(Cid::kDagPb, digest);
        QCOMPARE(node.toString(), textOf(vector["dagpb_v1_base32_same_digest"]));
        const auto old = Cid::ofSha256(Cid::kDagPb, digest, 0);
        QCOMPARE(old.toString(), textOf(vector["v0_same_digest"]));
        QVERIFY(old == node);
        QVERIFY(!(raw == node));
    }

    void parsesEveryForm()
    {
        const auto vector = vectorFile("ipld_small.json")["cid_encodings"];
        const QByteArray bytes = hexOf(vector["raw_v1_bytes_hex"]);
        const auto expected = Cid::fromBytes(viewOf(bytes));
        QVERIFY(expected);
        const QString base32 = textOf(vector["raw_v1_base32"]);
        const QString base36 = textOf(vector["raw_v1_base36"]);
        const QByteArray::Base64Options url = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
        const QString forms[] = {
            base32,
            base32.toUpper(),
            textOf(vector["raw_v1_base58btc"]),
            base36,
            base36.toUpper(),
            u'f' + QString::fromLatin1(bytes.toHex()),
            u'F' + QString::fromLatin1(bytes.toHex().toUpper()),
            u'm' + QString::fromLatin1(bytes.toBase64(QByteArray::OmitTrailingEquals)),
            u'u' + QString::fromLatin1(bytes.toBase64(url)),
        };
        for (const auto &form : forms) {
            const auto cid = Cid::parse(form);
            QVERIFY2(cid, qPrintable(form));
            QVERIFY(*cid == *expected);
            QCOMPARE(cid->toString(), base32);
        }
        const auto old = parse(vector["v0_same_digest"]);
        QVERIFY(old);
        QCOMPARE(old->version, 0);
        QCOMPARE(old->bytes().size(), 34);
        QVERIFY(*old == *parse(vector["dagpb_v1_base32_same_digest"]));
        QVERIFY(*Cid::fromBytes(viewOf(old->bytes())) == *old);
    }

    void refusesTexts_data()
    {
        QTest::addColumn<QString>("text");
        const auto vector = vectorFile("ipld_small.json")["cid_encodings"];
        const QString good = textOf(vector["raw_v1_base32"]);
        const QString old = textOf(vector["v0_same_digest"]);
        QTest::newRow("empty") << QString();
        QTest::newRow("one letter") << QStringLiteral("b");
        QTest::newRow("a word") << QStringLiteral("hello world");
        QTest::newRow("cut short") << good.chopped(1);
        QTest::newRow("too long") << good + u'a';
        QTest::newRow("mixed case") << QString(good).replace(5, 1, QString(good.at(5)).toUpper());
        QTest::newRow("letter outside the alphabet") << QString(good).replace(5, 1, u'1');
        QTest::newRow("Qm with a letter outside the alphabet") << QString(old).replace(10, 1, u'0');
        QTest::newRow("Qm cut short") << old.chopped(1);
        QTest::newRow("version 0 with a prefix") << QString(u'z' + old);
        QTest::newRow("unknown multibase") << QString(u'x' + good.mid(1));
        QTest::newRow("version 2") << QStringLiteral("f0255122000");
        QTest::newRow("SHA-256 of 31 bytes") << QString(QStringLiteral("f0155121f") + QString(62, u'0'));
        QTest::newRow("digest shorter than it says") << QStringLiteral("f01551e2000");
        QTest::newRow("half a million letters") << QString(500'000, u'z');
        QTest::newRow("not Latin") << QString::fromUtf8("b\u4f60\u597d");
    }
    void refusesTexts()
    {
        QFETCH(QString, text);
        QVERIFY(!Cid::parse(text));
    }

    void acceptsOtherHashes()
    {
        // blake3, 32 bytes; identity, 3 bytes.
        const auto blake = Cid::parse(QString(QStringLiteral("f01551e20") + QString(64, u'a')));
        QVERIFY(blake);
        QVERIFY(!blake->sha256());
        QVERIFY(Cid::parse(QStringLiteral("f01550003616263")));
    }

    void survivesRandomTexts()
    {
        QRandomGenerator random(1);
        const QString letters = QStringLiteral("bBzkKfFmuQ019aAZ=-_~");
        int read = 0;
        for (int i = 0; i < 100'000; ++i) {
            QString text;
            const int length = static_cast<int>(random.bounded(70));
            for (int j = 0; j < length; ++j)
                text += letters.at(random.bounded(static_cast<int>(letters.size())));
            const auto cid = Cid::parse(text);
            read += cid ? 1 : 0;
            if (cid)
                QVERIFY(*Cid::parse(cid->toString()) == *cid);
        }
        QVERIFY(read < 100'000);
    }
};

QTEST_GUILESS_MAIN(CidTest)
#include "test_cid.moc"
