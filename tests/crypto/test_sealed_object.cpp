// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/sealed_object.h"

#include <QtTest>

#include <numeric>

using namespace mf;

class TestSealedObject : public QObject
{
    Q_OBJECT
    template <std::size_t N> static std::array<std::uint8_t, N> counting(std::uint8_t from)
    {
        std::array<std::uint8_t, N> bytes;
        std::iota(bytes.begin(), bytes.end(), from);
        return bytes;
    }
    static bool isRefused(const Result<QByteArray> &result)
    {
        return !result && result.error().kind == Error::Kind::Corrupt && result.error().id == u"MF-OBJECT-CORRUPT"_qs
            && !result.error().message.isEmpty();
    }
    const LibraryId m_library { counting<16>(0xa0) };
    const SecretKey m_first = KeyRing::masterOf(SecretKey(counting<32>(0)), m_library);
    const SecretKey m_second = KeyRing::masterOf(SecretKey(counting<32>(32)), m_library);
    const KeyRing m_ring { m_library, m_first };
private slots:
    void whatIsSealedOpens_data()
    {
        QTest::addColumn<int>("size");
        for (const int size : { 0, 1, 15, 16, 17, 1000, 1 << 20 })
            QTest::addRow("%d bytes", size) << size;
    }
    void whatIsSealedOpens()
    {
        QFETCH(int, size);
        QByteArray plain(size, '\0');
        fillRandom(mutableViewOf(plain));
        const QByteArray sealed = sealObject(m_ring, "manifest", m_library.view(), viewOf(plain));
        QCOMPARE(sealed.size(), plain.size() + kSealedOverhead);
        const auto opened = openObject(m_ring, "manifest", m_library.view(), viewOf(sealed));
        QVERIFY(opened);
        QCOMPARE(*opened, plain);
    }

    // Made by Python's hashlib and hmac and the package cryptography: format version 1.
    void anObjectMadeElsewhereOpens()
    {
        const QByteArray sealed = QByteArray::fromHex(
            "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f"
            "fe468f1ff2fff9cad80abd616c0fae63ac4823b31a766b8eaecadefc50118f0a"
            "5359b139c17e24de6cc66d06952315988ae8f4ab2f1eb3d98f3f08c73bb52e60803cedd76ef7be7901ee1f");
        const auto opened = openObject(m_ring, "manifest", m_library.view(), viewOf(sealed));
        QVERIFY(opened);
        QCOMPARE(*opened, QByteArray("what a revision consists of"));
    }

    void noTwoSealingsAreAlike()
    {
        const QByteArray plain(100, 'p');
        const QByteArray a = sealObject(m_ring, "index", m_library.view(), viewOf(plain));
        const QByteArray b = sealObject(m_ring, "index", m_library.view(), viewOf(plain));
        QVERIFY(a.first(32) != b.first(32));
        QVERIFY(a.sliced(32, 32) != b.sliced(32, 32));
        QVERIFY(a.sliced(64) != b.sliced(64));
        QVERIFY(!a.contains("pppp"));
    }

    void everyFlippedByteIsCorrupt()
    {
        const QByteArray plain("twenty bytes of text");
        const QByteArray sealed = sealObject(m_ring, "segment", m_library.view(), viewOf(plain));
        for (qsizetype i = 0; i < sealed.size(); ++i) {
            for (const int bit : { 0x01, 0x80 }) {
                QByteArray damaged = sealed;
                damaged[i] = static_cast<char>(damaged[i] ^ bit);
                QVERIFY(isRefused(openObject(m_ring, "segment", m_library.view(), viewOf(damaged))));
            }
        }
    }

    void everyTruncationIsCorrupt()
    {
        const QByteArray plain("twenty bytes of text");
        const QByteArray sealed = sealObject(m_ring, "segment", m_library.view(), viewOf(plain));
        for (std::size_t size = 0; size < std::size_t(sealed.size()); ++size)
            QVERIFY(isRefused(openObject(m_ring, "segment", m_library.view(), viewOf(sealed).first(size))));
        const QByteArray longer = sealed + '\0';
        QVERIFY(isRefused(openObject(m_ring, "segment", m_library.view(), viewOf(longer))));
    }

    void theWrongContextIsCorrupt()
    {
        const QByteArray plain("plain");
        const QByteArray sealed = sealObject(m_ring, "marker", m_library.view(), viewOf(plain));
        QVERIFY(isRefused(openObject(m_ring, "library", m_library.view(), viewOf(sealed))));
        const LibraryId other(counting<16>(0xa1));
        QVERIFY(isRefused(openObject(m_ring, "marker", other.view(), viewOf(sealed))));
        QVERIFY(isRefused(openObject(m_ring, "marker", {}, viewOf(sealed))));

        const KeyRing stranger(other, KeyRing::masterOf(SecretKey(counting<32>(0)), other));
        QVERIFY(isRefused(openObject(stranger, "marker", m_library.view(), viewOf(sealed))));
        QCOMPARE(openObject(stranger, "marker", m_library.view(), viewOf(sealed)).error().parameters.value(u"type"_qs),
            u"marker"_qs);
    }

    void objectsOfOlderEpochsStillOpen()
    {
        const QByteArray plain("of the first epoch");
        const QByteArray old = sealObject(m_ring, "manifest", m_library.view(), viewOf(plain));
        KeyRing rotated = m_ring;
        rotated.add(m_second);
        const QByteArray young = sealObject(rotated, "manifest", m_library.view(), viewOf(plain));

        const auto both = { old, young };
        for (const QByteArray &sealed : both) {
            const auto opened = openObject(rotated, "manifest", m_library.view(), viewOf(sealed));
            QVERIFY(opened);
            QCOMPARE(*opened, plain);
        }
        // Sealed under the newest: who lacks that epoch cannot read it.
        QVERIFY(isRefused(openObject(m_ring, "manifest", m_library.view(), viewOf(young))));
    }
};

QTEST_GUILESS_MAIN(TestSealedObject)
#include "test_sealed_object.moc"
