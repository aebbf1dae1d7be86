// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto/key_ring.h"
#include "core/registry/records.h"

namespace mf {

// A part of a sealed record: bytes [begin, end) of the data of fragment `row`.
struct RecordSegment {
    int row = 0;
    qint64 begin = 0;
    qint64 end = 0;
};
// In order; together the whole of it.
std::vector<RecordSegment> segmentsOf(const PackRecord &pack, std::uint32_t record);

// What an account gave of its fragment: its bytes of the ranges of all the record's segments.
struct FragmentParts {
    int row = 0;
    std::vector<QByteArray> parts; // by segment
    FragmentParts(int r, std::vector<QByteArray> p)
        : row(r)
        , parts(std::move(p))
    {
    }
};

struct FoundRecord {
    bool isOpen = false;
    bool isEnough = false; // there are k different fragments
    QByteArray plain;
    QByteArray encoded;
    std::vector<std::size_t> culprits; // sources whose bytes are not what those that it was opened from agree on
    QString why; // it is not open: a sentence without an end
};

// Opens a record from whichever k sources of different fragments give bytes that verify, and compares the others with
// them. Several may be of one fragment (twins): those that say the same count once. Tries as many as rowSubsets gives,
// at most kMostSubsets. Pure and CPU-bound: on the pool.
FoundRecord searchRecord(const KeyRing &ring, const PackRecord &pack, std::uint32_t record,
    const std::vector<RecordSegment> &segments, const std::vector<FragmentParts> &sources);

} // namespace mf
