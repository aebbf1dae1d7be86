// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/evacuate.h"

#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/distributor/account_end.h"
#include "core/distributor/collect.h"
#include "core/distributor/fragment_read.h"
#include "core/distributor/holding.h"
#include "core/distributor/ready_accounts.h"
#include "core/distributor/shares.h"
#include "core/distributor/store.h"
#include "core/distributor/sync_library.h"

#include <algorithm>
#include <map>
#include <set>

namespace mf {
namespace {

constexpr std::size_t kMostInDoom = 256;

struct Move {
    PackRecord pack; // without records
    int index = 0;
    std::optional<AccountId> to; // nothing: the same fragment lies elsewhere already
};

// The names of models whose spare is less without the account.
Task<Result<QStringList>> harmedBy(Engine &engine, AccountId account)
{
    const auto without = co_await modelsWithout(engine, account);
    if (!without)
        co_return without.error();
    QStringList names;
    for (const ModelWithout &model : *without) {
        const std::vector<AccountId> none;
        const auto now = co_await engine.registry.spare(model.revision.row, none);
        if (!now)
            co_return now.error();
        if (model.spare && *now && *model.spare < **now)
            names.append(model.revision.name);
    }
    co_return names;
}

// The failure domains of the accounts whose fragments count, whether they can be reached now or not.
Task<Result<std::map<AccountId, QString>>> countedDomains(Engine &engine)
{
    const auto accounts = co_await engine.registry.accounts();
    if (!accounts)
        co_return accounts.error();
    const auto lost = co_await lostAccounts(engine);
    if (!lost)
        co_return lost.error();
    std::map<AccountId, QString> domains;
    for (const AccountRecord &account : *accounts) {
        if (std::find(lost->begin(), lost->end(), account.id) == lost->end())
            domains.emplace(account.id, account.failureDomain());
    }
    co_return domains;
}

// The places that share no domain with these accounts.
std::vector<PlacementAccount> apartFrom(const std::vector<AccountId> &taken,
    const std::map<AccountId, QString> &domains, std::vector<PlacementAccount> places)
{
    for (const AccountId &account : taken) {
        const auto domain = domains.find(account);
        if (domain != domains.end())
            std::erase_if(places, [&domain](const PlacementAccount &place) { return place.domain == domain->second; });
    }
    return places;
}

class Evacuation
{
public:
    Evacuation(Engine &engine, Account &account, ProgressSink progress)
        : m_engine(engine)
        , m_account(account)
        , m_progress(std::move(progress))
        , m_deletion(engine)
    {
        m_now.shares = m_shares;
    }

    Task<Result<RemovedAccount>> run(bool isForced);

private:
    Task<Result<std::vector<Move>>> plan();
    void announce(const std::vector<Move> &moves);
    Task<Result<>> copy(Move move);
    Task<Result<>> deleteHere(std::vector<Move> moves);
    Error noRoom(int fragments, const QStringList &models) const;
    void report(Progress::Phase phase);

