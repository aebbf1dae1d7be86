// SPDX-License-Identifier: GPL-3.0-or-later
// The derivations are on-disk format version 1. The expected values were computed apart from this
// code, with Python's hashlib and hmac and checked against the package cryptography. If one of these
// fails, the code is wrong: libraries that exist could not be opened any more.
#include "core/crypto/key_ring.h"

#include <QtTest>

#include <numeric>

using namespace mf;

class TestKeyRing : public QObject
{
    Q_OBJECT
    template <std::size_t N> static std::array<std::uint8_t, N> counting(std::uint8_t from)
    {
        std::array<std::uint8_t, N> bytes;
        std::iota(bytes.begin(), bytes.end(), from);
        return bytes;
    }
    const LibraryId m_library { counting<16>(0xa0) };
    const SecretKey m_recovery { counting<32>(0) };
    const SecretKey m_first = KeyRing::masterOf(m_recovery, m_library);
    const SecretKey m_second = KeyRing::masterOf(SecretKey(counting<32>(32)), m_library);
private slots:
    void masterAndEpochAreStable()
    {
        QCOMPARE(toHex(m_first.view()), u"aa9a2842a064baca42724520a3a9a9643781c3bccb8ff338ef42f8ef8faba5f2"_qs);
        QCOMPARE(KeyRing::epochIdOf(m_first).toHex(), u"d8ee834edcad87f6"_qs);
        QCOMPARE(toHex(m_second.view()), u"871e8b94d47de90978bd1445c0eb009840ed71bfc2d71dfe94dbba71c4c84228"_qs);
        QCOMPARE(KeyRing::epochIdOf(m_second).toHex(), u"11eaee0aa77fffbd"_qs);
    }

    void theLibraryIsPartOfTheMaster()
    {
        QVERIFY(!(KeyRing::masterOf(m_recovery, LibraryId(counting<16>(0xa1))) == m_first));
    }

    void keysOfTheLibraryAreStable()
    {
        const KeyRing ring(m_library, m_first);
        QCOMPARE(ring.library(), m_library);
        QCOMPARE(
            toHex(ring.namingKey().view()), u"efc3ced7bef827d872eb0c620d26c038a6c090b1080c043eb37c6343b36317db"_qs);
        QCOMPARE(toHex(ring.gearKey().view()), u"3898bcc7d9070d85e46f500cf4771e230812768911904a9df34a6fe942f191b8"_qs);
        QCOMPARE(toHex(KeyRing::headerKey(m_first).view()),
            u"0434d981aae8100c6beb5b5b4a6fc657ccd85e2d78b72f9aad62932d0fc5c98b"_qs);
    }

    void derivedKeysAreStable()
    {
        const DerivedKey derived = KeyRing::derive(m_first, counting<32>(0x40), "manifest", m_library.view());
        QCOMPARE(toHex(derived.key.view()), u"1181ade556bf47bb2178d378cd83207069e108f74bceea155207103e10c082fc"_qs);
        QCOMPARE(derived.commitment.toHex(), u"fe468f1ff2fff9cad80abd616c0fae63ac4823b31a766b8eaecadefc50118f0a"_qs);
    }

    void namesAreStable()
    {
        const KeyRing ring(m_library, m_first);
        const QByteArray content = QByteArray::fromHex("ff0001");
        QCOMPARE(ring.nameOf("fragment", viewOf(content)), u"52df7bxc6f3zbxrmumlghjir4zfmpq7yefvlxxs3g4kgsly5br3a"_qs);
    }

    void namesDependOnPurposeAndContent()
    {
        const KeyRing ring(m_library, m_first);
        const QByteArray content("b");
        const QString name = ring.nameOf("a", viewOf(content));
        QCOMPARE(name.size(), 52);
        QVERIFY(isValidBlobName(BlobName(name)));
        QVERIFY(name != ring.nameOf("a", viewOf(QByteArray("c"))));
        QVERIFY(name != ring.nameOf("b", viewOf(content)));
        // The zero between keeps purpose and content apart.
        QVERIFY(ring.nameOf("ab", viewOf(QByteArray("c"))) != ring.nameOf("a", viewOf(QByteArray("bc"))));
    }

    void epochsAreKeptInOrderAndOnce()
    {
        KeyRing ring(m_library, m_first);
        QCOMPARE(ring.newest().id, KeyRing::epochIdOf(m_first));
        ring.add(m_second);
        ring.add(m_first);
        ring.add(m_second);
        QCOMPARE(ring.epochs().size(), std::size_t(2));
        QCOMPARE(ring.epochs().front().master, m_first);
        QCOMPARE(ring.newest().master, m_second);
        QCOMPARE(ring.newest().id, KeyRing::epochIdOf(m_second));

        const KeyRing::Epoch *const found = ring.find(KeyRing::epochIdOf(m_first));
        QVERIFY(found);
        QCOMPARE(found->master, m_first);
        QVERIFY(!ring.find(EpochId()));
    }

    // Names and cuts must not move when the kit is renewed.
    void rotationChangesNeitherNamesNorGear()
    {
        const KeyRing before(m_library, m_first);
        KeyRing after = before;
        after.add(m_second);
        QCOMPARE(after.namingKey(), before.namingKey());
        QCOMPARE(after.gearKey(), before.gearKey());
        QCOMPARE(after.nameOf("fragment", {}), before.nameOf("fragment", {}));
    }
};

QTEST_GUILESS_MAIN(TestKeyRing)
#include "test_key_ring.moc"
