// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/transfers/rate_history.h"

#include <QWidget>

namespace mf::ui {

// Both speeds over the last 1, 5 or 30 minutes: up a filled line, down a dashed one. Its accessible description says
// the same in words.
class SpeedGraph final : public QWidget
{
    Q_OBJECT
public:
    explicit SpeedGraph(const RateHistory &history, QWidget *parent = nullptr);

    void setSpan(int seconds);
    int span() const { return m_span; }
    // A sample was added.
    void advance();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void describe();
    QPolygonF line(const QRect &plot, double top, bool isUp) const;
    const RateHistory &m_history;
    int m_span = 60;
};

} // namespace mf::ui
