// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/retrying.h"

#include <QRandomGenerator>

#include <algorithm>

namespace mf {
namespace {

Clock::Duration scaled(Clock::Duration wait, double factor)
{
    return Clock::Duration(static_cast<Clock::Duration::rep>(static_cast<double>(wait.count()) * factor));
}

// Counts one that waits, also if it is given up.
class Waits
{
public:
    explicit Waits(int &count)
        : m_count(count)
    {
        ++m_count;
    }
    ~Waits() { --m_count; }
    Waits(const Waits &) = delete;
    Waits &operator=(const Waits &) = delete;

private:
    int &m_count;
};

} // namespace

Retrying::Retrying(std::unique_ptr<Provider> inner, Clock &clock, RetryPolicy policy)
    : m_inner(std::move(inner))
    , m_clock(clock)
    , m_policy(policy)
{
}

// How long to wait before the next try; nothing: do not try again.
std::optional<Clock::Duration> Retrying::waitAfter(const Error &error, int tries) const
{
    switch (error.kind) {
    case Error::Kind::Network:
    case Error::Kind::Throttled:
        break;
    case Error::Kind::Unauthorised:
    case Error::Kind::NotFound:
    case Error::Kind::AlreadyExists:
    case Error::Kind::Quota:
    case Error::Kind::Corrupt:
    case Error::Kind::Unsupported:
    case Error::Kind::Invalid:
    case Error::Kind::Cancelled:
    case Error::Kind::Internal:
        return std::nullopt;
    }
    const double random = QRandomGenerator::global()->generateDouble(); // so that not all come back at once
    if (error.retryAt && *error.retryAt > m_clock.now())
        return Clock::Duration(m_clock.now().msecsTo(*error.retryAt)) + scaled(m_policy.firstWait, random);
    Clock::Duration wait = m_policy.firstWait;
    for (int i = 1; i < tries && wait < m_policy.longestWait; ++i)
        wait *= 2;
    wait = std::min(wait, m_policy.longestWait);
    return scaled(wait, 1 + m_policy.jitter * (2 * random - 1));
}

template <typename T, typename Call> Task<Result<T>> Retrying::repeat(Call call)
{
    std::optional<Clock::Duration> giveUpAt; // from the first failure on: a slow try is no failure
    for (int tries = 1;; ++tries) {
        auto trying = call();
        auto result = co_await trying;
        if (result) {
            m_why.reset();
            co_return result;
        }
        if (!giveUpAt)
            giveUpAt = m_clock.elapsed() + m_policy.window;
        Error &error = result.error();
        const auto wait = waitAfter(error, tries);
        const bool goOn = wait && tries < m_policy.tries && m_clock.elapsed() + *wait <= *giveUpAt;
        if (!goOn && tries > 1) {
            error.parameters.insert(QStringLiteral("tries"), QString::number(tries));
            error.message += QStringLiteral(" (tried %1 times)").arg(tries);
        }
        if (!goOn)
            co_return result;
        m_why = error;
        m_why->retryAt = m_clock.now().addMSecs(wait->count());
        const Waits waits(m_waiting);
        auto sleeping = m_clock.sleep(*wait);
        co_await sleeping;
    }
}

std::optional<Error> Retrying::holdUp() const { return m_waiting > 0 ? m_why : std::nullopt; }

Traits Retrying::traits() const { return m_inner->traits(); }

Task<Result<BlobInfo>> Retrying::put(BlobName name, QByteArray data)
{
    auto call = [this, name = std::move(name), data = std::move(data)] { return m_inner->put(name, data); };
    return repeat<BlobInfo>(std::move(call));
}

Task<Result<QByteArray>> Retrying::get(BlobName name, Range range)
{
    auto call = [this, name = std::move(name), range] { return m_inner->get(name, range); };
    return repeat<QByteArray>(std::move(call));
}

Task<Result<>> Retrying::remove(BlobName name)
{
    auto call = [this, name = std::move(name)] { return m_inner->remove(name); };
    return repeat<std::monostate>(std::move(call));
}

Task<Result<ListPage>> Retrying::list(QString prefix, QString cursor)
{
    auto call
        = [this, prefix = std::move(prefix), cursor = std::move(cursor)] { return m_inner->list(prefix, cursor); };
    return repeat<ListPage>(std::move(call));
}

Task<Result<Quota>> Retrying::quota()
{
    auto call = [this] { return m_inner->quota(); };
    return repeat<Quota>(std::move(call));
}

} // namespace mf
