// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/keychain_entry.h"
#include "core/secrets/secret_store.h"

#include <QtTest>

#include <functional>

using namespace mf;

class TestKeychainEntry : public QObject
{
    Q_OBJECT

    static QByteArray valueOf(int size)
    {
        QByteArray value(size, '\0');
        for (int i = 0; i < size; ++i)
            value[i] = static_cast<char>(i * 7 + i / 256);
        return value;
    }

private slots:
    void splitsAndJoins_data()
    {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("parts");
        QTest::newRow("nothing") << 0 << 0;
        QTest::newRow("one byte") << 1 << 0;
        QTest::newRow("a full head") << 2032 << 0;
        QTest::newRow("one byte over the head") << 2033 << 1;
        QTest::newRow("a full part") << 2032 + 2048 << 1;
        QTest::newRow("one byte over the part") << 2032 + 2048 + 1 << 2;
        QTest::newRow("the largest") << int(SecretStore::kLargestValue) << 32;
    }
    void splitsAndJoins()
    {
        QFETCH(int, size);
        QFETCH(int, parts);
        const QByteArray value = valueOf(size);
        const auto split = splitForKeychain(value, 'b');
        QCOMPARE(int(split.rest.size()), parts);
        QVERIFY(split.head.size() <= KeychainEntry::kPart);
        for (const auto &part : split.rest)
            QVERIFY(part.size() <= KeychainEntry::kPart);
        const auto entry = parseKeychainHead(QStringLiteral("k"), split.head);
        QVERIFY(bool(entry));
        QCOMPARE(entry->side, 'b');
        QCOMPARE(entry->parts(), parts);
        const auto joined = joinFromKeychain(QStringLiteral("k"), *entry, split.rest);
        QVERIFY(bool(joined));
        QCOMPARE(*joined, value);
    }

    void refusesDamage_data()
    {
        using Damage = std::function<void(KeychainParts &)>;
        QTest::addColumn<Damage>("damage");
        QTest::newRow("an empty head") << Damage([](KeychainParts &p) { p.head.clear(); });
        QTest::newRow("a head that is cut short") << Damage([](KeychainParts &p) { p.head.chop(1); });
        QTest::newRow("a head of another program") << Damage([](KeychainParts &p) { p.head[0] = 'X'; });
        QTest::newRow("a newer version") << Damage([](KeychainParts &p) { p.head[2] = 2; });
        QTest::newRow("an unknown side") << Damage([](KeychainParts &p) { p.head[3] = 'c'; });
        QTest::newRow("a length of 4 GiB")
            << Damage([](KeychainParts &p) { p.head.replace(4, 4, "\xff\xff\xff\xff"); });
        QTest::newRow("another checksum") << Damage([](KeychainParts &p) { p.head[8] = char(p.head[8] ^ 1); });
        QTest::newRow("a changed byte in the head")
            << Damage([](KeychainParts &p) { p.head[99] = char(p.head[99] ^ 1); });
        QTest::newRow("a changed byte in a part")
            << Damage([](KeychainParts &p) { p.rest[0][5] = char(p.rest[0][5] ^ 1); });
        QTest::newRow("a missing part") << Damage([](KeychainParts &p) { p.rest.pop_back(); });
        QTest::newRow("swapped parts") << Damage([](KeychainParts &p) { std::swap(p.rest[0], p.rest[1]); });
        QTest::newRow("a head that is too long") << Damage([](KeychainParts &p) { p.head.append('x'); });
    }
    void refusesDamage()
    {
        QFETCH(std::function<void(KeychainParts &)>, damage);
        auto parts = splitForKeychain(valueOf(6200), 'a');
        damage(parts);
        const auto entry = parseKeychainHead(QStringLiteral("k"), parts.head);
        const Error error = entry ? joinFromKeychain(QStringLiteral("k"), *entry, parts.rest).error() : entry.error();
        QCOMPARE(error.id, QStringLiteral("MF-SECRETS-DAMAGED"));
        QCOMPARE(error.kind, Error::Kind::Corrupt);
    }
};

QTEST_GUILESS_MAIN(TestKeychainEntry)
#include "test_keychain_entry.moc"
