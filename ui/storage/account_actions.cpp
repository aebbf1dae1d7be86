// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/account_actions.h"

#include "ui/storage/account_record.h"
#include "ui/storage/account_space.h"
#include "ui/storage/account_words.h"

#include <algorithm>

namespace mf::ui {
namespace {

bool isBeingMoved(const Service &service, const AccountEntry &account)
{
    using State = TransferEntry::State;
    const auto &transfers = service.transfers();
    return std::any_of(transfers.begin(), transfers.end(), [&account](const TransferEntry &transfer) {
        return transfer.kind == TransferEntry::Kind::MoveAway && transfer.name == account.name
            && transfer.state != State::Done && transfer.state != State::Failed && transfer.state != State::Cancelled;
    });
}

} // namespace

AccountActions::AccountActions(Desk &desk, QWidget *page)
    : QObject(page)
    , m_desk(desk)
    , m_actions(&desk.actions)
    , m_page(page)
    , m_moveAway(new QAction(tr("Move Fragments Away…"), this))
{
    const QString group = tr("Storage");
    Actions &actions = desk.actions;
    const auto add = [&](const char *id, const QString &text, const char *iconName, const QKeySequence &keys = {}) {
        return actions.add(QLatin1String(id), group, text, keys, QLatin1String(iconName));
    };
    connect(add("account.add", tr("Add Storage…"), "plus"), &QAction::triggered, this, &AccountActions::addAsked);
    connect(add("account.test", tr("Check Now"), "stethoscope"), &QAction::triggered, this, [this] {
        if (const AccountEntry *account = chosen())
            m_scope.start(testing(account->id, account->name));
    });
    connect(add("account.lost", tr("What If It Vanished"), "shield-alert"), &QAction::triggered, this,
        &AccountActions::lossAsked);
    connect(add("account.rename", tr("Rename…"), "pencil", QKeySequence(Qt::Key_F2)), &QAction::triggered, this,
        &AccountActions::renameAsked);
    connect(add("account.signIn", tr("Sign In…"), "log-in"), &QAction::triggered, this, [this] {
        if (const AccountEntry *account = chosen())
            emit signInAsked(account->id);
    });
    connect(
        add("account.remove", tr("Remove Account…"), "trash-2"), &QAction::triggered, this, &AccountActions::remove);
    connect(
        add("storage.checkAll", tr("Check All"), "rotate-ccw"), &QAction::triggered, this, &AccountActions::checkAll);
    connect(add("storage.freeSpace", tr("Free Space"), "sparkles"), &QAction::triggered, this, [this] {
        m_desk.service.freeSpace();
        m_desk.toaster.show(
            tr("Removing what no model needs any more."), tr("Show"), [this] { emit transfersAsked(); });
    });
    QAction *rename = actions[QStringLiteral("account.rename")];
    rename->setShortcutContext(Qt::WidgetWithChildrenShortcut); // other pages may use its key, too
    page->addAction(rename);
    m_moveAway->setObjectName(QStringLiteral("storage.moveAwayAction"));
    connect(m_moveAway, &QAction::triggered, this, &AccountActions::remove);
    connect(&desk.service, &Service::accountsChanged, this, &AccountActions::look);
    connect(&desk.service, &Service::transfersChanged, this, &AccountActions::look);
    connect(&desk.service, &Service::stateChanged, this, &AccountActions::look);
    look();
}

void AccountActions::choose(const std::optional<AccountId> &account)
{
    m_chosen = account;
    look();
}

void AccountActions::setPageShown(bool isShown)
{
    m_isPageShown = isShown;
    look();
}

const AccountEntry *AccountActions::chosen() const
{
    return m_chosen ? findAccount(m_desk.service.accounts(), *m_chosen) : nullptr;
}

void AccountActions::look()
{
    if (!m_actions)
        return;
    const bool isReady = m_desk.service.state() == Service::State::Ready;
    const QString noLibrary = isReady ? QString() : tr("No library is open.");
    const AccountEntry *account = m_isPageShown ? chosen() : nullptr;
    const QString none = !isReady ? noLibrary
        : account                 ? QString()
                                  : tr("Choose an account on the Storage page first.");
    const QString noAccounts
        = isReady && m_desk.service.accounts().empty() ? tr("There is no account yet.") : noLibrary;
    const auto disable
        = [this](const char *id, const QString &why) { Actions::disable(m_desk.actions[QLatin1String(id)], why); };
    disable("account.add", noLibrary);
    disable("storage.checkAll", noAccounts);
    disable("storage.freeSpace", noAccounts);
    disable("account.test", none);
    disable("account.lost", none);
    disable("account.rename", none);
    const bool hasSecret = account && account->hasSecret;
    disable("account.signIn",
        !none.isEmpty() || hasSecret ? none : tr("Accounts of this kind have neither password nor key."));
    const QString moving
        = account && isBeingMoved(m_desk.service, *account) ? tr("Its fragments are being moved away already.") : none;
    disable("account.remove", moving);
    const bool isAway = account && !canBeReached(*account);
    const bool isEmpty = account && account->fragments == 0;
    Actions::disable(m_moveAway,
        !moving.isEmpty() ? moving
            : isAway      ? tr("It cannot be reached, so nothing can be moved away from it.")
            : isEmpty     ? tr("Nothing of your models lies there.")
                          : QString());
}

Task<void> AccountActions::testing(AccountId account, QString name)
{
    emit busy(tr("Checking “%1”…").arg(name));
    auto test = m_desk.service.testAccount(account);
    const auto done = co_await test;
    emit busy({});
    if (done)
        m_desk.toaster.show(tr("“%1” can be written and read.").arg(name));
    else
        emit failed(done.error(), tr("“%1” cannot be used now").arg(name));
}

void AccountActions::rename(const AccountId &id, const QString &name)
{
    const AccountEntry *account = findAccount(m_desk.service.accounts(), id);
    if (!account)
        return;
    const QString problem = nameProblem(name, m_desk.service.accounts(), id);
    if (!problem.isEmpty()) {
        const Error error(Error::Kind::Invalid, QStringLiteral("MF-ACCOUNT-NAME"), problem);
        emit failed(error, tr("The name was not changed"));
        return;
    }
    AccountRecord changed = recordOf(*account);
    changed.name = name.trimmed();
    m_scope.start(renaming(changed));
}

Task<void> AccountActions::renaming(AccountRecord changed)
{
    auto change = m_desk.service.changeAccount(changed);
    const auto done = co_await change;
    if (!done)
        emit failed(done.error(), tr("The name was not changed"));
}

void AccountActions::remove()
{
    if (const AccountEntry *account = chosen())
        m_scope.start(removal(account->id));
}

Task<void> AccountActions::removal(AccountId id)
{
    emit busy(tr("Checking what would be affected…"));
    auto question = m_desk.service.withoutAccount(id);
    const auto loss = co_await question;
    emit busy({});
    const AccountEntry *account = findAccount(m_desk.service.accounts(), id);
    if (!account)
        co_return;
    const QString name = account->name;
    if (!loss) {
        emit failed(loss.error(), tr("“%1” was not removed").arg(name));
        co_return;
    }
    const RemovalQuestion removing = removalQuestion(*account, m_desk.service.accounts(), *loss);
    auto asking = m_desk.prompts.choose(m_page, removing.title, removing.text, removing.choices);
    const int choice = co_await asking;
    if (choice != 1)
        co_return;
    m_desk.service.removeAccount(id, removing.isLost);
    const QString told = removing.isLost ? tr("Giving “%1” up.").arg(name) : tr("Removing “%1”.").arg(name);
    m_desk.toaster.show(told, tr("Show"), [this] { emit transfersAsked(); });
}

void AccountActions::checkAll()
{
    m_desk.service.refresh();
    m_desk.service.check({}, false);
    m_desk.toaster.show(
        tr("Looking at every fragment on every account."), tr("Show"), [this] { emit transfersAsked(); });
}

} // namespace mf::ui
