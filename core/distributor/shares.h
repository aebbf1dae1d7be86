// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/account.h"
#include "core/providers/rate_limiter.h"

#include <memory>
#include <vector>

namespace mf {

// What one account does for an operation.
struct AccountShare {
    enum class Doing {
        Nothing, // it is asked for nothing now
        Sending,
        Receiving,
        Waiting, // is asked for something, and held up by `why`, which may pass by itself
        Refusing, // what it was last asked for failed: `why`
    };
    AccountId account;
    Doing doing = Doing::Nothing;
    qint64 sent = 0; // bytes that it confirmed
    qint64 received = 0; // bytes that it delivered
    qint64 planned = 0; // of both, when all is done; 0: not known beforehand
    double bytesPerSecond = 0; // of both; told by TransferQueue
    std::optional<Error> why;
};

// Which account moved how much for one operation: all of its fragments go through put() and get(), so that the shares
// add up to what the operation says it sent and received. One object for each operation, held by its Progress: whoever
// shows the shares looks when it needs them, and noting them costs nothing worth mentioning.
//
// What is read from the holding folder of this computer went over no account: it is no share.
// Belongs to the event loop's thread.
class Shares
{
public:
    Shares() = default;
    Shares(const Shares &) = delete;
    Shares &operator=(const Shares &) = delete;

    // The operation's own limit, of both directions together; null: none.
    void limitBy(std::shared_ptr<TokenBucket> limit) { m_limit = std::move(limit); }
    // Returns when so many bytes may go by it. Whoever is about to move fragments waits here first, before it takes
    // buffers, which others need meanwhile, or counts how long an account takes.
    Task<void> admit(qint64 bytes);

    // As the account's provider does it.
    Task<Result<BlobInfo>> put(Account &account, BlobName name, QByteArray blob);
    Task<Result<QByteArray>> get(Account &account, BlobName name, Range range);
    // So many bytes more will go there, or come from there.
    void plan(const AccountId &account, qint64 bytes);

    qint64 bytes() const { return m_bytes; } // of all accounts
    std::size_t size() const { return m_entries.size(); } // accounts; never fewer than before
    std::vector<AccountShare> list() const; // in the order in which they came in

private:
    struct Entry {
        AccountShare share;
        Account *asked = nullptr; // while something is under way
        int underWay = 0;
    };
    class Request; // one that is under way
    std::size_t indexOf(const AccountId &account); // of its entry, which is made if there is none

    std::vector<Entry> m_entries; // one for each account: few
    qint64 m_bytes = 0;
    std::shared_ptr<TokenBucket> m_limit;
};

} // namespace mf
