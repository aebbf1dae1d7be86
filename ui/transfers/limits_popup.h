// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/service.h"

#include <QFrame>

class QSpinBox;

namespace mf::ui {

QString limitsWords(const SpeedLimits &limits); // "Limits off", "↑ 500 kB/s · ↓ 2 MB/s"

// Both speed limits, set at once, and a few to choose from. A popup: closes when something else is clicked, or by Esc.
class LimitsPopup final : public QFrame
{
    Q_OBJECT
public:
    explicit LimitsPopup(Service &service, QWidget *parent = nullptr);

private:
    QSpinBox *box(const QString &objectName, const QString &name);
    void take(); // from the service
    void give();

    Service &m_service;
    QSpinBox *m_up;
    QSpinBox *m_down;
    bool m_isTaking = false;
};

} // namespace mf::ui
