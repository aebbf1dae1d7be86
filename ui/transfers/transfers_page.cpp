// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/transfers_page.h"

#include "ui/common/words.h"
#include "ui/transfers/limits_popup.h"
#include "ui/transfers/speed_panel.h"
#include "ui/transfers/transfer_bar.h"
#include "ui/transfers/transfer_model.h"
#include "ui/transfers/transfer_view.h"

#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

#include <array>

namespace mf::ui {
namespace {

const QString kTabKey = QStringLiteral("transfers/tab");

// A button that is what its action is.
QPushButton *buttonFor(QAction *action, const QString &objectName, QWidget *parent)
{
    auto *button = new QPushButton(parent);
    button->setObjectName(objectName);
    const auto follow = [button, action] {
        button->setText(action->text());
        button->setAccessibleName(action->text());
        button->setIcon(action->icon());
        button->setToolTip(action->toolTip());
        button->setEnabled(action->isEnabled());
    };
    QObject::connect(action, &QAction::changed, button, follow);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    follow();
    return button;
}

} // namespace

TransfersPage::TransfersPage(Desk &desk, QWidget *parent)
    : Page(parent)
    , m_desk(desk)
    , m_control(new TransferControl(desk, this, this))
    , m_model(new TransferModel(desk.service, desk.clock, this))
    , m_filter(new TransferFilter(this))
    , m_search(searchField(tr("Filter transfers"), tr("Filter transfers"), this))
    , m_tabs(new QTabBar(this))
    , m_banner(new InlineMessage(this))
    , m_stack(new QStackedWidget(this))
    , m_view(new TransferView(desk.clock, this))
    , m_empty(new EmptyState(this))
    , m_bar(new TransferBar(desk.clock, this))
    , m_speed(new SpeedPanel(desk, this))
{
    setObjectName(QStringLiteral("transfers"));
    build();
    m_filter->setSourceModel(m_model);
    m_view->setModel(m_filter);
    m_model->seen = [this] { return m_view->seenIds(); };
    for (QAction *action : m_control->rowActions())
        m_view->addAction(action);
    connectAll();
    m_tabs->setCurrentIndex(std::clamp(m_desk.memory.value(kTabKey, 0).toInt(), 0, kTransferTabs - 1));
    m_filter->show(static_cast<TransferTab>(m_tabs->currentIndex()));
    tellTabs();
    tellState();
    tellCurrent();
}

void TransfersPage::build()
{
    auto *header = new PageHeader(title(), this);
    m_search->setObjectName(QStringLiteral("transfers.search"));
    m_search->setMaximumWidth(360);
    header->add(m_search, 4);
    header->addStretch();
    QPushButton *pause = buttonFor(
        m_desk.actions[QStringLiteral("transfers.pauseAll")], QStringLiteral("transfers.pauseAllButton"), this);
    QPushButton *clear
        = buttonFor(m_desk.actions[QStringLiteral("transfers.clear")], QStringLiteral("transfers.clearButton"), this);
    header->add(pause);
    header->add(clear);
    setTabOrder(m_search, pause);
    setTabOrder(pause, clear);
    m_tabs->setObjectName(QStringLiteral("transfers.tabs"));
    m_tabs->setAccessibleName(tr("Which transfers are shown"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    for (int i = 0; i < kTransferTabs; ++i)
        m_tabs->addTab(QString());
    m_banner->setObjectName(QStringLiteral("transfers.banner"));
    m_empty->setObjectName(QStringLiteral("transfers.empty"));
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    column->addWidget(header);
    column->addWidget(m_tabs);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);
    column->addWidget(m_bar);
    column->addWidget(m_speed);
}

void TransfersPage::connectAll()
{
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_filter->show(static_cast<TransferTab>(tab));
        m_desk.memory.setValue(kTabKey, tab);
        tellEmpty();
    });
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter->setText(text);
        tellEmpty();
    });
    connect(m_model, &TransferModel::counted, this, [this] {
        tellTabs();
        tellEmpty();
        tellCurrent();
    });
    connect(m_model, &TransferModel::moved, this, &TransfersPage::tellCurrent);
    connect(m_view, &TransferView::chosen, this, [this] {
        m_control->choose(m_view->selectedIds());
        tellCurrent();
    });
    connect(m_view, &TransferView::pressed, this, &TransfersPage::press);
    connect(m_view, &TransferView::dropped, m_control, &TransferControl::moveBefore);
    connect(m_view, &QWidget::customContextMenuRequested, this, &TransfersPage::openMenu);
    connect(m_bar, &TransferBar::pressed, this, &TransfersPage::press);
    connect(m_empty, &EmptyState::buttonClicked, this, &TransfersPage::clickEmpty);
    connect(m_control, &TransferControl::showsModel, this,
        [this](const QString &name) { emit asksFor(QStringLiteral("models"), name); });
    connect(m_control, &TransferControl::asksForLimit, this, &TransfersPage::openLimit);
    connect(&m_desk.service, &Service::stateChanged, this, &TransfersPage::tellState);
    connect(&m_desk.service, &Service::limitsChanged, this, &TransfersPage::tellState);
}

