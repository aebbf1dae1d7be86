// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <map>
#include <vector>

namespace mf {

// What was read of a pack's payload: slices of its data rows, where they lie. Offsets count payload bytes. Not
// thread-safe while slices are added.
class PayloadSlices
{
public:
    // Slices do not overlap.
    void add(qint64 begin, QByteArray bytes) { m_slices.emplace(begin, std::move(bytes)); }
    // The parts in which these bytes lie, in their order. Precondition: all of them were added.
    std::vector<ByteView> parts(qint64 begin, qint64 size) const;

private:
    std::map<qint64, QByteArray> m_slices; // by where they begin
};

} // namespace mf
