// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/summary_card.h"

#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/common/words.h"
#include "ui/storage/account_words.h"
#include "ui/storage/state_label.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

namespace mf::ui {
namespace {

constexpr int kBar = 12;
constexpr double kRadius = 6;

} // namespace

SummaryCard::SummaryCard(QWidget *parent)
    : QFrame(parent)
    , m_text(new QLabel)
    , m_note(quietLabel())
    , m_bar(new SpaceBar)
    , m_legend(new QWidget)
    , m_ours(new QLabel)
    , m_others(new QLabel)
    , m_free(new QLabel)
{
    setObjectName(QStringLiteral("storage.summary"));
    setAccessibleName(tr("All storage"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 10);
    column->setSpacing(8);
    m_text->setWordWrap(true);
    m_text->setObjectName(QStringLiteral("storage.summaryText"));
    m_note->setObjectName(QStringLiteral("storage.summaryNote"));
    column->addWidget(m_text);
    column->addWidget(m_bar);
    auto *legend = new QHBoxLayout(m_legend);
    legend->setContentsMargins(0, 0, 0, 0);
    legend->setSpacing(6);
    const auto part = [legend](Token colour, QLabel *label) {
        legend->addWidget(new Swatch(colour));
        legend->addWidget(label);
        legend->addSpacing(12);
    };
    part(Token::Accent, m_ours);
    part(Token::Muted, m_others);
    part(Token::Track, m_free);
    legend->addStretch();
    column->addWidget(m_legend);
    column->addWidget(m_note);
}

void SummaryCard::tell(const std::vector<AccountEntry> &accounts, const std::optional<RoomLeft> &room)
{
    const AccountSpace space = spaceOf(accounts);
    QStringList words { storageWords(accounts) };
    if (space.isKnown)
        words.append(tr("%1 of %2 used by ModelFloat").arg(sizeWords(space.ours), sizeWords(space.total)));
    if (room)
        words.append(roomLeftWords(*room));
    words.removeAll(QString());
    m_text->setText(words.join(QStringLiteral(" · ")));
    m_bar->tell(space);
    m_isKnown = space.isKnown;
    m_bar->setVisible(m_isKnown);
    m_legend->setVisible(m_isKnown && !m_isCompact);
    m_ours->setText(tr("ModelFloat %1").arg(sizeWords(space.ours)));
    m_others->setText(tr("Other files %1").arg(sizeWords(space.others)));
    m_free->setText(tr("Free %1").arg(sizeWords(space.free)));
    const QString note = sharedDomainWords(accounts);
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

void SummaryCard::setCompact(bool isCompact)
{
    m_isCompact = isCompact;
    m_legend->setVisible(m_isKnown && !m_isCompact);
}

void SummaryCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Theme::colour(Token::Border));
    painter.setBrush(Theme::colour(Token::Surface));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
}

SpaceBar::SpaceBar(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("storage.spaceBar"));
    setAccessibleName(tr("Space used"));
    setFixedHeight(kBar);
}

void SpaceBar::tell(const AccountSpace &space)
{
    m_space = space;
    setAccessibleDescription(tr("ModelFloat %1, other files %2, free %3")
            .arg(sizeWords(space.ours), sizeWords(space.others), sizeWords(space.free)));
    setToolTip(accessibleDescription());
    update();
}

void SpaceBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintBar(painter, rect(), m_space.oursPart(), m_space.othersPart(), Token::Accent, Token::Muted);
}

} // namespace mf::ui
