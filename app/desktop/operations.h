// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The operations of the distributor as the queue runs them.

#include "app/library/library.h"
#include "core/distributor/fetch.h"
#include "core/distributor/store.h"
#include "core/distributor/transfer_queue.h"

namespace mf {

using OperationTask = Task<Result<TransferQueue::Outcome>>;

// A model as an operation is told of it, and its size as a part of the whole.
struct NamedModel {
    QString name; // empty: all of them
    qint64 bytes = 0;
};

OperationTask storeOperation(Library &library, StoreRequest request, ProgressSink sink);
OperationTask fetchOperation(Library &library, FetchRequest request, ProgressSink sink);
OperationTask checkOperation(Library &library, std::vector<NamedModel> models, bool deep, ProgressSink sink);
OperationTask repairOperation(Library &library, std::vector<NamedModel> models, ProgressSink sink);
OperationTask protectOperation(Library &library, QString model, Protection protection, ProgressSink sink);
OperationTask collectOperation(Library &library);
OperationTask removeAccountOperation(Library &library, AccountId account, bool isLost, ProgressSink sink);
OperationTask syncOperation(Library &library);
OperationTask failedOperation(Error error);

} // namespace mf
