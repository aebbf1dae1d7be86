// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/issue_card.h"

#include "ui/common/icons.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

namespace mf::ui {
namespace {

constexpr int kIcon = 20;

} // namespace

IssueCard::IssueCard(QWidget *parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_title(new QLabel(this))
    , m_text(new QLabel(this))
    , m_mending(new QLabel(this))
    , m_row(new QHBoxLayout)
{
    setObjectName(QStringLiteral("activity.card"));
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    for (QLabel *label : { m_title, m_text, m_mending }) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setMinimumWidth(80);
    }
    m_title->setObjectName(QStringLiteral("activity.cardTitle"));
    m_text->setObjectName(QStringLiteral("activity.cardText"));
    m_mending->setObjectName(QStringLiteral("activity.cardMending"));
    m_icon->setFixedSize(kIcon, kIcon);

    auto *words = new QVBoxLayout;
    words->setSpacing(4);
    words->addWidget(m_title);
    words->addWidget(m_text);
    m_row->setSpacing(8);
    m_row->addWidget(m_mending, 1);
    m_row->addStretch();
    words->addLayout(m_row);
    auto *columns = new QHBoxLayout(this);
    columns->setContentsMargins(16, 12, 12, 12);
    columns->setSpacing(12);
    columns->addWidget(m_icon, 0, Qt::AlignTop);
    columns->addLayout(words, 1);
    m_mending->hide();
    if (Theme *theme = Theme::instance())
        connect(theme, &Theme::changed, this, &IssueCard::drawIcon);
}

void IssueCard::show(const IssueEntry &issue)
{
    const bool isOther
        = m_isSolved || m_issue.id != issue.id || m_issue.remedies != issue.remedies || m_issue.title != issue.title;
    m_issue = issue;
    m_isSolved = false;
    m_title->setText(issue.title);
    m_text->setText(issue.text);
    m_text->setVisible(!issue.text.isEmpty());
    setAccessibleName(severityLook(issue.severity).word + QStringLiteral(": ") + issue.title);
    setAccessibleDescription(issue.text);
    if (isOther)
        makeButtons();
    drawIcon();
    update();
}

void IssueCard::makeButtons()
{
    for (QPushButton *button : m_buttons) {
        // Not at once: it may be the one that was just clicked.
        button->hide();
        button->setObjectName(QString());
        button->deleteLater();
    }
    m_buttons.clear();
    for (const IssueEntry::Remedy remedy : m_issue.remedies) {
        const QString text = remedyText(remedy);
        if (text.isEmpty())
            continue;
        auto *button = new QPushButton(text, this);
        button->setObjectName(QStringLiteral("activity.remedy%1").arg(static_cast<int>(remedy)));
        QString spoken = text;
        // Several cards may offer the same.
        button->setAccessibleName(tr("%1: %2", "Repair: what is wrong").arg(spoken.remove(u'…'), m_issue.title));
        connect(button, &QPushButton::clicked, this, [this, remedy] { emit pressed(remedy); });
        m_row->addWidget(button);
        m_buttons.push_back(button);
    }
}

void IssueCard::showMending(const QString &words, bool runs)
{
    if (m_isSolved)
        return;
    m_mending->setText(words);
    m_mending->setVisible(!words.isEmpty());
    for (QPushButton *button : m_buttons) {
        const int remedy = button->objectName().mid(15).toInt();
        const bool mends = remedy == static_cast<int>(IssueEntry::Remedy::Repair)
            || remedy == static_cast<int>(IssueEntry::Remedy::Check)
            || remedy == static_cast<int>(IssueEntry::Remedy::Retry);
        button->setEnabled(!(mends && runs));
        button->setToolTip(mends && runs ? tr("It is under way.") : QString());
    }
}

void IssueCard::showSolved()
{
    m_isSolved = true;
    m_text->setText(tr("Solved."));
    m_text->show();
    m_mending->hide();
    setAccessibleName(tr("Solved: %1").arg(m_issue.title));
    setAccessibleDescription(QString());
    for (QPushButton *button : m_buttons)
        button->hide();
    drawIcon();
    update();
}

void IssueCard::drawIcon()
{
    const SeverityLook look = m_isSolved ? SeverityLook { QStringLiteral("circle-check"), Token::Ok, tr("Solved") }
                                         : severityLook(m_issue.severity);
    m_icon->setAccessibleName(look.word);
    m_icon->setPixmap(iconPixmap(look.icon, look.colour, kIcon, devicePixelRatioF()));
}

void IssueCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF card = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(Theme::colour(Token::Border));
    painter.setBrush(Theme::colour(Token::Surface));
    painter.drawRoundedRect(card, 6, 6);
    // A stripe where reading begins, in the colour of the severity.
    const Token colour = m_isSolved ? Token::Ok : severityLook(m_issue.severity).colour;
    QRectF stripe(card.left() + 1, card.top() + 6, 3, card.height() - 12);
    if (layoutDirection() == Qt::RightToLeft)
        stripe.moveRight(card.right() - 1);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::colour(colour));
    painter.drawRoundedRect(stripe, 1.5, 1.5);
}

} // namespace mf::ui
