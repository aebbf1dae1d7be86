// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/trash.h"

#include "core/base/crash_point.h"
#include "core/distributor/confirm.h"
#include "core/distributor/holding.h"
#include "core/distributor/library_log.h"
#include "core/distributor/store.h"
#include "core/distributor/take_in.h"

#include <algorithm>

namespace mf {
namespace {

using Trashed = Registry::TrashedRevision;

Error notInTrash(const QString &name)
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-TRASH-UNKNOWN"),
        QStringLiteral("there is no “%1” in the trash; `trash` lists what is").arg(name))
        .of(name);
}

Error revisionUnknown(const QString &name, int number)
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-REVISION-UNKNOWN"),
        QStringLiteral("\"%1\" has no revision %2 in the trash; `trash` lists what is there").arg(name).arg(number))
        .of(name);
}

// The accounts are ready and the log is read.
Task<Result<>> ready(Engine &engine)
{
    QStringList warnings;
    const auto accounts = co_await readyAccounts(engine, warnings);
    if (!accounts)
        co_return accounts.error();
    const auto read = co_await readLog(engine);
    if (!read)
        co_return read.error();
    co_return co_await refuseNewerObjects(engine);
}

bool isOf(const RevisionRecord &revision, const QString &nameOrId)
{
    return revision.name == nameOrId || revision.model.toHex() == nameOrId;
}

// The trashed revisions of that model: by its id, an exact name, else the only one that differs by case.
std::vector<Trashed> named(const std::vector<Trashed> &all, const QString &name)
{
    std::vector<Trashed> ofId;
    for (const Trashed &one : all) {
        if (one.revision.model.toHex() == name)
            ofId.push_back(one);
    }
    if (!ofId.empty())
        return ofId;
    QString exact;
    for (const Trashed &one : all) {
        if (one.revision.name == name)
            exact = name;
    }
    for (const Trashed &one : all) {
        if (exact.isEmpty() && one.revision.name.compare(name, Qt::CaseInsensitive) == 0)
            exact = one.revision.name;
    }
    std::vector<Trashed> found;
    for (const Trashed &one : all) {
        if (one.revision.name == exact)
            found.push_back(one);
    }
    return found;
}

TrashEntry entryOf(const std::vector<Trashed> &revisions, const QDateTime &now)
{
    TrashEntry entry;
    entry.isForever = true;
    for (const Trashed &one : revisions) {
        entry.model = one.revision.model;
        entry.name = one.revision.name;
        entry.revisions.push_back(one.revision.number);
        if (!entry.removed.isValid() || one.standing.since > entry.removed)
            entry.removed = one.standing.since;
        if (one.standing.isForever)
            continue;
        entry.isForever = false;
        const auto left = std::max(Registry::kTrashTime - one.standing.passed, std::chrono::milliseconds(0));
        const QDateTime until = now.addMSecs(left.count());
        if (!entry.until.isValid() || until > entry.until)
            entry.until = until;
    }
    if (entry.isForever)
        entry.until = {};
    return entry;
}

Task<Result<TrashEntry>> entryOfRevisions(Engine &engine, std::vector<RevisionId> revisions)
{
    const auto all = co_await engine.registry.trashed();
    if (!all)
        co_return all.error();
    std::vector<Trashed> found;
    for (const Trashed &one : *all) {
        if (std::find(revisions.begin(), revisions.end(), one.revision.id) != revisions.end())
            found.push_back(one);
    }
    co_return entryOf(found, engine.clock.now());
}

