// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace mf::ui {

class Actions;

// All shortcuts, by page, with a search field.
class ShortcutSheet final : public QDialog
{
    Q_OBJECT
public:
    ShortcutSheet(const Actions &actions, QWidget *parent);
    static ShortcutSheet *open(const Actions &actions, QWidget *parent); // ends with its closing
};

} // namespace mf::ui
