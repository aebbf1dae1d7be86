// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/memory_provider.h"

#include "core/base/awaitables.h"

namespace mf {
namespace {

Error badName(const QString &name)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-BLOB-NAME"), QStringLiteral("bad name “%1”").arg(name));
}

} // namespace

MemoryProvider::MemoryProvider(Clock &clock)
    : MemoryProvider(clock, Options())
{
}

MemoryProvider::MemoryProvider(Clock &clock, Options options)
    : m_clock(clock)
    , m_options(options)
{
}

Traits MemoryProvider::traits() const
{
    Traits traits = m_options.traits;
    if (m_options.listingLag.count() > 0) {
        traits.listsImmediately = false;
        traits.listingLag = std::chrono::ceil<std::chrono::seconds>(m_options.listingLag);
    }
    return traits;
}

qint64 MemoryProvider::used() const
{
    qint64 sum = 0;
    for (const Blob &blob : m_blobs)
        sum += blob.bytes.size();
    return sum;
}

void MemoryProvider::replace(const BlobName &name, const QByteArray &bytes) { m_blobs[name.value].bytes = bytes; }

void MemoryProvider::lose(const BlobName &name) { m_blobs.remove(name.value); }

Task<Result<>> MemoryProvider::answer()
{
    if (m_options.answersLater)
        co_await delay(std::chrono::milliseconds(0));
    if (m_gone)
        co_return Error(
            Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-GONE"), QStringLiteral("the account is not there"));
    co_return Result<>();
}

Task<Result<BlobInfo>> MemoryProvider::put(BlobName name, QByteArray data)
{
    ++m_counters.put.calls;
    auto answering = answer();
    const auto there = co_await answering;
    if (!there)
        co_return there.error();
    if (!isValidBlobName(name))
        co_return badName(name.value);
    const qint64 before = m_blobs.value(name.value).bytes.size();
    if (m_options.capacity >= 0 && used() - before + data.size() > m_options.capacity)
        co_return Error(Error::Kind::Quota, QStringLiteral("MF-ACCOUNT-FULL"), QStringLiteral("the account is full"));
    const bool isNew = !m_blobs.contains(name.value);
    Blob &blob = m_blobs[name.value];
    blob.bytes = data;
    if (isNew)
        blob.listedFrom = m_clock.elapsed() + m_options.listingLag;
    m_counters.put.bytes += data.size();
    co_return BlobInfo(name, data.size());
}

Task<Result<QByteArray>> MemoryProvider::get(BlobName name, Range range)
{
    ++m_counters.get.calls;
    auto answering = answer();
    const auto there = co_await answering;
    if (!there)
        co_return there.error();
    if (!isValidBlobName(name))
        co_return badName(name.value);
    const auto blob = m_blobs.constFind(name.value);
    if (blob == m_blobs.constEnd())
        co_return Error(Error::Kind::NotFound, QStringLiteral("MF-BLOB-MISSING"),
            QStringLiteral("the account does not hold %1").arg(name.value));
    const qint64 size = blob->bytes.size();
    const qint64 length = range.length < 0 ? size - range.offset : range.length;
    if (range.offset < 0 || range.offset > size || length > size - range.offset)
        co_return Error(Error::Kind::Invalid, QStringLiteral("MF-BLOB-RANGE"),
            QStringLiteral("%1 has %2 bytes, fewer than were asked for").arg(name.value).arg(size));
    m_counters.get.bytes += length;
    co_return blob->bytes.mid(range.offset, length);
}

Task<Result<>> MemoryProvider::remove(BlobName name)
{
    ++m_counters.remove.calls;
    auto answering = answer();
    const auto there = co_await answering;
    if (!there)
        co_return there.error();
    if (!isValidBlobName(name))
        co_return badName(name.value);
    const auto blob = m_blobs.constFind(name.value);
    if (blob != m_blobs.constEnd() && m_options.listingLag.count() > 0) {
        Removed &removed = m_removed[name.value];
        removed.size = blob->bytes.size();
        removed.listedUntil = m_clock.elapsed() + m_options.listingLag;
    }
    m_blobs.remove(name.value);
    co_return Result<>();
}

Task<Result<ListPage>> MemoryProvider::list(QString prefix, QString cursor)
{
    ++m_counters.list.calls;
    auto answering = answer();
    const auto there = co_await answering;
    if (!there)
        co_return there.error();
    const Clock::Duration now = m_clock.elapsed();
    QMap<QString, qint64> listed;
    for (auto blob = m_blobs.cbegin(); blob != m_blobs.cend(); ++blob) {
        if (blob->listedFrom <= now)
            listed.insert(blob.key(), blob->bytes.size());
    }
    for (auto removed = m_removed.cbegin(); removed != m_removed.cend(); ++removed) {
        if (removed->listedUntil > now)
            listed.insert(removed.key(), removed->size);
    }
    ListPage page;
    for (auto blob = listed.upperBound(cursor); blob != listed.cend(); ++blob) {
        if (!blob.key().startsWith(prefix))
            continue;
        if (page.blobs.size() == m_options.page) {
            page.next = page.blobs.back().name.value;
            break;
        }
        page.blobs.emplace_back(BlobName(blob.key()), blob.value());
    }
    co_return page;
}

Task<Result<Quota>> MemoryProvider::quota()
{
    ++m_counters.quota.calls;
    auto answering = answer();
    const auto there = co_await answering;
    if (!there)
        co_return there.error();
    if (m_options.capacity < 0)
        co_return Error(Error::Kind::Unsupported, QStringLiteral("MF-QUOTA-UNKNOWN"),
            QStringLiteral("the account does not tell its room"));
    Quota quota;
    quota.total = m_options.capacity;
    quota.used = used();
    co_return quota;
}

} // namespace mf
