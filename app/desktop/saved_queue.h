// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/records.h"
#include "ui/common/snapshots.h"

#include <variant>

namespace mf {

// What the other transfers were asked to do.
struct CheckOrder {
    std::vector<ModelId> models; // none: all of them
    bool isDeep = false;
};
struct RepairOrder {
    std::vector<ModelId> models; // none: all of them
};
struct ProtectOrder {
    ModelId model;
    Protection protection;
};
struct CollectOrder {
};
struct RemovalOrder {
    AccountId account;
    bool isLost = false;
};
using TransferOrder
    = std::variant<ui::StoreOrder, ui::FetchOrder, CheckOrder, RepairOrder, ProtectOrder, CollectOrder, RemovalOrder>;

// Transfers that have not ended, as they are kept for the next start of the program.
struct SavedQueue {
    struct Order {
        TransferOrder what;
        bool isPaused = false; // by itself, not with all of them
        TransferPriority priority = TransferPriority::Normal;
        qint64 rateLimit = 0; // bytes/s; 0: none
    };
    std::vector<Order> orders; // in their order
    bool isPaused = false; // all of them
};

QByteArray encodeQueue(const SavedQueue &queue);
// What cannot be read is left out.
SavedQueue decodeQueue(const QByteArray &bytes);

// The store that an interrupted transfer of the registry was; nothing for another kind.
std::optional<ui::StoreOrder> storeOrderOf(const TransferRecord &transfer);
// Whether that transfer belongs to this store.
bool isOf(const TransferRecord &transfer, const ui::StoreOrder &order);

} // namespace mf
