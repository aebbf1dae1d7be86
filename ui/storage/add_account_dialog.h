// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QDialog>

namespace mf::ui {

class AddAccountPanel;

// The form for new accounts in a window of its own. Not modal: the library is there to look at meanwhile. It deletes
// itself when it closes.
class AddAccountDialog final : public QDialog
{
    Q_OBJECT
public:
    static AddAccountDialog *open(Desk &desk, QWidget *parent);
    using QDialog::open;

private:
    AddAccountDialog(Desk &desk, QWidget *parent);
    AddAccountPanel *m_panel;
};

} // namespace mf::ui
