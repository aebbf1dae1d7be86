// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

struct ModelWithout {
    RevisionRecord revision; // the current one
    std::optional<int> spare; // as Registry::spare, were the account lost
};
// What would become of every model without this account.
Task<Result<std::vector<ModelWithout>>> modelsWithout(Engine &engine, AccountId account);

struct RemovedAccount {
    int moved = 0; // fragments that went to other accounts
    qint64 bytes = 0;
    bool isRetired = false; // else it waits, see `waiting`
    QStringList waiting;
    QStringList harmed; // names of models that lost protection by it (isForced)
};
// Gives an account up for good. First every fragment on it that counts is copied to another account, in a domain of its
// own, then deleted here as storage.md section 5 demands, and the account itself with them (account_end.h): what other
// computers put there meanwhile is seen, and moves, too. The log says that the account is retired when it is empty.
// isForced: says so at once; what lies there counts no more.
//
// Quota "MF-ACCOUNT-ROOM" if not all fragments find another place, naming the models that would lose protection;
// Network "MF-ACCOUNT-GONE" if it cannot be reached. Then nothing was done. It may be called again and goes on where it
// was. progress: may be empty; bytes are those of fragments that lie at their new places.
Task<Result<RemovedAccount>> removeAccount(Engine &engine, AccountId account, bool isForced, ProgressSink progress);

} // namespace mf
