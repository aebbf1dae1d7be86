// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/compression_sample.h"

#include "core/distributor/source_format.h"
#include "core/packing/codec.h"

#include <QFile>

#include <algorithm>

namespace mf {
namespace {

constexpr qint64 kPiece = 1 << 20;

// The piece of the file around that place: it does not cross the border of a region, and begins at a block of it.
Cut pieceAt(const SetFile &file, qint64 place)
{
    qint64 from = 0; // of what no region covers
    for (const TensorRegion &region : file.model.regions) {
        if (place < region.offset)
            return Cut(from, static_cast<int>(std::min(kPiece, region.offset - from)), ElementKind::Bytes);
        from = region.offset + region.length;
        if (place >= from)
            continue;
        const qint64 block = std::clamp<qint64>(region.block, 1, kPiece);
        const qint64 whole = kPiece / block * block;
        const qint64 last = std::max<qint64>(0, (region.length - whole) / block);
        const qint64 start = region.offset + std::min((place - region.offset) / block, last) * block;
        return Cut(start, static_cast<int>(std::min(whole, from - start)), elementKindOf(region.element));
    }
    const qint64 start = std::max(from, std::min(place, file.size - kPiece));
    return Cut(start, static_cast<int>(std::min(kPiece, file.size - start)), ElementKind::Bytes);
}

} // namespace

qint64 compressedSize(const ModelScan &scan, const std::vector<std::size_t> &files, int samples)
{
    qint64 total = 0;
    for (const std::size_t file : files)
        total += scan.files[file].size;
    ChunkCodec codec;
    qint64 plain = 0;
    qint64 encoded = 0;
    qint64 before = 0; // bytes of the files before this one
    int sample = 0;
    for (const std::size_t index : files) {
        const SetFile &file = scan.files[index];
        std::shared_ptr<SourceFile> source;
        for (; sample < samples; ++sample) {
            // The middle of its part of the whole.
            const qint64 place = total / (2 * samples) * (2 * sample + 1);
            if (place >= before + file.size)
                break;
            if (!source) {
                auto opened = SourceFile::open(QFile::encodeName(scan.paths.at(static_cast<qsizetype>(index))));
                if (!opened || (*opened)->size() != file.size)
                    continue;
                source = std::move(*opened);
            }
            const Cut cut = pieceAt(file, place - before);
            const auto bytes = source->read(cut.offset, cut.length);
            if (!bytes || bytes->isEmpty())
                continue;
            const auto done = codec.encode(*bytes, cut.element, false);
            if (!done)
                continue;
            plain += bytes->size();
            encoded += done->bytes.size();
        }
        before += file.size;
    }
    if (plain == 0)
        return total;
    const double part = static_cast<double>(encoded) / static_cast<double>(plain);
    return std::min(total, static_cast<qint64>(part * static_cast<double>(total)));
}

} // namespace mf
