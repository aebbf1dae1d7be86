// SPDX-License-Identifier: GPL-3.0-or-later
// HKDF-SHA256 by the vectors of RFC 5869, appendix A.
#include "core/crypto/hkdf.h"

#include <QtTest>

using namespace mf;

class TestHkdf : public QObject
{
    Q_OBJECT
    static QByteArray counting(int from, int to)
    {
        QByteArray bytes;
        for (int i = from; i < to; ++i)
            bytes.append(static_cast<char>(i));
        return bytes;
    }
private slots:
    void knownAnswers_data()
    {
        QTest::addColumn<QByteArray>("secret");
        QTest::addColumn<QByteArray>("salt");
        QTest::addColumn<QByteArray>("info");
        QTest::addColumn<QString>("out");
        QTest::newRow("A.1, basic") << QByteArray(22, '\x0b') << counting(0, 13) << counting(0xf0, 0xfa)
                                    << u"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                                       u"34007208d5b887185865"_qs;
        QTest::newRow("A.2, longer than a block") << counting(0, 0x50) << counting(0x60, 0xb0) << counting(0xb0, 0x100)
                                                  << u"b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                                                     u"59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                                                     u"cc30c58179ec3e87c14c01d5c1f3434f1d87"_qs;
        QTest::newRow("A.3, no salt, no info") << QByteArray(22, '\x0b') << QByteArray() << QByteArray()
                                               << u"8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                                                  u"9d201395faa4b61a96c8"_qs;
    }
    void knownAnswers()
    {
        QFETCH(QByteArray, secret);
        QFETCH(QByteArray, salt);
        QFETCH(QByteArray, info);
        QFETCH(QString, out);
        QByteArray derived(out.size() / 2, '\0');
        hkdfSha256(viewOf(secret), viewOf(salt), viewOf(info), mutableViewOf(derived));
        QCOMPARE(toHex(viewOf(derived)), out);
    }

    void aShorterResultIsAPrefixOfALonger()
    {
        const QByteArray secret("secret");
        QByteArray longest(8160, '\0');
        hkdfSha256(viewOf(secret), {}, {}, mutableViewOf(longest));
        for (const int size : { 0, 1, 31, 32, 33, 64, 8159 }) {
            QByteArray part(size, '\0');
            hkdfSha256(viewOf(secret), {}, {}, mutableViewOf(part));
            QCOMPARE(part, longest.first(size));
        }
        // The last block carries number 255.
        QVERIFY(longest.last(32) != longest.first(32));
    }
};

QTEST_GUILESS_MAIN(TestHkdf)
#include "test_hkdf.moc"
