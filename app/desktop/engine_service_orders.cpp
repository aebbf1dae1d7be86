// SPDX-License-Identifier: GPL-3.0-or-later
// What goes into the queue, and what is kept of it for the next start.
#include "app/desktop/engine_service.h"

#include "app/desktop/asked.h"
#include "app/desktop/words.h"
#include "core/base/log.h"
#include "core/base/path_text.h"
#include "core/formats/model_set.h"

#include <algorithm>

namespace mf {

using Kind = TransferQueue::Kind;

struct EngineService::Work {
    Kind kind = Kind::Sync;
    QString name;
    std::function<OperationTask(Library &, ProgressSink)> run;
};

namespace {

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

bool isQueued(const TransferQueue &queue, Kind kind)
{
    const auto entries = queue.entries();
    return std::any_of(
        entries.begin(), entries.end(), [kind](const auto &entry) { return entry.kind == kind && !entry.hasEnded(); });
}

} // namespace

// ---- each kind

EngineService::Work EngineService::workOf(const ui::StoreOrder &order) const
{
    StoreRequest request;
    request.paths = order.paths;
    request.name = order.name;
    request.protection = order.protection;
    request.accounts = order.accounts;
    const auto run
        = [request](Library &library, ProgressSink sink) { return storeOperation(library, request, std::move(sink)); };
    return Work { Kind::Store, nameOf(order), run };
}

EngineService::Work EngineService::workOf(const ui::FetchOrder &order) const
{
    FetchRequest request;
    request.model = order.model.toHex(); // its name may mean another one by then
    request.to = order.to;
    request.overwrite = order.overwrite;
    const auto run
        = [request](Library &library, ProgressSink sink) { return fetchOperation(library, request, std::move(sink)); };
    return Work { Kind::Fetch, order.name, run };
}

EngineService::Work EngineService::workOf(const CheckOrder &order) const
{
    QString title;
    const auto run = [list = named(order.models, title), deep = order.isDeep](Library &library, ProgressSink sink) {
        return checkOperation(library, list, deep, std::move(sink));
    };
    return Work { Kind::Check, title, run };
}

EngineService::Work EngineService::workOf(const RepairOrder &order) const
{
    QString title;
    const auto run = [list = named(order.models, title)](Library &library, ProgressSink sink) {
        return repairOperation(library, list, std::move(sink));
    };
    return Work { Kind::Repair, title, run };
}

EngineService::Work EngineService::workOf(const ProtectOrder &order) const
{
    QString title;
    const auto list = named(std::vector<ModelId>(1, order.model), title);
    const auto run = [name = list.front().name, protection = order.protection](Library &library, ProgressSink sink) {
        return protectOperation(library, name, protection, std::move(sink));
    };
    return Work { Kind::Protect, title, run };
}

EngineService::Work EngineService::workOf(const CollectOrder &) const
{
    const auto run = [](Library &library, const ProgressSink &) { return collectOperation(library); };
    return Work { Kind::Collect, QString(), run };
}

EngineService::Work EngineService::workOf(const RemovalOrder &order) const
{
    const auto name = m_accountNames.find(order.account);
    const auto run = [order](Library &library, ProgressSink sink) {
        return removeAccountOperation(library, order.account, order.isLost, std::move(sink));
    };
    return Work { Kind::RemoveAccount, name == m_accountNames.end() ? QString() : name->second, run };
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

// ---- into the queue

ui::TransferId EngineService::add(Work work, bool isPaused, TransferPriority priority)
{
    const TransferQueue::Operation operation = [this, run = std::move(work.run)](ProgressSink sink) {
        return m_library ? run(*m_library, std::move(sink)) : failedOperation(libraryClosed(m_clock.now()));
    };
    return m_queue->add(work.kind, std::move(work.name), operation, isPaused, priority);
}

ui::TransferId EngineService::addOrder(TransferOrder order, bool isPaused, TransferPriority priority)
{
    Work work = std::visit([this](const auto &what) { return workOf(what); }, order);
    const ui::TransferId id = add(std::move(work), isPaused, priority);
    m_orders.emplace(id, std::move(order));
    if (isPaused)
        m_held.insert(id);
    saveQueue();
    return id;
}

ui::TransferId EngineService::store(ui::StoreOrder order) { return addOrder(std::move(order)); }

ui::TransferId EngineService::fetch(ui::FetchOrder order)
{
    const LibraryView::Model *found = model(order.model);
    if (order.name.isEmpty() && found)
        order.name = found->revision.name;
    return addOrder(std::move(order));
}

ui::TransferId EngineService::check(std::vector<ModelId> models, bool deep)
{
    return addOrder(CheckOrder { std::move(models), deep });
}

ui::TransferId EngineService::repair(std::vector<ModelId> models)
{
    return addOrder(RepairOrder { std::move(models) });
}

ui::TransferId EngineService::protect(ModelId model, Protection protection)
{
    return addOrder(ProtectOrder { model, protection });
}

ui::TransferId EngineService::freeSpace() { return addOrder(CollectOrder()); }

ui::TransferId EngineService::removeAccount(AccountId account, bool isLost)
{
    return addOrder(RemovalOrder { account, isLost });
}

void EngineService::syncSoon()
{
    const auto run = [](Library &library, const ProgressSink &) { return syncOperation(library); };
    if (m_library && !isQueued(*m_queue, Kind::Sync))
        add(Work { Kind::Sync, QString(), run });
}

void EngineService::repairAsSet()
{
    std::set<ModelId> below;
    for (const ui::ModelEntry &model : m_models) {
        if (model.state == ModelState::Reduced || model.state == ModelState::AtRisk)
            below.insert(model.id);
    }
    if (isQueued(*m_queue, Kind::Repair) || below == m_repairedBySync)
        return;
    m_repairedBySync = below;
    if (!below.empty())
        repair({ below.begin(), below.end() });
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
        const bool isPaused
            = entry.state == TransferQueue::State::Paused && (!saved.isPaused || m_held.contains(entry.id));
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
        setPaused(true);
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

} // namespace mf