// What `remove` means: live revisions, and with --forever those in the trash, too.
Task<Result<std::vector<RevisionRecord>>> toRemove(Engine &engine, QString name, int number, bool isForever)
{
    std::vector<RevisionRecord> revisions;
    const auto current = co_await engine.registry.revision(name, number);
    const bool isMeant = current && (!isForever || isOf(*current, name));
    const auto all = co_await engine.registry.trashed();
    if (!all)
        co_return all.error();
    std::vector<Trashed> trashed;
    if (isForever && !isMeant)
        trashed = named(*all, name);
    if (current && trashed.empty()) {
        const auto history = co_await engine.registry.history(current->model);
        if (!history)
            co_return history.error();
        for (const RevisionRecord &revision : *history) {
            if ((number == 0 || revision.number == number) && (isForever || revision.state != RevisionState::Trashed))
                revisions.push_back(revision);
        }
        co_return revisions;
    }
    for (const Trashed &one : trashed) {
        if (number == 0 || one.revision.number == number)
            revisions.push_back(one.revision);
    }
    if (revisions.empty())
        co_return current ? revisionUnknown(name, number) : current.error();
    co_return revisions;
}

// They are in the trash, or gone for ever, from now on.
Task<Result<TrashEntry>> logRemoved(Engine &engine, std::vector<RevisionRecord> revisions, bool isForever)
{
    Cbor events = Cbor::array();
    std::vector<RevisionId> ids;
    for (const RevisionRecord &record : revisions) {
        const auto standing = co_await engine.registry.standing(record.id);
        if (!standing)
            co_return standing.error();
        // For ever: every presence that there was, so that none of them gives it its 30 days.
        events.push_back(events::trash(record.id, isForever ? standing->all : standing->presences, isForever));
        ids.push_back(record.id);
    }
    LibraryLog log(engine);
    const auto logged = co_await log.append(std::move(events));
    if (!logged)
        co_return logged.error();
    crashPoint(CrashPoint::RemoveLogged);
    co_return co_await entryOfRevisions(engine, std::move(ids));
}

// Pardons of this computer's dooms on packs of these revisions, as far as nothing was decided yet.
Task<Result<Cbor>> pardons(Engine &engine, std::vector<Trashed> revisions)
{
    Cbor events = Cbor::array();
    const auto dooms = co_await engine.registry.ownDooms();
    if (!dooms)
        co_return dooms.error();
    if (dooms->empty())
        co_return events;
    std::vector<PackId> packs;
    for (const Trashed &one : revisions) {
        const auto rows = co_await engine.registry.packsRelied(one.revision.row);
        if (!rows)
            co_return rows.error();
        for (const PackRow row : *rows) {
            const auto pack = co_await engine.registry.pack(row);
            if (pack)
                packs.push_back(pack->id);
        }
    }
    for (const auto &own : *dooms) {
        const bool isOnThem = std::any_of(own.doom.packs.begin(), own.doom.packs.end(),
            [&packs](const PackId &pack) { return std::find(packs.begin(), packs.end(), pack) != packs.end(); });
        if (isOnThem && !own.isDecided)
            events.push_back(events::pardon(own.doom.id));
    }
    co_return events;
}

Task<Result<bool>> isGone(Engine &engine, RevisionRow revision)
{
    const auto rows = co_await engine.registry.packsRelied(revision);
    if (!rows)
        co_return rows.error();
    std::vector<PackId> ids;
    for (const PackRow row : *rows) {
        const auto pack = co_await engine.registry.pack(row);
        if (!pack)
            co_return pack.error().kind == Error::Kind::NotFound ? Result<bool>(true) : Result<bool>(pack.error());
        ids.push_back(pack->id);
    }
    const auto gone = co_await engine.registry.packsGone(std::move(ids));
    if (!gone)
        co_return gone.error();
    co_return std::find(gone->begin(), gone->end(), true) != gone->end();
}

Error gone(const QString &name)
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-RESTORE-GONE"),
        QStringLiteral("“%1” is gone: parts of it were deleted already; store it again from its files").arg(name))
        .of(name);
}

