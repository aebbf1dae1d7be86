// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"
#include "ui/transfers/transfer_delegate.h"

class QLabel;
class QPushButton;

namespace mf::ui {

// Below the list: the current transfer's state in full, and its buttons as widgets, for keyboards and screen readers
// as well as for reasons that are longer than a row.
class TransferBar final : public QFrame
{
    Q_OBJECT
public:
    explicit TransferBar(Clock &clock, QWidget *parent = nullptr);

    void show(const TransferEntry *transfer); // null: hides
    TransferId shown() const { return m_shown; }

signals:
    void pressed(qint64 transfer, mf::ui::RowButton button);

private:
    Clock &m_clock;
    TransferId m_shown = 0;
    QLabel *m_text;
    std::vector<std::pair<RowButton, QPushButton *>> m_buttons;
};

} // namespace mf::ui
