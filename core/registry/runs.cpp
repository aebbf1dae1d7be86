// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/runs.h"

#include "core/registry/blob.h"
#include "core/registry/chunk_index.h"

namespace mf {

namespace {

enum RunKind : quint64 { ChunkRun = 0, LiteralRun = 1, ZeroRun = 2 };
constexpr unsigned kKindBits = 2;
constexpr PackRow kLargestPack = (PackRow(1) << 47) - 1; // a place is pack << 16 | record

bool isValid(const Piece &piece)
{
    switch (piece.kind) {
    case Piece::Kind::Chunk:
        return piece.place.pack > 0 && piece.place.pack <= kLargestPack
            && piece.place.record < ChunkIndex::kMostRecords;
    case Piece::Kind::Literal:
        return piece.literal.size() <= kLongestLiteral;
    case Piece::Kind::Zeros:
        return piece.zeros >= 0 && piece.zeros < qint64(1) << 60;
    }
    return false;
}

// How many pieces from `first` on lie in one pack one after the other.
std::size_t runLength(const std::vector<Piece> &pieces, std::size_t first)
{
    const ChunkPlace start = pieces[first].place;
    std::size_t count = 1;
    while (first + count < pieces.size()) {
        const Piece &next = pieces[first + count];
        if (next.kind != Piece::Kind::Chunk || next.place.pack != start.pack
            || next.place.record != start.record + count)
            break;
        ++count;
    }
    return count;
}

} // namespace

Result<QByteArray> packRuns(const std::vector<Piece> &pieces)
{
    if (pieces.size() > kMostPieces || !std::ranges::all_of(pieces, isValid)) {
        return Error(Error::Kind::Invalid, QStringLiteral("MF-LIST-INVALID"),
            QStringLiteral("The registry cannot keep a part of a file: its pieces are too many or too long"));
    }
    BlobWriter writer;
    PackRow before = 0;
    for (std::size_t i = 0; i < pieces.size();) {
        const Piece &piece = pieces[i];
        std::size_t taken = 1;
        switch (piece.kind) {
        case Piece::Kind::Chunk:
            taken = runLength(pieces, i);
            writer.varint(quint64(taken) << kKindBits | ChunkRun);
            writer.zigzag(piece.place.pack - before);
            writer.varint(piece.place.record);
            before = piece.place.pack;
            break;
        case Piece::Kind::Literal:
            writer.varint(static_cast<quint64>(piece.literal.size()) << kKindBits | LiteralRun);
            writer.raw(piece.literal);
            break;
        case Piece::Kind::Zeros:
            writer.varint(static_cast<quint64>(piece.zeros) << kKindBits | ZeroRun);
            break;
        }
        i += taken;
    }
    return writer.take();
}

std::optional<std::vector<Piece>> unpackRuns(const QByteArray &bytes)
{
    std::vector<Piece> pieces;
    BlobReader reader(bytes);
    PackRow pack = 0;
    while (!reader.atEnd()) {
        const quint64 lead = reader.varint();
        const quint64 value = lead >> kKindBits;
        switch (lead & ((1U << kKindBits) - 1)) {
        case ChunkRun: {
            const qint64 step = reader.zigzag();
            const quint64 first = reader.varint();
            if (step < -kLargestPack || step > kLargestPack || first >= ChunkIndex::kMostRecords || value < 1
                || value > ChunkIndex::kMostRecords - first || pieces.size() + value > kMostPieces)
                return std::nullopt;
            pack += step;
            if (pack <= 0 || pack > kLargestPack)
                return std::nullopt;
            for (quint64 i = 0; i < value; ++i)
                pieces.push_back(Piece::chunk(ChunkPlace(pack, static_cast<std::uint32_t>(first + i))));
            break;
        }
        case LiteralRun:
            if (value > static_cast<quint64>(kLongestLiteral))
                return std::nullopt;
            pieces.push_back(Piece::ofLiteral(reader.raw(value)));
            break;
        case ZeroRun:
            if (value >= quint64(1) << 60)
                return std::nullopt;
            pieces.push_back(Piece::ofZeros(static_cast<qint64>(value)));
            break;
        default:
            return std::nullopt;
        }
        if (pieces.size() > kMostPieces)
            return std::nullopt;
    }
    if (reader.failed())
        return std::nullopt;
    return pieces;
}

} // namespace mf
