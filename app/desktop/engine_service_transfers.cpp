// SPDX-License-Identifier: GPL-3.0-or-later
// Transfers: how what the queue runs is shown, and what a user says to it.
#include "app/desktop/engine_service.h"

#include "app/desktop/entries.h"
#include "app/desktop/words.h"
#include "core/base/heap.h"
#include "core/base/log.h"
#include "core/base/path_text.h"

#include <algorithm>

namespace mf {
namespace {

using Kind = TransferQueue::Kind;

constexpr int kFlushEvery = 250; // ms

} // namespace

// ---- what the queue tells

TransferQueue::Listener EngineService::listener()
{
    TransferQueue::Listener listener;
    listener.changed = [this] {
        m_haveTransfersChanged = true;
        flushSoon();
    };
    listener.moved = [this](ui::TransferId id) {
        m_moved.insert(id);
        flushSoon();
    };
    listener.ended = [this](const TransferQueue::Entry &entry) { hasEnded(entry); };
    return listener;
}

void EngineService::flushSoon()
{
    if (!m_flush.isActive())
        m_flush.start(
            m_sinceFlush.isValid() ? static_cast<int>(std::max<qint64>(0, kFlushEvery - m_sinceFlush.elapsed())) : 0);
}

// What moved is told at most four times a second.
void EngineService::flush()
{
    m_sinceFlush.start();
    const auto percents = [this] {
        std::map<ui::TransferId, int> all;
        for (const ui::TransferEntry &transfer : m_transfers) {
            const Progress &progress = transfer.progress;
            if (transfer.kind == ui::TransferEntry::Kind::Store && progress.total > 0)
                all[transfer.id] = static_cast<int>(progress.bytes * 100 / progress.total);
        }
        return all;
    };
    const auto before = percents();
    const auto moved = std::exchange(m_moved, {});
    const bool haveChanged = std::exchange(m_haveTransfersChanged, false);
    if (haveChanged) {
        m_transfers.clear();
        for (const TransferQueue::Entry &entry : m_queue->entries()) {
            if (entry.kind == Kind::Sync)
                continue;
            ui::TransferEntry shown = transferEntry(entry, m_accountNames);
            const auto order = m_orders.find(entry.id);
            const auto *fetch = order == m_orders.end() ? nullptr : std::get_if<ui::FetchOrder>(&order->second);
            if (fetch && entry.state == TransferQueue::State::Done)
                shown.folder = textOfPath(fetch->to);
            m_transfers.push_back(std::move(shown));
        }
        std::erase_if(m_orders, [this](const auto &order) { return !m_queue->find(order.first); });
        saveQueue();
        emit transfersChanged();
        if (m_library && m_queue->isIdle())
            submitTo(m_library->engine().cpu, giveHeapBack);
    } else {
        for (ui::TransferEntry &shown : m_transfers) {
            const TransferQueue::Entry *entry = moved.contains(shown.id) ? m_queue->find(shown.id) : nullptr;
            if (entry)
                takeProgress(shown, *entry, m_accountNames);
        }
    }
    for (const ui::TransferEntry &shown : std::vector<ui::TransferEntry>(m_transfers)) {
        if (moved.contains(shown.id))
            emit transferMoved(shown.id);
    }
    if (haveChanged) {
        showModels();
        showIssues();
    } else if (percents() != before) {
        showPercents();
    }
    if (std::exchange(m_isPausedShown, m_queue->isPaused()) != m_queue->isPaused())
        emit limitsChanged();
}

void EngineService::hasEnded(const TransferQueue::Entry &entry)
{
    if (entry.kind == Kind::Sync) {
        if (entry.state == TransferQueue::State::Failed)
            logInfo("desktop", entry.error->message);
        m_hasSynced = entry.state == TransferQueue::State::Done;
        reload();
        return;
    }
    const ui::TransferEntry shown = transferEntry(entry, m_accountNames);
    const QString kind = historyKind(shown.kind);
    if (entry.kind == Kind::Store && entry.state == TransferQueue::State::Done)
        m_unread.insert(entry.id);
    if (entry.state == TransferQueue::State::Done)
        remember(kind, QStringLiteral("%1: %2").arg(doneWords(shown.kind, shown.name), shown.outcome));
    else if (entry.state == TransferQueue::State::Failed)
        remember(
            kind, QStringLiteral("%1: %2").arg(failedWords(shown.kind, shown.name), sentence(entry.error->message)));
    const auto order = m_orders.find(entry.id);
    const auto *store = order == m_orders.end() ? nullptr : std::get_if<ui::StoreOrder>(&order->second);
    if (store && entry.state == TransferQueue::State::Cancelled && m_library)
        m_background.start(forgetTransfers(*store));
    reload();
}

// A store that was called off does not come up again; what it sent is found, or freed, later.
Task<void> EngineService::forgetTransfers(ui::StoreOrder order)
{
    Registry &registry = m_library->registry();
    const auto transfers = co_await registry.transfers();
    if (!transfers)
        co_return;
    for (const TransferRecord &transfer : *transfers) {
        if (!isOf(transfer, order) || m_library->engine().running.contains(transfer.session))
            continue;
        const auto ended = co_await registry.endTransfer(transfer.row);
        if (!ended)
            logWarning("desktop", ended.error().message);
    }
}

// ---- what a user says to it

void EngineService::wakeTransfers()
{
    for (const TransferQueue::Entry &entry : m_queue->entries()) {
        if (entry.state == TransferQueue::State::Waiting)
            m_queue->resume(entry.id);
    }
}

void EngineService::pause(ui::TransferId transfer)
{
    m_held.insert(transfer);
    m_queue->pause(transfer);
}

void EngineService::setPaused(bool paused)
{
    if (paused && !m_queue->isPaused()) {
        m_held.clear();
        for (const TransferQueue::Entry &entry : m_queue->entries()) {
            if (entry.state == TransferQueue::State::Paused)
                m_held.insert(entry.id);
        }
    }
    m_queue->setPaused(paused);
}

void EngineService::retry(ui::TransferId transfer)
{
    m_held.erase(transfer);
    m_queue->retry(transfer);
}

void EngineService::resume(ui::TransferId transfer) { m_queue->resume(transfer); }
void EngineService::cancel(ui::TransferId transfer) { m_queue->cancel(transfer); }
void EngineService::clearEnded() { m_queue->clearEnded(); }

void EngineService::startNow(ui::TransferId transfer) { m_queue->startNow(transfer); }

void EngineService::moveInQueue(ui::TransferId transfer, int position) { m_queue->move(transfer, position); }

void EngineService::setPriority(ui::TransferId transfer, TransferPriority priority)
{
    m_queue->setPriority(transfer, priority);
}

void EngineService::setRateLimit(ui::TransferId transfer, qint64 bytesPerSecond)
{
    m_queue->setRateLimit(transfer, bytesPerSecond);
}

} // namespace mf
