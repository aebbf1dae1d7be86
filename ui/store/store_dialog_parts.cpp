// SPDX-License-Identifier: GPL-3.0-or-later
// What the store dialog is made of.
#include "ui/store/account_bar.h"
#include "ui/store/found_delegate.h"
#include "ui/store/found_table.h"
#include "ui/store/plan_table.h"
#include "ui/store/protection_question.h"
#include "ui/store/store_dialog.h"

#include <QCheckBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStyle>
#include <QTreeView>

namespace mf::ui {
namespace {

constexpr int kRelated = 8;
constexpr int kGroups = 12;
constexpr int kLists = 100; // their stretch, against that of the empty rest
constexpr int kFewModels = 2;
constexpr int kFewAccounts = 3;
constexpr int kNameLetters = 14; // of the first column, at least

QTreeView *makeList(QWidget *parent, QAbstractItemModel *model, const QString &name, const QString &accessibleName)
{
    auto *list = new QTreeView(parent);
    list->setObjectName(name);
    list->setAccessibleName(accessibleName);
    list->setModel(model);
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    list->setAllColumnsShowFocus(true);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->header()->setSectionsMovable(false);
    list->header()->setStretchLastSection(false);
    // Numbers are never cut: the name gives way.
    list->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    return list;
}

// What of it Tab goes to, in the order that it has given itself.
QList<QWidget *> stopsIn(QWidget *part)
{
    if (part->focusPolicy() != Qt::NoFocus)
        return { part };
    QList<QWidget *> stops;
    for (QWidget *next = part->nextInFocusChain(); next != part; next = next->nextInFocusChain()) {
        if (part->isAncestorOf(next) && next->focusPolicy() & Qt::TabFocus && !next->focusProxy())
            stops.append(next);
    }
    return stops;
}

// Of the cells; QTreeView tells it to its heirs alone.
int widthOf(const QTreeView *list, int column)
{
    int width = 0;
    for (int row = 0; row < list->model()->rowCount(); ++row)
        width = qMax(width, list->sizeHintForIndex(list->model()->index(row, column)).width());
    return width;
}

// Between the height of a few rows and that of all of them.
void fit(QTreeView *list, int few)
{
    const int rows = list->model()->rowCount();
    const int row = rows > 0 ? list->sizeHintForRow(0) : list->fontMetrics().height() + kRelated;
    const int rest = 2 * list->frameWidth() + list->header()->sizeHint().height();
    list->setMinimumHeight(rest + row * qMin(qMax(1, rows), few));
    list->setMaximumHeight(rest + row * qMax(1, rows));
    int width = 2 * list->frameWidth() + list->fontMetrics().averageCharWidth() * kNameLetters
        + list->style()->pixelMetric(QStyle::PM_ScrollBarExtent);
    for (int column = 1; column < list->model()->columnCount(); ++column)
        width += qMax(list->header()->sectionSizeHint(column), widthOf(list, column));
    list->setMinimumWidth(width);
}

} // namespace

QWidget *StoreDialog::makeEmpty()
{
    m_empty = new EmptyState(this);
    m_empty->setObjectName(QStringLiteral("store.empty"));
    m_empty->tell(QStringLiteral("upload"), tr("Choose files or drop them here"),
        tr("A GGUF or safetensors file, or a folder with all files of a model."), tr("Choose Files…"),
        tr("Choose Folder…"));
    connect(m_empty, &EmptyState::buttonClicked, this, [this] { m_addFiles->click(); });
    connect(m_empty, &EmptyState::linkClicked, this, [this] { m_addFolder->click(); });
    return m_empty;
}

QLayout *StoreDialog::makeFiles(QWidget *part)
{
    auto *rows = new QVBoxLayout;
    rows->setSpacing(kRelated);
    m_looking = new QWidget(part);
    m_looking->setObjectName(QStringLiteral("store.looking"));
    auto *looking = new QHBoxLayout(m_looking);
    looking->setContentsMargins(0, 0, 0, 0);
    m_looking->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    looking->addWidget(new QLabel(tr("Looking at the files…"), m_looking));
    auto *bar = new QProgressBar(m_looking);
    bar->setRange(0, 0);
    bar->setTextVisible(false);
    bar->setAccessibleName(tr("Looking at the files"));
    looking->addWidget(bar, 1);
    rows->addWidget(m_looking);

    m_found = makeList(part, m_foundTable, QStringLiteral("store.found"), tr("What was found"));
    m_found->setItemDelegateForColumn(FoundTable::Name, new FoundDelegate(m_found));
    rows->addWidget(m_found, 1);

    auto *row = new QHBoxLayout;
    row->setSpacing(kRelated);
    m_nameRow = makeName();
    row->addWidget(m_nameRow, kLists);
    row->addStretch(1);
    m_findParts = new QPushButton(tr("Find Part…"), part);
    m_findParts->setObjectName(QStringLiteral("store.findParts"));
    m_findParts->setToolTip(tr("Choose the files that are missing"));
    m_findParts->setAutoDefault(false);
    row->addWidget(m_findParts);
    m_addFiles = new QPushButton(tr("Add Files…"), part);
    m_addFiles->setObjectName(QStringLiteral("store.addFiles"));
    m_addFiles->setAutoDefault(false);
    row->addWidget(m_addFiles);
    m_addFolder = new QPushButton(tr("Add Folder…"), part);
    m_addFolder->setObjectName(QStringLiteral("store.addFolder"));
    m_addFolder->setAutoDefault(false);
    row->addWidget(m_addFolder);
    rows->addLayout(row);
    rows->addWidget(makeNameNote(part));
    const auto ask = [this](Task<void> (StoreDialog::*question)()) {
        if (m_tasks.isIdle()) // one question at a time
            m_tasks.start((this->*question)());
    };
    connect(m_findParts, &QPushButton::clicked, this, [ask] { ask(&StoreDialog::findParts); });
    connect(m_addFiles, &QPushButton::clicked, this, [ask] { ask(&StoreDialog::chooseFiles); });
    connect(m_addFolder, &QPushButton::clicked, this, [ask] { ask(&StoreDialog::chooseFolder); });
    return rows;
}

QWidget *StoreDialog::makeName()
{
    auto *part = new QWidget(this);
    part->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    auto *row = new QHBoxLayout(part);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kRelated);
    auto *label = new QLabel(tr("Na&me"), part);
    m_name = new QLineEdit(part);
    m_name->setObjectName(QStringLiteral("store.name"));
    m_name->setAccessibleName(tr("Name of the model"));
    m_name->setMaxLength(255);
    label->setBuddy(m_name);
    row->addWidget(label);
    row->addWidget(m_name, 1);
    connect(m_name, &QLineEdit::textEdited, this, [this](const QString &name) { m_controller.setName(name); });
    return part;
}

