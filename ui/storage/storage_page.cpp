// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/storage_page.h"

#include "ui/common/words.h"
#include "ui/storage/account_actions.h"
#include "ui/storage/account_delegate.h"
#include "ui/storage/account_details.h"
#include "ui/storage/account_space.h"
#include "ui/storage/account_words.h"
#include "ui/storage/accounts_model.h"
#include "ui/storage/add_account_dialog.h"
#include "ui/storage/sign_in_dialog.h"
#include "ui/storage/summary_card.h"

#include <QHeaderView>
#include <QMenu>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStackedWidget>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace mf::ui {
namespace {

constexpr std::chrono::milliseconds kSlow { 300 };
constexpr int kMargin = 16;
constexpr int kLeastLines = 7; // of the table's height: its header and two rows

constexpr int kCompactBelowLines = 38; // of the page's height
constexpr int kNarrowBelowLetters = 82; // of its width

constexpr std::chrono::seconds kBetweenQuestions { 2 };

// All of the accounts that what fits on them depends on.
QString roomKey(const std::vector<AccountEntry> &accounts)
{
    QString key;
    for (const AccountEntry &account : accounts)
        key += QStringLiteral("%1 %2 %3 %4 %5 %6\n")
                   .arg(account.id.toHex(), account.domain)
                   .arg(canBeReached(account))
                   .arg(account.total.value_or(-1))
                   .arg(account.used.value_or(-1))
                   .arg(account.capacity);
    return key;
}

QString splitterKey() { return QStringLiteral("storage/splitter"); }

} // namespace

StoragePage::StoragePage(Desk &desk, QWidget *parent)
    : Page(parent)
    , m_desk(desk)
    , m_actions(new AccountActions(desk, this))
    , m_model(new AccountsModel(desk.service, desk.clock, this))
    , m_sorted(new QSortFilterProxyModel(this))
    , m_error(new InlineMessage)
    , m_trouble(new InlineMessage)
    , m_add(primaryButton(tr("Add Storage…"), QStringLiteral("plus")))
    , m_stack(new QStackedWidget)
    , m_empty(new EmptyState)
    , m_full(new QWidget)
    , m_summary(new SummaryCard)
    , m_splitter(new QSplitter(Qt::Vertical))
    , m_table(new QTreeView)
    , m_details(new AccountDetails(desk, *m_actions))
{
    setObjectName(QStringLiteral("storage"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, 12, kMargin, 8);
    column->setSpacing(12);

    auto *header = new PageHeader(title());
    header->addStretch();
    auto *checkAll = new QPushButton(tr("Check All"));
    checkAll->setObjectName(QStringLiteral("storage.checkAllButton"));
    m_add->setObjectName(QStringLiteral("storage.add"));
    header->add(checkAll);
    header->add(m_add);
    const auto bind = [&desk](QPushButton *button, const QString &id) {
        QAction *action = desk.actions[id];
        const auto follow = [button, action] { button->setEnabled(action->isEnabled()); };
        follow();
        connect(action, &QAction::changed, button, follow);
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
    };
    bind(checkAll, QStringLiteral("storage.checkAll"));
    bind(m_add, QStringLiteral("account.add"));

    makeTable();
    m_splitter->setObjectName(QStringLiteral("storage.splitter"));
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->installEventFilter(this);
    connect(m_splitter, &QSplitter::splitterMoved, this,
        [this] { m_desk.memory.setValue(splitterKey(), m_splitter->saveState()); });
    auto *full = new QVBoxLayout(m_full);
    full->setContentsMargins(0, 0, 0, 0);
    full->setSpacing(12);
    full->addWidget(m_summary);
    full->addWidget(m_splitter, 1);
    m_empty->setObjectName(QStringLiteral("storage.empty"));
    m_stack->addWidget(m_full);
    m_stack->addWidget(m_empty);

    m_error->setObjectName(QStringLiteral("storage.error"));
    m_trouble->setObjectName(QStringLiteral("storage.trouble"));
    column->addWidget(header);
    column->addWidget(m_error);
    column->addWidget(m_trouble);
    column->addWidget(m_stack, 1);

    connectActions();
    connect(m_empty, &EmptyState::buttonClicked, this, [this] {
        if (m_desk.service.state() == Service::State::None)
            emit asksFor(QStringLiteral("setup"), {});
        else if (m_desk.service.state() == Service::State::Failed)
            m_desk.service.refresh();
        else
            AddAccountDialog::open(m_desk, this);
    });
    connect(&desk.service, &Service::accountsChanged, this, &StoragePage::update);
    connect(&desk.service, &Service::stateChanged, this, &StoragePage::update);
    update();
}

void StoragePage::makeTable()
{
    m_sorted->setSourceModel(m_model);
    m_sorted->setSortRole(AccountsModel::SortRole);
    m_sorted->setSortLocaleAware(true);
    m_table->setObjectName(QStringLiteral("storage.accounts"));
    m_table->setAccessibleName(tr("Accounts"));
    m_table->setModel(m_sorted);
    m_table->setItemDelegate(new AccountDelegate(m_table));
    m_table->setRootIsDecorated(false);
    m_table->setUniformRowHeights(true);
    m_table->setAllColumnsShowFocus(true);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers); // by its action
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setSortingEnabled(true);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setTabKeyNavigation(false);
    m_table->setMinimumHeight(kLeastLines * fontMetrics().height());
    QHeaderView *header = m_table->header();
    header->setStretchLastSection(false);
    header->setSectionsMovable(false);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(AccountsModel::Name, QHeaderView::Stretch);
    header->setSortIndicator(AccountsModel::Name, Qt::AscendingOrder);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &StoragePage::chooseCurrent);
    connect(m_table, &QWidget::customContextMenuRequested, this, &StoragePage::openMenu);
    connect(m_model, &AccountsModel::renameAsked, m_actions, &AccountActions::rename);
}

