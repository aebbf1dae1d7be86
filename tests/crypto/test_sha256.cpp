// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 by the vectors of FIPS 180-4 and HMAC by those of RFC 4231.
#include "core/crypto/sha256.h"

#include <QtTest>

using namespace mf;

class TestSha256 : public QObject
{
    Q_OBJECT
private slots:
    void knownAnswers_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QString>("digest");
        QTest::newRow("nothing") << QByteArray()
                                 << u"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"_qs;
        QTest::newRow("one block") << QByteArray("abc")
                                   << u"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_qs;
        QTest::newRow("two blocks") << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                                    << u"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"_qs;
        QTest::newRow("a million times a")
            << QByteArray(1000000, 'a') << u"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"_qs;
    }
    void knownAnswers()
    {
        QFETCH(QByteArray, message);
        QFETCH(QString, digest);
        QCOMPARE(sha256(viewOf(message)).toHex(), digest);
    }

    void aStreamIsTheSameInAnyPieces_data()
    {
        QTest::addColumn<int>("step");
        for (const int step : { 1, 3, 55, 56, 63, 64, 65, 1000, 100000 })
            QTest::addRow("pieces of %d bytes", step) << step;
    }
    void aStreamIsTheSameInAnyPieces()
    {
        QFETCH(int, step);
        QByteArray bytes(10000, '\0');
        for (int i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<char>(i * 7 + i / 256);
        Sha256Stream stream;
        for (qsizetype at = 0; at < bytes.size(); at += step)
            stream.update(
                viewOf(bytes).subspan(std::size_t(at), std::size_t(qMin<qsizetype>(step, bytes.size() - at))));
        stream.update({});
        QCOMPARE(stream.finish().toHex(), sha256(viewOf(bytes)).toHex());
    }

    void aStreamCanMove()
    {
        Sha256Stream first;
        first.update(viewOf(QByteArray("ab")));
        Sha256Stream second(std::move(first));
        second.update(viewOf(QByteArray("c")));
        first = std::move(second);
        QCOMPARE(first.finish().toHex(), u"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_qs);
    }

    void emptyStream() { QCOMPARE(Sha256Stream().finish(), sha256({})); }

    void hmac_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("message");
        QTest::addColumn<QString>("mac");
        const QByteArray longKey(131, '\xaa');
        QTest::newRow("RFC 4231 case 1") << QByteArray(20, '\x0b') << QByteArray("Hi There")
                                         << u"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"_qs;
        QTest::newRow("RFC 4231 case 2") << QByteArray("Jefe") << QByteArray("what do ya want for nothing?")
                                         << u"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"_qs;
        QTest::newRow("RFC 4231 case 3") << QByteArray(20, '\xaa') << QByteArray(50, '\xdd')
                                         << u"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"_qs;
        QTest::newRow("RFC 4231 case 4") << QByteArray::fromHex("0102030405060708090a0b0c0d0e0f10111213141516171819")
                                         << QByteArray(50, '\xcd')
                                         << u"82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"_qs;
        QTest::newRow("RFC 4231 case 6, key longer than a block")
            << longKey << QByteArray("Test Using Larger Than Block-Size Key - Hash Key First")
            << u"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"_qs;
        QTest::newRow("RFC 4231 case 7, both longer")
            << longKey
            << QByteArray("This is a test using a larger than block-size key and a larger than block-size data. "
                          "The key needs to be hashed before being used by the HMAC algorithm.")
            << u"9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"_qs;
        QTest::newRow("no key, no message")
            << QByteArray() << QByteArray() << u"b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"_qs;
    }
    void hmac()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, message);
        QFETCH(QString, mac);
        QCOMPARE(hmacSha256(viewOf(key), viewOf(message)).toHex(), mac);
    }
};

QTEST_GUILESS_MAIN(TestSha256)
#include "test_sha256.moc"
