// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"
#include "ui/transfers/speed_graph.h"

#include <QTimer>

class QComboBox;
class QLabel;
class QToolButton;

namespace mf::ui {

// The foot of the transfers page: both speeds, and behind a disclosure the graph. It samples once a second as long as
// it lives, seen or not.
class SpeedPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit SpeedPanel(Desk &desk, QWidget *parent = nullptr);

    void sample(); // what the timer does
    void setOpen(bool open);
    bool isOpen() const { return m_graph->isVisibleTo(this); }
    const RateHistory &history() const { return m_history; }

private:
    void tell();
    void refreshIcons();
    Desk &m_desk;
    RateHistory m_history;
    QToolButton *m_open;
    QLabel *m_upIcon;
    QLabel *m_up;
    QLabel *m_downIcon;
    QLabel *m_down;
    QComboBox *m_span;
    SpeedGraph *m_graph;
    QTimer m_timer;
};

} // namespace mf::ui
