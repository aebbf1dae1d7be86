// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/models_view.h"

#include "ui/common/words.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QScrollBar>

#include <algorithm>

namespace mf::ui {
namespace {

// A selection of these rows, in as few ranges as they come to: it is searched for every row that is painted.
QItemSelection selectionOf(QModelIndexList rows)
{
    std::sort(rows.begin(), rows.end());
    QItemSelection selection;
    for (qsizetype begin = 0; begin < rows.size();) {
        qsizetype end = begin + 1;
        while (end < rows.size() && rows[end].parent() == rows[begin].parent()
            && rows[end].row() == rows[end - 1].row() + 1)
            ++end;
        selection.append(
            QItemSelectionRange(rows[begin], rows[end - 1].sibling(rows[end - 1].row(), kModelColumns - 1)));
        begin = end;
    }
    return selection;
}

} // namespace

ModelsView::ModelsView(ModelTree &tree, ModelList &list, QSettings &memory, QWidget *parent)
    : QTreeView(parent)
    , m_tree(tree)
    , m_list(list)
    , m_memory(memory)
    , m_delegate(new ModelDelegate(tree, this))
    , m_columnMenu(new QMenu(this))
{
    setObjectName(QStringLiteral("models.list"));
    setAccessibleName(tr("Models"));
    m_delegate->measure(font());
    setModel(&tree);
    setItemDelegate(m_delegate);
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(ExtendedSelection);
    setSelectionBehavior(SelectRows);
    setAllColumnsShowFocus(true);
    setEditTriggers(NoEditTriggers);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setIndentation(18);
    setExpandsOnDoubleClick(true);
    setSortingEnabled(true);
    setTabKeyNavigation(false);
    verticalScrollBar()->setSingleStep(16);

    const QStringList collapsed = m_memory.value(QStringLiteral("models/collapsed")).toStringList();
    m_collapsed = QSet<QString>(collapsed.begin(), collapsed.end());
    header()->setObjectName(QStringLiteral("models.header"));
    header()->setAccessibleName(tr("Columns of the list of models"));
    header()->setSectionsMovable(true);
    header()->setFirstSectionMovable(false);
    header()->setStretchLastSection(false);
    header()->setSectionResizeMode(0, QHeaderView::Fixed);
    header()->setContextMenuPolicy(Qt::CustomContextMenu);
    header()->setHighlightSections(false);
    header()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    restoreColumns();
    makeColumnMenu();

    connect(&tree, &QAbstractItemModel::modelAboutToBeReset, this, [this] {
        m_isRestoring = true;
        m_scrolled = verticalScrollBar()->value();
    });
    connect(&tree, &QAbstractItemModel::modelReset, this, &ModelsView::restore);
    connect(&list, &QAbstractItemModel::modelReset, this, &ModelsView::grow);
    connect(&list, &ModelList::changed, this, &ModelsView::chosenChanged); // once, however many rows did
    connect(this, &QTreeView::expanded, this, [this](const QModelIndex &index) { noteGroup(index, false); });
    connect(this, &QTreeView::collapsed, this, [this](const QModelIndex &index) { noteGroup(index, true); });
    connect(header(), &QHeaderView::customContextMenuRequested, this,
        [this](const QPoint &at) { m_columnMenu->popup(header()->mapToGlobal(at)); });
    connect(header(), &QHeaderView::sectionResized, this, [this](int section) {
        if (section != 0)
            giveWay();
    });
    connect(header(), &QHeaderView::sectionMoved, this, &ModelsView::remember);
    connect(header(), &QHeaderView::sortIndicatorChanged, this, &ModelsView::remember);
    restore();
}

// ---- rows

void ModelsView::noteStoring()
{
    m_storing.clear();
    std::vector<ModelId> all = m_chosen;
    all.push_back(m_current);
    for (const ModelId &id : all) {
        const ModelEntry *entry = m_list.entry(id);
        if (entry && entry->state == ModelState::Storing)
            m_storing.emplace_back(id, entry->name);
    }
}

// A model has an id of its own once it is stored: the one of that name is the one that was chosen.
void ModelsView::followStored()
{
    for (const auto &[id, name] : m_storing) {
        const ModelEntry *stored = m_list.entry(id) ? nullptr : m_list.named(name);
        if (!stored)
            continue;
        std::replace(m_chosen.begin(), m_chosen.end(), id, stored->id);
        if (m_current == id)
            m_current = stored->id;
    }
}

void ModelsView::restore()
{
    m_isRestoring = true;
    followStored();
    const bool showsAll = !m_tree.filter().text.trimmed().isEmpty(); // what was searched for is not hidden in a group
    if (m_tree.grouping() != Grouping::None) {
        for (int row = 0; row < m_tree.rowCount(); ++row) {
            const QModelIndex group = m_tree.index(row, 0);
            setFirstColumnSpanned(row, QModelIndex(), true);
            setExpanded(group, showsAll || !m_collapsed.contains(group.data(ModelTree::GroupKey).toString()));
        }
    }
    QModelIndexList rows;
    for (const ModelId &id : m_chosen)
        rows.append(m_tree.indexesOf(id));
    selectionModel()->select(selectionOf(rows), QItemSelectionModel::ClearAndSelect);
    const QModelIndex current = m_tree.indexOf(m_current);
    if (current.isValid())
        selectionModel()->setCurrentIndex(current, QItemSelectionModel::NoUpdate);
    // What is scheduled anyway; the scroll bar has its range only then.
    if (isVisible()) {
        executeDelayedItemsLayout();
        verticalScrollBar()->setValue(m_scrolled);
    }
    m_isRestoring = false;
    emit chosenChanged();
}

std::vector<ModelEntry> ModelsView::chosen() const
{
    std::vector<ModelEntry> entries;
    for (const ModelId &id : m_chosen)
        if (const ModelEntry *entry = m_list.entry(id); entry && m_tree.indexOf(id).isValid())
            entries.push_back(*entry);
    return entries;
}

void ModelsView::choose(const ModelId &id)
{
    const QModelIndex index = m_tree.indexOf(id);
    if (!index.isValid())
        return;
    setExpanded(index.parent(), true);
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    scrollTo(index);
}

void ModelsView::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QTreeView::selectionChanged(selected, deselected);
    if (m_isRestoring)
        return;
    m_chosen.clear();
    QSet<int> seen; // by account, one model stands in several places
    const QModelIndexList rows = selectionModel()->selectedRows();
    for (const QModelIndex &index : rows) {
        const int row = m_tree.mapToSource(index).row();
        if (row >= 0 && !seen.contains(row)) {
            seen.insert(row);
            m_chosen.push_back(m_list.entries()[static_cast<std::size_t>(row)].id);
        }
    }
    noteStoring();
    emit chosenChanged();
}

