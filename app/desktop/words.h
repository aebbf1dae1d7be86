// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What transfers came to, in the words of the history and of the Transfers page.

#include "core/distributor/collect.h"
#include "core/distributor/evacuate.h"
#include "core/distributor/fetch.h"
#include "core/distributor/protect.h"
#include "core/distributor/repair.h"
#include "core/distributor/store.h"
#include "core/distributor/transfer_queue.h"
#include "ui/common/snapshots.h"

namespace mf {

QString countWords(qint64 count, const QString &one, const QString &many); // "3 fragments"
QString sentence(const QString &message); // with a capital letter and a full stop

TransferQueue::Outcome outcomeOf(const StoreResult &result);
TransferQueue::Outcome outcomeOf(const FetchResult &result);
TransferQueue::Outcome outcomeOf(const std::vector<CheckResult> &results); // of one after the other
TransferQueue::Outcome outcomeOf(const std::vector<RepairResult> &results);
TransferQueue::Outcome outcomeOf(const ProtectResult &result);
TransferQueue::Outcome outcomeOf(const CollectResult &result);
TransferQueue::Outcome outcomeOf(const RemovedAccount &result);

// A title: "Storing “x” failed".
QString failedWords(ui::TransferEntry::Kind kind, const QString &name);
// A line of the history: "Stored “x”".
QString doneWords(ui::TransferEntry::Kind kind, const QString &name);
QString historyKind(ui::TransferEntry::Kind kind); // "store"

} // namespace mf
