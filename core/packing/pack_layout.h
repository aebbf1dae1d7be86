// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/packing/pack.h"

namespace mf {

// Far above what is made; so much may be asked of memory because somebody says that a pack is so large.
constexpr qint64 kLargestFragmentData = qint64(64) << 20; // bytes of one fragment
constexpr qint64 kLargestCapacity = qint64(512) << 20; // of the k data fragments together
constexpr int kMostFragments = 255; // rows of the erasure matrix

// Whether what is said of a pack fits together: its row may be what another computer wrote, and nothing that is read
// by it may lie outside of it. payloadLength: without padding. Corrupt "MF-PACK-CORRUPT" otherwise, with what does not.
Result<> checkPackLayout(const PackShape &shape, qint64 payloadLength, std::span<const Record> records);

} // namespace mf
