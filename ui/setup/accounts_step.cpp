// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/accounts_step.h"

#include "ui/common/icons.h"
#include "ui/common/words.h"
#include "ui/setup/setup_words.h"
#include "ui/storage/account_words.h"
#include "ui/storage/add_account_panel.h"
#include "ui/storage/state_label.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace mf::ui {

AccountsList::AccountsList(Desk &desk, const QString &prefix, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_stack(new QStackedWidget)
    , m_list(new QListWidget)
    , m_none(quietLabel(tr("No account yet.")))
    , m_note(quietLabel())
{
    const std::vector<Service::AccountKind> kinds = desk.service.kinds();
    const bool isFolders = kinds.size() == 1 && kinds.front().id == QStringLiteral("folder");
    m_add = new QPushButton(isFolders ? tr("Add Folder…") : tr("Add Storage…"));
    m_add->setIcon(icon(QStringLiteral("plus")));
    m_add->setObjectName(prefix + QStringLiteral(".addAccount"));
    m_add->setAutoDefault(false);
    m_list->setObjectName(prefix + QStringLiteral(".accounts"));
    m_list->setAccessibleName(tr("Accounts"));
    m_list->setSelectionMode(QAbstractItemView::NoSelection);
    m_list->setSpacing(4);
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_note->setObjectName(prefix + QStringLiteral(".accountsNote"));

    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(m_none);
    column->addWidget(m_list, 1);
    auto *row = new QHBoxLayout;
    row->addWidget(m_add);
    row->addWidget(m_note, 1);
    column->addLayout(row);
    column->addStretch();
    m_stack->addWidget(page);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_stack);
    connect(m_add, &QPushButton::clicked, this, &AccountsList::add);
    connect(&desk.service, &Service::accountsChanged, this, &AccountsList::update);
    update();
}

bool AccountsList::isAdding() const { return m_panel != nullptr; }

void AccountsList::setNote(const QString &note) { m_note->setText(note); }

void AccountsList::add()
{
    if (m_panel)
        return;
    m_panel = new AddAccountPanel(m_desk);
    connect(m_panel, &AddAccountPanel::finished, this, &AccountsList::showList);
    m_stack->addWidget(m_panel);
    m_stack->setCurrentWidget(m_panel);
    m_panel->focusFirst();
    emit changed();
}

void AccountsList::showList()
{
    m_stack->setCurrentIndex(0);
    m_stack->removeWidget(m_panel);
    m_panel->deleteLater(); // its button brought us here
    m_panel = nullptr;
    m_add->setFocus();
    emit changed();
}

void AccountsList::update()
{
    const std::vector<AccountEntry> &accounts = m_desk.service.accounts();
    m_list->clear();
    for (const AccountEntry &account : accounts) {
        const StateLook look = healthLook(account);
        const QString text = tr("%1\n%2 · %3").arg(account.name, look.label, isolated(account.place));
        auto *item = new QListWidgetItem(icon(look.icon, look.colour), text, m_list);
        item->setFlags(Qt::ItemIsEnabled);
        item->setToolTip(domainSentence(account, accounts));
        item->setData(Qt::AccessibleTextRole, tr("%1, %2, %3").arg(account.name, look.label, account.place));
    }
    m_list->setVisible(!accounts.empty());
    m_none->setVisible(accounts.empty());
    emit changed();
}

AccountsStep::AccountsStep(Desk &desk, QWidget *parent)
    : SetupStep(parent)
    , m_desk(desk)
    , m_accounts(new AccountsList(desk, QStringLiteral("setup")))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_accounts);
    connect(m_accounts, &AccountsList::changed, this, &AccountsStep::update);
    update();
}

QString AccountsStep::explanation() const
{
    return tr("Folders on different disks, memory sticks or network shares, and accounts in the cloud. With three of "
              "them any one may fail, and every model stays whole.");
}

SetupStep::Buttons AccountsStep::buttons() const
{
    if (m_accounts->isAdding())
        return {};
    Buttons buttons;
    buttons.primary = tr("Continue");
    buttons.isReady = !m_desk.service.accounts().empty();
    if (!buttons.isReady)
        buttons.secondary = tr("Continue Without Storage");
    return buttons;
}

void AccountsStep::update()
{
    m_accounts->setNote(recommendedWords(m_desk.service.accounts().size()));
    emit changed();
}

} // namespace mf::ui