void StoragePage::connectActions()
{
    connect(m_actions, &AccountActions::addAsked, this, [this] { AddAccountDialog::open(m_desk, this); });
    connect(m_actions, &AccountActions::renameAsked, this,
        [this] { m_table->edit(m_table->currentIndex().siblingAtColumn(AccountsModel::Name)); });
    connect(m_actions, &AccountActions::signInAsked, this, [this](const AccountId &id) {
        if (const AccountEntry *account = findAccount(m_desk.service.accounts(), id))
            SignInDialog::open(m_desk, this, *account);
    });
    connect(m_actions, &AccountActions::lossAsked, m_details, &AccountDetails::showLoss);
    connect(
        m_actions, &AccountActions::transfersAsked, this, [this] { emit asksFor(QStringLiteral("transfers"), {}); });
    connect(m_actions, &AccountActions::failed, this, [this](const Error &error, const QString &what) {
        m_error->tell(InlineMessage::Kind::Bad, what, errorWords(error));
    });
    m_slow.setSingleShot(true);
    m_slow.setInterval(kSlow);
    connect(&m_slow, &QTimer::timeout, this, [this] { m_error->tell(InlineMessage::Kind::Info, m_busy, {}, false); });
    connect(m_actions, &AccountActions::busy, this, [this](const QString &what) {
        m_busy = what;
        m_error->hide();
        if (what.isEmpty())
            m_slow.stop();
        else
            m_slow.start();
    });
}

std::vector<QWidget *> StoragePage::panes()
{
    if (m_stack->currentWidget() == m_empty)
        return { m_empty };
    return { m_table, m_details };
}

void StoragePage::reveal(const QString &key)
{
    if (key == QStringLiteral("add")) {
        AddAccountDialog::open(m_desk, this);
        return;
    }
    const std::optional<QString> toSignIn = signInAccount(key);
    const QModelIndex index = m_sorted->mapFromSource(m_model->indexOf(toSignIn.value_or(key)));
    if (!index.isValid())
        return;
    m_table->setCurrentIndex(index);
    m_table->scrollTo(index);
    m_table->setFocus();
    const AccountEntry *account = current();
    if (toSignIn && account && account->hasSecret)
        SignInDialog::open(m_desk, this, *account);
}

void StoragePage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    m_actions->setPageShown(true);
    askRoom();
}

void StoragePage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    m_summary->setCompact(height() < kCompactBelowLines * fontMetrics().height());
    const bool isNarrow = width() < kNarrowBelowLetters * fontMetrics().averageCharWidth();
    m_table->setColumnHidden(AccountsModel::Fragments, isNarrow); // the details tell them, too
}

bool StoragePage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_splitter && event->type() == QEvent::Resize)
        fit();
    return Page::eventFilter(watched, event);
}

void StoragePage::fit()
{
    if (m_splitter->restoreState(m_desk.memory.value(splitterKey()).toByteArray()))
        return; // as the user had it
    const int high = m_splitter->height() - m_splitter->handleWidth();
    const int wanted = std::min(m_details->sizeHint().height(), high * 3 / 5);
    m_splitter->setSizes({ high - wanted, wanted });
}

void StoragePage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    m_actions->setPageShown(false);
}

const AccountEntry *StoragePage::current() const
{
    return m_model->entry(m_sorted->mapToSource(m_table->currentIndex()));
}

void StoragePage::chooseCurrent()
{
    const AccountEntry *account = current();
    m_actions->choose(account ? std::optional<AccountId>(account->id) : std::nullopt);
    m_details->tell(account);
}

void StoragePage::update()
{
    tellState();
    tellTrouble();
    m_summary->tell(m_desk.service.accounts(), m_room);
    askRoom();
    if (!m_table->currentIndex().isValid() && m_sorted->rowCount() > 0)
        m_table->setCurrentIndex(m_sorted->index(0, AccountsModel::Name));
    chooseCurrent();
}