// CONFIRM for each of them. What is gone is taken out again: it shall not stand in the list as something that cannot be
// read.
Task<Result<>> confirmAll(Engine &engine, QString name, std::vector<RevisionRecord> revisions)
{
    Cbor withdrawn = Cbor::array();
    bool isDoomed = false;
    for (const RevisionRecord &revision : revisions) {
        const auto confirmed = co_await confirmPacks(engine, revision.row);
        if (!confirmed)
            co_return confirmed.error();
        // Where others' packs have what its own had, nobody keeps those for it.
        const auto kept = co_await engine.registry.isKeptByLog(revision.row);
        if (!kept)
            co_return kept.error();
        if (*confirmed && *kept)
            continue;
        // Packed anew by another computer: of its old packs nothing follows.
        const auto news = co_await engine.registry.revisionNews(revision.id);
        if (!news)
            co_return news.error();
        if (news->manifest != ObjectHash() && news->manifest != news->known)
            co_return Error(Error::Kind::Network, QStringLiteral("MF-RESTORE-WAITS"),
                QStringLiteral("“%1” was packed anew by another computer, and where it lies now cannot be read yet; "
                               "connect the accounts that are away and restore again: that tells whether it is back")
                    .arg(name))
                .of(name)
                .offering(Error::Action::Retry);
        const auto isLost = co_await isGone(engine, revision.row);
        if (!isLost)
            co_return isLost.error();
        if (!*isLost && *kept) {
            isDoomed = true;
            continue;
        }
        const auto standing = co_await engine.registry.standing(revision.id);
        if (!standing)
            co_return standing.error();
        withdrawn.push_back(events::trash(revision.id, standing->all, true));
    }
    if (!withdrawn.empty()) {
        LibraryLog log(engine);
        const auto logged = co_await log.append(std::move(withdrawn));
        if (!logged)
            co_return logged.error();
        co_return gone(name);
    }
    if (isDoomed)
        co_return Error(Error::Kind::Network, QStringLiteral("MF-RESTORE-DOOMED"),
            QStringLiteral("parts of “%1” are being deleted at this moment, by another computer or by this one; it "
                           "stops if it has not begun. Restore again in a while: that tells whether “%1” is back")
                .arg(name))
            .of(name)
            .offering(Error::Action::Retry);
    co_return Result<>();
}

// It is not in the trash. A restore that met a doom comes by here again.
Task<Result<TrashEntry>> restoreLive(Engine &engine, QString name)
{
    const auto current = co_await engine.registry.revision(name, 0);
    if (!current || (!isOf(*current, name) && current->name.compare(name, Qt::CaseInsensitive) != 0))
        co_return notInTrash(name);
    if (!isHeld(*current)) {
        const std::vector<RevisionRecord> one(1, *current);
        const auto confirmed = co_await confirmAll(engine, name, one);
        if (!confirmed)
            co_return confirmed.error();
    }
    TrashEntry entry;
    entry.model = current->model;
    entry.name = current->name;
    entry.revisions.push_back(current->number);
    co_return entry;
}

// Held, and in no log yet: one that is almost moved out is.
Task<Result<bool>> areOnlyHere(Engine &engine, std::vector<RevisionRecord> revisions)
{
    for (const RevisionRecord &revision : revisions) {
        if (!isHeld(revision))
            co_return false;
        const auto logged = co_await engine.registry.isLogged(revision.id);
        if (!logged)
            co_return logged.error();
        if (*logged)
            co_return false;
    }
    co_return !revisions.empty();
}

} // namespace

Task<Result<TrashEntry>> removeModel(Engine &engine, QString name, int revision, bool isForever)
{
    // What is on this computer only is no account's business, and has no 30 days.
    const auto known = co_await toRemove(engine, name, revision, isForever);
    const std::vector<RevisionRecord> asked = known ? *known : std::vector<RevisionRecord>();
    const auto onlyHere = co_await areOnlyHere(engine, asked);
    if (!onlyHere)
        co_return onlyHere.error();
    if (!*onlyHere) {
        const auto isReady = co_await ready(engine);
        if (!isReady)
            co_return isReady.error();
    }
    auto revisions = co_await toRemove(engine, name, revision, isForever);
    if (!revisions)
        co_return revisions.error();
    TrashEntry entry;
    for (const RevisionRecord &record : *revisions) {
        if (!isHeld(record))
            continue;
        const auto removed = co_await removeHeld(engine, record);
        if (!removed)
            co_return removed.error();
        entry.model = record.model;
        entry.name = record.name;
        entry.revisions.push_back(record.number);
        entry.removed = engine.clock.now();
        entry.isForever = true;
    }
    std::erase_if(*revisions, [](const RevisionRecord &record) { return isHeld(record); });
    if (revisions->empty())
        co_return entry;
    co_return co_await logRemoved(engine, std::move(*revisions), isForever);
}

