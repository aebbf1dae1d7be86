// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/trash_view.h"

#include "ui/common/words.h"
#include "ui/models/small_widgets.h"

#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QStackedWidget>

#include <algorithm>

namespace mf::ui {
namespace {

enum Column { Name, Deleted, Left, kColumns };

} // namespace

TrashList::TrashList(Service &service, Clock &clock, QObject *parent)
    : QAbstractTableModel(parent)
    , m_service(service)
    , m_clock(clock)
    , m_entries(service.trash())
{
    connect(&service, &Service::trashChanged, this, [this] {
        beginResetModel();
        m_entries = m_service.trash();
        endResetModel();
    });
}

int TrashList::rowOf(const ModelId &model) const
{
    const auto found = std::find_if(
        m_entries.begin(), m_entries.end(), [&model](const TrashEntry &entry) { return entry.model == model; });
    return found == m_entries.end() ? -1 : static_cast<int>(found - m_entries.begin());
}

int TrashList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int TrashList::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : kColumns; }

QVariant TrashList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const TrashEntry &entry = m_entries[static_cast<std::size_t>(index.row())];
    const QDateTime &when = index.column() == Left ? entry.until : entry.removed;
    if (role == Qt::ToolTipRole)
        return index.column() == Name ? entry.name
            : when.isValid()          ? QLocale().toString(when.toLocalTime(), QLocale::LongFormat)
                                      : QString();
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole)
        return {};
    switch (index.column()) {
    case Name:
        return entry.name;
    case Deleted:
        return ageWords(entry.removed, m_clock.now());
    default:
        break;
    }
    if (entry.isForever || !entry.until.isValid())
        return tr("is being removed");
    const qint64 days = std::max<qint64>(0, m_clock.now().daysTo(entry.until));
    return tr("in %1").arg(countWords(days, tr("day"), tr("days")));
}

QVariant TrashList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Name") : section == Deleted ? tr("Deleted") : tr("Removed for Good");
}

TrashView::TrashView(Desk &desk, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_list(new TrashList(desk.service, desk.clock, this))
    , m_pages(new QStackedWidget)
    , m_menu(new QMenu(this))
{
    setObjectName(QStringLiteral("models.trashView"));
    auto *table
        = new PlainTable(m_list, Qt::DisplayRole, Name, QStringLiteral("models.trash"), tr("Models in the trash"));
    table->setSortingEnabled(false);
    table->header()->setSortIndicatorShown(false);
    table->installEventFilter(this);
    m_table = table;

    auto *note = new QLabel(
        tr("Models in the trash still take room on your accounts and keep their protection. After 30 days they are "
           "removed for good."));
    note->setObjectName(QStringLiteral("models.trashNote"));
    note->setWordWrap(true);
    alignLeading(note);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    const auto add = [&](const char *action, const char *name) {
        QAction *one = desk.actions[QString::fromLatin1(action)];
        m_menu->addAction(one);
        buttons->addWidget(buttonFor(one, QString::fromLatin1(name)));
    };
    add("trash.restore", "models.restore");
    add("trash.deleteForever", "models.deleteForever");
    buttons->addStretch(1);
    add("trash.empty", "models.emptyTrash");

    auto *list = new QWidget;
    auto *column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    column->addWidget(note);
    column->addLayout(buttons);
    column->addWidget(table, 1);
    auto *empty = new EmptyState;
    empty->setObjectName(QStringLiteral("models.trashEmpty"));
    empty->tell(QStringLiteral("trash-2"), tr("Trash is empty"),
        tr("Models that you delete stay here for 30 days, and can be restored until then."), tr("Show Models"));
    connect(empty, &EmptyState::buttonClicked, this,
        [this] { m_desk.actions[QStringLiteral("view.trash")]->setChecked(false); });
    m_pages->addWidget(list);
    m_pages->addWidget(empty);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(m_pages);

    connect(table->proxy(), &QAbstractItemModel::modelAboutToBeReset, this, [this] { m_isRestoring = true; });
    connect(table->proxy(), &QAbstractItemModel::modelReset, this, &TrashView::showState);
    connect(table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!m_isRestoring)
            tellChosen();
    });
    showState();
}

void TrashView::showState()
{
    // What was chosen is chosen still.
    m_isRestoring = true;
    const auto *proxy = static_cast<const PlainTable *>(m_table)->proxy();
    for (const TrashEntry &entry : std::as_const(m_chosen))
        if (const int row = m_list->rowOf(entry.model); row >= 0)
            m_table->selectionModel()->select(
                proxy->mapFromSource(m_list->index(row, 0)), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    m_isRestoring = false;
    m_pages->setCurrentIndex(m_list->rowCount() == 0 ? 1 : 0);
    tellChosen();
}

void TrashView::tellChosen()
{
    m_chosen.clear();
    const auto *proxy = static_cast<const PlainTable *>(m_table)->proxy();
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    for (const QModelIndex &row : rows)
        m_chosen.push_back(m_list->at(proxy->mapToSource(row).row()));
    emit chosenChanged(m_chosen);
}

bool TrashView::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ContextMenu) {
        m_menu->popup(static_cast<QContextMenuEvent *>(event)->globalPos());
        return true;
    }
    // Delete means here what it means everywhere in a trash.
    if (event->type() == QEvent::KeyPress && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Delete)) {
        m_desk.actions[QStringLiteral("trash.deleteForever")]->trigger();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace mf::ui
