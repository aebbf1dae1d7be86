// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/password.h"
#include "core/crypto/scrypt.h"

#include <QtTest>

using namespace mf;

class TestPassword : public QObject
{
    Q_OBJECT
    static constexpr int kQuick = 4; // log2 N, for tests alone
    static QString errorId(const Result<QByteArray> &result) { return result ? QString() : result.error().id; }
private slots:
    void scryptOfTheRfc_data()
    {
        QTest::addColumn<QByteArray>("passphrase");
        QTest::addColumn<QByteArray>("salt");
        QTest::addColumn<int>("log2N");
        QTest::addColumn<int>("r");
        QTest::addColumn<int>("p");
        QTest::addColumn<QString>("out");
        QTest::newRow("RFC 7914, N = 16, nothing")
            << QByteArray() << QByteArray() << 4 << 1 << 1
            << u"77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
               u"fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"_qs;
        QTest::newRow("RFC 7914, N = 1024") << QByteArray("password") << QByteArray("NaCl") << 10 << 8 << 16
                                            << u"fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                                               u"2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"_qs;
        QTest::newRow("RFC 7914, N = 16384")
            << QByteArray("pleaseletmein") << QByteArray("SodiumChloride") << 14 << 8 << 1
            << u"7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
               u"d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"_qs;
    }
    void scryptOfTheRfc()
    {
        QFETCH(QByteArray, passphrase);
        QFETCH(QByteArray, salt);
        QFETCH(int, log2N);
        QFETCH(int, r);
        QFETCH(int, p);
        QFETCH(QString, out);
        QByteArray key(64, '\0');
        const ScryptCost cost { log2N, unsigned(r), unsigned(p) };
        QVERIFY(scrypt(viewOf(passphrase), viewOf(salt), cost, mutableViewOf(key)));
        QCOMPARE(toHex(viewOf(key)), out);
    }

    void costsThatAreRefused_data()
    {
        QTest::addColumn<int>("log2N");
        QTest::addColumn<int>("r");
        QTest::addColumn<int>("p");
        QTest::addColumn<bool>("bearable");
        QTest::newRow("the default") << 17 << 8 << 1 << true;
        QTest::newRow("512 MiB") << 19 << 8 << 1 << true;
        QTest::newRow("1 GiB by N") << 20 << 8 << 1 << false;
        QTest::newRow("1 GiB by r") << 17 << 64 << 1 << false;
        QTest::newRow("much by both") << 255 << 255 << 255 << false;
        QTest::newRow("16 times the time") << 17 << 8 << 16 << true;
        QTest::newRow("17 times the time") << 17 << 8 << 17 << false;
        QTest::newRow("N = 1") << 0 << 8 << 1 << false;
        QTest::newRow("no r") << 17 << 0 << 1 << false;
        QTest::newRow("no p") << 17 << 8 << 0 << false;
        QTest::newRow("N as large as it may be for r = 1") << 15 << 1 << 1 << true;
        QTest::newRow("N too large for r = 1") << 16 << 1 << 1 << false;
    }
    void costsThatAreRefused()
    {
        QFETCH(int, log2N);
        QFETCH(int, r);
        QFETCH(int, p);
        QFETCH(bool, bearable);
        const ScryptCost cost { log2N, unsigned(r), unsigned(p) };
        QCOMPARE(isBearable(cost), bearable);
        if (!bearable) {
            std::array<std::uint8_t, 64> out {};
            QVERIFY(!scrypt({}, {}, cost, out));
            QVERIFY(isZero(out));
        }
    }

    void whatIsWrappedIsUnwrapped_data()
    {
        QTest::addColumn<QString>("passphrase");
        QTest::addColumn<QByteArray>("plain");
        QTest::newRow("a word") << u"correct horse"_qs << QByteArray("the ring");
        QTest::newRow("no passphrase") << QString() << QByteArray("the ring");
        QTest::newRow("nothing inside") << u"a"_qs << QByteArray();
        QTest::newRow("other alphabets") << u"\u5bc6\u7801 \u043f\u0430\u0440\u043e\u043b\u044c"_qs
                                         << QByteArray(100000, '\xff');
    }
    void whatIsWrappedIsUnwrapped()
    {
        QFETCH(QString, passphrase);
        QFETCH(QByteArray, plain);
        const QByteArray wrapped = wrapWithPassphrase(passphrase, viewOf(plain), kQuick);
        QCOMPARE(wrapped.size(), plain.size() + 4 + 4 + 32 + 32 + 16);
        const auto back = unwrapWithPassphrase(passphrase, viewOf(wrapped));
        QVERIFY(back);
        QCOMPARE(*back, plain);
        QVERIFY(wrapWithPassphrase(passphrase, viewOf(plain), kQuick) != wrapped);
    }

