// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/limits_popup.h"

#include "ui/common/words.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>

#include <limits>

namespace mf::ui {
namespace {

constexpr qint64 kUnit = 1'000; // shown in kB/s
constexpr int kPresets[] = { 0, 1'000, 5'000, 20'000 };

int shown(qint64 limit) // a limit below the unit is still one
{
    const qint64 rounded = limit <= 0 ? 0 : std::max<qint64>(1, limit / kUnit);
    return static_cast<int>(std::min<qint64>(rounded, std::numeric_limits<int>::max()));
}

} // namespace

QString limitsWords(const SpeedLimits &limits)
{
    QStringList parts;
    if (limits.up > 0)
        parts.append(QStringLiteral("↑ ") + rateWords(static_cast<double>(limits.up)));
    if (limits.down > 0)
        parts.append(QStringLiteral("↓ ") + rateWords(static_cast<double>(limits.down)));
    return parts.isEmpty() ? LimitsPopup::tr("Limits off") : parts.join(QStringLiteral(" · "));
}

LimitsPopup::LimitsPopup(Service &service, QWidget *parent)
    : QFrame(parent, Qt::Popup)
    , m_service(service)
    , m_up(box(QStringLiteral("limits.up"), tr("Upload limit")))
    , m_down(box(QStringLiteral("limits.down"), tr("Download limit")))
{
    setObjectName(QStringLiteral("limits.popup"));
    setAccessibleName(tr("Speed limits"));
    setFrameShape(QFrame::StyledPanel);
    auto *form = new QFormLayout;
    form->addRow(tr("&Upload:"), m_up);
    form->addRow(tr("&Download:"), m_down);
    auto *presets = new QHBoxLayout;
    presets->setSpacing(4);
    for (const int preset : kPresets) {
        const QString rate = rateWords(static_cast<double>(preset * kUnit));
        auto *button = new QPushButton(preset == 0 ? tr("Off") : rate, this);
        button->setObjectName(QStringLiteral("limits.preset%1").arg(preset));
        button->setAccessibleName(preset == 0 ? tr("No limits") : tr("Limit both to %1").arg(rate));
        connect(button, &QPushButton::clicked, this, [this, preset] {
            m_service.setLimits({ preset * kUnit, preset * kUnit });
            take();
        });
        presets->addWidget(button);
    }
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(12);
    column->addLayout(form);
    column->addLayout(presets);
    for (QSpinBox *one : { m_up, m_down })
        connect(one, &QSpinBox::valueChanged, this, &LimitsPopup::give);
    connect(&m_service, &Service::limitsChanged, this, &LimitsPopup::take);
    take();
}

QSpinBox *LimitsPopup::box(const QString &objectName, const QString &name)
{
    auto *spin = new QSpinBox(this);
    spin->setObjectName(objectName);
    spin->setAccessibleName(name);
    spin->setRange(0, std::numeric_limits<int>::max());
    spin->setSingleStep(500);
    spin->setSpecialValueText(tr("No limit"));
    spin->setSuffix(tr(" kB/s"));
    spin->setGroupSeparatorShown(true);
    spin->setKeyboardTracking(false); // a half-typed number is no limit
    spin->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("10,000,000 kB/s")) + 48);
    return spin;
}

void LimitsPopup::take()
{
    m_isTaking = true;
    m_up->setValue(shown(m_service.limits().up));
    m_down->setValue(shown(m_service.limits().down));
    m_isTaking = false;
}

void LimitsPopup::give()
{
    if (m_isTaking)
        return;
    SpeedLimits wanted = m_service.limits();
    // One that was not touched keeps what is finer than the unit.
    if (m_up->value() != shown(wanted.up))
        wanted.up = m_up->value() * kUnit;
    if (m_down->value() != shown(wanted.down))
        wanted.down = m_down->value() * kUnit;
    if (!(wanted == m_service.limits()))
        m_service.setLimits(wanted);
}

} // namespace mf::ui
