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
const QString kKind = QStringLiteral("kind"); // left out: a store or a download
const QString kModels = QStringLiteral("models");
const QString kDeep = QStringLiteral("deep");
const QString kAccount = QStringLiteral("account");
const QString kLost = QStringLiteral("lost");
// Its values.
const QString kCheck = QStringLiteral("check");
const QString kRepair = QStringLiteral("repair");
const QString kProtect = QStringLiteral("protect");
const QString kCollect = QStringLiteral("collect");
const QString kRemoval = QStringLiteral("remove-account");

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

template <typename Id> QJsonArray idsJson(const std::vector<Id> &ids)
{
    QJsonArray array;
    for (const Id &id : ids)
        array.append(id.toHex());
    return array;
}

// Nothing if any is none: not of more, or fewer, than were meant.
template <typename Id> std::optional<std::vector<Id>> idsFrom(const QJsonArray &array)
{
    std::vector<Id> ids;
    for (const QJsonValue value : array) {
        const auto id = idFrom<Id>(value.toString());
        if (!id)
            return std::nullopt;
        ids.push_back(*id);
    }
    return ids;
}

std::optional<Protection> protectionFrom(const QJsonObject &json)
{
    constexpr int kMost = 255;
    const int k = json.value(kK).toInt(-1);
    const int m = json.value(kM).toInt(-1);
    return k >= 0 && m >= 0 && k + m <= kMost ? std::optional(Protection(k, m)) : std::nullopt;
}

QJsonObject orderJson(const ui::StoreOrder &order)
{
    QJsonObject json { { kPaths, pathsJson(order.paths) }, { kName, order.name } };
    if (order.protection) {
        json.insert(kK, order.protection->k);
        json.insert(kM, order.protection->m);
    }
    json.insert(kAccounts, idsJson(order.accounts));
    return json;
}

QJsonObject orderJson(const ui::FetchOrder &order)
{
    return QJsonObject { { kModel, order.model.toHex() }, { kName, order.name }, { kTo, textOfPath(order.to) },
        { kOverwrite, order.overwrite } };
}

QJsonObject orderJson(const CheckOrder &order)
{
    return QJsonObject { { kKind, kCheck }, { kModels, idsJson(order.models) }, { kDeep, order.isDeep } };
}

QJsonObject orderJson(const RepairOrder &order)
{
    return QJsonObject { { kKind, kRepair }, { kModels, idsJson(order.models) } };
}

QJsonObject orderJson(const ProtectOrder &order)
{
    return QJsonObject { { kKind, kProtect }, { kModel, order.model.toHex() }, { kK, order.protection.k },
        { kM, order.protection.m } };
}

QJsonObject orderJson(const CollectOrder &) { return QJsonObject { { kKind, kCollect } }; }

QJsonObject orderJson(const RemovalOrder &order)
{
    return QJsonObject { { kKind, kRemoval }, { kAccount, order.account.toHex() }, { kLost, order.isLost } };
}

std::optional<ui::StoreOrder> storeFrom(const QJsonObject &json)
{
    ui::StoreOrder order;
    order.paths = pathsFrom(json.value(kPaths));
    order.name = json.value(kName).toString();
    order.protection = protectionFrom(json);
    auto accounts = idsFrom<AccountId>(json.value(kAccounts).toArray());
    if (!accounts || order.paths.empty())
        return std::nullopt;
    order.accounts = std::move(*accounts);
    return order;
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

std::optional<TransferOrder> orderFrom(const QJsonObject &json)
{
    const QString kind = json.value(kKind).toString();
    if (kind == kCollect)
        return CollectOrder();
    if (kind == kCheck || kind == kRepair) {
        if (!json.value(kModels).isArray()) // not of all of them
            return std::nullopt;
        auto models = idsFrom<ModelId>(json.value(kModels).toArray());
        if (!models)
            return std::nullopt;
        if (kind == kRepair)
            return RepairOrder { std::move(*models) };
        return CheckOrder { std::move(*models), json.value(kDeep).toBool() };
    }
    if (kind == kProtect) {
        const auto model = idFrom<ModelId>(json.value(kModel).toString());
        const auto protection = protectionFrom(json);
        return model && protection ? std::optional<TransferOrder>(ProtectOrder { *model, *protection }) : std::nullopt;
    }
    if (kind == kRemoval) {
        const auto account = idFrom<AccountId>(json.value(kAccount).toString());
        return account ? std::optional<TransferOrder>(RemovalOrder { *account, json.value(kLost).toBool() })
                       : std::nullopt;
    }
    if (!kind.isEmpty())
        return std::nullopt;
    if (json.contains(kPaths))
        return storeFrom(json);
    return fetchFrom(json);
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
        if (auto what = orderFrom(one))
            queue.orders.push_back({ std::move(*what), isPaused, priority, rateLimit });
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
