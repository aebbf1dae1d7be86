// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/verified.h"

#include "core/providers/provider_errors.h"

namespace mf {
namespace {

Error badRange(const BlobName &name)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-BLOB-RANGE"),
        QStringLiteral("no such bytes can be in %1").arg(name.value));
}

Error notKept(const BlobName &name)
{
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-BLOB-READBACK"),
        QStringLiteral("the account did not keep %1 as it was sent").arg(name.value))
        .with(QStringLiteral("blob"), name.value);
}

Error wrongLength(const BlobName &name, qint64 wanted, qint64 got)
{
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-BLOB-LENGTH"),
        QStringLiteral("the account delivered %1 bytes of %2 instead of %3").arg(got).arg(name.value).arg(wanted))
        .with(QStringLiteral("blob"), name.value);
}

// A whole name, or the beginning of one.
bool isValidPrefix(const QString &prefix)
{
    if (prefix.isEmpty())
        return true;
    const QString whole = prefix.endsWith(u'/') ? prefix.chopped(1) : prefix;
    return isValidBlobName(BlobName(whole));
}

} // namespace

Verified::Verified(std::unique_ptr<Provider> inner)
    : m_inner(std::move(inner))
{
}

Traits Verified::traits() const { return m_inner->traits(); }

Task<Result<BlobInfo>> Verified::put(BlobName name, QByteArray data)
{
    const Traits traits = m_inner->traits();
    if (!isValidBlobName(name))
        co_return badBlobName(name.value);
    if (data.size() > traits.largestBlob)
        co_return Error(Error::Kind::Invalid, QStringLiteral("MF-BLOB-SIZE"),
            QStringLiteral("%1 has %2 bytes, the account takes %3 at most")
                .arg(name.value)
                .arg(data.size())
                .arg(traits.largestBlob));
    auto putting = m_inner->put(name, data);
    auto put = co_await putting;
    if (!put)
        co_return put;
    if (put->name != name || put->size != data.size())
        co_return notKept(name);
    if (traits.checksum != Traits::Checksum::None)
        co_return put;
    auto reading = m_inner->get(name, Range());
    const auto kept = co_await reading;
    if (!kept && kept.error().id == QStringLiteral("MF-BLOB-MISSING"))
        co_return notKept(name);
    if (!kept)
        co_return kept.error();
    if (*kept != data)
        co_return notKept(name);
    co_return put;
}

Task<Result<QByteArray>> Verified::get(BlobName name, Range range)
{
    if (!isValidBlobName(name))
        co_return badBlobName(name.value);
    if (range.offset < 0)
        co_return badRange(name);
    auto getting = m_inner->get(name, range);
    auto bytes = co_await getting;
    if (!bytes)
        co_return bytes;
    if (range.length >= 0 && bytes->size() != range.length)
        co_return wrongLength(name, range.length, bytes->size());
    const qint64 largest = m_inner->traits().largestBlob;
    if (range.length < 0 && bytes->size() > largest)
        co_return wrongLength(name, largest, bytes->size());
    co_return bytes;
}

Task<Result<>> Verified::remove(BlobName name)
{
    if (!isValidBlobName(name))
        co_return badBlobName(name.value);
    auto removing = m_inner->remove(name);
    auto removed = co_await removing;
    co_return removed;
}

Task<Result<ListPage>> Verified::list(QString prefix, QString cursor)
{
    if (!isValidPrefix(prefix))
        co_return badBlobName(prefix);
    auto listing = m_inner->list(prefix, cursor);
    auto page = co_await listing;
    if (!page)
        co_return page;
    std::erase_if(page->blobs, [&](const BlobInfo &blob) {
        return blob.size < 0 || !isValidBlobName(blob.name) || !blob.name.value.startsWith(prefix);
    });
    co_return page;
}

Task<Result<Quota>> Verified::quota()
{
    auto asking = m_inner->quota();
    auto quota = co_await asking;
    if (quota && ((quota->total && *quota->total < 0) || (quota->used && *quota->used < 0)))
        co_return Error(Error::Kind::Unsupported, QStringLiteral("MF-QUOTA-UNKNOWN"),
            QStringLiteral("the account does not tell its room"));
    co_return quota;
}

} // namespace mf
