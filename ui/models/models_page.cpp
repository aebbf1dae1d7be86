// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/models_page.h"

#include "ui/common/icons.h"
#include "ui/models/details_panel.h"
#include "ui/models/filter_bar.h"
#include "ui/models/hash_search.h"
#include "ui/models/issue_message.h"
#include "ui/models/models_view.h"
#include "ui/models/trash_view.h"
#include "ui/models/what_if.h"
#include "ui/models/what_if_message.h"

#include <QActionGroup>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace mf::ui {
namespace {

constexpr int kMargin = 16;

QToolButton *toolButton(QAction *action, const QString &objectName)
{
    auto *button = new QToolButton;
    button->setObjectName(objectName);
    button->setDefaultAction(action);
    button->setAccessibleName(action->text());
    button->setToolButtonStyle(Qt::ToolButtonIconOnly);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setMinimumSize(28, 28);
    return button;
}

} // namespace

ModelsPage::ModelsPage(Desk &desk, QWidget *parent)
    : Page(parent)
    , m_desk(desk)
    , m_controller(new ModelsController(desk, this))
    , m_list(new ModelList(desk.service, desk.clock, this))
    , m_tree(new ModelTree(*m_list, this))
    , m_hashes(new HashSearch(desk.service, desk.clock, this))
    , m_whatIf(new WhatIf(desk.service, this))
    , m_menu(new QMenu(this))
    , m_header(new PageHeader(title()))
    , m_filter(new FilterBar(desk.memory))
    , m_store(primaryButton(tr("Store Model…"), QStringLiteral("plus")))
    , m_opening(new QProgressBar)
    , m_issue(new IssueMessage(desk))
    , m_asIf(new WhatIfMessage(*m_whatIf))
    , m_failure(new InlineMessage)
    , m_splitter(new QSplitter(Qt::Horizontal))
    , m_pages(new QStackedWidget)
    , m_view(new ModelsView(*m_tree, *m_list, desk.memory))
    , m_empty(new EmptyState)
    , m_trash(new TrashView(desk))
    , m_details(nullptr)
    , m_detailsAction(nullptr)
    , m_whatIfAction(nullptr)
{
    m_controller->setParent(this);
    setObjectName(QStringLiteral("models"));
    addActions();
    addWhatIf();
    fillMenu();
    m_details = new DetailsPanel(desk, m_menu);
    m_tree->setGrouping(m_filter->grouping());
    layOut();
    connectParts();
    applyFilter();
    showState();
    noteChosen();
}

ModelsPage::~ModelsPage() = default;

QString ModelsPage::title() const { return tr("Models"); }

QLineEdit *ModelsPage::search() const { return m_filter->search(); }

std::vector<QWidget *> ModelsPage::panes()
{
    QWidget *first = m_filter->search();
    QWidget *list = m_controller->showsTrash() ? static_cast<QWidget *>(m_trash->list()) : m_view;
    return { first, list, m_details };
}

void ModelsPage::addActions()
{
    m_detailsAction = m_desk.actions.add(QStringLiteral("view.details"), tr("Models"), tr("Details Panel"),
        QKeySequence(Qt::CTRL | Qt::Key_I), QStringLiteral("panel-right"));
    m_detailsAction->setCheckable(true);
    m_detailsAction->setChecked(m_desk.memory.value(QStringLiteral("models/details"), true).toBool());
    connect(m_detailsAction, &QAction::toggled, this, [this](bool shown) {
        // What a narrow window does by itself is not what the user wants everywhere.
        if (!m_isNarrow)
            m_desk.memory.setValue(QStringLiteral("models/details"), shown);
        showDetails(shown);
    });
}

void ModelsPage::addWhatIf()
{
    m_whatIfAction = m_desk.actions.add(
        QStringLiteral("view.whatIf"), tr("Models"), tr("What If an Account Were Gone"), {}, QStringLiteral("unplug"));
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("models.whatIfMenu"));
    m_whatIfAction->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, &ModelsPage::fillWhatIf);
}

void ModelsPage::fillWhatIf()
{
    QMenu *menu = m_whatIfAction->menu();
    menu->clear();
    delete menu->findChild<QActionGroup *>(); // of what was there before
    auto *group = new QActionGroup(menu);
    const auto add = [this, menu, group](const QString &text, const QString &account) {
        QAction *choice = menu->addAction(text);
        choice->setObjectName(QString(QStringLiteral("view.whatIf.") + account));
        choice->setCheckable(true);
        choice->setChecked(account == m_whatIf->account());
        group->addAction(choice);
        connect(choice, &QAction::triggered, m_whatIf, [this, account] {
            if (account != m_whatIf->account())
                m_whatIf->choose(account);
            emit asksFor(QStringLiteral("models"), QString());
        });
    };
    add(tr("As It Is"), {});
    menu->addSeparator();
    for (const AccountEntry &account : m_desk.service.accounts()) {
        if (!account.isElsewhere())
            add(tr("Without %1").arg(account.name), account.name);
    }
}

void ModelsPage::fillMenu()
{
    m_menu->setObjectName(QStringLiteral("models.menu"));
    m_menu->setTitle(tr("Model"));
    const auto add = [this](const char *id) { m_menu->addAction(m_desk.actions[QString::fromLatin1(id)]); };
    add("model.download");
    m_menu->addSeparator();
    add("model.check");
    add("model.checkDeep");
    add("model.repair");
    add("model.protect");
    m_menu->addSeparator();
    add("view.whatIf");
    m_menu->addSeparator();
    add("model.copyName");
    add("model.copySha256");
    m_menu->addSeparator();
    add("model.trash");
    m_menu->setToolTipsVisible(true); // why an entry cannot be chosen
}

