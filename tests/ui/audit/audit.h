// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>
#include <QWidget>

#include <vector>

namespace mf::ui {

// Something about a window as it is shown that somebody could not read, reach or hear.
struct Finding {
    QString check; // "name", "role", "clip", "order", "contrast"
    QString object; // path of object names
    QString text;
};

// Everything interactive has an accessible name, and a role that is not just "something".
std::vector<Finding> auditNames(QWidget *window);
// No label, button, combo box, header or cell shows less than its text; a name column may give way.
std::vector<Finding> auditClipping(QWidget *window);
// Tab goes on in the direction of reading, within columns.
std::vector<Finding> auditTabOrder(QWidget *window);
// Labels against what is painted behind them.
std::vector<Finding> auditContrast(QWidget *window, const QImage &picture);

// "storage.page/storage.search"; classes where there is no name.
QString pathOf(const QWidget *widget);

} // namespace mf::ui
