// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/packing/chunker.h"

#include "core/crypto/hkdf.h"

#include <algorithm>

namespace mf {
namespace {
// Content-defined cuts, normalised as FastCDC does it: rare before kNormal, frequent after
// it, so that most cuts lie near the mean. A position is a cut when the gear hash of the
// 64 bytes before it is below a threshold; a threshold rather than a mask leaves the
// probabilities free. With 1 in 4 Mi from 256 to 832 KiB and 1 in 256 Ki from there the
// mean is 0.99 MiB, and fewer than one cut in 200,000 is one forced at 4 MiB.
constexpr int kSmallest = 256 << 10;
constexpr int kNormal = 832 << 10;
constexpr int kWindow = 64; // the hash shifts by one bit a byte: older bytes have left it
constexpr std::uint64_t kRare = std::uint64_t(1) << (64 - 22);
constexpr std::uint64_t kFrequent = std::uint64_t(1) << (64 - 18);

// bytes: all that the cut may hold. The length of the next cut.
std::size_t findCut(ByteView bytes, const std::array<std::uint64_t, 256> &gear)
{
    const std::size_t size = bytes.size();
    if (size <= kSmallest)
        return size;
    std::uint64_t hash = 0;
    std::size_t at = kSmallest - kWindow;
    for (; at < kSmallest; ++at)
        hash = (hash << 1) + gear[bytes[at]];
    if (hash < kRare)
        return at;
    const std::size_t normal = std::min<std::size_t>(size, kNormal);
    while (at < normal) {
        hash = (hash << 1) + gear[bytes[at++]];
        if (hash < kRare)
            return at;
    }
    while (at < size) {
        hash = (hash << 1) + gear[bytes[at++]];
        if (hash < kFrequent)
            return at;
    }
    return size;
}

// floor(2^20 / block) blocks, at least one; nonsense from a file's header means single bytes.
int pieceOf(const Region &region)
{
    const int block = region.block < 0 || region.block > Chunker::kLargest ? 1 : region.block;
    return std::max(1, Chunker::kTarget / block) * block;
}

// Regions come from the headers of files: what overlaps, runs backwards or lies
// outside is trimmed, so that the cuts always cover the file exactly.
std::vector<Region> trimmed(std::vector<Region> regions, qint64 fileSize)
{
    qint64 end = 0;
    std::vector<Region> kept;
    kept.reserve(regions.size());
    for (Region &region : regions) {
        if (region.offset < end || region.offset >= fileSize || region.length <= 0)
            continue;
        region.length = std::min(region.length, fileSize - region.offset);
        end = region.offset + region.length;
        kept.push_back(region);
    }
    return kept;
}
} // namespace

Chunker::Chunker(qint64 fileSize, std::vector<Region> regions, const SecretKey &gear)
    : m_size(fileSize)
    , m_regions(trimmed(std::move(regions), fileSize))
{
    std::array<std::uint8_t, sizeof m_gear> table {};
    constexpr char info[] = "gear table";
    hkdfSha256(gear.view(), {}, ByteView(reinterpret_cast<const std::uint8_t *>(info), sizeof info - 1), table);
    for (std::size_t i = 0; i < m_gear.size(); ++i)
        m_gear[i] = loadLe<std::uint64_t>(table.data() + 8 * i);
    wipe(table);
}

const Region *Chunker::here() const
{
    const bool isInside = m_region < m_regions.size() && m_regions[m_region].offset <= m_position;
    return isInside ? &m_regions[m_region] : nullptr;
}

int Chunker::wanted() const
{
    const Region *region = here();
    const qint64 next = m_region < m_regions.size() ? m_regions[m_region].offset : m_size;
    const qint64 end = region ? region->offset + region->length : next;
    return static_cast<int>(std::min<qint64>(isFixed() ? pieceOf(*region) : kLargest, end - m_position));
}

Cut Chunker::next(ByteView bytes)
{
    const int most = wanted();
    Q_ASSERT(most > 0 && bytes.size() >= static_cast<std::size_t>(most));
    const Region *region = here();
    const int length
        = isFixed() ? most : static_cast<int>(findCut(bytes.first(static_cast<std::size_t>(most)), m_gear));
    const Cut cut(m_position, length, region ? region->element : ElementKind::Bytes);
    m_position += length;
    if (region && m_position == region->offset + region->length)
        ++m_region;
    return cut;
}

} // namespace mf