void ModelsView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTreeView::currentChanged(current, previous);
    if (m_isRestoring)
        return;
    if (const ModelEntry *entry = m_tree.entry(current))
        m_current = entry->id;
    noteStoring();
}

void ModelsView::noteGroup(const QModelIndex &index, bool isCollapsed)
{
    if (m_isRestoring)
        return;
    const QString key = index.data(ModelTree::GroupKey).toString();
    if (isCollapsed)
        m_collapsed.insert(key);
    else
        m_collapsed.remove(key);
    m_memory.setValue(QStringLiteral("models/collapsed"), QStringList(m_collapsed.begin(), m_collapsed.end()));
}

void ModelsView::contextMenuEvent(QContextMenuEvent *event)
{
    QPoint at = event->globalPos();
    if (event->reason() == QContextMenuEvent::Keyboard) {
        scrollTo(currentIndex());
        at = viewport()->mapToGlobal(visualRect(currentIndex()).center());
    }
    emit asksForMenu(at);
}

void ModelsView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        if (const ModelEntry *entry = m_tree.entry(currentIndex())) {
            const QStringList parts = { entry->name, sizeWords(entry->bytes), stateLook(*entry).label };
            QGuiApplication::clipboard()->setText(parts.join(QStringLiteral(", ")));
        }
        event->accept();
        return;
    }
    QTreeView::keyPressEvent(event);
}

bool ModelsView::viewportEvent(QEvent *event)
{
    // Rows do not jump away under the pointer.
    if (event->type() == QEvent::Enter)
        m_tree.setFrozen(true);
    else if (event->type() == QEvent::Leave)
        m_tree.setFrozen(false);
    return QTreeView::viewportEvent(event);
}

} // namespace mf::ui
