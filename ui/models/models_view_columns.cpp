// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of the list of models: which are shown, how wide, and that they are remembered.
#include "ui/models/models_view.h"

#include <QHeaderView>
#include <QMenu>
#include <QResizeEvent>
#include <QScopedValueRollback>

#include <algorithm>

namespace mf::ui {
namespace {

QString stateKey() { return QStringLiteral("models/columns.1"); }
QString storedKey() { return QStringLiteral("models/showsStored"); }
constexpr int kMostWidth = 260; // of a column whose texts may be elided
constexpr int kLeastName = 24; // letters
constexpr auto kStored = static_cast<int>(ModelColumn::Stored);

} // namespace

void ModelsView::restoreColumns()
{
    const QByteArray state = m_memory.value(stateKey()).toByteArray();
    m_wantsStored = m_memory.value(storedKey(), true).toBool();
    if (state.isEmpty() || !header()->restoreState(state) || header()->count() != kModelColumns)
        resetColumns();
    header()->setSectionResizeMode(0, QHeaderView::Fixed);
    header()->setSectionHidden(0, false);
    header()->setSectionHidden(kStored, !m_wantsStored);
}

void ModelsView::remember()
{
    m_memory.setValue(stateKey(), header()->saveState());
    m_memory.setValue(storedKey(), m_wantsStored);
}

void ModelsView::resetColumns()
{
    m_wantsStored = true;
    for (int column = 0; column < kModelColumns; ++column) {
        header()->moveSection(header()->visualIndex(column), column);
        header()->setSectionHidden(column, column >= kFirstColumns);
    }
    sortByColumn(0, Qt::AscendingOrder);
    fitColumns();
    emit columnsChanged();
}

void ModelsView::fitColumns()
{
    for (int column = 1; column < kModelColumns; ++column)
        header()->resizeSection(column, widthFor(static_cast<ModelColumn>(column)));
    giveWay();
    remember();
}

void ModelsView::grow()
{
    for (int column = 1; column < kModelColumns; ++column) {
        if (header()->isSectionHidden(column) || !columnSample(static_cast<ModelColumn>(column)).isEmpty())
            continue;
        const int needed = widthFor(static_cast<ModelColumn>(column));
        if (needed > header()->sectionSize(column))
            header()->resizeSection(column, needed);
    }
}

int ModelsView::widthFor(ModelColumn column) const
{
    const int logical = static_cast<int>(column);
    const int title = header()->sectionSizeHint(logical);
    const QString sample = columnSample(column);
    if (!sample.isEmpty())
        return std::max(title, m_delegate->widthOf(column, sample));
    int widest = title;
    QSet<QString> seen; // few differ in these columns
    for (const ModelEntry &entry : m_list.entries()) {
        const QString text = columnText(column, entry, QDateTime());
        if (seen.contains(text))
            continue;
        seen.insert(text);
        widest = std::max(widest, m_delegate->widthOf(column, text));
        if (widest >= kMostWidth)
            return kMostWidth;
    }
    return widest;
}

void ModelsView::giveWay()
{
    if (m_isFitting)
        return;
    const QScopedValueRollback<bool> guard(m_isFitting, true);
    header()->setSectionHidden(kStored, !m_wantsStored);
    int left = viewport()->width();
    for (int column = 1; column < kModelColumns; ++column)
        if (!header()->isSectionHidden(column))
            left -= header()->sectionSize(column);
    // The age goes to the second line before the name becomes too short to tell; but where all is wider than the window
    // in any case, nothing is won by that.
    const int letter = fontMetrics().averageCharWidth();
    const int stored = m_wantsStored ? header()->sectionSize(kStored) : 0;
    if (m_wantsStored && left < 40 * letter && left + stored >= kLeastName * letter) {
        header()->setSectionHidden(kStored, true);
        left += stored;
    }
    m_delegate->setShowsAge(header()->isSectionHidden(kStored));
    header()->resizeSection(0, std::max(left, kLeastName * letter));
    viewport()->update();
}

int ModelsView::leastWidth() const
{
    int width = fontMetrics().averageCharWidth() * kLeastName;
    for (int column = 1; column < kModelColumns; ++column)
        if (column != kStored && !header()->isSectionHidden(column))
            width += header()->sectionSize(column);
    return std::min(width, fontMetrics().averageCharWidth() * 100); // more columns are the user's choice
}

void ModelsView::setColumnShown(ModelColumn column, bool shown)
{
    if (column == ModelColumn::Name)
        return;
    if (column == ModelColumn::Stored)
        m_wantsStored = shown;
    header()->setSectionHidden(static_cast<int>(column), !shown);
    if (shown)
        header()->resizeSection(static_cast<int>(column), widthFor(column));
    giveWay();
    remember();
    emit columnsChanged();
}

void ModelsView::makeColumnMenu()
{
    m_columnMenu->setObjectName(QStringLiteral("models.columnMenu"));
    std::vector<QAction *> actions;
    for (int i = 1; i < kModelColumns; ++i) {
        const auto column = static_cast<ModelColumn>(i);
        QAction *action = m_columnMenu->addAction(columnTitle(column));
        action->setObjectName(QStringLiteral("models.column.%1").arg(i));
        action->setCheckable(true);
        connect(action, &QAction::toggled, this, [this, column](bool shown) { setColumnShown(column, shown); });
        actions.push_back(action);
    }
    const auto show = [this, actions] {
        for (std::size_t i = 0; i < actions.size(); ++i) {
            const QSignalBlocker blocker(actions[i]);
            const auto column = static_cast<int>(i) + 1;
            actions[i]->setChecked(column == kStored ? m_wantsStored : !header()->isSectionHidden(column));
        }
    };
    show();
    connect(this, &ModelsView::columnsChanged, m_columnMenu, show);
    m_columnMenu->addSeparator();
    QAction *fit = m_columnMenu->addAction(tr("Fit Columns"), this, &ModelsView::fitColumns);
    fit->setObjectName(QStringLiteral("models.fitColumns"));
    QAction *reset = m_columnMenu->addAction(tr("Reset Columns"), this, &ModelsView::resetColumns);
    reset->setObjectName(QStringLiteral("models.resetColumns"));
}

void ModelsView::resizeEvent(QResizeEvent *event)
{
    QTreeView::resizeEvent(event);
    giveWay();
}

void ModelsView::changeEvent(QEvent *event)
{
    QTreeView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        m_delegate->measure(font());
        scheduleDelayedItemsLayout();
        fitColumns();
    }
}

} // namespace mf::ui
