// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/render.h"
#include "core/distributor/estimate.h"
#include "core/distributor/fetch.h"
#include "core/distributor/rekey.h"
#include "core/settings/speed_limits.h"

namespace mf::cli {

using Elapsed = std::chrono::milliseconds;

// {"model","revision","bytes","newBytes","storedBytes","uploadedBytes","seconds"}; beside them "unchanged",
// "reducedPacks", "warnings".
QJsonObject storeJson(const StoreResult &result, Elapsed elapsed);
QString storeText(const StoreResult &result, Elapsed elapsed);

// {"bytes","newBytes","storedBytes","perAccount":[{"account","bytes","freeAfter"}]}; beside them "model",
// "protection", "fits", "warnings".
QJsonObject estimateJson(const EstimateResult &result);
QString estimateText(const EstimateResult &result, int width);

// {"model","to","bytes","files":[{"path","sha256"}],"seconds"}; beside them "reusedBytes", "networkBytes", "hedges",
// "rebuilt", "healed", "damaged":[{"account","fragment","what"}], "unreachable":{account: why}.
QJsonObject fetchJson(const FetchResult &result, const QString &to, Elapsed elapsed);
QString fetchText(const FetchResult &result, const QString &to, Elapsed elapsed);

// {"library","kit"}: kit is the file, or the words themselves when no file was asked for.
QJsonObject initJson(const LibraryId &library, const QString &kitFile, const QStringList &words);
// {"kit","epoch"}
QJsonObject newKitJson(const EpochId &epoch, const QString &kitFile, const QStringList &words);
// What a new kit means, after it was made.
QString newKitText();
// {"models","packs","uploadedBytes"}
QJsonObject rekeyJson(const RekeyResult &result);
QString rekeyText(const RekeyResult &result);
// The recovery kit as a file or on the terminal: `init --from-kit` reads it again.
QString kitText(const QStringList &words, const LibraryId &library, const QDateTime &made);

// {"model","tags"}
QJsonObject tagsJson(const QString &model, const QStringList &tags);
QString tagsText(const QString &model, const QStringList &tags);

// {"limits":{"up","down","alternative":{"up","down","from","to","days"}},"now":{"up","down"}}; 0: none. An
// alternative rate is null where none was chosen: then it is as always.
QJsonObject limitsJson(const SpeedLimits &limits, const QDateTime &local);
QString limitsText(const SpeedLimits &limits, const QDateTime &local);

} // namespace mf::cli
