// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/store.h"

namespace mf {

struct EstimateResult {
    QString model;
    qint64 bytes = 0;
    qint64 newBytes = 0; // not stored yet
    qint64 storedBytes = 0; // what they would take before redundancy, from encoding a sample of the new chunks
    Protection protection;
    struct PerAccount {
        QString account;
        qint64 bytes = 0;
        std::optional<qint64> freeAfter;
    };
    std::vector<PerAccount> perAccount;
    bool fits = true;
    QStringList warnings;
};

// What a store would do, without doing it: reads and hashes everything, looks it up, places it for trial.
Task<Result<EstimateResult>> estimateStore(Engine &engine, StoreRequest request, ProgressSink progress);

} // namespace mf
