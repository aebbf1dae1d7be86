// SPDX-License-Identifier: GPL-3.0-or-later
// A message and its pieces, both ways of hashing them, against OpenSSL.
#include "core/crypto/secret.h"
#include "core/crypto/sha256_pieces.h"
#include "tests/crypto/message_mixes.h"

#include <QtTest>

using namespace mf;

class TestSha256Pieces : public QObject
{
    Q_OBJECT
    std::vector<std::uint8_t> m_bytes = std::vector<std::uint8_t>(19 << 20);

    // One after the other, from an odd place on.
    std::vector<ByteView> cut(const Lengths &lengths) const
    {
        std::vector<ByteView> pieces;
        std::size_t at = 1;
        for (const std::size_t length : lengths) {
            pieces.push_back(ByteView(m_bytes).subspan(at, length));
            at += length;
        }
        return pieces;
    }
    static Sha256 digestOf(const std::vector<ByteView> &pieces)
    {
        Sha256Stream stream;
        for (const ByteView piece : pieces)
            stream.update(piece);
        return stream.finish();
    }

private slots:
    void initTestCase() { fillRandom(m_bytes); }

    void bothWaysAgreeWithOpenSsl_data()
    {
        QTest::addColumn<bool>("together");
        QTest::addColumn<Lengths>("lengths");
        for (const bool together : { false, true })
            for (const Mix &mix : mixes())
                QTest::newRow(qPrintable((together ? u"together: "_qs : u"apart: "_qs) + mix.name))
                    << together << mix.lengths;
    }
    void bothWaysAgreeWithOpenSsl()
    {
        QFETCH(bool, together);
        QFETCH(Lengths, lengths);
        const std::vector<ByteView> pieces = cut(lengths);
        std::vector<Sha256> digests(pieces.size());
        Sha256Pieces message(together);
        message.add(pieces, digests);
        for (std::size_t i = 0; i < pieces.size(); ++i)
            QVERIFY2(digests[i] == sha256(pieces[i]), qPrintable(u"piece %1 of %2"_qs.arg(i).arg(pieces.size())));
        QCOMPARE(message.finish(), digestOf(pieces));
    }

    // What one call leaves of a block goes on in the next; digests are wanted or not.
    void manyCallsAreOneMessage_data()
    {
        QTest::addColumn<bool>("together");
        QTest::addColumn<int>("atOnce");
        for (const bool together : { false, true })
            for (const int atOnce : { 1, 3, 8, 9 })
                QTest::addRow("%s, %d pieces a call", together ? "together" : "apart", atOnce) << together << atOnce;
    }
    void manyCallsAreOneMessage()
    {
        QFETCH(bool, together);
        QFETCH(int, atOnce);
        for (const Mix &mix : mixes()) {
            const std::vector<ByteView> pieces = cut(mix.lengths);
            Sha256Pieces first(together);
            first.add({}, {});
            Sha256Pieces message(std::move(first));
            std::span<const ByteView> rest = pieces;
            for (bool wanted = true; !rest.empty(); wanted = !wanted) {
                const auto some = rest.first(std::min(rest.size(), static_cast<std::size_t>(atOnce)));
                std::vector<Sha256> digests(wanted ? some.size() : 0);
                message.add(some, digests);
                for (std::size_t i = 0; i < digests.size(); ++i)
                    QVERIFY2(digests[i] == sha256(some[i]), qPrintable(mix.name));
                rest = rest.subspan(some.size());
            }
            QVERIFY2(message.finish() == digestOf(pieces), qPrintable(mix.name));
        }
    }
};

QTEST_GUILESS_MAIN(TestSha256Pieces)
#include "test_sha256_pieces.moc"
