// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/provider.h"

#include <QSet>

namespace mf {

Task<Result<std::vector<BlobInfo>>> listAll(Provider &provider, QString prefix)
{
    std::vector<BlobInfo> blobs;
    QSet<QString> names;
    QSet<QString> cursors;
    QString cursor;
    do {
        auto listing = provider.list(prefix, cursor);
        auto page = co_await listing;
        if (!page)
            co_return page.error();
        for (BlobInfo &blob : page->blobs) {
            const qsizetype before = names.size();
            names.insert(blob.name.value);
            if (names.size() > before)
                blobs.push_back(std::move(blob));
        }
        cursor = page->next;
        if (cursors.contains(cursor) || cursors.size() >= kMostPages)
            co_return Error(Error::Kind::Internal, QStringLiteral("MF-LIST-ENDLESS"),
                QStringLiteral("the account's listing does not come to an end"));
        cursors.insert(cursor);
    } while (!cursor.isEmpty());
    co_return blobs;
}

} // namespace mf
