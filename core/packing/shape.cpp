// SPDX-License-Identifier: GPL-3.0-or-later
// The sizes of packs and fragments: storage.md section 3.
#include "core/packing/fragment.h"

#include <algorithm>
#include <bit>

namespace mf {
namespace {
constexpr qint64 kMiB = 1 << 20;
constexpr qint64 kLargestFragment = 16 * kMiB;
constexpr qint64 kPackBytes = 64 * kMiB; // of all fragments together
constexpr qint64 kSmallestBlob = 4 << 10;
constexpr qint64 kCrc = 4;

// The next of 16 sizes per power of two.
qint64 paddedBlobSize(qint64 size)
{
    if (size <= kSmallestBlob)
        return kSmallestBlob;
    const qint64 step = qint64(1) << (std::bit_width(static_cast<quint64>(size)) - 5);
    return (size + step - 1) / step * step;
}
} // namespace

qint64 fragmentTrailerSize(qint64 dataLength) { return (dataLength + kCrcBlock - 1) / kCrcBlock * kCrc; }

qint64 fragmentSize(qint64 dataLength) { return kFragmentHeaderSize + dataLength + fragmentTrailerSize(dataLength); }

qint64 fragmentDataCapacity(qint64 blobSize)
{
    const qint64 room = std::max<qint64>(0, blobSize - kFragmentHeaderSize);
    const qint64 whole = room / (kCrcBlock + kCrc);
    const qint64 rest = room % (kCrcBlock + kCrc);
    return whole * kCrcBlock + std::max<qint64>(0, rest - kCrc);
}

PackShape fullShape(int k, int m)
{
    qint64 blob = kLargestFragment;
    while (blob > kMiB && blob * (k + m) > kPackBytes)
        blob /= 2;
    return PackShape(k, k + m, fragmentDataCapacity(blob));
}

PackShape shapeFor(qint64 payloadLength, int k, int m)
{
    const bool isSmall = payloadLength < k * kMiB && payloadLength * (m + 1) <= kPackBytes;
    const int parts = isSmall ? 1 : k;
    const qint64 share = (payloadLength + parts - 1) / parts;
    const qint64 blob = paddedBlobSize(fragmentSize(share));
    return PackShape(parts, parts + m, fragmentDataCapacity(blob));
}

} // namespace mf
