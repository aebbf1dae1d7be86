// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/shares.h"

#include "core/distributor/fragment_read.h"

#include <algorithm>

namespace mf {

using Doing = AccountShare::Doing;

// Also ends where the request is given up.
class Shares::Request
{
public:
    Request(Shares &shares, Account &account, Doing doing)
        : m_shares(shares)
        , m_index(shares.indexOf(account.id()))
    {
        Entry &mine = entry();
        mine.share.doing = doing;
        mine.asked = &account;
        ++mine.underWay;
    }
    ~Request()
    {
        Entry &mine = entry();
        if (--mine.underWay == 0)
            mine.asked = nullptr;
    }
    Request(const Request &) = delete;
    Request &operator=(const Request &) = delete;

    void moved(qint64 AccountShare::*way, qint64 bytes)
    {
        AccountShare &share = entry().share;
        share.*way += bytes;
        share.why.reset();
        m_shares.m_bytes += bytes;
    }
    void failed(const Error &error) { entry().share.why = error; }

private:
    Entry &entry() { return m_shares.m_entries[m_index]; }

    Shares &m_shares;
    std::size_t m_index;
};

std::size_t Shares::indexOf(const AccountId &account)
{
    const auto it = std::find_if(
        m_entries.begin(), m_entries.end(), [&account](const Entry &entry) { return entry.share.account == account; });
    if (it != m_entries.end())
        return static_cast<std::size_t>(it - m_entries.begin());
    m_entries.emplace_back();
    m_entries.back().share.account = account;
    return m_entries.size() - 1;
}

Task<void> Shares::admit(qint64 bytes)
{
    const std::shared_ptr<TokenBucket> limit = m_limit;
    if (!limit)
        co_return;
    auto passing = limit->pass(bytes);
    co_await passing;
}

Task<Result<BlobInfo>> Shares::put(Account &account, BlobName name, QByteArray blob)
{
    Request request(*this, account, Doing::Sending);
    const qint64 size = blob.size();
    auto putting = account.provider().put(std::move(name), std::move(blob));
    auto put = co_await putting;
    if (put)
        request.moved(&AccountShare::sent, size);
    else
        request.failed(put.error());
    co_return put;
}

Task<Result<QByteArray>> Shares::get(Account &account, BlobName name, Range range)
{
    Request request(*this, account, Doing::Receiving);
    auto getting = account.provider().get(std::move(name), range);
    auto bytes = co_await getting;
    if (bytes)
        request.moved(&AccountShare::received, bytes->size());
    else if (answerOf(bytes.error()) == FragmentAnswer::Away) // else it says something of the blob, not of the account
        request.failed(bytes.error());
    co_return bytes;
}

void Shares::plan(const AccountId &account, qint64 bytes) { m_entries[indexOf(account)].share.planned += bytes; }

std::vector<AccountShare> Shares::list() const
{
    std::vector<AccountShare> shares;
    shares.reserve(m_entries.size());
    for (const Entry &entry : m_entries) {
        AccountShare &share = shares.emplace_back(entry.share);
        if (!entry.asked) {
            share.doing = share.why ? Doing::Refusing : Doing::Nothing;
            continue;
        }
        share.why = entry.asked->provider().holdUp();
        if (share.why)
            share.doing = Doing::Waiting;
    }
    return shares;
}

} // namespace mf
