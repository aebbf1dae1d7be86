// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshots.h"

namespace mf::ui {

// One word of a POSIX shell that stands for exactly these bytes, on one line, and as text: what is neither printable
// nor UTF-8 is written as $'\x…', which bash and zsh know.
QString shellWord(const QByteArray &bytes);
QString shellWord(const QString &text);

// What the command line would do for these orders: `modelfloat-cli store …`, a line for each.
// accounts: for their names.
QString storeCommand(const std::vector<StoreOrder> &orders, const std::vector<AccountEntry> &accounts);

} // namespace mf::ui