std::vector<QWidget *> TransfersPage::panes()
{
    std::vector<QWidget *> all { m_search, m_tabs };
    all.push_back(m_stack->currentWidget() == m_view ? static_cast<QWidget *>(m_view) : m_empty);
    all.push_back(m_speed);
    return all;
}

void TransfersPage::reveal(const QString &key)
{
    const TransferEntry *found = nullptr;
    for (const TransferEntry &transfer : m_model->entries()) {
        if (!key.isEmpty() && transfer.name == key && (!found || transfer.id > found->id))
            found = &transfer;
    }
    if (!found)
        return;
    const int row = m_model->rowOf(found->id);
    m_search->clear();
    m_tabs->setCurrentIndex(0);
    m_view->setCurrentIndex(m_filter->mapFromSource(m_model->index(row)));
}

void TransfersPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    m_model->setAwake(true);
}

void TransfersPage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    m_model->setAwake(false);
}

void TransfersPage::tellTabs()
{
    const std::array<QString, kTransferTabs> words { tr("All"), tr("Active"), tr("Waiting"), tr("Done"), tr("Failed") };
    std::array<int, kTransferTabs> counts {};
    for (const TransferEntry &transfer : m_model->entries()) {
        for (int tab = 0; tab < kTransferTabs; ++tab)
            counts[static_cast<std::size_t>(tab)] += belongsTo(transfer, static_cast<TransferTab>(tab)) ? 1 : 0;
    }
    for (int tab = 0; tab < kTransferTabs; ++tab) {
        const auto at = static_cast<std::size_t>(tab);
        const QString text = counts[at] == 0 ? words[at] : tr("%1 %2").arg(words[at], QLocale().toString(counts[at]));
        if (m_tabs->tabText(tab) != text)
            m_tabs->setTabText(tab, text);
    }
}

void TransfersPage::tellState()
{
    const std::optional<Error> failure = m_desk.service.failure();
    QString about;
    if (m_desk.service.state() == Service::State::Failed)
        about = QStringLiteral("failed ") + (failure ? failure->message : QString());
    else if (m_desk.service.isPaused())
        about = QStringLiteral("paused");
    if (about != m_bannerShown) {
        m_bannerShown = about;
        if (about.isEmpty()) {
            m_banner->hide();
        } else if (about == QStringLiteral("paused")) {
            m_banner->tell(InlineMessage::Kind::Info, tr("All transfers are paused."), QString(), false);
            QPushButton *resume = m_banner->addButton(tr("Resume All"));
            resume->setObjectName(QStringLiteral("transfers.bannerResume"));
            connect(resume, &QPushButton::clicked, this, [this] { m_desk.service.setPaused(false); });
        } else {
            m_banner->tell(
                InlineMessage::Kind::Bad, tr("Transfers can’t run."), failure ? failure->message : QString(), false);
            QPushButton *report = m_banner->addButton(tr("Create Diagnostics File…"));
            report->setObjectName(QStringLiteral("transfers.bannerDiagnostics"));
            connect(report, &QPushButton::clicked, this,
                [this] { emit asksFor(QStringLiteral("activity"), QStringLiteral("diagnostics")); });
        }
    }
    tellEmpty();
}

