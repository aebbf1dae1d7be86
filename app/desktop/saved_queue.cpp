// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/saved_queue.h"

#include "core/base/path_text.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace mf {
namespace {

// Keys of the JSON.
const QString kPaths = QStringLiteral("paths");
const QString kName = QStringLiteral("name");
const QString kK = QStringLiteral("k");
const QString kM = QStringLiteral("m");
const QString kAccounts = QStringLiteral("accounts");
const QString kModel = QStringLiteral("model");
const QString kTo = QStringLiteral("to");
const QString kOverwrite = QStringLiteral("overwrite");
const QString kPriority = QStringLiteral("priority"); // left out: normal
const QString kRateLimit = QStringLiteral("rateLimit"); // bytes/s; left out: none
const QString kPaused = QStringLiteral("paused");
const QString kOrders = QStringLiteral("orders");

QJsonArray pathsJson(const std::vector<QByteArray> &paths)
{
    QJsonArray array;
    for (const QByteArray &path : paths)
        array.append(textOfPath(path));
    return array;
}

QString priorityName(TransferPriority priority)
{
    switch (priority) {
    case TransferPriority::High:
        return QStringLiteral("high");
    case TransferPriority::Low:
        return QStringLiteral("low");
    case TransferPriority::Normal:
        break;
    }
    return QString();
}

TransferPriority priorityFrom(const QJsonValue &json)
{
    for (const TransferPriority priority : { TransferPriority::High, TransferPriority::Low }) {
        if (json.toString() == priorityName(priority))
            return priority;
    }
    return TransferPriority::Normal;
}

std::vector<QByteArray> pathsFrom(const QJsonValue &json)
{
    std::vector<QByteArray> paths;
    for (const QJsonValue path : json.toArray()) {
        if (path.isString() && path.toString().startsWith(u'/'))
            paths.push_back(pathOfText(path.toString()));
    }
    return paths;
}

template <typename Id> std::optional<Id> idFrom(const QString &hex)
{
    const QByteArray bytes = QByteArray::fromHex(hex.toLatin1());
    return Id::from(viewOf(bytes));
}

QJsonObject orderJson(const ui::StoreOrder &order)
{
    QJsonObject json { { kPaths, pathsJson(order.paths) }, { kName, order.name } };
    if (order.protection) {
        json.insert(kK, order.protection->k);
        json.insert(kM, order.protection->m);
    }
    QJsonArray accounts;
    for (const AccountId &account : order.accounts)
        accounts.append(account.toHex());
    json.insert(kAccounts, accounts);
    return json;
}

QJsonObject orderJson(const ui::FetchOrder &order)
{
    return QJsonObject { { kModel, order.model.toHex() }, { kName, order.name }, { kTo, textOfPath(order.to) },
        { kOverwrite, order.overwrite } };
}

std::optional<ui::StoreOrder> storeFrom(const QJsonObject &json)
{
    ui::StoreOrder order;
    order.paths = pathsFrom(json.value(kPaths));
    order.name = json.value(kName).toString();
    constexpr int kMost = 255;
    const int k = json.value(kK).toInt(-1);
    const int m = json.value(kM).toInt(-1);
    if (k >= 0 && m >= 0 && k + m <= kMost)
        order.protection = Protection(k, m);
    const QJsonArray accounts = json.value(kAccounts).toArray();
    for (const QJsonValue account : accounts) {
        const auto id = idFrom<AccountId>(account.toString());
        if (!id) // not to more accounts than were meant
            return std::nullopt;
        order.accounts.push_back(*id);
    }
    return order.paths.empty() ? std::nullopt : std::optional(order);
}

std::optional<ui::FetchOrder> fetchFrom(const QJsonObject &json)
{
    ui::FetchOrder order;
    const auto model = idFrom<ModelId>(json.value(kModel).toString());
    order.name = json.value(kName).toString();
    order.to = pathOfText(json.value(kTo).toString());
    order.overwrite = json.value(kOverwrite).toBool();
    if (!model || order.name.isEmpty() || !order.to.startsWith('/'))
        return std::nullopt;
    order.model = *model;
    return order;
}

} // namespace

QByteArray encodeQueue(const SavedQueue &queue)
{
    QJsonArray orders;
    for (const SavedQueue::Order &order : queue.orders) {
        QJsonObject json = std::visit([](const auto &what) { return orderJson(what); }, order.what);
        json.insert(kPaused, order.isPaused);
        if (order.priority != TransferPriority::Normal)
            json.insert(kPriority, priorityName(order.priority));
        if (order.rateLimit > 0)
            json.insert(kRateLimit, order.rateLimit);
        orders.append(json);
    }
    const QJsonObject json { { kOrders, orders }, { kPaused, queue.isPaused } };
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

SavedQueue decodeQueue(const QByteArray &bytes)
{
    SavedQueue queue;
    const QJsonObject json = QJsonDocument::fromJson(bytes).object();
    queue.isPaused = json.value(kPaused).toBool();
    for (const QJsonValue value : json.value(kOrders).toArray()) {
        const QJsonObject one = value.toObject();
        const bool isPaused = one.value(kPaused).toBool();
        const TransferPriority priority = priorityFrom(one.value(kPriority));
        const qint64 rateLimit = std::max<qint64>(one.value(kRateLimit).toInteger(), 0);
        if (one.contains(kPaths)) {
            if (auto store = storeFrom(one))
                queue.orders.push_back({ std::move(*store), isPaused, priority, rateLimit });
        } else if (auto fetch = fetchFrom(one)) {
            queue.orders.push_back({ std::move(*fetch), isPaused, priority, rateLimit });
        }
    }
    return queue;
}

std::optional<ui::StoreOrder> storeOrderOf(const TransferRecord &transfer)
{
    if (transfer.kind != QStringLiteral("store"))
        return std::nullopt;
    const QJsonObject json = QJsonDocument::fromJson(transfer.request).object();
    ui::StoreOrder order;
    order.paths = pathsFrom(json.value(kPaths));
    order.name = json.value(kName).toString();
    return order.paths.empty() ? std::nullopt : std::optional(order);
}

bool isOf(const TransferRecord &transfer, const ui::StoreOrder &order)
{
    const auto other = storeOrderOf(transfer);
    return other && other->paths == order.paths && (order.name.isEmpty() || order.name == other->name);
}

} // namespace mf
