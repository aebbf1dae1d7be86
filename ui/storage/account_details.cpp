// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/account_details.h"

#include "ui/common/icons.h"
#include "ui/common/words.h"
#include "ui/storage/account_actions.h"
#include "ui/storage/account_space.h"
#include "ui/storage/account_words.h"
#include "ui/storage/limits_form.h"
#include "ui/storage/loss_view.h"
#include "ui/storage/state_label.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr int kTwoColumnsFromLetters = 95;

// A push button that stands for an action: its text, its being enabled, its reason.
QPushButton *buttonFor(QAction *action, const QString &name)
{
    auto *button = new QPushButton(action->text());
    button->setObjectName(name);
    const auto follow = [button, action] {
        button->setEnabled(action->isEnabled());
        button->setToolTip(action->isEnabled() ? QString() : action->toolTip());
    };
    follow();
    QObject::connect(action, &QAction::changed, button, follow);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    return button;
}

} // namespace

AccountDetails::AccountDetails(Desk &desk, AccountActions &actions, QWidget *parent)
    : QScrollArea(parent)
    , m_desk(desk)
    , m_content(new QWidget)
    , m_none(quietLabel(tr("Choose an account to see what it holds.")))
    , m_name(sectionLabel())
    , m_health(new StateLabel)
    , m_trouble(quietLabel())
    , m_place(new QLabel)
    , m_domain(new QLabel)
    , m_domainWhy(quietLabel())
    , m_seen(new QLabel)
    , m_space(new QLabel)
    , m_loss(new LossView(desk))
    , m_limits(new LimitsForm(desk))
    , m_columns(new QBoxLayout(QBoxLayout::LeftToRight))
{
    setObjectName(QStringLiteral("storage.details"));
    setAccessibleName(tr("Details of the account"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);

    auto *body = new QWidget;
    auto *column = new QVBoxLayout(body);
    column->setContentsMargins(0, 4, 8, 0);
    column->addWidget(m_none);
    column->addWidget(m_content);
    column->addStretch();
    auto *content = new QVBoxLayout(m_content);
    content->setContentsMargins(0, 0, 0, 0);
    content->setSpacing(8);
    content->addLayout(makeHead(actions));
    content->addWidget(m_trouble);

    auto *lossColumn = new QVBoxLayout;
    lossColumn->setSpacing(4);
    auto *lossTitle = new QLabel(tr("If you lost this account"));
    QFont font = lossTitle->font();
    font.setWeight(QFont::DemiBold);
    lossTitle->setFont(font);
    lossColumn->addWidget(lossTitle);
    lossColumn->addWidget(m_loss, 1);
    m_columns->setSpacing(24);
    m_columns->addWidget(makeFacts(), 1);
    m_columns->addLayout(lossColumn, 1);
    content->addLayout(m_columns);
    content->addSpacing(4);
    content->addWidget(m_limits);
    setWidget(body);
    tell(nullptr);
}

QLayout *AccountDetails::makeHead(AccountActions &actions)
{
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    m_name->setObjectName(QStringLiteral("storage.accountName"));
    m_name->setWordWrap(true);
    auto *names = new QVBoxLayout;
    names->setSpacing(2);
    names->addWidget(m_name);
    m_health->setObjectName(QStringLiteral("storage.accountHealth"));
    names->addWidget(m_health);
    head->addLayout(names, 1);
    m_signIn = buttonFor(m_desk.actions[QStringLiteral("account.signIn")], QStringLiteral("storage.signIn"));
    head->addWidget(m_signIn);
    head->addWidget(buttonFor(m_desk.actions[QStringLiteral("account.test")], QStringLiteral("storage.check")));
    head->addWidget(buttonFor(actions.moveAway(), QStringLiteral("storage.moveAway")));
    auto *more = new QPushButton(tr("More"));
    more->setObjectName(QStringLiteral("storage.more"));
    auto *menu = new QMenu(more);
    for (const char *id : { "account.lost", "account.signIn", "account.rename", "account.remove" })
        menu->addAction(m_desk.actions[QLatin1String(id)]);
    menu->setToolTipsVisible(true);
    more->setMenu(menu);
    head->addWidget(more);
    return head;
}

QWidget *AccountDetails::makeFacts()
{
    auto *facts = new QWidget;
    auto *form = new QFormLayout(facts);
    form->setContentsMargins(0, 0, 0, 0);
    form->setHorizontalSpacing(12);
    form->setVerticalSpacing(4);
    form->setRowWrapPolicy(QFormLayout::DontWrapRows);
    const auto row = [form](const QString &caption, QLabel *value, const char *name) {
        auto *label = quietLabel(caption);
        label->setWordWrap(false);
        value->setWordWrap(true);
        value->setTextFormat(Qt::PlainText);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        value->setObjectName(QLatin1String(name));
        form->addRow(label, value);
    };
    row(tr("Place"), m_place, "storage.place");
    row(tr("Counts as"), m_domain, "storage.domain");
    m_domainWhy->setObjectName(QStringLiteral("storage.domainWhy"));
    form->addRow(new QWidget, m_domainWhy);
    row(tr("Space"), m_space, "storage.space");
    row(tr("Last seen"), m_seen, "storage.seen");
    return facts;
}

void AccountDetails::tell(const AccountEntry *account)
{
    m_content->setVisible(account != nullptr);
    m_none->setVisible(account == nullptr);
    if (!account) {
        m_account.reset();
        m_lossOf.reset();
        m_loss->ask(std::nullopt);
        return;
    }
    const StateLook look = healthLook(*account);
    m_name->setText(account->name);
    m_health->tell(look.icon, look.colour, healthWords(*account, m_desk.clock.now()));
    m_trouble->setText(account->trouble ? errorWords(*account->trouble) : QString());
    m_trouble->setVisible(account->trouble.has_value());
    m_signIn->setVisible(account->hasSecret && account->health == AccountEntry::Health::SignIn);
    m_place->setText(
        account->place.isEmpty() ? account->kindTitle : tr("%1: %2").arg(account->kindTitle, isolated(account->place)));
    m_domain->setText(domainWords(account->domain));
    m_domainWhy->setText(domainSentence(*account, m_desk.service.accounts()));
    m_space->setText(account->isElsewhere() ? spaceWords(*account)
            : account->fragments == 1
            ? tr("%1, 1 fragment").arg(spaceWords(*account))
            : tr("%1, %2 fragments").arg(spaceWords(*account), QLocale().toString(account->fragments)));
    m_space->setToolTip(spaceTooltip(*account));
    m_seen->setText(account->seen.isValid() ? ageWords(account->seen, m_desk.clock.now()) : tr("never"));
    m_seen->setToolTip(account->seen.isValid() ? exactTimeWords(account->seen) : QString());
    m_limits->setVisible(!account->isElsewhere());
    m_limits->tell(*account);
    if (account->isElsewhere())
        m_loss->tellNotKnown();
    else if (m_lossOf != account->id)
        m_loss->ask(account->id);
    m_lossOf = account->isElsewhere() ? std::nullopt : std::optional(account->id);
    if (m_account != account->id) {
        m_account = account->id;
        ensureVisible(0, 0);
    }
}

void AccountDetails::showLoss()
{
    if (m_lossOf)
        m_loss->ask(m_lossOf);
    ensureWidgetVisible(m_loss);
}

QSize AccountDetails::sizeHint() const
{
    constexpr int kMostLines = 20; // what is longer scrolls
    const QLayout *content = widget()->layout();
    const int high = content->hasHeightForWidth() ? content->totalHeightForWidth(viewport()->width())
                                                  : content->totalSizeHint().height();
    return { QScrollArea::sizeHint().width(), std::min(high, kMostLines * fontMetrics().height()) };
}

void AccountDetails::resizeEvent(QResizeEvent *event)
{
    QScrollArea::resizeEvent(event);
    const bool isWide = viewport()->width() >= kTwoColumnsFromLetters * fontMetrics().averageCharWidth();
    m_columns->setDirection(isWide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

} // namespace mf::ui
