// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/fragment_sender.h"

#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/distributor/ready_accounts.h"

#include <algorithm>

namespace mf {

PlacementAccount *FragmentSender::place(const AccountId &id)
{
    const auto it
        = std::find_if(m_places.begin(), m_places.end(), [&id](const PlacementAccount &p) { return p.id == id; });
    return it == m_places.end() ? nullptr : &*it;
}

Result<PackPlacement> FragmentSender::placeNext(Protection resolved, qint64 payload, qint64 fragment)
{
    for (PlacementAccount &place : m_places) {
        if (Account *account = m_engine.accounts.find(place.id))
            place.delay = account->sending().expected(fragment, m_engine.clock);
    }
    return placePack(m_places, resolved, payload);
}

Task<Result<BlobInfo>> FragmentSender::tryPut(AccountId to, BlobName name, QByteArray blob)
{
    const auto found = accountToPut(m_engine.accounts, to);
    if (!found)
        co_return found.error();
    Account *account = *found;
    TransferPace::Transfer sending(account->sending(), m_engine.clock, blob.size());
    auto put = co_await m_shares->put(*account, name, blob);
    if (put) {
        sending.confirm();
        account->take(blob.size());
        co_return put;
    }
    Error error = put.error();
    error.account = account->name();
    logWarning("store", account->name() + QStringLiteral(" takes no fragment: ") + error.message);
    account->setTrouble(error);
    co_return error;
}

Task<FragmentSender::Outcome> FragmentSender::put(PackRow row, int index, BlobName name, QByteArray blob,
    std::shared_ptr<std::vector<AccountId>> taken, Budget::Lease lease)
{
    Outcome outcome;
    AccountId to = (*taken)[static_cast<std::size_t>(index)];
    for (;;) {
        const auto put = co_await tryPut(to, name, blob);
        if (put) {
            blob.clear();
            lease.release();
            crashPoint(CrashPoint::StoreFragmentPut);
            const auto noted = co_await m_engine.registry.acknowledge(row, index);
            if (noted)
                outcome.account = to;
            else
                outcome.error = noted.error();
            co_return outcome;
        }
        outcome.error = put.error();
        if (PlacementAccount *full = place(to))
            full->room = 0; // whatever the reason: not again in this run
        const auto other = placeElsewhere(m_places, *taken, blob.size());
        if (!other)
            co_return outcome;
        taken->push_back(*other);
        to = *other;
        const auto moved = co_await m_engine.registry.moveFragment(row, index, to);
        if (!moved) {
            outcome.error = moved.error();
            co_return outcome;
        }
    }
}

} // namespace mf
