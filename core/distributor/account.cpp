// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/account.h"

#include "core/base/log.h"
#include "core/base/timeout.h"
#include "core/distributor/objects/marker.h"
#include "core/providers/closed.h"

#include <algorithm>
#include <utility>

namespace mf {
namespace {

// An answer counts for so much against what was known; fast enough to follow a provider that
// begins to throttle, slow enough not to jump at one hiccup.
constexpr double kWeight = 0.3;
// Until something is known: a quick local disk, so that a first request is hedged early.
constexpr double kFirstGuess = 0.02; // s
constexpr double kSmall = 64 << 10; // bytes; below, the time is all latency

Error gone(const QString &name, const QString &why)
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-GONE"),
        QStringLiteral("the account %1 is not there: %2").arg(name, why))
        .at(name)
        .offering(Error::Action::Retry);
}

// What is there is not our place, or no longer.
QString whyNotThere(const AccountRecord &record, const Error &error)
{
    if (error.id != QStringLiteral("MF-BLOB-MISSING"))
        return error.message;
    return record.kind == QStringLiteral("folder")
        ? QStringLiteral("ModelFloat’s marker is missing; is its disk connected?")
        : QStringLiteral("ModelFloat’s marker is missing; has somebody emptied it, or does it lead elsewhere now?");
}

} // namespace

void SpeedEstimate::note(qint64 bytes, Duration took)
{
    const double seconds = std::max(took.count(), 1e-6);
    const double size = static_cast<double>(bytes);
    const auto blend
        = [this](double &value, double sample) { value = m_known ? value + kWeight * (sample - value) : sample; };
    if (size <= kSmall) {
        blend(m_latency, seconds);
    } else {
        // Half latency, half transfer is a fair split when one number must give two.
        blend(m_latency, std::min(seconds / 2, m_known ? std::max(m_latency, seconds / 8) : seconds / 2));
        blend(m_secondsPerByte, std::max(seconds - m_latency, seconds / 8) / size);
    }
    m_known = true;
}

void SpeedEstimate::noteLate(qint64 bytes, Duration waited)
{
    if (expected(bytes) < waited || !m_known) {
        m_latency = std::max(m_latency, waited.count() * 2);
        m_known = true;
    }
}

SpeedEstimate::Duration SpeedEstimate::expected(qint64 bytes) const
{
    if (!m_known)
        return Duration(kFirstGuess);
    return Duration(m_latency + m_secondsPerByte * static_cast<double>(bytes));
}

Account::Account(AccountRecord record, std::unique_ptr<Provider> provider)
    : m_record(std::move(record))
    , m_provider(std::move(provider))
{
}

Task<Result<>> Account::verify(const KeyRing &ring)
{
    // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): the caller's may change meanwhile
    const KeyRing keys = ring;
    const auto sealed = co_await m_provider->get(markerName(keys), Range());
    if (!sealed) {
        Error error = sealed.error();
        if (error.kind == Error::Kind::NotFound)
            error = gone(m_record.name, whyNotThere(m_record, error));
        error.account = m_record.name;
        m_verified = false; // it may have been there a moment ago
        m_trouble = error;
        co_return error;
    }
    const auto marker = openMarker(keys, viewOf(*sealed));
    if (!marker && marker.error().id == QStringLiteral("MF-LIBRARY-NEWER")) {
        Error error = marker.error();
        error.account = m_record.name;
        m_verified = false; // it may have been another one's a moment ago
        m_trouble = error;
        co_return error;
    }
    if (!marker) {
        Error error
            = gone(m_record.name, QStringLiteral("its marker cannot be read; it is damaged or another library’s"));
        m_verified = false;
        m_trouble = error;
        co_return error;
    }
    if (marker->account != m_record.id) {
        Error error(Error::Kind::AlreadyExists, QStringLiteral("MF-ACCOUNT-TWICE"),
            QStringLiteral("the account %1 is the same place as another account of this library; remove one")
                .arg(m_record.name));
        error.account = m_record.name;
        m_verified = false;
        m_trouble = error;
        co_return error;
    }
    m_verified = true;
    m_trouble.reset();
    co_return Result<>();
}

