// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/ranged_answer.h"

#include "core/providers/provider_errors.h"

namespace mf {

bool isPossible(Range range)
{
    return range.offset >= 0 && range.offset <= HttpRequest::kLargestBody && range.length <= HttpRequest::kLargestBody;
}

QByteArray rangeHeader(Range range)
{
    Q_ASSERT(range.length != 0);
    if (range.offset == 0 && range.length < 0)
        return {};
    QByteArray bytes = "bytes=" + QByteArray::number(range.offset) + '-';
    if (range.length > 0)
        bytes += QByteArray::number(range.offset + range.length - 1);
    return bytes;
}

Result<QByteArray> bytesOf(const HttpAnswer &answer, Range range)
{
    QByteArray bytes = answer.body;
    constexpr int whole = 200;
    if (answer.status == whole) {
        if (range.offset > bytes.size())
            return badBlobRange();
        bytes = bytes.mid(range.offset, range.length);
    }
    if (range.length >= 0 && bytes.size() != range.length)
        return badBlobRange();
    return bytes;
}

} // namespace mf
