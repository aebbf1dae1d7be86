// SPDX-License-Identifier: GPL-3.0-or-later
// Transfers: what the queue runs, how it is shown, and what is kept of it for the next start.
#include "app/desktop/engine_service.h"

#include "app/desktop/entries.h"
#include "app/desktop/words.h"
#include "core/base/heap.h"
#include "core/base/log.h"
#include "core/base/path_text.h"
#include "core/formats/model_set.h"

#include <algorithm>

namespace mf {
namespace {

using Kind = TransferQueue::Kind;

constexpr int kFlushEvery = 250; // ms
QString queueNote() { return QStringLiteral("desktop.queue"); }

// A transfer waits for it however long that takes: it is woken when the library is open.
Error libraryClosed(const QDateTime &now)
{
    constexpr int kDays = 1;
    return Error(
        Error::Kind::Network, libraryClosedId(), QStringLiteral("the library is not open; this goes on when it is"))
        .until(now.addDays(kDays));
}

QString nameOf(const ui::StoreOrder &order)
{
    if (!order.name.isEmpty() || order.paths.empty())
        return order.name;
    return folderTitle(textOfPath(order.paths.front()));
}

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

// ---- what is kept of it

void EngineService::saveQueue()
{
    if (!m_library || !m_hasRestored)
        return;
    SavedQueue saved;
    saved.isPaused = m_queue->isPaused();
    for (const TransferQueue::Entry &entry : m_queue->entries()) {
        const auto order = m_orders.find(entry.id);
        if (entry.hasEnded() || order == m_orders.end())
            continue;
        // Those that all are paused with go on when all do.
        const bool isPaused = entry.state == TransferQueue::State::Paused && !saved.isPaused;
        saved.orders.push_back({ order->second, isPaused, entry.priority, entry.rateLimit });
    }
    QByteArray bytes = encodeQueue(saved);
    if (bytes == m_savedQueue)
        return;
    m_savedQueue = bytes;
    m_background.start(saveQueueNow(std::move(bytes)));
}

Task<void> EngineService::saveQueueNow(QByteArray bytes)
{
    const auto saved = co_await m_library->registry().setNote(queueNote(), std::move(bytes));
    if (!saved)
        logWarning("desktop", saved.error().message);
}

// What was under way when the program ended goes on; what somebody else's run left (the command line's) waits.
Task<Result<>> EngineService::restoreQueue()
{
    Registry &registry = m_library->registry();
    const auto bytes = co_await registry.note(queueNote());
    if (!bytes)
        co_return bytes.error();
    const auto transfers = co_await registry.transfers();
    if (!transfers)
        co_return transfers.error();
    const SavedQueue saved = decodeQueue(*bytes);
    if (saved.isPaused)
        m_queue->setPaused(true);
    for (const SavedQueue::Order &order : saved.orders)
        m_queue->setRateLimit(addOrder(order.what, order.isPaused, order.priority), order.rateLimit);
    for (const TransferRecord &transfer : *transfers) {
        const auto order = storeOrderOf(transfer);
        const bool isKnown = !order || std::any_of(m_orders.begin(), m_orders.end(), [&transfer](const auto &known) {
            const auto *store = std::get_if<ui::StoreOrder>(&known.second);
            return store && isOf(transfer, *store);
        });
        if (!isKnown)
            addOrder(*order, true, TransferPriority::Normal);
    }
    co_return Result<>();
}

// ---- what goes in

ui::TransferId EngineService::add(Kind kind, QString name, std::function<OperationTask(Library &, ProgressSink)> run,
    bool isPaused, TransferPriority priority)
{
    const TransferQueue::Operation operation = [this, run = std::move(run)](ProgressSink sink) {
        return m_library ? run(*m_library, std::move(sink)) : failedOperation(libraryClosed(m_clock.now()));
    };
    return m_queue->add(kind, std::move(name), operation, isPaused, priority);
}

ui::TransferId EngineService::addOrder(Order order, bool isPaused, TransferPriority priority)
{
    ui::TransferId id = 0;
    if (const auto *store = std::get_if<ui::StoreOrder>(&order)) {
        StoreRequest request;
        request.paths = store->paths;
        request.name = store->name;
        request.protection = store->protection;
        request.accounts = store->accounts;
        const auto run = [request](Library &library, ProgressSink sink) {
            return storeOperation(library, request, std::move(sink));
        };
        id = add(Kind::Store, nameOf(*store), run, isPaused, priority);
    } else {
        const auto &fetch = std::get<ui::FetchOrder>(order);
        FetchRequest request;
        request.model = fetch.model.toHex(); // its name may mean another one by then
        request.to = fetch.to;
        request.overwrite = fetch.overwrite;
        const auto run = [request](Library &library, ProgressSink sink) {
            return fetchOperation(library, request, std::move(sink));
        };
        id = add(Kind::Fetch, fetch.name, run, isPaused, priority);
    }
    m_orders.emplace(id, std::move(order));
    saveQueue();
    return id;
}

ui::TransferId EngineService::store(ui::StoreOrder order)
{
    return addOrder(std::move(order), false, TransferPriority::Normal);
}

ui::TransferId EngineService::fetch(ui::FetchOrder order)
{
    const LibraryView::Model *found = model(order.model);
    if (order.name.isEmpty() && found)
        order.name = found->revision.name;
    return addOrder(std::move(order), false, TransferPriority::Normal);
}

std::vector<NamedModel> EngineService::named(const std::vector<ModelId> &models, QString &title) const
{
    std::vector<NamedModel> list;
    for (const ModelId &id : models) {
        const LibraryView::Model *found = model(id);
        list.push_back(NamedModel { id.toHex(), found ? found->revision.bytes : 0 });
        title = found ? found->revision.name : list.back().name;
    }
    if (models.size() > 1)
        title = countWords(static_cast<qint64>(models.size()), tr("model"), tr("models"));
    if (list.empty())
        list.emplace_back();
    return list;
}

ui::TransferId EngineService::check(std::vector<ModelId> models, bool deep)
{
    QString title;
    const auto run = [list = named(models, title), deep](Library &library, ProgressSink sink) {
        return checkOperation(library, list, deep, std::move(sink));
    };
    return add(Kind::Check, title, run);
}

ui::TransferId EngineService::repair(std::vector<ModelId> models)
{
    QString title;
    const auto run = [list = named(models, title)](Library &library, ProgressSink sink) {
        return repairOperation(library, list, std::move(sink));
    };
    return add(Kind::Repair, title, run);
}

ui::TransferId EngineService::protect(ModelId model, Protection protection)
{
    QString title;
    const auto list = named(std::vector<ModelId>(1, model), title);
    const auto run = [name = list.front().name, protection](Library &library, ProgressSink sink) {
        return protectOperation(library, name, protection, std::move(sink));
    };
    return add(Kind::Protect, title, run);
}

ui::TransferId EngineService::freeSpace()
{
    const auto run = [](Library &library, const ProgressSink &) { return collectOperation(library); };
    return add(Kind::Collect, QString(), run);
}

ui::TransferId EngineService::removeAccount(AccountId account, bool isLost)
{
    const auto name = m_accountNames.find(account);
    const auto run = [account, isLost](Library &library, ProgressSink sink) {
        return removeAccountOperation(library, account, isLost, std::move(sink));
    };
    return add(Kind::RemoveAccount, name == m_accountNames.end() ? QString() : name->second, run);
}

void EngineService::syncSoon()
{
    const auto entries = m_queue->entries();
    const bool isQueued = std::any_of(entries.begin(), entries.end(),
        [](const auto &entry) { return entry.kind == Kind::Sync && !entry.hasEnded(); });
    const auto run = [](Library &library, const ProgressSink &) { return syncOperation(library); };
    if (m_library && !isQueued)
        add(Kind::Sync, QString(), run);
}

void EngineService::wakeTransfers()
{
    for (const TransferQueue::Entry &entry : m_queue->entries()) {
        if (entry.state == TransferQueue::State::Waiting)
            m_queue->resume(entry.id);
    }
}

void EngineService::pause(ui::TransferId transfer) { m_queue->pause(transfer); }
void EngineService::resume(ui::TransferId transfer) { m_queue->resume(transfer); }
void EngineService::retry(ui::TransferId transfer) { m_queue->retry(transfer); }
void EngineService::cancel(ui::TransferId transfer) { m_queue->cancel(transfer); }
void EngineService::clearEnded() { m_queue->clearEnded(); }
void EngineService::setPaused(bool paused) { m_queue->setPaused(paused); }

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
