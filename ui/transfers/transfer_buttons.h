// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshots.h"

namespace mf::ui {

// What a row can be clicked on.
enum class RowButton { None, Pause, Resume, Cancel, Retry, OpenFolder, Remedy };
// The action of the same meaning: what the button says, and who does it ("" for Remedy, which is the page's).
QString buttonText(RowButton button, const TransferEntry &transfer);
QString buttonAction(RowButton button);
QString buttonIcon(RowButton button); // empty: it shows its text
// With the transfer's name: "Pause Qwen2.5-3B-Instruct".
QString buttonSpoken(RowButton button, const TransferEntry &transfer);

} // namespace mf::ui