    Engine &m_engine;
    Account &m_account;
    ProgressSink m_progress;
    std::shared_ptr<Shares> m_shares = std::make_shared<Shares>();
    Progress m_now;
    Deletion m_deletion;
    RemovedAccount m_result;
};

Error Evacuation::noRoom(int fragments, const QStringList &models) const
{
    const QString what = models.isEmpty()
        ? QStringLiteral("no model needs them")
        : QString(QStringLiteral("without them these models lose protection: ") + models.join(QStringLiteral(", ")));
    return Error(Error::Kind::Quota, QStringLiteral("MF-ACCOUNT-ROOM"),
        QStringLiteral("%1 fragments on %2 find no other place, in a failure domain of its own and with room; %3. Add "
                       "storage first, or give them up with --force")
            .arg(fragments)
            .arg(m_account.name(), what))
        .at(m_account.name())
        .offering(Error::Action::AddStorage);
}

void Evacuation::report(Progress::Phase phase)
{
    m_now.phase = phase;
    m_now.network = m_shares->bytes();
    if (m_progress)
        m_progress(m_now);
}

// Where each fragment goes. All of them, or nothing is begun.
Task<Result<std::vector<Move>>> Evacuation::plan()
{
    std::vector<Move> moves;
    int homeless = 0;
    const auto rows = co_await m_engine.registry.packsOn(m_account.id());
    if (!rows)
        co_return rows.error();
    const std::vector<AccountId> any;
    std::vector<PlacementAccount> places = placementAccounts(m_engine.accounts, any);
    std::erase_if(places, [this](const PlacementAccount &place) { return place.id == m_account.id(); });
    const auto domains = co_await countedDomains(m_engine);
    if (!domains)
        co_return domains.error();
    const auto inSessions = co_await packsOfOpenSessions(m_engine);
    if (!inSessions)
        co_return inSessions.error();
    const auto dead = co_await m_engine.registry.deadPacks(*inSessions);
    if (!dead)
        co_return dead.error();
    std::set<PackRow> unused;
    for (const Registry::DeadPack &pack : *dead)
        unused.insert(pack.row);
    const auto dooms = co_await m_engine.registry.ownDooms();
    if (!dooms)
        co_return dooms.error();
    const auto isOnItsWay = [&dooms](const FragmentKey &key) {
        return std::any_of(dooms->begin(), dooms->end(), [&key](const Registry::OwnDoom &own) {
            const auto &keys = own.doom.fragments;
            return std::find(keys.begin(), keys.end(), key) != keys.end();
        });
    };
    for (const PackRow row : *rows) {
        auto pack = co_await m_engine.registry.pack(row);
        if (!pack)
            co_return pack.error();
        pack->records.clear();
        const std::vector<PackId> one(1, pack->id);
        const auto doomed = co_await m_engine.registry.doomedOf(one);
        if (!doomed)
            co_return doomed.error();
        if (unused.contains(row) || !doomed->empty())
            continue; // nobody's any more
        Move move;
        std::vector<AccountId> taken;
        for (const FragmentPlace &place : pack->fragments) {
            if (place.account == m_account.id())
                move.index = place.index;
            else
                taken.push_back(place.account);
        }
        if (isOnItsWay(FragmentKey(pack->id, move.index, m_account.id())))
            continue;
        const bool hasTwin = std::any_of(pack->fragments.begin(), pack->fragments.end(), [&](const FragmentPlace &p) {
            const Account *other = m_engine.accounts.find(p.account);
            return p.index == move.index && p.account != m_account.id() && p.acknowledged && other
                && !other->record().retired && !other->record().leaving;
        });
        if (!hasTwin) {
            const qint64 bytes = fragmentSize(pack->shape.dataLength);
            move.to = placeElsewhere(apartFrom(taken, *domains, places), taken, bytes);
            homeless += move.to ? 0 : 1;
            for (PlacementAccount &place : places) {
                if (move.to && place.id == *move.to) {
                    place.placed += bytes;
                    if (place.room)
                        *place.room -= bytes;
                }
            }
        }
        move.pack = std::move(*pack);
        moves.push_back(std::move(move));
    }
    if (homeless == 0)
        co_return moves;
    const auto harmed = co_await harmedBy(m_engine, m_account.id());
    if (!harmed)
        co_return harmed.error();
    co_return noRoom(homeless, *harmed);
}

// What is to be copied, and which accounts have how much to do with it.
void Evacuation::announce(const std::vector<Move> &moves)
{
    for (const Move &move : moves) {
        if (!move.to)
            continue;
        const qint64 size = fragmentSize(move.pack.shape.dataLength);
        m_now.total += size;
        m_shares->plan(m_account.id(), size);
        m_shares->plan(*move.to, size);
    }
    report(Progress::Phase::Storing);
}

// The same bytes at another place; believed only if they are what they should be.
Task<Result<>> Evacuation::copy(Move move)
{
    if (!move.to)
        co_return Result<>();
    const qint64 size = fragmentSize(move.pack.shape.dataLength);
    co_await m_shares->admit(2 * size); // it comes, and goes
    const auto lease = co_await m_engine.buffers.acquire(size);
    Q_UNUSED(lease)
    const BlobName name = fragmentName(m_engine.ring, move.pack.id, move.index);
    const Range whole;
    const auto blob = co_await m_shares->get(m_account, name, whole);
    if (!blob)
        co_return blob.error();
    auto check = [ring = m_engine.ring, bytes = *blob, size, id = move.pack.id, index = move.index,
                     length = move.pack.shape.dataLength]() -> Result<bool> {
        const auto header = openFragmentHeader(ring, viewOf(bytes));
        if (isNewerFragment(header))
            return newerFragment();
        if (!header || header->pack != id || header->index != index || bytes.size() != size
            || qint64(header->dataLength) != length)
            return false;
        const ByteView data = viewOf(bytes).subspan(std::size_t(kFragmentHeaderSize), header->dataLength);
        const ByteView trailer = viewOf(bytes).subspan(std::size_t(kFragmentHeaderSize) + header->dataLength);
        return damagedBlocks(data, trailer).empty();
    };
    const auto isGood = co_await onPool(m_engine.cpu, check);
    if (!isGood)
        co_return isGood.error();
    if (!*isGood)
        co_return Error(Error::Kind::Corrupt, QStringLiteral("MF-FRAGMENT-CORRUPT"),
            QStringLiteral("a fragment on %1 is damaged; `repair` rebuilds it elsewhere, then remove the account again")
                .arg(m_account.name()))
            .at(m_account.name());
    const auto found = accountToPut(m_engine.accounts, *move.to);
    if (!found)
        co_return found.error();
    Account *target = *found;
    const auto put = co_await m_shares->put(*target, name, *blob);
    if (!put)
        co_return put.error();
    target->take(size);
    crashPoint(CrashPoint::MoveFragmentPut);
    const auto noted = co_await m_engine.registry.addFragment(move.pack.row, move.index, *move.to);
    if (!noted)
        co_return noted.error();
    crashPoint(CrashPoint::MoveFragmentNoted);
    ++m_result.moved;
    m_result.bytes += size;
    m_now.bytes += size;
    report(Progress::Phase::Storing);
    co_return Result<>();
}

Task<Result<>> Evacuation::deleteHere(std::vector<Move> moves)
{
    std::vector<DoomRecord> sets;
    for (const Move &move : moves) {
        if (sets.empty() || sets.back().fragments.size() >= kMostInDoom)
            sets.emplace_back();
        sets.back().fragments.emplace_back(move.pack.id, move.index, m_account.id());
    }
    const auto dooms = co_await m_engine.registry.ownDooms();
    if (!dooms)
        co_return dooms.error();
    const DoomRecord end = doomOf(m_account.id());
    const bool isDoomed = std::any_of(
        dooms->begin(), dooms->end(), [&end](const Registry::OwnDoom &own) { return own.doom.packs == end.packs; });
    if (!isDoomed)
        sets.push_back(end);
    const auto doomed = co_await m_deletion.doom(std::move(sets));
    if (!doomed)
        co_return doomed.error();
    co_return co_await m_deletion.goOn();
}

Task<Result<RemovedAccount>> Evacuation::run(bool isForced)
{
    if (isForced) {
        auto harmed = co_await harmedBy(m_engine, m_account.id());
        if (!harmed)
            co_return harmed.error();
        m_result.harmed = std::move(*harmed);
    } else {
        if (!m_account.isVerified())
            co_return m_account.trouble().value_or(Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-GONE"),
                QStringLiteral("the account %1 cannot be reached, so nothing can be moved away from it; connect it, or "
                               "give up what is there with --force")
                    .arg(m_account.name())));
        const auto looked = co_await noteFragmentsOn(m_engine, m_account);
        if (!looked)
            co_return looked.error();
        const auto moves = co_await plan();
        if (!moves)
            co_return moves.error();
        announce(*moves);
        for (const Move &move : *moves) {
            const auto copied = co_await copy(move);
            if (!copied)
                co_return copied.error();
        }
        const auto deleted = co_await deleteHere(*moves);
        if (!deleted)
            co_return deleted.error();
        if (!m_account.record().retired) {
            m_result.waiting = m_deletion.freed().waiting;
            if (m_result.waiting.isEmpty())
                m_result.waiting.append(
                    QStringLiteral("another computer uses what lies there at this moment; remove the account again"));
            co_return m_result;
        }
        m_result.isRetired = true;
        co_return m_result;
    }
    const auto retired = co_await retireAccount(m_engine, m_account, Cbor::array());
    if (!retired)
        co_return retired.error();
    m_result.isRetired = true;
    co_return m_result;
}

} // namespace

