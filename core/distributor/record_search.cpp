// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/record_search.h"

#include "core/crypto/aead.h"
#include "core/distributor/row_subsets.h"
#include "core/packing/erasure.h"

#include <algorithm>
#include <set>

namespace mf {
namespace {

class Search
{
public:
    Search(int k, const std::vector<RecordSegment> &segments, const std::vector<FragmentParts> &sources)
        : m_k(k)
        , m_segments(segments)
        , m_sources(sources)
    {
        for (std::size_t i = 0; i < sources.size(); ++i) {
            const bool isKnown = std::any_of(m_candidates.begin(), m_candidates.end(), [&](std::size_t other) {
                return sources[other].row == sources[i].row && sources[other].parts == sources[i].parts;
            });
            if (!isKnown)
                m_candidates.push_back(i);
        }
    }

    bool isEnough() const
    {
        std::set<int> rows;
        for (const std::size_t i : m_candidates)
            rows.insert(m_sources[i].row);
        return std::ssize(rows) >= m_k;
    }

    // Combinations of candidates to try.
    RowSubsets subsets() const
    {
        std::vector<int> rows;
        for (const std::size_t i : m_candidates)
            rows.push_back(m_sources[i].row);
        return rowSubsets(rows, m_k);
    }

    // The sealed record, computed from these candidates alone.
    QByteArray sealedFrom(const std::vector<std::size_t> &subset) const
    {
        QByteArray sealed;
        for (std::size_t segment = 0; segment < m_segments.size(); ++segment)
            sealed += partFrom(subset, segment, m_segments[segment].row);
        return sealed;
    }

    // Sources that say something else than these candidates do.
    std::vector<std::size_t> differingFrom(const std::vector<std::size_t> &subset) const
    {
        std::vector<std::size_t> differing;
        for (std::size_t i = 0; i < m_sources.size(); ++i) {
            for (std::size_t segment = 0; segment < m_segments.size(); ++segment) {
                if (partFrom(subset, segment, m_sources[i].row) == m_sources[i].parts[segment])
                    continue;
                differing.push_back(i);
                break;
            }
        }
        return differing;
    }

private:
    // A fragment's bytes of the segment's range.
    QByteArray partFrom(const std::vector<std::size_t> &subset, std::size_t segment, int row) const
    {
        std::vector<ErasureRow> rows;
        rows.reserve(subset.size());
        for (const std::size_t candidate : subset) {
            const FragmentParts &source = m_sources[m_candidates[candidate]];
            if (source.row == row)
                return source.parts[segment];
            rows.emplace_back(source.row, viewOf(source.parts[segment]));
        }
        QByteArray bytes(m_segments[segment].end - m_segments[segment].begin, Qt::Uninitialized);
        const bool done = rebuildRow(m_k, rows, row, mutableViewOf(bytes));
        Q_ASSERT(done);
        Q_UNUSED(done)
        return bytes;
    }

    int m_k;
    const std::vector<RecordSegment> &m_segments;
    const std::vector<FragmentParts> &m_sources;
    std::vector<std::size_t> m_candidates; // sources, without those that say the same as one before
};

} // namespace

std::vector<RecordSegment> segmentsOf(const PackRecord &pack, std::uint32_t record)
{
    const qint64 length = pack.shape.dataLength;
    std::vector<RecordSegment> segments;
    qint64 at = recordOffset(pack.records, record);
    const qint64 end = at + pack.records[record].encodedLength + qint64(Aead::kTag);
    while (at < end) {
        RecordSegment segment;
        segment.row = static_cast<int>(at / length);
        segment.begin = at % length;
        segment.end = std::min(segment.begin + (end - at), length);
        at += segment.end - segment.begin;
        segments.push_back(segment);
    }
    return segments;
}

FoundRecord searchRecord(const KeyRing &ring, const PackRecord &pack, std::uint32_t record,
    const std::vector<RecordSegment> &segments, const std::vector<FragmentParts> &sources)
{
    FoundRecord found;
    const Search search(pack.shape.k, segments, sources);
    found.isEnough = search.isEnough();
    if (!found.isEnough)
        return found;
    PackOpener opener(ring, pack.id, pack.salt, pack.commitment);
    found.why = QStringLiteral("its key data fits no key of this library");
    if (!opener.isValid())
        return found;
    const Record &description = pack.records[record];
    QByteArray plain(description.plainLength, Qt::Uninitialized);
    const RowSubsets tried = search.subsets();
    for (const std::vector<std::size_t> &subset : tried.subsets) {
        const QByteArray bytes = search.sealedFrom(subset);
        const ByteView sealed = viewOf(bytes);
        if (!opener.openRecord(record, description, sealed, mutableViewOf(plain)))
            continue;
        auto encoded = opener.decryptRecord(record, description, std::span(&sealed, 1));
        if (!encoded)
            continue;
        found.isOpen = true;
        found.plain = std::move(plain);
        found.encoded = std::move(*encoded);
        found.culprits = search.differingFrom(subset);
        return found;
    }
    found.why = tried.noneVerifies();
    return found;
}

} // namespace mf
