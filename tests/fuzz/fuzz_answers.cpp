// SPDX-License-Identifier: GPL-3.0-or-later
// What servers answer, in any bytes: WebDAV's lists, S3's lists and errors, times in headers. The first byte says in
// how large pieces a list arrives, which must not matter.
#include "core/http/message.h"
#include "core/providers/s3/s3_answers.h"
#include "core/providers/webdav/multistatus.h"

#include <algorithm>
#include <cstdlib>

using namespace mf;

namespace {

Result<std::vector<webdav::Resource>> inPieces(const QByteArray &bytes, qsizetype piece)
{
    webdav::MultistatusReader reader;
    for (qsizetype at = 0; at < bytes.size(); at += piece) {
        if (const auto added = reader.add(viewOf(bytes.mid(at, piece))); !added)
            return added.error();
    }
    return reader.finish();
}

bool isSame(const webdav::Resource &a, const webdav::Resource &b)
{
    return a.path == b.path && a.isCollection == b.isCollection && a.size == b.size && a.modified == b.modified
        && a.quotaUsed == b.quotaUsed && a.quotaAvailable == b.quotaAvailable;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const QByteArray bytes = toByteArray({ data + 1, size - 1 });
    const auto whole = inPieces(bytes, std::max<qsizetype>(bytes.size(), 1));
    const auto pieces = inPieces(bytes, data[0] + 1);
    if (whole && (!pieces || !std::equal(whole->begin(), whole->end(), pieces->begin(), pieces->end(), isSame)))
        std::abort();

    if (const auto page = s3::readKeyPage(bytes)) {
        for (const auto &listed : page->keys) {
            if (listed.size < -1)
                std::abort();
        }
    }
    (void)s3::readBuckets(bytes);
    const auto fault = s3::readFault(bytes);
    if (!fault.region.isEmpty() && !s3::isRegion(fault.region))
        std::abort();
    const QDateTime time = httpTime(bytes);
    if (time.isValid() && time.timeSpec() != Qt::UTC)
        std::abort();
    return 0;
}
