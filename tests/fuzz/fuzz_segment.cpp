// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes are a log segment or an Error; what is taken for one is written and read back the same.
#include "core/distributor/objects/segment.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace mf;
    const auto segment = decodeSegment(ByteView(data, size));
    if (segment) {
        const QByteArray written = encodeSegment(*segment);
        const auto again = decodeSegment(viewOf(written));
        if (!again || again->parents != segment->parents || encodeSegment(*again) != written)
            std::abort();
        // Events of any shape are read or skipped.
        registryRecord(ObjectHash(), BlobName(QStringLiteral("log/x")), *segment, QDateTime());
    }
    return 0;
}