Task<Result<TrashEntry>> deleteTrashed(Engine &engine, TrashEntry entry)
{
    const auto isReady = co_await ready(engine);
    if (!isReady)
        co_return isReady.error();
    const auto all = co_await engine.registry.trashed();
    if (!all)
        co_return all.error();
    std::vector<RevisionRecord> revisions;
    for (const Trashed &one : *all) {
        if (one.revision.model == entry.model)
            revisions.push_back(one.revision);
    }
    if (revisions.empty())
        co_return notInTrash(entry.name);
    co_return co_await logRemoved(engine, std::move(revisions), true);
}

Task<Result<TrashEntry>> restoreModel(Engine &engine, QString name)
{
    const auto isReady = co_await ready(engine);
    if (!isReady)
        co_return isReady.error();
    const auto taken = co_await takeIn(engine); // what was packed anew lies elsewhere by now
    if (!taken)
        co_return taken.error();
    const auto all = co_await engine.registry.trashed();
    if (!all)
        co_return all.error();
    std::vector<Trashed> found = named(*all, name);
    if (found.empty())
        co_return co_await restoreLive(engine, name);
    // What was pruned or removed for ever stays so, unless there is nothing else.
    const bool onlyForever
        = std::all_of(found.begin(), found.end(), [](const Trashed &one) { return one.standing.isForever; });
    if (!onlyForever)
        std::erase_if(found, [](const Trashed &one) { return one.standing.isForever; });
    const QString model = found.front().revision.name;
    const auto other = co_await engine.registry.revision(model, 0);
    if (other && other->name == model && other->model != found.front().revision.model)
        co_return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-MODEL-EXISTS"),
            QStringLiteral("another model is called “%1” by now; remove it first, then restore this one").arg(model))
            .of(model);
    // Two models of one name may be in the trash: the one that was removed last comes back.
    const ModelId id = std::max_element(found.begin(), found.end(), [](const Trashed &a, const Trashed &b) {
        return a.standing.passed > b.standing.passed;
    })->revision.model;
    std::erase_if(found, [&id](const Trashed &one) { return one.revision.model != id; });

    auto events = co_await pardons(engine, found);
    if (!events)
        co_return events.error();
    std::vector<RevisionRecord> records;
    for (const Trashed &one : found) {
        events->push_back(events::restore(one.revision.id, randomId<PresenceId>()));
        records.push_back(one.revision);
    }
    LibraryLog log(engine);
    const auto logged = co_await log.append(std::move(*events));
    if (!logged)
        co_return logged.error();
    crashPoint(CrashPoint::RestoreLogged);
    const auto confirmed = co_await confirmAll(engine, model, records);
    if (!confirmed)
        co_return confirmed.error();
    TrashEntry entry;
    entry.model = id;
    entry.name = model;
    for (const RevisionRecord &record : records)
        entry.revisions.push_back(record.number);
    co_return entry;
}

Task<Result<std::vector<TrashEntry>>> listTrash(Engine &engine)
{
    const auto noted = co_await noteTime(engine);
    if (!noted)
        co_return noted.error();
    const auto all = co_await engine.registry.trashed();
    if (!all)
        co_return all.error();
    std::vector<TrashEntry> entries;
    for (std::size_t i = 0; i < all->size();) {
        std::vector<Trashed> ofModel;
        const ModelId model = (*all)[i].revision.model;
        for (; i < all->size() && (*all)[i].revision.model == model; ++i)
            ofModel.push_back((*all)[i]);
        entries.push_back(entryOf(ofModel, engine.clock.now()));
    }
    co_return entries;
}

} // namespace mf