Task<Result<std::vector<ModelWithout>>> modelsWithout(Engine &engine, AccountId account)
{
    const auto models = co_await engine.registry.models(QString());
    if (!models)
        co_return models.error();
    std::vector<ModelWithout> result;
    for (const RevisionRecord &revision : *models) {
        const std::vector<AccountId> without(1, account);
        const auto spare = co_await engine.registry.spare(revision.row, without);
        if (!spare)
            co_return spare.error();
        ModelWithout model;
        model.revision = revision;
        model.spare = isHeld(revision) ? std::optional<int>(0) : *spare; // no account matters to it
        result.push_back(std::move(model));
    }
    co_return result;
}

Task<Result<RemovedAccount>> removeAccount(Engine &engine, AccountId id, bool isForced, ProgressSink progress)
{
    Account *account = engine.accounts.find(id);
    if (!account)
        co_return Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-UNKNOWN"),
            QStringLiteral("that account is not open; `account test` says why"));
    const auto synced = co_await syncLibrary(engine);
    if (!synced && (!isForced || forbidsWriting(synced.error())))
        co_return synced.error();
    if (!isForced) { // what nobody needs is not moved
        const auto collected = co_await collect(engine);
        if (!collected)
            co_return collected.error();
    }
    if (account->record().retired) { // that was all there was left to do
        RemovedAccount over;
        over.isRetired = true;
        co_return over;
    }
    Evacuation evacuation(engine, *account, std::move(progress));
    co_return co_await evacuation.run(isForced);
}

} // namespace mf
