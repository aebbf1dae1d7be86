// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What is said of an account's share in a transfer, without widgets.

#include "ui/common/snapshots.h"
#include "ui/common/theme.h"

namespace mf::ui {

// "Uploading", "Waiting: too many requests", "Done".
QString shareWords(const TransferEntry &transfer, const ShareEntry &share);
Token shareColour(const TransferEntry &transfer, const ShareEntry &share);
// It, and how much of how much: "Uploading · 544 MB of 850 MB".
QString shareLine(const TransferEntry &transfer, const ShareEntry &share);
// How far it is, 0 … 1; nothing: it is not known, or says nothing any more.
std::optional<double> sharePart(const TransferEntry &transfer, const ShareEntry &share);
QString sharePercent(const ShareEntry &share); // "64 %", of what is planned
// Where the name alone says too little: "Archive disk for Qwen2.5-3B-Instruct".
QString shareTitle(const TransferEntry &transfer, const ShareEntry &share);
// What is said of it besides its title.
QString shareSpoken(const TransferEntry &transfer, const ShareEntry &share);

} // namespace mf::ui