void ModelsPage::layOut()
{
    m_store->setObjectName(QStringLiteral("models.store"));
    m_opening->setObjectName(QStringLiteral("models.opening"));
    m_opening->setAccessibleName(tr("Opening your library"));
    m_opening->setRange(0, 0);
    m_opening->setTextVisible(false);
    m_opening->setMaximumHeight(4);
    m_opening->hide();
    m_failure->setObjectName(QStringLiteral("models.failure"));
    m_empty->setObjectName(QStringLiteral("models.empty"));
    m_header->add(m_filter, 1);
    m_header->add(toolButton(m_desk.actions[QStringLiteral("view.trash")], QStringLiteral("models.showTrash")));
    m_header->add(toolButton(m_detailsAction, QStringLiteral("models.showDetails")));
    m_header->add(m_store);

    m_pages->addWidget(m_view);
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_trash);
    m_splitter->setObjectName(QStringLiteral("models.splitter"));
    m_splitter->addWidget(m_pages);
    m_splitter->addWidget(m_details);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_details->setMinimumWidth(fontMetrics().averageCharWidth() * 40);
    m_pages->setMinimumWidth(fontMetrics().averageCharWidth() * 45);
    if (!m_splitter->restoreState(m_desk.memory.value(QStringLiteral("models/splitter")).toByteArray()))
        m_splitter->setSizes({ 600, m_details->sizeHint().width() });

    auto *column = new QVBoxLayout(this);
    // The page may become narrower than its header with all boxes: they fold then.
    column->setSizeConstraint(QLayout::SetNoConstraint);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->setSpacing(12);
    column->addWidget(m_header);
    column->addWidget(m_opening);
    column->addWidget(m_issue);
    column->addWidget(m_asIf);
    column->addWidget(m_failure);
    column->addWidget(m_splitter, 1);
    m_filter->search()->installEventFilter(this);
    setFocusProxy(m_view);
}

void ModelsPage::connectParts()
{
    Service *service = &m_desk.service;
    for (const auto signal : { &Service::stateChanged, &Service::modelsChanged, &Service::accountsChanged })
        connect(service, signal, this, &ModelsPage::showState);
    connect(m_filter, &FilterBar::filterChanged, this, &ModelsPage::applyFilter);
    connect(m_hashes, &HashSearch::changed, this, &ModelsPage::applyFilter);
    connect(m_whatIf, &WhatIf::changed, this, &ModelsPage::showWhatIf);
    connect(m_details, &DetailsPanel::asksWithout, m_whatIf, &WhatIf::choose);
    connect(m_details, &DetailsPanel::asksFor, this, &Page::asksFor);
    connect(m_filter, &FilterBar::groupingChanged, this, [this] { m_tree->setGrouping(m_filter->grouping()); });
    connect(m_store, &QPushButton::clicked, m_desk.actions[QStringLiteral("store.open")], &QAction::trigger);
    connect(m_view, &ModelsView::chosenChanged, this, &ModelsPage::noteChosen);
    connect(m_view, &ModelsView::asksForMenu, this, [this](const QPoint &at) { m_menu->popup(at); });
    connect(m_view, &QAbstractItemView::activated, this, [this](const QModelIndex &index) {
        if (m_tree->entry(index))
            m_detailsAction->setChecked(true);
    });
    connect(m_trash, &TrashView::chosenChanged, m_controller, &ModelsController::chooseTrash);
    connect(m_empty, &EmptyState::buttonClicked, this, &ModelsPage::emptyButton);
    connect(m_issue, &IssueMessage::asksFor, this, &Page::asksFor);
    connect(m_issue, &IssueMessage::asksForModel, this, &ModelsPage::reveal);
    connect(m_splitter, &QSplitter::splitterMoved, this,
        [this] { m_desk.memory.setValue(QStringLiteral("models/splitter"), m_splitter->saveState()); });
    connect(m_controller, &ModelsController::asksToDownload, this, &ModelsPage::asksToDownload);
    connect(m_controller, &ModelsController::asksToProtect, this, &ModelsPage::asksToProtect);
    connect(m_controller, &ModelsController::trashToggled, this, [this] {
        m_filter->setEnabled(!m_controller->showsTrash());
        showState();
    });
    connect(m_controller, &ModelsController::failed, this, [this](const QString &what, const QString &why) {
        m_failure->tell(InlineMessage::Kind::Bad, what, why);
        m_failure->show();
    });
    connect(m_controller, &ModelsController::succeeded, m_failure, &QWidget::hide);
}

void ModelsPage::applyFilter()
{
    ModelFilter filter = m_filter->filter();
    m_hashes->look(filter.text);
    filter.hash = m_hashes->word();
    filter.withHash = m_hashes->found();
    m_tree->setFilter(filter);
    showState();
}

void ModelsPage::noteChosen()
{
    const std::vector<ModelEntry> chosen = m_view->chosen();
    std::vector<ModelEntry> inTruth;
    inTruth.reserve(chosen.size());
    for (const ModelEntry &model : chosen)
        inTruth.push_back(m_list->asItIs(model));
    m_controller->choose(std::move(inTruth));
    m_details->setModels(chosen);
}

void ModelsPage::reveal(const QString &key)
{
    m_desk.actions[QStringLiteral("view.trash")]->setChecked(false);
    const ModelEntry *model = m_list->named(key);
    if (!model)
        return;
    if (!m_tree->indexOf(model->id).isValid())
        m_filter->clear();
    m_view->choose(model->id);
    m_view->setFocus();
}

} // namespace mf::ui
