// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/rate_box.h"

#include "ui/common/words.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QSignalBlocker>

#include <limits>

namespace mf::ui {
namespace {

constexpr qint64 kUnit = 1'000; // shown in kB/s
constexpr int kMost = std::numeric_limits<int>::max();
constexpr int kPresets[] = { 0, 1'000, 5'000, 20'000 };

int shown(qint64 rate) // a limit below the unit is still one
{
    const qint64 rounded = rate <= 0 ? 0 : std::max<qint64>(1, rate / kUnit);
    return static_cast<int>(std::min<qint64>(rounded, kMost));
}

} // namespace

RateBox::RateBox(const QString &objectName, const QString &accessibleName, QWidget *parent)
    : QSpinBox(parent)
{
    setObjectName(objectName);
    setAccessibleName(accessibleName);
    setRange(0, kMost);
    setSingleStep(500);
    setSpecialValueText(tr("No limit"));
    setSuffix(tr(" kB/s"));
    setGroupSeparatorShown(true);
    setKeyboardTracking(false); // a half-typed number is no limit
    setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("10,000,000 kB/s")) + 48);
    connect(this, &QSpinBox::valueChanged, this, [this](int value) {
        m_rate = value * kUnit;
        emit chosen();
    });
}

void RateBox::setRate(qint64 bytesPerSecond)
{
    const QSignalBlocker quiet(this);
    m_rate = bytesPerSecond;
    setValue(shown(bytesPerSecond));
}

QLayout *ratePresets(const QString &prefix, std::function<void(qint64 bytesPerSecond)> choose, QWidget *parent)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(4);
    for (const int preset : kPresets) {
        const QString rate = rateWords(static_cast<double>(preset * kUnit));
        auto *button = new QPushButton(preset == 0 ? RateBox::tr("Off") : rate, parent);
        button->setObjectName(prefix + QString::number(preset));
        button->setAccessibleName(preset == 0 ? RateBox::tr("No limit") : RateBox::tr("Limit to %1").arg(rate));
        QObject::connect(button, &QPushButton::clicked, parent, [choose, preset] { choose(preset * kUnit); });
        row->addWidget(button);
    }
    return row;
}

} // namespace mf::ui