QWidget *StoreDialog::makeNameNote(QWidget *part)
{
    m_nameNote = new QLabel(part);
    m_nameNote->setObjectName(QStringLiteral("store.nameNote"));
    m_nameNote->setWordWrap(true);
    m_nameNote->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_nameNote->setForegroundRole(QPalette::PlaceholderText);
    return m_nameNote;
}

QLayout *StoreDialog::makePlan(QWidget *part)
{
    auto *rows = new QVBoxLayout;
    rows->setSpacing(kRelated);
    m_plan = makeList(part, m_planTable, QStringLiteral("store.accounts"), tr("What each account gets"));
    m_plan->setItemDelegateForColumn(PlanTable::Bar, new AccountBar(m_plan));
    rows->addWidget(m_plan, 1);
    m_total = new QLabel(part);
    m_total->setObjectName(QStringLiteral("store.total"));
    m_total->setWordWrap(true);
    m_total->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    rows->addWidget(m_total);
    m_lacking->setObjectName(QStringLiteral("store.lacking"));
    m_lacking->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    rows->addWidget(m_lacking);
    return rows;
}

QWidget *StoreDialog::makeButtons()
{
    auto *part = new QWidget(this);
    auto *row = new QHBoxLayout(part);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(kRelated);
    m_remember = new QCheckBox(tr("&Remember these choices"), part);
    m_remember->setObjectName(QStringLiteral("store.remember"));
    row->addWidget(m_remember);
    row->addStretch();
    const auto button = [&](QPushButton *made, const QString &name) {
        made->setObjectName(name);
        made->setAutoDefault(false);
        row->addWidget(made);
        return made;
    };
    m_copy = button(new QPushButton(tr("Copy as Command"), part), QStringLiteral("store.copyCommand"));
    m_copy->setToolTip(tr("What modelfloat-cli would have to be told to do the same"));
    m_cancel = button(new QPushButton(tr("Cancel"), part), QStringLiteral("store.cancel"));
    m_store = button(primaryButton(tr("Store")), QStringLiteral("store.store"));
    m_store->setDefault(true);
    connect(m_copy, &QPushButton::clicked, this, &StoreDialog::copyCommand);
    connect(m_cancel, &QPushButton::clicked, this, &StoreDialog::reject);
    connect(m_store, &QPushButton::clicked, this, &StoreDialog::store);
    return part;
}

