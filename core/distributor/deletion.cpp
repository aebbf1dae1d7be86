// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/deletion.h"

#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/distributor/account_end.h"
#include "core/distributor/library_log.h"

#include <algorithm>

namespace mf {

void Deletion::wait(const QString &why)
{
    if (!m_freed.waiting.contains(why))
        m_freed.waiting.append(why);
}

void Deletion::count(qint64 bytes)
{
    m_freed.bytes += bytes;
    ++m_freed.fragments;
}

Task<Result<>> Deletion::doom(std::vector<DoomRecord> sets)
{
    if (sets.empty())
        co_return Result<>();
    const auto evidence = co_await gather();
    if (!evidence)
        co_return evidence.error();
    const QString why = evidence->why.join(QStringLiteral("; "));
    if (!evidence->isComplete) {
        wait(QStringLiteral("nothing can be deleted now: ") + why);
        co_return Result<>();
    }
    const auto inSessions = co_await packsOfOpenSessions(m_engine);
    if (!inSessions) {
        wait(QStringLiteral("nothing can be deleted now: ") + inSessions.error().message);
        co_return Result<>();
    }
    std::vector<DoomRecord> ready;
    for (DoomRecord &set : sets) {
        set.id = randomId<DoomId>();
        const auto accounts = co_await accountsOf(set);
        if (!accounts)
            co_return accounts.error();
        if (!evidence->covers(*accounts)) {
            wait(QStringLiteral("some of it waits: ") + why);
            continue;
        }
        const auto stays = co_await mustStay(set);
        if (!stays)
            co_return stays.error();
        if (*stays)
            continue;
        const auto unused = co_await isUnused(set, *inSessions);
        if (!unused)
            co_return unused.error();
        if (*unused)
            ready.push_back(std::move(set));
    }
    co_return co_await put(std::move(ready));
}

// Step 3.
Task<Result<>> Deletion::put(std::vector<DoomRecord> sets)
{
    if (sets.empty())
        co_return Result<>();
    Cbor events = Cbor::array();
    for (const DoomRecord &set : sets)
        events.push_back(events::doom(set));
    LibraryLog log(m_engine);
    const auto logged = co_await log.append(std::move(events));
    if (!logged) {
        wait(QStringLiteral("nothing can be deleted now: ") + logged.error().message);
        co_return Result<>();
    }
    crashPoint(CrashPoint::DoomLogged);
    const auto noted = co_await noteTime(m_engine); // the wait begins now, not when the clocks were last looked at
    if (!noted)
        co_return noted.error();
    for (const DoomRecord &set : sets) {
        const auto accounts = co_await accountsOf(set);
        if (!accounts)
            co_return accounts.error();
        const bool haveIt = std::all_of(accounts->begin(), accounts->end(), [&logged](const AccountId &id) {
            return std::find(logged->acknowledged.begin(), logged->acknowledged.end(), id)
                != logged->acknowledged.end();
        });
        if (!haveIt) {
            wait(QStringLiteral("some of it waits: an account that holds part of it did not take a note in the log"));
            continue;
        }
        const auto acknowledged = co_await m_engine.registry.noteDoomAcknowledged(set.id);
        if (!acknowledged)
            co_return acknowledged.error();
    }
    crashPoint(CrashPoint::DoomAcknowledged);
    co_return Result<>();
}

Task<Result<>> Deletion::goOn()
{
    const auto looked = co_await noteTime(m_engine);
    if (!looked)
        co_return looked.error();
    const auto before = co_await m_engine.registry.ownDooms();
    if (!before)
        co_return before.error();
    if (before->empty())
        co_return Result<>();
    auto evidence = co_await gather();
    if (!evidence)
        co_return evidence.error();
    const auto sessions = co_await packsOfOpenSessions(m_engine);
    if (!sessions) {
        evidence->isComplete = false;
        evidence->why.append(sessions.error().message);
    }
    const std::vector<PackId> inSessions = sessions ? *sessions : std::vector<PackId>();
    // Read after the evidence: what it brought (an end by another hand) counts.
    const auto dooms = co_await m_engine.registry.ownDooms();
    if (!dooms)
        co_return dooms.error();
    std::vector<Registry::OwnDoom> ends; // of accounts: when nothing is left there
    for (const Registry::OwnDoom &own : *dooms) {
        const auto ended = co_await accountsNamed(m_engine, own.doom.packs);
        if (!ended)
            co_return ended.error();
        if (!ended->empty()) {
            ends.push_back(own);
            continue;
        }
        const auto settled = co_await settle(own, *evidence, inSessions);
        if (!settled)
            co_return settled.error();
    }
    for (const Registry::OwnDoom &own : ends) {
        const auto waits = co_await hasOwnDooms(own.doom);
        if (!waits)
            co_return waits.error();
        if (*waits)
            continue;
        const auto settled = co_await settle(own, *evidence, inSessions);
        if (!settled)
            co_return settled.error();
    }
    co_return co_await m_engine.registry.dropGone();
}

// One doom of ours, with what was read after it was acknowledged (or in an earlier run).
Task<Result<>> Deletion::settle(Registry::OwnDoom own, Evidence evidence, std::vector<PackId> inSessions)
{
    if (own.isDecided)
        co_return co_await carryOut(own.doom);
    const auto accounts = co_await accountsOf(own.doom);
    if (!accounts)
        co_return accounts.error();
    if (!evidence.isComplete || !evidence.covers(*accounts)) {
        wait(QStringLiteral("some of it waits: ") + evidence.why.join(QStringLiteral("; ")));
        co_return Result<>();
    }
    const auto stays = co_await mustStay(own.doom);
    if (!stays)
        co_return stays.error();
    if (*stays)
        co_return Result<>();
    const auto left = m_seams.noWait ? std::chrono::milliseconds(0) : waitFor(*accounts) - own.waited;
    const bool mayDecide = own.isAcknowledged && left.count() <= 0;
    const auto sought = co_await seek(own.doom);
    if (!sought)
        co_return sought.error();
    const auto unused = co_await isUnused(own.doom, inSessions);
    if (!unused)
        co_return unused.error();
    LibraryLog log(m_engine);
    if (!*unused) {
        Cbor events = Cbor::array();
        events.push_back(events::pardon(own.doom.id));
        const auto logged = co_await log.append(std::move(events));
        if (!logged)
            wait(logged.error().message); // it stays doomed, and is pardoned next time
        co_return Result<>();
    }
    if (!own.isAcknowledged) { // a crash, or an account that did not take it: once more, under the same id
        const std::vector<DoomRecord> again(1, own.doom);
        const auto done = co_await put(again);
        if (done)
            wait(QStringLiteral("some of it waits until all accounts know of it; collect again"));
        co_return done;
    }
    if (!mayDecide) {
        const auto hours = std::chrono::ceil<std::chrono::hours>(left).count();
        wait(QStringLiteral("some of it waits for %1 h more, until every account lists what was written").arg(hours));
        co_return Result<>();
    }
    const auto decided = co_await m_engine.registry.noteDecided(own.doom.id);
    if (!decided)
        co_return decided.error();
    crashPoint(CrashPoint::DeletionDecided);
    co_return co_await carryOut(own.doom);
}

Task<Result<>> Deletion::carryOut(DoomRecord set)
{
    const auto removed = co_await removeBlobs(set);
    if (!removed)
        co_return removed.error();
    if (!*removed)
        co_return Result<>();
    crashPoint(CrashPoint::DeletionRemoved);
    Cbor events = Cbor::array();
    events.push_back(events::gone(set.id));
    const auto ended = co_await accountsNamed(m_engine, set.packs);
    if (!ended)
        co_return ended.error();
    if (!ended->empty()) {
        Account *account = m_engine.accounts.find(ended->front());
        if (account)
            co_return co_await retireAccount(m_engine, *account, std::move(events));
    }
    LibraryLog log(m_engine);
    const auto logged = co_await log.append(std::move(events));
    if (!logged) {
        wait(logged.error().message);
        co_return Result<>();
    }
    crashPoint(CrashPoint::DeletionGone);
    co_return Result<>();
}

Task<std::optional<QString>> Deletion::erase(AccountId id, BlobName name)
{
    Account *account = m_engine.accounts.find(id);
    if (!account)
        co_return QStringLiteral("some of it is not deleted yet: it lies on an account that is not open here");
    if (account->record().retired)
        co_return std::nullopt; // what lies there does not count any more
    QString why = QStringLiteral("%1 cannot be reached").arg(account->name());
    if (account->isVerified()) {
        const auto removed = co_await account->provider().remove(name);
        if (removed) {
            crashPoint(CrashPoint::DeletionBlobRemoved);
            co_return std::nullopt;
        }
        why = account->name() + QStringLiteral(": ") + removed.error().message;
    }
    logWarning("delete", why);
    co_return QString(QStringLiteral("some of it is not deleted yet: ") + why);
}

// False: some are still there.
Task<Result<bool>> Deletion::removeBlobs(DoomRecord set)
{
    bool all = true;
    const auto rows = co_await m_engine.registry.packRowsOf(set.packs);
    if (!rows)
        co_return rows.error();
    for (const PackRow row : *rows) {
        if (row == 0)
            continue;
        const auto pack = co_await m_engine.registry.pack(row);
        if (!pack)
            co_return pack.error();
        for (const FragmentPlace &place : pack->fragments) {
            const BlobName name = fragmentName(m_engine.ring, pack->id, place.index);
            const auto why = co_await erase(place.account, name);
            if (why) {
                wait(*why);
                all = false;
            } else {
                count(fragmentSize(pack->shape.dataLength));
            }
        }
    }
    for (const FragmentKey &fragment : set.fragments) {
        const BlobName name = fragmentName(m_engine.ring, fragment.pack, fragment.index);
        Account *account = m_engine.accounts.find(fragment.account);
        qint64 bytes = 0;
        if (account && account->isVerified()) {
            const auto listed = co_await listAll(account->provider(), name.value);
            bytes = listed && !listed->empty() ? listed->front().size : 0;
        }
        const auto why = co_await erase(fragment.account, name);
        if (why) {
            wait(*why);
            all = false;
        } else if (bytes > 0) {
            count(bytes);
        }
    }
    for (const QString &object : set.objects) {
        for (const AccountId &id : accountsThatCount(m_engine)) {
            const auto why = co_await erase(id, BlobName(object));
            if (why) {
                wait(*why);
                all = false;
            }
        }
    }
    co_return all;
}

} // namespace mf
