// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/objects/leaf.h"

#include "core/base/varint.h"

#include <utility>

namespace mf {
namespace {

constexpr int kMostPieces = 16'384;

bool endsLeaf(const ContentPiece &piece)
{
    return piece.kind == ContentPiece::Kind::Chunk && piece.hash.bytes[0] == 0 && (piece.hash.bytes[1] & 0xF0) == 0;
}

Error corrupt()
{
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-OBJECT-CORRUPT"),
        QStringLiteral("a list of chunks in the library cannot be read"));
}

} // namespace

void appendPiece(QByteArray &out, const ContentPiece &piece)
{
    out.append(static_cast<char>(piece.kind));
    if (piece.kind == ContentPiece::Kind::Chunk)
        out.append(piece.hash.toByteArray());
    appendVarint(out, static_cast<quint64>(piece.length));
    if (piece.kind == ContentPiece::Kind::Literal)
        out.append(piece.literal);
}

Result<std::vector<ContentPiece>> parsePieces(ByteView bytes)
{
    constexpr quint64 kLongest = quint64(1) << 62;
    std::vector<ContentPiece> pieces;
    quint64 sum = 0;
    while (!bytes.empty()) {
        ContentPiece piece;
        const std::uint8_t kind = bytes[0];
        bytes = bytes.subspan(1);
        if (kind > 2)
            return corrupt();
        piece.kind = static_cast<ContentPiece::Kind>(kind);
        if (piece.kind == ContentPiece::Kind::Chunk) {
            if (bytes.size() < ChunkHash::size())
                return corrupt();
            piece.hash = ChunkHash(bytes.first(ChunkHash::size()));
            bytes = bytes.subspan(ChunkHash::size());
        }
        const auto length = takeVarint(bytes);
        if (!length || *length == 0 || *length > kLongest - sum)
            return corrupt();
        sum += *length;
        piece.length = static_cast<qint64>(*length);
        if (piece.kind == ContentPiece::Kind::Literal) {
            if (piece.length > kLongestLiteral || bytes.size() < *length)
                return corrupt();
            piece.literal = toByteArray(bytes.first(*length));
            bytes = bytes.subspan(*length);
        }
        pieces.push_back(std::move(piece));
    }
    return pieces;
}

bool LeafBuilder::add(const ContentPiece &piece)
{
    appendPiece(m_bytes, piece);
    ++m_pieces;
    return m_pieces >= kMostPieces || (m_pieces > kMostInlinePieces && endsLeaf(piece));
}

QByteArray LeafBuilder::take()
{
    m_pieces = 0;
    return std::exchange(m_bytes, {});
}

} // namespace mf