void StoragePage::askRoom()
{
    if (isVisible() && m_scope.isIdle() && m_desk.service.state() == Service::State::Ready
        && m_roomOf != roomKey(m_desk.service.accounts()))
        m_scope.start(askingRoom());
}

Task<void> StoragePage::askingRoom()
{
    while (isVisible() && m_roomOf != roomKey(m_desk.service.accounts())) {
        m_roomOf = roomKey(m_desk.service.accounts());
        auto question = m_desk.service.roomLeft();
        const auto room = co_await question;
        m_room = room ? std::optional(*room) : std::nullopt;
        m_summary->tell(m_desk.service.accounts(), m_room);
        co_await m_desk.clock.sleep(kBetweenQuestions); // accounts fill while a model is stored
    }
}

void StoragePage::tellState()
{
    using State = Service::State;
    const State state = m_desk.service.state();
    const QString iconName = QStringLiteral("database");
    const bool isEmpty = state != State::Ready || m_desk.service.accounts().empty();
    m_stack->setCurrentWidget(isEmpty ? static_cast<QWidget *>(m_empty) : m_full);
    if (state == State::Opening)
        m_empty->tell(iconName, tr("Opening your library…"), {});
    else if (state == State::None)
        m_empty->tell(iconName, tr("There is no library yet"),
            tr("Set one up first; then add the places that store your models."), tr("Set Up…"));
    else if (state == State::Failed)
        m_empty->tell(QStringLiteral("triangle-alert"), tr("The library cannot be opened"),
            m_desk.service.failure() ? errorWords(*m_desk.service.failure()) : QString(), tr("Try Again"));
    else if (isEmpty)
        m_empty->tell(iconName, tr("Add a place to store models"),
            tr("A folder on another disk, a memory stick or a network share. With three of them, any one may fail and "
               "every model stays whole."),
            tr("Add Storage…"));
}

void StoragePage::tellTrouble()
{
    const std::vector<AccountEntry> &accounts = m_desk.service.accounts();
    const bool isReady = m_desk.service.state() == Service::State::Ready;
    const bool isNoneReached = isReady && !accounts.empty()
        && std::none_of(accounts.begin(), accounts.end(),
            [](const auto &one) { return canBeReached(one) || one.health == AccountEntry::Health::Connecting; });
    const auto full = std::find_if(accounts.begin(), accounts.end(),
        [](const AccountEntry &one) { return one.health == AccountEntry::Health::Full; });
    const QString which = isNoneReached      ? QStringLiteral("away")
        : !isReady || full == accounts.end() ? QString()
                                             : QStringLiteral("full/") + full->id.toHex();
    if (which == m_troubleShown)
        return;
    m_troubleShown = which;
    if (which.isEmpty()) {
        m_trouble->hide();
        return;
    }
    if (isNoneReached) {
        m_trouble->tell(InlineMessage::Kind::Bad, tr("No account can be reached."),
            tr("Are the disks connected, and is the network up?"));
        QPushButton *again = m_trouble->addButton(tr("Try Again"));
        again->setObjectName(QStringLiteral("storage.tryAgain"));
        connect(again, &QPushButton::clicked, &m_desk.service, &Service::refresh);
        orderTrouble({ again });
        return;
    }
    m_trouble->tell(InlineMessage::Kind::Warning, tr("%1 is full.").arg(full->name),
        tr("New fragments go to other accounts until there is room again."));
    QPushButton *show = m_trouble->addButton(tr("Details"));
    show->setObjectName(QStringLiteral("storage.showFull"));
    connect(show, &QPushButton::clicked, this, [this, name = full->name] { reveal(name); });
    QPushButton *freeSpace = m_trouble->addButton(tr("Free Space"));
    freeSpace->setObjectName(QStringLiteral("storage.freeSpaceButton"));
    connect(freeSpace, &QPushButton::clicked, m_desk.actions[QStringLiteral("storage.freeSpace")], &QAction::trigger);
    orderTrouble({ show, freeSpace });
}

void StoragePage::orderTrouble(const std::vector<QPushButton *> &buttons)
{
    QWidget *before = m_add;
    const auto follow = [&before](QWidget *widget) {
        setTabOrder(before, widget);
        before = widget;
    };
    if (auto *close = m_error->findChild<QPushButton *>(QStringLiteral("message.close")))
        follow(close);
    for (QPushButton *button : buttons)
        follow(button);
    if (auto *close = m_trouble->findChild<QPushButton *>(QStringLiteral("message.close")))
        follow(close);
}

void StoragePage::openMenu(const QPoint &position)
{
    if (!current())
        return;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setObjectName(QStringLiteral("storage.menu"));
    menu->setToolTipsVisible(true);
    for (const char *id : { "account.test", "account.lost", "account.signIn", "account.rename" })
        menu->addAction(m_desk.actions[QLatin1String(id)]);
    menu->addSeparator();
    menu->addAction(m_desk.actions[QStringLiteral("account.remove")]);
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

} // namespace mf::ui
