// SPDX-License-Identifier: GPL-3.0-or-later
// AES-256-GCM by test cases 13 to 16 of the submission to NIST (McGrew, Viega).
#include "core/crypto/aead.h"

#include <QtTest>

#include <algorithm>

using namespace mf;

class TestAead : public QObject
{
    Q_OBJECT
    static SecretKey keyOf(const QByteArray &hex) { return SecretKey(viewOf(QByteArray::fromHex(hex))); }
    static Aead::Nonce nonceOf(const QByteArray &bytes)
    {
        Aead::Nonce nonce {};
        std::copy(bytes.begin(), bytes.end(), nonce.begin());
        return nonce;
    }
    static QByteArray seal(Aead &aead, const Aead::Nonce &nonce, const QByteArray &aad, const QByteArray &plain)
    {
        QByteArray out(plain.size() + qsizetype(Aead::kTag), '\0');
        aead.seal(nonce, viewOf(aad), viewOf(plain), mutableViewOf(out));
        return out;
    }
private slots:
    void knownAnswers_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("nonce");
        QTest::addColumn<QByteArray>("aad");
        QTest::addColumn<QByteArray>("plain");
        QTest::addColumn<QByteArray>("sealed");
        const QByteArray zeroKey = QByteArray(64, '0');
        const QByteArray key = QByteArray("feffe9928665731c6d6a8f9467308308").repeated(2);
        const QByteArray nonce("cafebabefacedbaddecaf888");
        const QByteArray plain("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                               "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255");
        const QByteArray cipher("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                                "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad");
        QTest::newRow("case 13: nothing at all") << zeroKey << QByteArray(24, '0') << QByteArray() << QByteArray()
                                                 << QByteArray("530f8afbc74536b9a963b4f1c4cb738b");
        QTest::newRow("case 14: one block of zeros")
            << zeroKey << QByteArray(24, '0') << QByteArray() << QByteArray(32, '0')
            << QByteArray("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
        QTest::newRow("case 15: four blocks")
            << key << nonce << QByteArray() << plain << cipher + QByteArray("b094dac5d93471bdec1a502270e3cc6c");
        QTest::newRow("case 16: part of a block and further data")
            << key << nonce << QByteArray("feedfacedeadbeeffeedfacedeadbeefabaddad2") << plain.first(120)
            << cipher.first(120) + QByteArray("76fc6ece0f4e1768cddf8853bb2d551b");
    }
    void knownAnswers()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, nonce);
        QFETCH(QByteArray, aad);
        QFETCH(QByteArray, plain);
        QFETCH(QByteArray, sealed);
        const Aead::Nonce iv = nonceOf(QByteArray::fromHex(nonce));
        const QByteArray data = QByteArray::fromHex(aad);
        Aead aead(keyOf(key));
        QCOMPARE(seal(aead, iv, data, QByteArray::fromHex(plain)).toHex(), sealed);
        const QByteArray whole = QByteArray::fromHex(sealed);
        QByteArray opened(plain.size() / 2, 'x');
        QVERIFY(aead.open(iv, viewOf(data), viewOf(whole), mutableViewOf(opened)));
        QCOMPARE(opened.toHex(), plain);
    }

    void counterIsLittleEndianInTheFirstEightBytes()
    {
        QCOMPARE(toHex(Aead::counter(0)), u"000000000000000000000000"_qs);
        QCOMPARE(toHex(Aead::counter((std::uint64_t(1) << 32) + 2)), u"020000000100000000000000"_qs);
        QCOMPARE(toHex(Aead::counter(~std::uint64_t(0))), u"ffffffffffffffff00000000"_qs);
    }

