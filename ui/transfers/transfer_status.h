// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QTimer>

class QToolButton;

namespace mf::ui {

class LimitsPopup;

// The transfers' part of the status bar: both speeds, the limits, and all paused or not. Made after TransfersPage,
// whose actions it shows.
class TransferStatus final : public QWidget
{
    Q_OBJECT
public:
    explicit TransferStatus(Desk &desk, QWidget *parent = nullptr);

signals:
    void asksFor(const QString &page, const QString &key); // as of a Page

private:
    QToolButton *button(const QString &objectName, const QString &iconName);
    void tellRates();
    void tellLimits();
    void openLimits();

    Desk &m_desk;
    QToolButton *m_down;
    QToolButton *m_up;
    QToolButton *m_limits;
    QTimer m_timer;
};

} // namespace mf::ui
