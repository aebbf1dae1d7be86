// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Inside the queue: what it keeps of an operation.

#include "core/distributor/share_meter.h"
#include "core/distributor/transfer_queue.h"

namespace mf {

struct TransferQueue::Job {
    Entry entry;
    Operation operation;
    bool isHeld = false; // paused for itself, not with all the others
    int attempt = 0;
    int failures = 0; // transient ones since it last got on
    qint64 bytesAtFailure = 0;
    qint64 totalBefore = 0; // of earlier attempts
    qint64 networkBefore = 0;
    RateEstimate rate;
    SteadyTimeLeft left;
    ShareMeter shares;
    std::shared_ptr<TokenBucket> limit; // null: it never had one
    TaskScope scope; // the attempt, or the wait for the next
};

// Its place in the order: by priority, and housekeeping behind everything.
inline int rankOf(const TransferQueue::Entry &entry)
{
    constexpr int kLast = 3;
    return entry.kind == TransferQueue::Kind::Sync ? kLast : static_cast<int>(entry.priority);
}

inline int mostAtOnce(TransferQueue::Kind kind)
{
    if (kind == TransferQueue::Kind::Store)
        return TransferQueue::kStoresAtOnce;
    return kind == TransferQueue::Kind::Fetch ? TransferQueue::kFetchesAtOnce : 1;
}

// True if nothing else may run meanwhile.
inline bool runsAlone(TransferQueue::Kind kind)
{
    switch (kind) {
    case TransferQueue::Kind::Store:
    case TransferQueue::Kind::Fetch:
    case TransferQueue::Kind::Check:
    case TransferQueue::Kind::Sync: // housekeeping: stopped for whatever comes
        return false;
    case TransferQueue::Kind::Repair:
    case TransferQueue::Kind::Protect:
    case TransferQueue::Kind::Collect:
    case TransferQueue::Kind::RemoveAccount:
        break;
    }
    return true;
}

} // namespace mf
