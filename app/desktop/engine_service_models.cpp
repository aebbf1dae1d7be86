// SPDX-License-Identifier: GPL-3.0-or-later
// What is shown of models, the trash, the history and the issues.
#include "app/desktop/engine_service.h"

#include "app/desktop/entries.h"
#include "app/desktop/issues.h"
#include "core/base/log.h"
#include "core/distributor/model_state.h"
#include "core/distributor/read_range.h"
#include "core/distributor/ready_accounts.h"
#include "core/distributor/repair.h"
#include "core/distributor/trash.h"
#include "core/settings/speed_limits.h"

#include <algorithm>

namespace mf {

using namespace std::chrono_literals;

namespace {

constexpr int kHistory = 500; // lines that are shown
constexpr auto kBetweenReloads = 250ms;

// An account that could not be reached before can be now.
bool isBack(const std::vector<ui::AccountEntry> &before, const std::vector<ui::AccountEntry> &now)
{
    using Health = ui::AccountEntry::Health;
    const auto isThere = [&now](const AccountId &id) {
        return std::any_of(now.begin(), now.end(), [&id](const ui::AccountEntry &account) {
            return account.id == id && account.health != Health::Unreachable && account.health != Health::Connecting;
        });
    };
    return std::any_of(before.begin(), before.end(), [&isThere](const ui::AccountEntry &account) {
        return account.health == Health::Unreachable && isThere(account.id);
    });
}

bool isSame(const ui::IssueEntry &a, const ui::IssueEntry &b)
{
    return a.id == b.id && a.severity == b.severity && a.title == b.title && a.text == b.text;
}

} // namespace

// ---- reading it all

void EngineService::reload()
{
    m_mustReload = true;
    if (m_library && !m_isReloading)
        m_background.start(reloadNow());
}

Task<void> EngineService::reloadNow()
{
    m_isReloading = true;
    while (m_mustReload) {
        m_mustReload = false;
        const auto read = co_await readAll();
        if (!read)
            logWarning("desktop", read.error().message);
        co_await m_clock.sleep(kBetweenReloads);
    }
    m_isReloading = false;
}

Task<void> EngineService::showResult()
{
    const auto read = co_await readAll();
    if (!read)
        logWarning("desktop", read.error().message);
}

Task<Result<>> EngineService::readAll()
{
    Registry &registry = m_library->registry();
    const QDateTime now = m_clock.now();
    const std::set<ui::TransferId> toRead = m_unread;
    const bool hasSynced = std::exchange(m_hasSynced, false);
    const auto records = co_await registry.accounts();
    if (!records)
        co_return records.error();
    const auto settings = co_await registry.settings();
    if (!settings)
        co_return settings.error();
    auto lost = lostAccounts(*records, now, awayIsLost(*settings));
    auto stored = co_await m_view->models(std::move(lost));
    if (!stored)
        co_return stored.error();
    const auto use = co_await registry.accountUse();
    if (!use)
        co_return use.error();
    auto trash = co_await listTrash(m_library->engine());
    if (!trash)
        co_return trash.error();
    const auto events = co_await m_view->events(kHistory);
    if (!events)
        co_return events.error();

    m_accountNames = namesOf(*records);
    const auto before = std::exchange(m_accounts, {});
    for (const AccountRecord &record : *records) {
        if (!record.retired)
            m_accounts.push_back(accountEntry(
                record, m_library->accounts().find(record.id), m_library->whyClosed(record.id), *use, m_hasLooked));
    }
    const auto byName = [](const auto &a, const auto &b) { return a.name.localeAwareCompare(b.name) < 0; };
    std::stable_sort(m_accounts.begin(), m_accounts.end(), byName);
    emit accountsChanged();
    if (isBack(before, m_accounts))
        wakeTransfers();
    m_stored = std::move(*stored);
    m_places.clear();
    for (std::size_t i = 0; i < m_stored.size(); ++i)
        m_places.emplace(m_stored[i].revision.model, i);
    for (const ui::TransferId id : toRead)
        m_unread.erase(id);
    showModels();
    m_trash = std::move(*trash);
    emit trashChanged();
    m_history.clear();
    for (const LibraryView::Event &event : *events)
        m_history.push_back(ui::HistoryEntry { event.when, event.kind, event.text });
    emit historyChanged();
    const SpeedLimits limits = SpeedLimits::fromSettings(*settings);
    const ui::SpeedLimits shown { limits.up, limits.down };
    if (std::exchange(m_limits, shown) != shown)
        emit limitsChanged();
    showIssues();
    if (hasSynced && syncRepairs(*settings))
        repairAsSet();
    co_return Result<>();
}

// The stored ones, and those that a store is making, or has made a moment ago.
void EngineService::showModels()
{
    const QDateTime now = m_clock.now();
    m_models.clear();
    for (const LibraryView::Model &model : m_stored)
        m_models.push_back(modelEntry(model, m_accountNames, now));
    for (const ui::TransferEntry &transfer : m_transfers) {
        using Stage = ui::TransferEntry::State;
        const bool isUnderWay = transfer.state == Stage::Running || transfer.state == Stage::Paused
            || transfer.state == Stage::Waiting || transfer.state == Stage::Queued || m_unread.contains(transfer.id);
        if (transfer.kind != ui::TransferEntry::Kind::Store || !isUnderWay)
            continue;
        auto model = std::find_if(
            m_models.begin(), m_models.end(), [&transfer](const auto &m) { return m.name == transfer.name; });
        if (model == m_models.end())
            model = m_models.insert(model, storingEntry(transfer, transfer.progress.total));
        const Progress &progress = transfer.progress;
        model->percent = progress.total > 0 ? static_cast<int>(progress.bytes * 100 / progress.total) : 0;
    }
    const auto byName = [](const auto &a, const auto &b) { return a.name.localeAwareCompare(b.name) < 0; };
    std::stable_sort(m_models.begin(), m_models.end(), byName);
    emit modelsChanged();
}

// Of stores that move; all else is as it was.
void EngineService::showPercents()
{
    for (const ui::TransferEntry &transfer : m_transfers) {
        const Progress &progress = transfer.progress;
        if (transfer.kind != ui::TransferEntry::Kind::Store || progress.total == 0)
            continue;
        for (ui::ModelEntry &model : m_models) {
            if (model.percent < 0 || model.name != transfer.name)
                continue;
            model.percent = static_cast<int>(progress.bytes * 100 / progress.total);
            if (model.state == ModelState::Storing)
                model.bytes = progress.total;
        }
    }
    emit modelsChanged();
}

void EngineService::showIssues()
{
    IssueSources sources;
    sources.models = m_models;
    sources.accounts = m_accounts;
    sources.transfers = m_transfers;
    sources.isKitSaved = m_isKitSaved || !m_library;
    auto issues = issuesOf(sources);
    const bool isUnchanged = std::equal(issues.begin(), issues.end(), m_issues.begin(), m_issues.end(), isSame);
    m_issues = std::move(issues);
    if (!isUnchanged)
        emit issuesChanged();
}

const LibraryView::Model *EngineService::model(const ModelId &id) const
{
    const auto place = m_places.find(id);
    return place == m_places.end() ? nullptr : &m_stored[place->second];
}

void EngineService::remember(QString kind, QString text)
{
    if (m_library)
        m_background.start(rememberNow(std::move(kind), std::move(text)));
}

Task<void> EngineService::rememberNow(QString kind, QString text)
{
    const auto added = co_await m_library->registry().addEvent(m_clock.now(), std::move(kind), std::move(text));
    if (!added)
        logWarning("desktop", added.error().message);
    reload();
}

// ---- questions

Task<Result<ui::ModelDetails>> EngineService::details(ModelId model) { return asked(m_questions, detailsNow(model)); }

Task<Result<ui::ModelDetails>> EngineService::detailsNow(ModelId id)
{
    const LibraryView::Model *found = m_library ? model(id) : nullptr;
    if (!found)
        co_return Error(Error::Kind::NotFound, QStringLiteral("MF-MODEL-UNKNOWN"),
            QStringLiteral("this model is not in the library any more"));
    const RevisionRecord revision = found->revision;
    Registry &registry = m_library->registry();
    LibraryView::Fragments fragments;
    if (!isHeld(revision)) {
        auto read = co_await m_view->fragments(revision.row);
        if (!read)
            co_return read.error();
        fragments = std::move(*read);
    }
    const auto files = co_await registry.files(revision.row);
    if (!files)
        co_return files.error();
    const auto history = co_await registry.history(id);
    if (!history)
        co_return history.error();
    ui::ModelDetails details = modelDetails(fragments, m_accounts, m_accountNames);
    details.model = id;
    details.metadata = revision.metadata;
    for (const FileRecord &file : *files)
        details.files.push_back(ui::ModelDetails::File { file.path, file.size, file.sha256.toHex() });
    for (const RevisionRecord &one : *history)
        details.history.push_back(ui::ModelDetails::Revision { one.number, one.state, one.created, one.bytes });
    co_return details;
}

Task<Result<QByteArray>> EngineService::preview(ModelId model, QString path, qint64 limit)
{
    return asked(m_questions, previewNow(model, std::move(path), limit));
}

Task<Result<QByteArray>> EngineService::previewNow(ModelId id, QString path, qint64 limit)
{
    const LibraryView::Model *found = m_library ? model(id) : nullptr;
    if (!found)
        co_return Error(Error::Kind::NotFound, QStringLiteral("MF-MODEL-UNKNOWN"),
            QStringLiteral("this model is not in the library any more"));
    const auto files = co_await m_library->registry().files(found->revision.row);
    if (!files)
        co_return files.error();
    const auto file = std::find_if(files->begin(), files->end(), [&path](const auto &f) { return f.path == path; });
    if (file == files->end())
        co_return Error(Error::Kind::NotFound, QStringLiteral("MF-FILE-UNKNOWN"),
            QStringLiteral("the model has no file “%1”").arg(path));
    QByteArray bytes;
    const ByteSink sink = [&bytes](const QByteArray &piece) {
        bytes += piece;
        return Result<>();
    };
    ReadStats stats;
    const qint64 length = std::clamp<qint64>(limit, 0, file->size);
    auto reading = readRange(m_library->engine(), *file, 0, length, sink, stats);
    const auto read = co_await reading;
    if (!read)
        co_return read.error();
    co_return bytes;
}

Task<Result<ui::AccountLoss>> EngineService::withoutAccount(AccountId account)
{
    return asked(m_questions, withoutNow(account));
}

Task<Result<ui::AccountLoss>> EngineService::withoutNow(AccountId account)
{
    if (!m_library)
        co_return noLibrary();
    const auto lost = co_await lostAccounts(m_library->engine());
    if (!lost)
        co_return lost.error();
    std::vector<AccountId> less = *lost;
    less.push_back(account);
    auto models = co_await m_view->models(*lost);
    if (!models)
        co_return models.error();
    auto others = co_await m_view->models(std::move(less));
    if (!others)
        co_return others.error();
    // Of ten thousand models that takes longer than the window may stand still.
    auto compare
        = [now = std::move(*models), without = std::move(*others), names = m_accountNames, at = m_clock.now()] {
              ui::AccountLoss loss = accountLoss(without, now);
              loss.models.reserve(without.size());
              for (const LibraryView::Model &model : without)
                  loss.models.push_back(modelEntry(model, names, at));
              return loss;
          };
    auto loss = co_await onPool(m_library->engine().cpu, compare);
    co_return loss;
}

Task<Result<std::vector<ModelId>>> EngineService::modelsWithHash(QString beginning)
{
    return asked(m_questions, withHashNow(std::move(beginning)));
}

Task<Result<std::vector<ModelId>>> EngineService::withHashNow(QString beginning)
{
    if (!m_library)
        co_return noLibrary();
    const auto found = co_await m_library->registry().models(std::move(beginning));
    if (!found)
        co_return found.error();
    std::vector<ModelId> models;
    for (const RevisionRecord &revision : *found)
        models.push_back(revision.model);
    co_return models;
}

// ---- the trash

Task<Result<>> EngineService::moveToTrash(std::vector<ModelId> models)
{
    return asked(m_commands, trashNow(std::move(models)));
}

// By their ids: a name may mean another model by the time it is this one's turn.
Task<Result<>> EngineService::trashNow(std::vector<ModelId> models)
{
    const auto turn = co_await m_queue->turn(Stops::WhatRunsAlone);
    Q_UNUSED(turn)
    if (!m_library)
        co_return noLibrary();
    for (const ModelId &id : models) {
        const QString model = id.toHex();
        const auto removed = co_await removeModel(m_library->engine(), model, 0, false);
        if (!removed) {
            co_await showResult();
            co_return removed.error();
        }
        remember(QStringLiteral("trash"), tr("Moved “%1” to the trash").arg(removed->name));
    }
    co_await showResult();
    co_return Result<>();
}

Task<Result<>> EngineService::deleteForever(std::vector<TrashEntry> entries)
{
    return asked(m_commands, deleteNow(std::move(entries)));
}

Task<Result<>> EngineService::deleteNow(std::vector<TrashEntry> entries)
{
    const auto turn = co_await m_queue->turn(Stops::WhatRunsAlone);
    Q_UNUSED(turn)
    if (!m_library)
        co_return noLibrary();
    for (const TrashEntry &entry : entries) {
        const auto deleted = co_await deleteTrashed(m_library->engine(), entry);
        if (!deleted) {
            co_await showResult();
            co_return deleted.error();
        }
        remember(QStringLiteral("trash"), tr("Deleted “%1” for ever").arg(deleted->name));
    }
    co_await showResult();
    co_return Result<>();
}

Task<Result<>> EngineService::restore(TrashEntry entry) { return asked(m_commands, restoreNow(std::move(entry))); }

Task<Result<>> EngineService::restoreNow(TrashEntry entry)
{
    const auto turn = co_await m_queue->turn(Stops::WhatRunsAlone);
    Q_UNUSED(turn)
    if (!m_library)
        co_return noLibrary();
    const QString model = entry.model.toHex();
    const auto restored = co_await restoreModel(m_library->engine(), model);
    co_await showResult();
    if (!restored)
        co_return restored.error();
    remember(QStringLiteral("restore"), tr("Restored “%1” from the trash").arg(restored->name));
    co_return Result<>();
}

} // namespace mf
