// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/welcome_step.h"

#include "ui/common/account_domains.h"
#include "ui/storage/account_space.h"
#include "ui/storage/account_words.h"
#include "ui/storage/state_label.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace mf::ui {

WelcomeStep::WelcomeStep(QWidget *parent)
    : SetupStep(parent)
    , m_setUp(primaryButton(tr("Set Up")))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(16);
    const auto line = [column](const char *iconName, const QString &title, const QString &text) {
        auto *block = new QVBoxLayout;
        block->setSpacing(2);
        auto *label = new StateLabel;
        label->tell(QLatin1String(iconName), Token::Accent, title);
        block->addWidget(label);
        auto *why = quietLabel(text);
        why->setContentsMargins(22, 0, 0, 0);
        block->addWidget(why);
        column->addLayout(block);
    };
    line("split", tr("Split"), tr("Each model is cut into fragments, with spare ones among them."));
    line("lock", tr("Encrypt"), tr("Fragments leave this computer encrypted. Only you hold the keys."));
    line("boxes", tr("Spread"), tr("They go to different places: if one is lost, the others still have everything."));
    column->addStretch();
    m_setUp->setObjectName(QStringLiteral("setup.setUp"));
    auto *recover = new QPushButton(tr("I Already Use ModelFloat"));
    recover->setObjectName(QStringLiteral("setup.recover"));
    recover->setAutoDefault(false);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(recover);
    buttons->addStretch();
    buttons->addWidget(m_setUp);
    column->addLayout(buttons);
    setTabOrder(recover, m_setUp);
    connect(m_setUp, &QPushButton::clicked, this, &WelcomeStep::setUpAsked);
    connect(recover, &QPushButton::clicked, this, &WelcomeStep::recoverAsked);
}

void WelcomeStep::begin() { m_setUp->setFocus(); }

DoneStep::DoneStep(const Service &service, QWidget *parent)
    : SetupStep(parent)
    , m_service(service)
    , m_text(new QLabel)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    m_text->setObjectName(QStringLiteral("setup.doneText"));
    m_text->setWordWrap(true);
    column->addWidget(m_text);
    column->addStretch();
}

SetupStep::Buttons DoneStep::buttons() const
{
    Buttons buttons;
    buttons.primary = tr("Start");
    return buttons;
}

void DoneStep::begin()
{
    const std::vector<AccountEntry> &accounts = m_service.accounts();
    QStringList lines;
    if (accounts.empty())
        lines.append(tr("Before the first model can be stored, add a place for it on the Storage page."));
    else
        lines.append(tr("Drop a model anywhere in the window to store it."));
    if (!accounts.empty())
        lines.append(lossesSentence(domainsOf(accounts)));
    if (!m_service.isKitSaved())
        lines.append(tr("You haven’t saved your recovery kit yet. You will be reminded."));
    m_text->setText(lines.join(QStringLiteral("\n\n")));
}

} // namespace mf::ui
