// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/transfer_status.h"

#include "ui/common/icons.h"
#include "ui/common/words.h"
#include "ui/transfers/limits_popup.h"
#include "ui/transfers/transfer_rules.h"

#include <QHBoxLayout>
#include <QToolButton>

namespace mf::ui {

TransferStatus::TransferStatus(Desk &desk, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
{
    setObjectName(QStringLiteral("status.transfers"));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    m_down = button(QStringLiteral("status.down"), QStringLiteral("download"));
    m_up = button(QStringLiteral("status.up"), QStringLiteral("upload"));
    m_limits = button(QStringLiteral("status.limits"), QStringLiteral("gauge"));
    QToolButton *pauseAll = button(QStringLiteral("status.pauseAll"), QStringLiteral("pause"));
    // The widest number, so that the bar does not dance.
    const int rate = fontMetrics().horizontalAdvance(rateWords(888e6)) + 36;
    for (QToolButton *one : { m_down, m_up }) {
        one->setMinimumWidth(rate);
        connect(one, &QToolButton::clicked, this, [this] { emit asksFor(QStringLiteral("transfers"), QString()); });
    }
    connect(m_limits, &QToolButton::clicked, this, &TransferStatus::openLimits);
    pauseAll->setDefaultAction(m_desk.actions[QStringLiteral("transfers.pauseAll")]);

    connect(&m_desk.service, &Service::limitsChanged, this, &TransferStatus::tellLimits);
    connect(&m_desk.service, &Service::transfersChanged, this, &TransferStatus::tellRates);
    // Words once a second at most, however often the bars move.
    m_timer.setSingleShot(true);
    m_timer.setInterval(1'000);
    connect(&m_timer, &QTimer::timeout, this, &TransferStatus::tellRates);
    connect(&m_desk.service, &Service::transferMoved, this, [this] {
        if (!m_timer.isActive())
            m_timer.start();
    });
    tellRates();
    tellLimits();
}

QToolButton *TransferStatus::button(const QString &objectName, const QString &iconName)
{
    auto *made = new QToolButton(this);
    made->setObjectName(objectName);
    made->setIcon(icon(iconName));
    made->setAutoRaise(true);
    made->setFocusPolicy(Qt::StrongFocus); // tool buttons are not in the tab order by themselves
    made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    layout()->addWidget(made);
    return made;
}

void TransferStatus::tellRates()
{
    const Rates rates = ratesOf(m_desk.service.transfers());
    const auto tell = [](QToolButton *button, const QString &text, const QString &spoken) {
        if (button->text() == text && !button->accessibleName().isEmpty())
            return;
        button->setText(text);
        button->setAccessibleName(spoken);
        button->setToolTip(spoken);
    };
    const QString down = rateWords(rates.down);
    const QString up = rateWords(rates.up);
    tell(m_down, down, tr("Download speed %1").arg(down));
    tell(m_up, up, tr("Upload speed %1").arg(up));
}

void TransferStatus::tellLimits()
{
    const QString words = limitsWords(m_desk.service.limits());
    m_limits->setText(words);
    m_limits->setAccessibleName(tr("Speed limits: %1").arg(words));
    m_limits->setToolTip(tr("Set the speed limits"));
}

void TransferStatus::openLimits()
{
    openPopup(new LimitsPopup(m_desk.service, this), QRect(m_limits->mapToGlobal(QPoint(0, 0)), m_limits->size()));
}

} // namespace mf::ui
