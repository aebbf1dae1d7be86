// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/base/result.h"

#include <vector>

namespace mf {

// A piece of a file as manifests tell it: by content, never by place.
//
// Bytes: 0 | hash 32 | varint plain length    a chunk
//        1 | varint length | bytes            a literal, at most 64 bytes
//        2 | varint length                    zeros
struct ContentPiece {
    enum class Kind : std::uint8_t { Chunk = 0, Literal = 1, Zeros = 2 };
    Kind kind = Kind::Chunk;
    ChunkHash hash;
    qint64 length = 0; // plain bytes, of every kind
    QByteArray literal; // of a literal
};
constexpr qint64 kLongestLiteral = 64;
constexpr int kMostInlinePieces = 64; // per file, in the manifest; a longer list goes into leaves

void appendPiece(QByteArray &out, const ContentPiece &piece);
// Corrupt "MF-OBJECT-CORRUPT"; lengths positive and their sum below 2^62.
Result<std::vector<ContentPiece>> parsePieces(ByteView bytes);

// Cuts a file's list of pieces into leaves, where the content says so, so that a new
// revision of a model writes only the leaves that changed: after a chunk whose hash begins
// with 12 zero bits (4,096 pieces on average), at latest after 16,384 pieces. None ends as long
// as its pieces would go inline, so a short file has no leaf, whatever its hashes.
class LeafBuilder
{
public:
    // True if the piece ends a leaf: take() it now.
    bool add(const ContentPiece &piece);
    bool isEmpty() const { return m_pieces == 0; }
    int pieces() const { return m_pieces; }
    QByteArray take();

private:
    QByteArray m_bytes;
    int m_pieces = 0;
};

} // namespace mf