void StoreDialog::setTabs()
{
    // Qt's own order is that of making: the messages and the question were there before what stands above them.
    QWidget *before = nullptr;
    for (QWidget *part : std::initializer_list<QWidget *> { m_message, m_empty, m_found, m_name, m_findParts,
             m_addFiles, m_addFolder, m_question, m_plan, m_lacking, m_remember, m_copy, m_cancel, m_store }) {
        for (QWidget *stop : stopsIn(part)) {
            if (before)
                setTabOrder(before, stop);
            before = stop;
        }
    }
}

void StoreDialog::fitLists()
{
    fit(m_found, kFewModels);
    fit(m_plan, kFewAccounts);
    // It scrolls down only.
    const int bar = style()->pixelMetric(QStyle::PM_ScrollBarExtent) + kRelated;
    m_area->setMinimumWidth(m_body->minimumSizeHint().width() + bar);
}

int StoreDialog::wantedHeight() const
{
    // As narrow as it is beside a scroll bar: words that wrap there must not bring the bar back.
    const int width = m_area->width() - style()->pixelMetric(QStyle::PM_ScrollBarExtent) - kRelated;
    const QLayout *const body = m_body->layout();
    int height = body->hasHeightForWidth() ? body->totalHeightForWidth(width) : body->totalSizeHint().height();
    for (const QTreeView *list : { m_found, m_plan }) {
        if (!list->isHidden())
            height += qMax(0, list->maximumHeight() - list->sizeHint().height());
    }
    return this->height() - m_area->height() + height;
}

// As high as what there is to see, and no higher than the user made such a dialog; until it is made another size.
void StoreDialog::fitHeight()
{
    if (!isVisible() || size() != m_fitted)
        return;
    layout()->activate();
    const bool isSettled = !m_controller.isLooking() && !m_controller.isPlanning();
    const int wanted = m_area->isHidden() ? m_size.height() : qMin(m_size.height(), wantedHeight());
    if (isSettled || wanted > height())
        resize(m_size.width(), wanted);
    m_fitted = size();
}

StoreDialog::StoreDialog(Desk &desk, QWidget *parent)
    : QDialog(parent)
    , m_desk(desk)
    , m_controller(desk.service, desk.clock)
    , m_drop(nullptr)
    , m_message(new InlineMessage(this))
    , m_foundTable(new FoundTable(m_controller, this))
    , m_question(new ProtectionQuestion(QStringLiteral("store"), this))
    , m_planTable(new PlanTable(desk.service, m_controller, this))
    , m_lacking(new InlineMessage(this))
{
    setObjectName(QStringLiteral("store.dialog"));
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(2 * kRelated, 2 * kRelated, 2 * kRelated, 2 * kRelated);
    rows->setSpacing(kGroups);
    m_message->setObjectName(QStringLiteral("store.message"));
    rows->addWidget(m_message);
    rows->addWidget(makeEmpty(), 1);
    // In a window that is too low for all of it, the middle scrolls; the buttons stay.
    m_area = new QScrollArea(this);
    m_area->setObjectName(QStringLiteral("store.area"));
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setWidgetResizable(true);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->setFocusPolicy(Qt::NoFocus);
    m_body = new QWidget;
    m_area->setWidget(m_body);
    m_area->viewport()->setAutoFillBackground(false);
    m_body->setAutoFillBackground(false);
    auto *body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    connect(m_area->verticalScrollBar(), &QScrollBar::rangeChanged, m_body, [body](int, int most) {
        const int gap = most > 0 ? kRelated : 0;
        const bool isLeft = QGuiApplication::layoutDirection() == Qt::RightToLeft;
        body->setContentsMargins(isLeft ? gap : 0, 0, isLeft ? 0 : gap, 0);
    });
    body->setSpacing(kGroups);
    // The lists take what there is until all their rows are seen.
    body->addLayout(makeFiles(m_body), 2 * kLists);
    body->addWidget(m_question);
    body->addLayout(makePlan(m_body), 3 * kLists);
    body->addStretch(1);
    rows->addWidget(m_area, 1);
    rows->addWidget(makeButtons());
    setTabs();
    begin();
}

} // namespace mf::ui
