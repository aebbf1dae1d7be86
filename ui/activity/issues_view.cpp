// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/issues_view.h"

#include "ui/common/words.h"

#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace mf::ui {

IssuesView::IssuesView(Desk &desk, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_control(new IssueControl(desk.service, this))
    , m_stack(new QStackedWidget(this))
    , m_area(new QScrollArea(this))
    , m_column(nullptr)
    , m_more(new QLabel(this))
    , m_empty(new EmptyState(this))
{
    auto *cards = new QWidget(m_area);
    cards->setObjectName(QStringLiteral("activity.cards"));
    m_column = new QVBoxLayout(cards);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(8);
    m_column->addWidget(m_more);
    m_column->addStretch();
    m_more->setObjectName(QStringLiteral("activity.more"));
    m_area->setObjectName(QStringLiteral("activity.issues"));
    m_area->setAccessibleName(tr("Issues"));
    m_area->setWidget(cards);
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // The window's ground shows between the cards.
    m_area->viewport()->setAutoFillBackground(false);
    cards->setAutoFillBackground(false);
    m_empty->setObjectName(QStringLiteral("activity.issuesEmpty"));
    m_stack->addWidget(m_area);
    m_stack->addWidget(m_empty);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);

    connect(m_control, &IssueControl::asksFor, this, &IssuesView::asksFor);
    connect(m_control, &IssueControl::mendingChanged, this, [this](const QString &issue) {
        if (IssueCard *card = cardOf(issue))
            card->showMending(m_control->mendingWords(issue), m_control->isMending(issue));
    });
    connect(&m_desk.service, &Service::issuesChanged, this, &IssuesView::take);
    connect(&m_desk.service, &Service::stateChanged, this, &IssuesView::take);
    connect(&m_desk.service, &Service::modelsChanged, this, &IssuesView::tellEmpty);
    take();
}

void IssuesView::setFilter(const QString &text)
{
    m_filter = text.trimmed();
    arrange();
}

IssueCard *IssuesView::cardOf(const QString &issue) const
{
    for (IssueCard *card : m_cards) {
        if (card->issue().id == issue)
            return card;
    }
    return nullptr;
}

IssueCard *IssuesView::makeCard()
{
    auto *card = new IssueCard(this);
    connect(card, &IssueCard::pressed, this,
        [this, card](IssueEntry::Remedy remedy) { m_control->mend(card->issue(), remedy); });
    return card;
}

void IssuesView::take()
{
    const std::vector<IssueEntry> &issues = m_desk.service.issues();
    std::vector<IssueCard *> fresh;
    for (const IssueEntry &issue : issues) {
        if (fresh.size() >= kMost)
            break;
        IssueCard *card = cardOf(issue.id);
        if (!card)
            card = makeCard();
        card->show(issue);
        card->showMending(m_control->mendingWords(issue.id), m_control->isMending(issue.id));
        fresh.push_back(card);
    }
    // What is over keeps its place for whoever reads it just now.
    for (std::size_t i = 0; i < m_cards.size(); ++i) {
        IssueCard *card = m_cards[i];
        if (std::find(fresh.begin(), fresh.end(), card) != fresh.end())
            continue;
        const bool isThere = std::any_of(
            issues.begin(), issues.end(), [card](const IssueEntry &issue) { return issue.id == card->issue().id; });
        if (isVisible() && !isThere) {
            card->showSolved();
            fresh.insert(fresh.begin() + static_cast<std::ptrdiff_t>(std::min(i, fresh.size())), card);
        } else {
            card->deleteLater();
            card->hide();
        }
    }
    m_cards = std::move(fresh);
    const auto hidden = static_cast<qint64>(issues.size()) - kMost;
    m_more->setVisible(hidden > 0);
    m_more->setText(tr("And %1.").arg(countWords(hidden, tr("more issue"), tr("more issues"))));
    arrange();
}

bool IssuesView::isShown(const IssueEntry &issue) const
{
    return m_filter.isEmpty() || issue.title.contains(m_filter, Qt::CaseInsensitive)
        || issue.text.contains(m_filter, Qt::CaseInsensitive);
}

void IssuesView::arrange()
{
    int place = 0;
    for (IssueCard *card : m_cards) {
        if (m_column->indexOf(card) != place)
            m_column->insertWidget(place, card); // also moves
        card->setVisible(isShown(card->issue()));
        ++place;
    }
    // Tab follows what is read, not what came last.
    QWidget *before = m_area;
    for (IssueCard *card : m_cards) {
        for (QPushButton *button : card->buttons()) {
            setTabOrder(before, button);
            before = button;
        }
    }
    tellEmpty();
}

void IssuesView::tellEmpty()
{
    const bool isAny
        = std::any_of(m_cards.begin(), m_cards.end(), [this](const IssueCard *card) { return isShown(card->issue()); });
    m_stack->setCurrentWidget(isAny ? static_cast<QWidget *>(m_area) : m_empty);
    if (isAny)
        return;
    if (!m_cards.empty()) {
        m_empty->tell(QStringLiteral("search"), tr("No issues match"), tr("No issue matches “%1”.").arg(m_filter));
        return;
    }
    if (m_desk.service.state() == Service::State::Opening) {
        m_empty->tell(QStringLiteral("activity"), tr("Collecting…"), tr("Your accounts are being looked at."));
        return;
    }
    const std::vector<ModelEntry> &models = m_desk.service.models();
    QString text = tr("What needs you shows up here.");
    if (!models.empty()) {
        const auto oldest = std::min_element(models.begin(), models.end(),
            [](const ModelEntry &a, const ModelEntry &b) { return a.proven < b.proven; }); // never checked: least
        const auto count = static_cast<qint64>(models.size());
        text = tr("%1, nothing needs you.").arg(countWords(count, tr("model"), tr("models")));
        if (oldest->proven.isValid())
            text += u' ' + tr("Oldest check: %1.").arg(ageWords(oldest->proven, m_desk.clock.now()));
    }
    m_empty->tell(QStringLiteral("circle-check"), tr("Everything is fine"), text);
}

// Looked at anew: what was solved before is no news any more.
void IssuesView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    for (IssueCard *card : m_cards) {
        if (card->isSolved()) {
            card->hide();
            card->deleteLater();
        }
    }
    std::erase_if(m_cards, [](const IssueCard *card) { return card->isSolved(); });
    tellEmpty();
}

} // namespace mf::ui
