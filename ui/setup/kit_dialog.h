// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QDialog>

namespace mf::ui {

class KitPanel;

// The recovery kit of the open library, to be looked at and saved later. It deletes itself when it closes.
class KitDialog final : public QDialog
{
    Q_OBJECT
public:
    static KitDialog *open(Desk &desk, QWidget *parent);
    using QDialog::open;

private:
    KitDialog(Desk &desk, QWidget *parent);
};

} // namespace mf::ui
