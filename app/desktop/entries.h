// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// From what core knows to what the window shows: pure.

#include "core/distributor/account.h"
#include "core/distributor/transfer_queue.h"
#include "core/registry/library_view.h"
#include "core/registry/registry.h"
#include "ui/common/service.h"

namespace mf {

using AccountNames = std::map<AccountId, QString>;
AccountNames namesOf(const std::vector<AccountRecord> &accounts);

ui::ModelEntry modelEntry(const LibraryView::Model &model, const AccountNames &names, const QDateTime &now);
// Of a store that makes a model which is not there yet.
ui::ModelEntry storingEntry(const ui::TransferEntry &transfer, qint64 bytes);

// account: as it is open; null: it is not, and why (null: not known). hasLooked: all that can be reached was.
ui::AccountEntry accountEntry(const AccountRecord &record, const Account *account, const Error *whyClosed,
    const std::vector<Registry::AccountUse> &use, bool hasLooked);

ui::TransferEntry::Kind kindOf(TransferQueue::Kind kind); // not Sync
ui::TransferEntry transferEntry(const TransferQueue::Entry &entry, const AccountNames &names);
// What changes without a change of state: progress, speed, shares.
void takeProgress(ui::TransferEntry &shown, const TransferQueue::Entry &entry, const AccountNames &names);

// Without metadata, files and history.
ui::ModelDetails modelDetails(
    const LibraryView::Fragments &fragments, const std::vector<ui::AccountEntry> &accounts, const AccountNames &names);

// What would become of the models, by their spare without an account and with it.
ui::AccountLoss accountLoss(const std::vector<LibraryView::Model> &without, const std::vector<LibraryView::Model> &now);

} // namespace mf
