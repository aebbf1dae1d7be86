// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/service.h"

#include <QFrame>

namespace mf::ui {

class RateBox;

QString limitsWords(const SpeedLimits &limits); // "Limits off", "↑ 500 kB/s · ↓ 2 MB/s"

// Both speed limits, set at once, and a few to choose from. A popup: closes when something else is clicked, or by Esc.
class LimitsPopup final : public QFrame
{
    Q_OBJECT
public:
    explicit LimitsPopup(Service &service, QWidget *parent = nullptr);

private:
    void take(); // from the service

    Service &m_service;
    RateBox *m_up;
    RateBox *m_down;
};

// The limit of some transfers, each for itself.
class TransferLimitPopup final : public QFrame
{
    Q_OBJECT
public:
    TransferLimitPopup(Service &service, std::vector<TransferId> transfers, QWidget *parent = nullptr);

private:
    void limitTo(qint64 bytesPerSecond);

    Service &m_service;
    std::vector<TransferId> m_transfers;
};

// Shows one of them at what it is about (global), within the screen, with the focus on its first field. It deletes
// itself when it is closed.
void openPopup(QFrame *popup, const QRect &about);

} // namespace mf::ui