void TransfersPage::tellEmpty()
{
    const bool isEmpty = m_filter->rowCount() == 0;
    m_stack->setCurrentWidget(isEmpty ? static_cast<QWidget *>(m_empty) : m_view);
    if (!isEmpty)
        return;
    const QString symbol = QStringLiteral("arrow-down-up");
    if (!m_filter->text().isEmpty()) {
        m_empty->tell(QStringLiteral("search"), tr("No transfers match"),
            tr("Nothing matches “%1” here.").arg(m_filter->text()), tr("Clear Filter"));
        return;
    }
    if (m_desk.service.state() == Service::State::Opening) {
        m_empty->tell(symbol, tr("Restoring transfers…"), tr("They show up as the library opens."));
        return;
    }
    switch (m_filter->tab()) {
    case TransferTab::All:
        m_empty->tell(symbol, tr("Nothing is moving"), tr("Uploads, downloads, checks and repairs show up here."),
            tr("Store Model…"));
        return;
    case TransferTab::Active:
        m_empty->tell(symbol, tr("No active transfers"), tr("What runs now shows up here."));
        return;
    case TransferTab::Waiting:
        m_empty->tell(symbol, tr("No waiting transfers"), tr("What waits its turn, or for you, shows up here."));
        return;
    case TransferTab::Done:
        m_empty->tell(symbol, tr("No finished transfers"), tr("What is done shows up here until you clear it."));
        return;
    case TransferTab::Failed:
        m_empty->tell(QStringLiteral("circle-check"), tr("No failed transfers"),
            tr("What failed stays here, with its reason, until you retry it."));
        return;
    }
}

void TransfersPage::clickEmpty()
{
    if (!m_filter->text().isEmpty()) {
        m_search->clear();
        return;
    }
    for (QAction *action : m_desk.actions.all()) {
        if (action->objectName() == QStringLiteral("store.open"))
            action->trigger();
    }
}

void TransfersPage::tellCurrent()
{
    const std::vector<TransferId> &chosen = m_control->chosen();
    m_bar->show(chosen.size() == 1 ? m_model->entry(chosen.front()) : nullptr);
}

void TransfersPage::press(TransferId id, RowButton button)
{
    const TransferEntry *transfer = m_model->entry(id);
    if (!transfer)
        return;
    if (button == RowButton::Remedy) {
        if (const std::optional<WaitRemedy> remedy = remedyOf(*transfer))
            emit asksFor(remedy->page, remedy->key);
        return;
    }
    m_control->choose({ id });
    m_desk.actions[buttonAction(button)]->trigger();
}

void TransfersPage::openLimit(const std::vector<TransferId> &ids)
{
    QRect row = m_view->visualRect(m_view->currentIndex());
    row.moveTopLeft(m_view->viewport()->mapToGlobal(row.topLeft()));
    openPopup(new TransferLimitPopup(m_desk.service, ids, this), row);
}

void TransfersPage::openMenu(const QPoint &at)
{
    QPoint place = at;
    // By the menu key: at the current row, wherever the pointer is.
    const QModelIndex current = m_view->currentIndex();
    if (!m_view->indexAt(at).isValid() && current.isValid())
        place = m_view->visualRect(current).center();
    auto *menu = new QMenu(m_view);
    menu->setObjectName(QStringLiteral("transfers.menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    m_control->fillMenu(*menu);
    menu->popup(m_view->viewport()->mapToGlobal(place));
}

} // namespace mf::ui
