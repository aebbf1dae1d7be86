// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshots.h"

namespace mf::ui {

// The columns of the list of models; the numbers are kept in the window's memory, so new ones go to the end.
enum class ModelColumn {
    Name,
    Quantization,
    Size,
    Protection,
    Stored,
    Format,
    Family,
    Architecture,
    Parameters,
    Context,
    License,
    Accounts,
    Policy,
    Uploaded,
    Checked,
    Here,
    Tags,
    Sha256,
};
constexpr int kModelColumns = static_cast<int>(ModelColumn::Sha256) + 1;
constexpr int kFirstColumns = 5; // shown unless the user chose otherwise

QString columnTitle(ModelColumn column);
bool isNumeric(ModelColumn column); // aligned to the end of its cell, and never elided
// What the cell says. now: the moment that ages are told from.
QString columnText(ModelColumn column, const ModelEntry &model, const QDateTime &now);
QString columnToolTip(ModelColumn column, const ModelEntry &model);
// The widest that a column's texts come to, where that is known without looking at the models; "": it is not.
QString columnSample(ModelColumn column);
// True if `a` stands before `b` in ascending order of the column.
bool isBefore(ModelColumn column, const ModelEntry &a, const ModelEntry &b);

QString formatOrOther(const QString &format); // "GGUF", "Other files"
// The second line of a row: "GGUF · 7.6 B parameters". withAge: also when it was stored.
QString secondLine(const ModelEntry &model, bool withAge, const QDateTime &now);
// Its state without the numbers, as filters and groups name it: "Reduced".
QString stateName(ModelState state);
bool needsRepair(const ModelEntry &model);

} // namespace mf::ui
