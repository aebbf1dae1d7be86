// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/confirm.h"

#include "core/distributor/library_log.h"

#include <algorithm>

namespace mf {
namespace {

// A look at the log beside other transfers of this process may find every account behind what these just wrote.
constexpr int kLooks = 3;

QString withdrawalNote(const RevisionId &revision) { return QStringLiteral("withdrawal.") + revision.toHex(); }

Task<Result<bool>> confirmOnce(Engine &engine, std::vector<PackRow> packs)
{
    LibraryLog log(engine);
    const auto asked = co_await log.sync(engine.accounts.verified());
    if (!asked)
        co_return asked.error();
    std::vector<PackId> ids;
    for (const PackRow row : packs) {
        const auto pack = co_await engine.registry.pack(row);
        if (!pack && pack.error().kind == Error::Kind::NotFound)
            co_return false; // it was gone before
        if (!pack)
            co_return pack.error();
        if (pack->state == PackState::Doomed || pack->state == PackState::Gone)
            co_return false;
        const bool reached = std::any_of(pack->fragments.begin(), pack->fragments.end(), [&asked](const auto &f) {
            return f.acknowledged && std::find(asked->begin(), asked->end(), f.account) != asked->end();
        });
        if (!reached)
            co_return Error(Error::Kind::Network, QStringLiteral("MF-CONFIRM-ACCOUNTS"),
                QStringLiteral("the model is stored but not confirmed: an account that holds part of it cannot "
                               "be reached; the same command goes on where it was"))
                .offering(Error::Action::Retry);
        ids.push_back(pack->id);
    }
    const auto doomed = co_await engine.registry.doomedOf(std::move(ids));
    if (!doomed)
        co_return doomed.error();
    const auto left = co_await engine.registry.areWeakened(std::move(packs), 0); // on accounts that are given up
    if (!left)
        co_return left.error();
    const bool isConfirmed = doomed->empty() && !*left;
    co_return isConfirmed;
}

} // namespace

Task<Result<bool>> confirmRows(Engine &engine, std::vector<PackRow> packs)
{
    auto confirmed = co_await confirmOnce(engine, packs);
    for (int i = 1; i < kLooks && !confirmed && confirmed.error().id == QStringLiteral("MF-CONFIRM-ACCOUNTS"); ++i)
        confirmed = co_await confirmOnce(engine, packs);
    co_return confirmed;
}

Task<Result<bool>> confirmPacks(Engine &engine, RevisionRow revision)
{
    auto rows = co_await engine.registry.packsRelied(revision);
    if (!rows)
        co_return rows.error();
    co_return co_await confirmRows(engine, std::move(*rows));
}

Task<Result<bool>> confirmRevision(Engine &engine, RevisionRow revision, int losses)
{
    const auto confirmed = co_await confirmPacks(engine, revision);
    if (!confirmed || !*confirmed)
        co_return confirmed;
    auto rows = co_await engine.registry.packsRelied(revision);
    if (!rows)
        co_return rows.error();
    const auto weakened = co_await engine.registry.areWeakened(std::move(*rows), losses);
    if (!weakened)
        co_return weakened.error();
    co_return !*weakened;
}

Task<Result<>> withdrawRevision(Engine &engine, RevisionRecord revision)
{
    const QString begun = withdrawalNote(revision.id);
    const auto noted = co_await engine.registry.setNote(begun, QByteArrayLiteral("1"));
    if (!noted)
        co_return noted.error();
    LibraryLog log(engine);
    const std::vector<PresenceId> presences(1, PresenceId(revision.id.bytes));
    Cbor events = Cbor::array();
    events.push_back(events::trash(revision.id, presences, true));
    const auto logged = co_await log.append(std::move(events));
    if (!logged)
        co_return logged.error();
    // The log may have named it where this computer cannot look now, and somebody may rely on its packs since.
    const auto disowned = co_await engine.registry.disownPacks(revision.row);
    if (!disowned)
        co_return disowned.error();
    revision.state = RevisionState::Storing;
    const auto back = co_await engine.registry.updateRevision(revision);
    if (!back)
        co_return back.error();
    const auto dropped = co_await engine.registry.dropRevision(revision.row);
    if (!dropped)
        co_return dropped.error();
    const QByteArray nothing;
    co_return co_await engine.registry.setNote(begun, nothing);
}

Task<Result<bool>> isBeingWithdrawn(Engine &engine, RevisionId revision)
{
    const auto note = co_await engine.registry.note(withdrawalNote(revision));
    if (!note)
        co_return note.error();
    const bool isBegun = !note->isEmpty();
    co_return isBegun;
}

} // namespace mf
