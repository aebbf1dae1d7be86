// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/limited.h"

#include <algorithm>

namespace mf {

Limited::Limited(std::unique_ptr<Provider> inner, Clock &clock, const AccountLimits &limits, RateLimiter &global)
    : m_inner(std::move(inner))
    , m_rates(clock)
    , m_global(global)
{
    setLimits(limits);
}

int Limited::connections() const
{
    return std::max(1, m_connections > 0 ? m_connections : m_inner->traits().connections);
}

void Limited::setLimits(const AccountLimits &limits)
{
    m_rates.setRates(limits.upBytesPerSecond, limits.downBytesPerSecond);
    m_connections = limits.connections;
    if (!m_free || m_free->total() != connections())
        m_free = std::make_shared<Budget>(connections());
}

Traits Limited::traits() const
{
    Traits traits = m_inner->traits();
    traits.connections = connections();
    return traits;
}

Task<Result<BlobInfo>> Limited::put(BlobName name, QByteArray data)
{
    auto sending = passBoth(m_rates.up(), m_global.up(), data.size());
    co_await sending;
    if (m_inner->traits().checksum == Traits::Checksum::None) {
        auto readingBack = passBoth(m_rates.down(), m_global.down(), data.size());
        co_await readingBack;
    }
    const std::shared_ptr<Budget> free = m_free;
    const auto connection = co_await free->acquire(1);
    auto putting = m_inner->put(std::move(name), std::move(data));
    auto put = co_await putting;
    co_return put;
}

Task<Result<QByteArray>> Limited::get(BlobName name, Range range)
{
    // A range that no blob can have must fail, not wait for ever.
    const qint64 expected = std::clamp<qint64>(range.length, 0, m_inner->traits().largestBlob);
    auto expecting = passBoth(m_rates.down(), m_global.down(), expected);
    co_await expecting;
    const std::shared_ptr<Budget> free = m_free;
    auto connection = co_await free->acquire(1);
    auto getting = m_inner->get(std::move(name), range);
    auto bytes = co_await getting;
    connection.release();
    if (bytes && range.length < 0) { // how much it is turns out afterwards
        auto paying = passBoth(m_rates.down(), m_global.down(), bytes->size());
        co_await paying;
    }
    co_return bytes;
}

Task<Result<>> Limited::remove(BlobName name)
{
    const std::shared_ptr<Budget> free = m_free;
    const auto connection = co_await free->acquire(1);
    auto removing = m_inner->remove(std::move(name));
    auto removed = co_await removing;
    co_return removed;
}

Task<Result<ListPage>> Limited::list(QString prefix, QString cursor)
{
    const std::shared_ptr<Budget> free = m_free;
    const auto connection = co_await free->acquire(1);
    auto listing = m_inner->list(std::move(prefix), std::move(cursor));
    auto page = co_await listing;
    co_return page;
}

Task<Result<Quota>> Limited::quota()
{
    const std::shared_ptr<Budget> free = m_free;
    const auto connection = co_await free->acquire(1);
    auto asking = m_inner->quota();
    auto quota = co_await asking;
    co_return quota;
}

} // namespace mf
