// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/kit_step.h"

#include "ui/setup/kit_panel.h"
#include "ui/storage/account_words.h"

#include <QLabel>
#include <QProgressBar>
#include <QVBoxLayout>

namespace mf::ui {

KitStep::KitStep(Desk &desk, QWidget *parent)
    : SetupStep(parent)
    , m_desk(desk)
    , m_error(new InlineMessage)
    , m_preparing(new QLabel(tr("Preparing your kit…")))
    , m_bar(new QProgressBar)
    , m_panel(new KitPanel(desk))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_error->setObjectName(QStringLiteral("setup.kitError"));
    m_bar->setObjectName(QStringLiteral("setup.kitBar"));
    m_bar->setAccessibleName(m_preparing->text());
    m_bar->setRange(0, 0);
    m_bar->setTextVisible(false);
    column->addWidget(m_error);
    column->addWidget(m_preparing);
    column->addWidget(m_bar);
    column->addWidget(m_panel, 1);
    column->addStretch();
    connect(m_panel, &KitPanel::provenChanged, this, &SetupStep::changed);
    tell(Stage::Making);
}

QString KitStep::explanation() const
{
    return tr(
        "If you lose this computer, these 24 words are the only way back to your models. Nobody can replace them. "
        "Whoever has them and your accounts can read your models.");
}

SetupStep::Buttons KitStep::buttons() const
{
    Buttons buttons;
    buttons.primary = m_stage == Stage::Failed ? tr("Try Again") : tr("Continue");
    buttons.isReady = m_stage == Stage::Failed || (m_stage == Stage::Shown && m_panel->isProven());
    buttons.secondary = m_stage == Stage::Shown ? tr("Remind Me Later") : QString();
    buttons.hasBack = m_stage == Stage::Failed;
    return buttons;
}

void KitStep::tell(Stage stage)
{
    m_stage = stage;
    m_preparing->setVisible(stage == Stage::Making);
    m_bar->setVisible(stage == Stage::Making);
    m_panel->setVisible(stage == Stage::Shown);
    if (stage != Stage::Failed)
        m_error->hide();
    emit changed();
}

void KitStep::begin()
{
    if (m_desk.service.state() == Service::State::Ready) {
        m_panel->tell(m_desk.service.kitWords());
        tell(Stage::Shown);
        return;
    }
    if (!m_scope.isIdle())
        return;
    tell(Stage::Making);
    m_scope.start(making());
}

Task<void> KitStep::making()
{
    auto creation = m_desk.service.createLibrary();
    const auto words = co_await creation;
    if (!words) {
        m_error->tell(InlineMessage::Kind::Bad, tr("The library could not be made."), errorWords(words.error()), false);
        tell(Stage::Failed);
        co_return;
    }
    m_panel->tell(*words);
    tell(Stage::Shown);
}

void KitStep::next()
{
    if (m_stage == Stage::Failed) {
        begin();
        return;
    }
    m_desk.service.noteKitSaved();
    emit done();
}

} // namespace mf::ui