void Account::noteUnanswered()
{
    m_verified = false;
    m_trouble = Error(Error::Kind::Network, QStringLiteral("MF-ACCOUNT-SLOW"),
        QStringLiteral("the account %1 does not answer").arg(m_record.name))
                    .at(m_record.name);
}

Task<Result<>> Account::refreshRoom()
{
    const auto quota = co_await m_provider->quota();
    if (!quota) {
        if (quota.error().kind != Error::Kind::Unsupported)
            co_return quota.error();
        m_room.reset();
    } else {
        m_record.total = quota->total;
        m_record.used = quota->used;
        m_room = quota->free();
        if (m_room)
            m_room = std::max<qint64>(0, *m_room - kLogRoom);
    }
    co_return Result<>();
}

void Account::take(qint64 bytes)
{
    if (m_room)
        m_room = std::max<qint64>(0, *m_room - bytes);
}

void Account::limitRoom(qint64 bytes) { m_room = m_room ? std::min(*m_room, bytes) : bytes; }

Error notAddedHere()
{
    return Error(Error::Kind::Network, QStringLiteral("MF-ACCOUNT-ELSEWHERE"),
        QStringLiteral("another computer added it, and this one does not know how to reach it; add it here, too, or "
                       "give it up if it is gone for good"));
}

std::unique_ptr<Account> accountElsewhere(const AccountRecord &record)
{
    return std::make_unique<Account>(record, std::make_unique<Closed>(record.name, notAddedHere()));
}

void AccountSet::add(std::unique_ptr<Account> account)
{
    const auto same = std::find_if(
        m_accounts.begin(), m_accounts.end(), [&account](const auto &other) { return other->id() == account->id(); });
    if (same == m_accounts.end()) {
        m_accounts.push_back(std::move(account));
        return;
    }
    m_replaced.push_back(std::exchange(*same, std::move(account)));
}

Account *AccountSet::find(const AccountId &id) const
{
    const auto it = std::find_if(m_accounts.begin(), m_accounts.end(), [&id](const auto &a) { return a->id() == id; });
    return it == m_accounts.end() ? nullptr : it->get();
}

Account *AccountSet::findByName(const QString &name) const
{
    const auto it = std::find_if(m_accounts.begin(), m_accounts.end(),
        [&name](const auto &a) { return a->name() == name && !a->record().retired; });
    return it == m_accounts.end() ? nullptr : it->get();
}

namespace {

Task<bool> verifyOne(Account *account, KeyRing ring, Clock &clock, Clock::Duration limit)
{
    const auto verified = co_await within(clock, limit, account->verify(ring));
    if (!verified) {
        account->noteUnanswered();
    } else if (*verified) {
        const auto room = co_await within(clock, limit, account->refreshRoom());
        if (room && !*room)
            logWarning("account", QStringLiteral("no quota: ") + (*room).error().message);
    }
    co_return account->isVerified();
}

} // namespace

Task<void> AccountSet::verifyAll(KeyRing ring, Clock &clock, Clock::Duration limit)
{
    std::vector<Task<bool>> tasks;
    for (const auto &account : m_accounts) {
        if (!account->isVerified() && !account->record().retired)
            tasks.push_back(verifyOne(account.get(), ring, clock, limit));
    }
    const std::size_t atOnce = tasks.size();
    const auto done = co_await allOf(std::move(tasks), atOnce);
    Q_UNUSED(done)
}

std::vector<Account *> AccountSet::verified() const
{
    std::vector<Account *> list;
    for (const auto &account : m_accounts) {
        if (account->isVerified() && !account->record().retired)
            list.push_back(account.get());
    }
    return list;
}

} // namespace mf
