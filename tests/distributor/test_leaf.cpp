// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/objects/leaf.h"

#include <QtTest>

using namespace mf;

namespace {

ContentPiece chunk(std::uint8_t first, std::uint8_t second)
{
    ContentPiece piece;
    piece.hash.bytes.fill(0xFF);
    piece.hash.bytes[0] = first;
    piece.hash.bytes[1] = second;
    piece.length = 1'000;
    return piece;
}

// After how many pieces of this kind the first leaf ends.
int piecesUntilEnd(const ContentPiece &piece)
{
    LeafBuilder builder;
    while (!builder.add(piece)) { }
    return builder.pieces();
}

} // namespace

class TestLeaf : public QObject
{
    Q_OBJECT

private slots:
    void theContentEndsALeaf()
    {
        LeafBuilder builder;
        for (int i = 0; i < 1'000; ++i)
            QVERIFY(!builder.add(chunk(0x00, 0x10)));
        QVERIFY(builder.add(chunk(0x00, 0x0F)));
        QCOMPARE(builder.pieces(), 1'001);
        const auto pieces = parsePieces(viewOf(builder.take()));
        QVERIFY(pieces);
        QCOMPARE(pieces->size(), std::size_t(1'001));
        QVERIFY(builder.isEmpty());
    }

    void noLeafIsSoShortThatItWouldGoInline() { QCOMPARE(piecesUntilEnd(chunk(0, 0)), kMostInlinePieces + 1); }

    void noLeafIsLong() { QCOMPARE(piecesUntilEnd(chunk(0xFF, 0xFF)), 16'384); }

    void onlyChunksEndALeaf()
    {
        ContentPiece zeros;
        zeros.kind = ContentPiece::Kind::Zeros; // and the hash, which it has not, is zeros, too
        zeros.length = 1'000;
        QCOMPARE(piecesUntilEnd(zeros), 16'384);
    }
};

QTEST_GUILESS_MAIN(TestLeaf)
#include "test_leaf.moc"