    // Made by Python's hashlib.scrypt and the package cryptography, log2 N = 10: format version 1.
    void aFileMadeElsewhereOpens_data()
    {
        QTest::addColumn<QString>("passphrase");
        QTest::newRow("composed") << u"na\u00efve \u5bc6\u7801"_qs;
        QTest::newRow("decomposed") << u"nai\u0308ve \u5bc6\u7801"_qs;
    }
    void aFileMadeElsewhereOpens()
    {
        QFETCH(QString, passphrase);
        const QByteArray wrapped
            = QByteArray::fromHex("4d465057010a0801808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
                                  "0d57826c52c119f57aa3d7df1ce54da3022f7dc0a589dc3caa6441117ca07c14"
                                  "58e98001f49310848e5a0ebb09427a607ca74f1d543fef4c");
        const auto plain = unwrapWithPassphrase(passphrase, viewOf(wrapped));
        QVERIFY(plain);
        QCOMPARE(*plain, QByteArray("the ring"));
    }

    void theDefaultCostIsWrittenAndOpens()
    {
        const QByteArray wrapped = wrapWithPassphrase(u"slow"_qs, viewOf(QByteArray("secret")));
        QCOMPARE(wrapped.first(8), QByteArray("MFPW\x01\x11\x08\x01"));
        const auto plain = unwrapWithPassphrase(u"slow"_qs, viewOf(wrapped));
        QVERIFY(plain);
        QCOMPARE(*plain, QByteArray("secret"));
    }

    void theWrongPassphraseIsToldApart_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::newRow("another") << u"battery staple"_qs;
        QTest::newRow("nothing") << QString();
        QTest::newRow("capitals") << u"Correct horse"_qs;
        QTest::newRow("a space at the end") << u"correct horse "_qs;
    }
    void theWrongPassphraseIsToldApart()
    {
        QFETCH(QString, typed);
        const QByteArray wrapped = wrapWithPassphrase(u"correct horse"_qs, viewOf(QByteArray("secret")), kQuick);
        const auto plain = unwrapWithPassphrase(typed, viewOf(wrapped));
        QCOMPARE(errorId(plain), u"MF-SECRETS-PASSPHRASE"_qs);
        QCOMPARE(plain.error().kind, Error::Kind::Unauthorised);
    }

    void everyFlippedByteIsNoticed()
    {
        const QByteArray wrapped = wrapWithPassphrase(u"p"_qs, viewOf(QByteArray("secret")), kQuick);
        for (qsizetype i = 0; i < wrapped.size(); ++i) {
            QByteArray changed = wrapped;
            changed[i] = static_cast<char>(changed[i] ^ 1);
            const QString id = errorId(unwrapWithPassphrase(u"p"_qs, viewOf(changed)));
            if (i < 4)
                QCOMPARE(id, u"MF-SECRETS-DAMAGED"_qs); // another magic
            else if (i == 4)
                QCOMPARE(id, u"MF-SECRETS-VERSION"_qs);
            else if (i == 7)
                QCOMPARE(id, u"MF-SECRETS-DAMAGED"_qs); // p = 0
            else if (i < 72)
                QCOMPARE(id, u"MF-SECRETS-PASSPHRASE"_qs); // another key or commitment comes of it
            else
                QCOMPARE(id, u"MF-SECRETS-DAMAGED"_qs);
        }
    }

    void everyTruncationIsDamaged()
    {
        const QByteArray wrapped = wrapWithPassphrase(u"p"_qs, viewOf(QByteArray("secret")), kQuick);
        for (std::size_t size = 0; size < std::size_t(wrapped.size()); ++size)
            QCOMPARE(errorId(unwrapWithPassphrase(u"p"_qs, viewOf(wrapped).first(size))), u"MF-SECRETS-DAMAGED"_qs);
    }

    void parametersThatCostTooMuchAreDamaged()
    {
        QByteArray wrapped = wrapWithPassphrase(u"p"_qs, viewOf(QByteArray("secret")), kQuick);
        for (const char log2N : { '\x14', '\x20', '\x3f', '\x40', '\xff' }) {
            wrapped[5] = log2N;
            const auto plain = unwrapWithPassphrase(u"p"_qs, viewOf(wrapped));
            QCOMPARE(errorId(plain), u"MF-SECRETS-DAMAGED"_qs);
            QCOMPARE(plain.error().kind, Error::Kind::Corrupt);
        }
    }
};

QTEST_GUILESS_MAIN(TestPassword)
#include "test_password.moc"
