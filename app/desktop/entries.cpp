// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/entries.h"

#include "app/desktop/asked.h"
#include "core/crypto/sha256.h"
#include "core/distributor/holding.h"
#include "core/distributor/model_state.h"
#include "core/formats/model_name.h"
#include "core/providers/catalogue.h"

#include <QCoreApplication>

#include <algorithm>
#include <unordered_map>

namespace mf {
namespace {

using Health = ui::AccountEntry::Health;
using Cell = ui::ModelDetails::MapRow::Cell;

constexpr qint64 kTooLittle = qint64(32) << 20; // no fragment of a full pack finds room
constexpr qint64 kAlmostFull = 20; // less than a 20th is free

Health healthOf(
    const Account *account, const std::optional<Error> &trouble, const ui::AccountEntry &entry, bool hasLooked)
{
    if (trouble && trouble->id == QStringLiteral("MF-LIBRARY-NEWER"))
        return Health::Newer;
    const bool isSecretLost = trouble
        && (trouble->id == QStringLiteral("MF-SECRETS-MISSING") || trouble->id == QStringLiteral("MF-SECRETS-DAMAGED"));
    if (isSecretLost || (trouble && trouble->kind == Error::Kind::Unauthorised))
        return Health::SignIn;
    if (trouble && trouble->kind == Error::Kind::Quota)
        return Health::Full;
    if (trouble || !account || !account->isVerified())
        return hasLooked ? Health::Unreachable : Health::Connecting;
    const auto room = account->room();
    if (room && *room < kTooLittle)
        return Health::Full;
    if (account->isStale())
        return Health::Stale;
    const qint64 all = entry.capacity > 0 ? entry.capacity : entry.total.value_or(0);
    return room && all > 0 && *room < all / kAlmostFull ? Health::AlmostFull : Health::Connected;
}

// What tells an account from others of its kind: the first field of its form that has a value and is no choice.
QString placeOf(const AccountRecord &record, const ProviderKind *kind)
{
    if (kind) {
        for (const FormField &field : kind->fields) {
            const QString value = record.settings.value(field.key);
            if (!value.isEmpty() && field.type != FormField::Type::Choice && field.type != FormField::Type::Secret)
                return value;
        }
    }
    return record.settings.isEmpty() ? QString() : record.settings.first();
}

} // namespace

AccountNames namesOf(const std::vector<AccountRecord> &accounts)
{
    AccountNames names;
    for (const AccountRecord &account : accounts)
        names[account.id] = account.name;
    return names;
}

ui::ModelEntry modelEntry(const LibraryView::Model &model, const AccountNames &names, const QDateTime &now)
{
    const RevisionRecord &revision = model.revision;
    ui::ModelEntry entry;
    entry.id = revision.model;
    entry.name = revision.name;
    entry.facts = revision.facts;
    entry.bytes = revision.bytes;
    entry.uploadedBytes = model.bytes;
    entry.files = revision.files;
    entry.revision = revision.number;
    entry.stored = revision.created;
    entry.proven = model.health.proven;
    entry.protection = Protection(model.health.k, revision.protection.m);
    entry.onThisComputer = isHeld(revision);
    entry.state = modelStateOf(revision.state, entry.protection, model.health.spare, model.health.proven, now);
    entry.spare = entry.onThisComputer ? 0 : model.health.spare.value_or(revision.protection.m);
    entry.tags = revision.tags;
    entry.sha256 = model.sha256 ? model.sha256->toHex() : QString();
    if (entry.onThisComputer) // what has not moved yet lies nowhere
        return entry;
    entry.strip = model.strip;
    for (const AccountId &account : model.accounts) {
        const auto name = names.find(account);
        if (name != names.end())
            entry.accounts.append(name->second);
    }
    return entry;
}

ui::ModelEntry storingEntry(const ui::TransferEntry &transfer, qint64 bytes)
{
    ui::ModelEntry entry;
    // Its own until the model has one.
    const QByteArray number = QByteArrayLiteral("storing ") + QByteArray::number(transfer.id);
    const auto digest = sha256(viewOf(number));
    std::copy_n(digest.bytes.begin(), entry.id.bytes.size(), entry.id.bytes.begin());
    entry.name = transfer.name;
    entry.facts.family = modelFamily({}, { transfer.name }); // it stands in its group from the beginning
    entry.bytes = bytes;
    entry.state = ModelState::Storing;
    return entry;
}

ui::AccountEntry accountEntry(const AccountRecord &record, const Account *account, const Error *whyClosed,
    const std::vector<Registry::AccountUse> &use, bool hasLooked)
{
    const ProviderKind *kind = findKind(record.kind);
    ui::AccountEntry entry;
    entry.id = record.id;
    entry.name = record.name;
    entry.kind = record.kind;
    entry.kindTitle = kind ? kind->title : record.kind;
    if (record.isElsewhere())
        entry.kindTitle = QCoreApplication::translate("AccountEntry", "On another computer");
    entry.place = placeOf(record, kind);
    entry.domain = record.domain;
    entry.seen = record.seen;
    entry.total = record.total;
    entry.used = record.used;
    entry.capacity = record.capacity;
    entry.upLimit = record.upLimit;
    entry.downLimit = record.downLimit;
    for (const auto &used : use) {
        if (used.account == record.id) {
            entry.ours = used.bytes;
            entry.fragments = used.fragments;
        }
    }
    if (account && account->isVerified()) {
        entry.total = account->record().total;
        entry.used = account->record().used;
    }
    if (whyClosed)
        entry.trouble = *whyClosed;
    else if (account)
        entry.trouble = account->trouble();
    entry.hasSecret = kind && hasSecret(*kind);
    entry.health = healthOf(account, entry.trouble, entry, hasLooked);
    if (entry.health == Health::Unreachable)
        entry.awaySince = record.awaySince;
    return entry;
}

ui::TransferEntry::Kind kindOf(TransferQueue::Kind kind)
{
    using Shown = ui::TransferEntry::Kind;
    switch (kind) {
    case TransferQueue::Kind::Store:
        return Shown::Store;
    case TransferQueue::Kind::Fetch:
        return Shown::Fetch;
    case TransferQueue::Kind::Repair:
        return Shown::Repair;
    case TransferQueue::Kind::Protect:
        return Shown::Protect;
    case TransferQueue::Kind::Collect:
        return Shown::Collect;
    case TransferQueue::Kind::RemoveAccount:
        return Shown::MoveAway;
    case TransferQueue::Kind::Check:
    case TransferQueue::Kind::Sync:
        break;
    }
    return Shown::Check;
}

namespace {

ui::TransferEntry::State stateOf(TransferQueue::State state)
{
    using Shown = ui::TransferEntry::State;
    switch (state) {
    case TransferQueue::State::Queued:
        return Shown::Queued;
    case TransferQueue::State::Running:
        return Shown::Running;
    case TransferQueue::State::Paused:
        return Shown::Paused;
    case TransferQueue::State::Waiting:
        return Shown::Waiting;
    case TransferQueue::State::Failed:
        return Shown::Failed;
    case TransferQueue::State::Done:
        return Shown::Done;
    case TransferQueue::State::Cancelled:
        break;
    }
    return Shown::Cancelled;
}

} // namespace

void takeProgress(ui::TransferEntry &shown, const TransferQueue::Entry &entry, const AccountNames &names)
{
    shown.progress = entry.progress;
    shown.bytesPerSecond = entry.bytesPerSecond;
    shown.left = entry.left;
    shown.shares.clear();
    for (const AccountShare &share : entry.shares) {
        const auto known = names.find(share.account);
        shown.shares.push_back({ share, known == names.end() ? QString() : known->second });
    }
    std::ranges::sort(shown.shares, {}, &ui::ShareEntry::name);
}

ui::TransferEntry transferEntry(const TransferQueue::Entry &entry, const AccountNames &names)
{
    ui::TransferEntry shown;
    shown.id = entry.id;
    shown.kind = kindOf(entry.kind);
    shown.name = entry.name;
    shown.state = stateOf(entry.state);
    shown.priority = entry.priority;
    shown.rateLimit = entry.rateLimit;
    takeProgress(shown, entry, names);
    shown.error = entry.error;
    if (shown.error && shown.error->id == libraryClosedId())
        shown.error->retryAt.reset(); // not at a time
    else if (shown.error && entry.retryAt.isValid())
        shown.error->retryAt = entry.retryAt;
    shown.ended = entry.ended;
    shown.outcome = entry.outcome.text;
    shown.isWarning = entry.outcome.isWarning;
    return shown;
}

ui::ModelDetails modelDetails(
    const LibraryView::Fragments &fragments, const std::vector<ui::AccountEntry> &accounts, const AccountNames &names)
{
    ui::ModelDetails details;
    const auto runs = static_cast<std::size_t>(std::min<qint64>(fragments.packs, LibraryView::kRuns));
    const auto worse = [](Cell a, Cell b) { return std::max(a, b); }; // in the order of the enumeration
    std::map<QString, ui::ModelDetails::MapRow> rows;
    for (const LibraryView::Fragment &fragment : fragments.list) {
        if (fragment.state == FragmentState::Planned)
            continue;
        const auto known = names.find(fragment.account);
        const QString name = known == names.end() ? QString() : known->second;
        ui::ModelDetails::MapRow &row = rows[name];
        if (row.cells.empty()) {
            row.account = name;
            row.cells.assign(runs, Cell::None);
        }
        const Cell cell = fragment.state == FragmentState::There ? Cell::There
            : fragment.state == FragmentState::Missing           ? Cell::Missing
                                                                 : Cell::Damaged;
        Cell &shown
            = row.cells[static_cast<std::size_t>(fragment.pack - 1) * runs / static_cast<std::size_t>(fragments.packs)];
        shown = worse(shown, cell);
        ui::ModelDetails::Fragment one;
        one.pack = fragment.pack;
        one.index = fragment.index;
        one.account = name;
        one.state = fragment.state;
        one.bytes = fragment.bytes;
        details.fragments.push_back(std::move(one));
    }
    details.fragmentCount = static_cast<qint64>(details.fragments.size());
    std::stable_partition(details.fragments.begin(), details.fragments.end(),
        [](const auto &fragment) { return fragment.state != FragmentState::There; });
    if (details.fragments.size() > ui::ModelDetails::kMostFragments)
        details.fragments.resize(ui::ModelDetails::kMostFragments);
    for (auto &[name, row] : rows) {
        for (const ui::AccountEntry &account : accounts) {
            if (account.name == name)
                row.isAway = account.health == Health::Unreachable || account.health == Health::SignIn;
        }
        details.map.push_back(std::move(row));
    }
    return details;
}

ui::AccountLoss accountLoss(const std::vector<LibraryView::Model> &without, const std::vector<LibraryView::Model> &now)
{
    std::unordered_map<RevisionRow, const LibraryView::Model *> known;
    known.reserve(now.size());
    for (const LibraryView::Model &model : now)
        known.emplace(model.revision.row, &model);
    ui::AccountLoss loss;
    for (const LibraryView::Model &model : without) {
        const auto today = known.find(model.revision.row);
        const int m = model.revision.protection.m;
        const int left = model.health.spare.value_or(m);
        const int before = today == known.end() ? m : today->second->health.spare.value_or(m);
        if (left >= std::min(before, m))
            ++loss.unharmed;
        else if (left < 0)
            loss.unreadable.append(model.revision.name);
        else if (left == 0)
            loss.atRisk.append(model.revision.name);
        else
            loss.reduced.append(model.revision.name);
    }
    return loss;
}

} // namespace mf
