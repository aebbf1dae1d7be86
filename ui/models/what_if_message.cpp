// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/what_if_message.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace mf::ui {

WhatIfMessage::WhatIfMessage(WhatIf &whatIf, QWidget *parent)
    : QWidget(parent)
    , m_whatIf(whatIf)
    , m_message(new InlineMessage)
{
    m_message->setObjectName(QStringLiteral("models.whatIfMessage"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_message);
    connect(&whatIf, &WhatIf::changed, this, &WhatIfMessage::tell);
    tell();
}

void WhatIfMessage::tell()
{
    setVisible(m_whatIf.isOn());
    if (!m_whatIf.isOn()) {
        m_told.clear();
        return;
    }
    using Kind = InlineMessage::Kind;
    const AccountLoss *const loss = m_whatIf.loss();
    const auto &error = m_whatIf.error();
    const QString title = tr("As if %1 were gone:").arg(m_whatIf.account());
    const QString text = error ? error->message
        : loss                 ? m_whatIf.outcome()
                               : tr("looking at what would become of your models…");
    if (const QString all = title + u'\n' + text; all != std::exchange(m_told, all)) {
        const bool isBad = error || (loss && !loss->unreadable.isEmpty());
        const bool isWarning = loss && !(loss->atRisk.isEmpty() && loss->reduced.isEmpty());
        m_message->tell(isBad ? Kind::Bad : isWarning ? Kind::Warning : Kind::Info, title, text, false);
        if (error) {
            QPushButton *again = m_message->addButton(tr("Try Again"));
            again->setObjectName(QStringLiteral("models.whatIfAgain"));
            connect(again, &QPushButton::clicked, &m_whatIf, &WhatIf::again);
        }
        QPushButton *back = m_message->addButton(tr("Show as It Is"));
        back->setObjectName(QStringLiteral("models.asItIs"));
        connect(back, &QPushButton::clicked, &m_whatIf, &WhatIf::asItIs);
    }
    m_message->show();
}

} // namespace mf::ui
