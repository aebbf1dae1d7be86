// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/ids.h"
#include "core/crypto/secret.h"

#include <QtTest>

#include <memory>
#include <new>
#include <set>

using namespace mf;

class TestSecret : public QObject
{
    Q_OBJECT
private slots:
    void wipeOverwrites()
    {
        std::array<std::uint8_t, 64> bytes;
        bytes.fill(7);
        wipe(MutableBytes(bytes).first(63));
        QVERIFY(isZero(ByteView(bytes).first(63)));
        QCOMPARE(bytes[63], std::uint8_t(7));
        wipe({});
    }

    void aKeyIsWipedWhenDestroyed()
    {
        // In memory of ours that outlives the key, so that looking at it afterwards is allowed.
        alignas(SecretKey) std::array<std::uint8_t, sizeof(SecretKey)> room;
        room.fill(1);
        const std::array<std::uint8_t, 32> bytes { 1, 2, 3 };
        auto *const key = new (room.data()) SecretKey(bytes);
        QCOMPARE(toHex(key->view()), toHex(bytes));
        key->~SecretKey();
        QVERIFY(isZero(room));
    }

    void keysCompare()
    {
        std::array<std::uint8_t, 32> bytes {};
        const SecretKey zero(bytes);
        QCOMPARE(zero, SecretKey());
        bytes[31] = 1;
        QVERIFY(!(zero == SecretKey(bytes)));
        bytes[31] = 0;
        bytes[0] = 0x80;
        QVERIFY(!(zero == SecretKey(bytes)));
        SecretKey copy;
        copy = SecretKey(bytes);
        QCOMPARE(copy, SecretKey(bytes));
    }

    void constantTimeComparisonLooksAtEveryByte()
    {
        const QByteArray a(100, 'a');
        QVERIFY(equalConstantTime(viewOf(a), viewOf(QByteArray(100, 'a'))));
        for (int i = 0; i < a.size(); ++i) {
            QByteArray b(100, 'a');
            b[i] = 'b';
            QVERIFY(!equalConstantTime(viewOf(a), viewOf(b)));
        }
        QVERIFY(!equalConstantTime(viewOf(a), viewOf(a).first(99)));
        QVERIFY(equalConstantTime({}, {}));
    }

    void randomFillsAllAndNothingElse_data()
    {
        QTest::addColumn<int>("size");
        QTest::newRow("nothing") << 0;
        QTest::newRow("one byte") << 1;
        QTest::newRow("as much as the system gives at once") << 256;
        QTest::newRow("one more than that") << 257;
        QTest::newRow("several times that") << 1000;
    }
    void randomFillsAllAndNothingElse()
    {
        QFETCH(int, size);
        // In a few tries every byte differs from zero at least once.
        QByteArray seen(size, '\0');
        for (int round = 0; round < 12; ++round) {
            QByteArray bytes(size + 1, '\0');
            fillRandom(mutableViewOf(bytes).first(std::size_t(size)));
            QCOMPARE(bytes.back(), '\0');
            for (int i = 0; i < size; ++i)
                seen[i] = static_cast<char>(seen[i] | bytes[i]);
        }
        QVERIFY(!seen.contains('\0'));
    }

    void randomValuesDiffer()
    {
        std::set<PackId> ids;
        std::set<QString> keys;
        for (int i = 0; i < 1000; ++i) {
            ids.insert(randomId<PackId>());
            keys.insert(toHex(randomKey().view()));
        }
        QCOMPARE(ids.size(), std::size_t(1000));
        QCOMPARE(keys.size(), std::size_t(1000));
    }
};

QTEST_GUILESS_MAIN(TestSecret)
#include "test_secret.moc"
