// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/payload_slices.h"

#include <algorithm>

namespace mf {

std::vector<ByteView> PayloadSlices::parts(qint64 begin, qint64 size) const
{
    std::vector<ByteView> parts;
    for (auto slice = --m_slices.upper_bound(begin); size > 0; ++slice) {
        const ByteView bytes = viewOf(slice->second).subspan(static_cast<std::size_t>(begin - slice->first));
        const qint64 part = std::min(size, static_cast<qint64>(bytes.size()));
        Q_ASSERT(part > 0);
        parts.push_back(bytes.first(static_cast<std::size_t>(part)));
        begin += part;
        size -= part;
    }
    return parts;
}

} // namespace mf
