// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSpinBox>

#include <functional>

class QLayout;

namespace mf::ui {

// A speed limit, typed or stepped in kB/s. What is finer than that is kept until the user changes it.
class RateBox final : public QSpinBox
{
    Q_OBJECT
public:
    RateBox(const QString &objectName, const QString &accessibleName, QWidget *parent);

    qint64 rate() const { return m_rate; } // bytes/s; 0: none
    void setRate(qint64 bytesPerSecond); // no signal

signals:
    void chosen(); // by the user

private:
    qint64 m_rate = 0;
};

// A few limits to choose from, each a button: none, and some that are round. Its objects are named `prefix` + kB/s.
QLayout *ratePresets(const QString &prefix, std::function<void(qint64 bytesPerSecond)> choose, QWidget *parent);

} // namespace mf::ui
