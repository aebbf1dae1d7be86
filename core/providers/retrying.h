// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/providers/provider.h"

#include <memory>

namespace mf {

struct RetryPolicy {
    int tries = 8; // the first included
    Clock::Duration window { 60'000 }; // no try begins later than this after the first failure
    Clock::Duration firstWait { 500 }; // doubled each time …
    Clock::Duration longestWait { 15'000 }; // … up to this
    double jitter = 0.25; // each wait is longer or shorter by up to this part of it
};

// Tries again what may succeed without anybody doing anything: after network errors with
// growing pauses, after throttling when the provider said. All other errors pass at once. The
// last error tells how often it was tried (parameter "tries", and in its message).
class Retrying final : public Provider
{
public:
    Retrying(std::unique_ptr<Provider> inner, Clock &clock, RetryPolicy policy = RetryPolicy());

    Provider &inner() { return *m_inner; }

    Traits traits() const override;
    Task<Result<BlobInfo>> put(BlobName name, QByteArray data) override;
    Task<Result<QByteArray>> get(BlobName name, Range range) override;
    Task<Result<>> remove(BlobName name) override;
    Task<Result<ListPage>> list(QString prefix, QString cursor) override;
    Task<Result<Quota>> quota() override;
    // While requests wait for their next try and none succeeds meanwhile: why, and until when.
    std::optional<Error> holdUp() const override;

private:
    template <typename T, typename Call> Task<Result<T>> repeat(Call call);
    std::optional<Clock::Duration> waitAfter(const Error &error, int tries) const;

    std::unique_ptr<Provider> m_inner;
    Clock &m_clock;
    RetryPolicy m_policy;
    int m_waiting = 0; // requests
    std::optional<Error> m_why; // the last failure; nothing once something succeeds
};

} // namespace mf
