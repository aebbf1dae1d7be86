// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshots.h"

#include <QStyleOptionViewItem>

class QPainter;

namespace mf::ui {

// An account below its transfer, in one line: icon, name, what it does, bar, percent and speed, in the columns of the
// transfer. The row itself (ground, hover, focus) is painted before.
void paintShareRow(
    QPainter &painter, const QStyleOptionViewItem &option, const TransferEntry &transfer, const ShareEntry &share);
int shareRowHeight(const QStyleOptionViewItem &option);

} // namespace mf::ui
