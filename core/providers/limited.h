// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/providers/catalogue.h"
#include "core/providers/rate_limiter.h"

#include <memory>

namespace mf {

// Keeps an account within its number of connections and its rates, and within the rates that
// all accounts share.
//
// Blobs go as a whole, so it is their beginnings that wait: the rates hold on average, over the
// time of some blobs. A connection is taken only when the bytes may go. What Verified inside
// reads back counts as read.
class Limited final : public Provider
{
public:
    // global must live longer.
    Limited(std::unique_ptr<Provider> inner, Clock &clock, const AccountLimits &limits, RateLimiter &global);

    // Takes effect at once, but for connections that are in use.
    void setLimits(const AccountLimits &limits);

    Traits traits() const override; // with the number of connections that is allowed
    Task<Result<BlobInfo>> put(BlobName name, QByteArray data) override;
    Task<Result<QByteArray>> get(BlobName name, Range range) override;
    Task<Result<>> remove(BlobName name) override;
    Task<Result<ListPage>> list(QString prefix, QString cursor) override;
    Task<Result<Quota>> quota() override;

private:
    int connections() const;

    std::unique_ptr<Provider> m_inner;
    RateLimiter m_rates;
    RateLimiter &m_global;
    int m_connections = 0; // as limits say
    std::shared_ptr<Budget> m_free; // replaced when the number changes; who waits or works keeps the old one
};

} // namespace mf