    // One context seals and opens in turn, with a refusal between: nothing of one message stays for the next.
    void manyMessagesUnderOneKey()
    {
        const SecretKey key = keyOf(QByteArray(64, '7'));
        Aead aead(key);
        for (std::uint64_t number = 0; number < 50; ++number) {
            const QByteArray plain(qsizetype(number * 37), static_cast<char>(number));
            const QByteArray aad(qsizetype(number % 3), 'a');
            const Aead::Nonce nonce = Aead::counter(number);
            const QByteArray sealed = seal(aead, nonce, aad, plain);
            Aead fresh(key);
            QCOMPARE(sealed, seal(fresh, nonce, aad, plain));
            QByteArray opened(plain.size(), 'x');
            QVERIFY(!aead.open(Aead::counter(number + 1), viewOf(aad), viewOf(sealed), mutableViewOf(opened)));
            QVERIFY(aead.open(nonce, viewOf(aad), viewOf(sealed), mutableViewOf(opened)));
            QCOMPARE(opened, plain);
        }
    }

    void partsAreOneMessage()
    {
        Aead aead(keyOf(QByteArray(64, '4')));
        const QByteArray plain = QByteArray(1'000, 'p') + QByteArray(333, 'q');
        const QByteArray aad("where it belongs");
        const Aead::Nonce nonce = Aead::counter(7);
        const QByteArray sealed = seal(aead, nonce, aad, plain);
        const auto size = std::size_t(sealed.size());
        const ByteView all = viewOf(sealed);
        // Cuts anywhere: within a block, before, in and after the tag, and parts of nothing.
        for (std::size_t a = 0; a <= size; a += a < 40 || a + 40 > size ? 1 : 97) {
            for (const std::size_t b : { a, a + (size - a) / 2, size - std::min(size - a, std::size_t(3)), size }) {
                const std::array<ByteView, 4> parts { all.first(a), all.subspan(a, b - a), ByteView(), all.subspan(b) };
                QByteArray opened(plain.size(), '\xcc');
                QVERIFY(aead.open(nonce, viewOf(aad), parts, mutableViewOf(opened)));
                QCOMPARE(opened, plain);
                QByteArray damaged = sealed;
                const qsizetype at = qsizetype((a + b) / 2) % damaged.size();
                damaged[at] = static_cast<char>(damaged[at] ^ 1);
                const ByteView bad = viewOf(damaged);
                const std::array<ByteView, 2> two { bad.first(a), bad.subspan(a) };
                QVERIFY(!aead.open(nonce, viewOf(aad), two, mutableViewOf(opened)));
                QVERIFY(isZero(viewOf(opened)));
            }
        }
    }
    void everyFlippedByteIsRefusedAndLeavesNothing()
    {
        Aead aead(keyOf(QByteArray(64, '5')));
        const QByteArray plain("not a word of this may be left");
        const QByteArray aad("where it belongs");
        const Aead::Nonce nonce = Aead::counter(3);
        const QByteArray sealed = seal(aead, nonce, aad, plain);
        for (qsizetype i = 0; i < sealed.size(); ++i) {
            QByteArray damaged = sealed;
            damaged[i] = static_cast<char>(damaged[i] ^ 1);
            QByteArray opened(plain.size(), 'x');
            QVERIFY(!aead.open(nonce, viewOf(aad), viewOf(damaged), mutableViewOf(opened)));
            QVERIFY(isZero(viewOf(opened)));
        }
        for (qsizetype i = 0; i < aad.size(); ++i) {
            QByteArray other = aad;
            other[i] = static_cast<char>(other[i] ^ 1);
            QByteArray opened(plain.size(), 'x');
            QVERIFY(!aead.open(nonce, viewOf(other), viewOf(sealed), mutableViewOf(opened)));
            QVERIFY(isZero(viewOf(opened)));
        }
        Aead stranger(keyOf(QByteArray(64, '6')));
        QByteArray opened(plain.size(), 'x');
        QVERIFY(!stranger.open(nonce, viewOf(aad), viewOf(sealed), mutableViewOf(opened)));
    }
};

QTEST_GUILESS_MAIN(TestAead)
#include "test_aead.moc"
