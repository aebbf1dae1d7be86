// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/model_delegate.h"

#include <QSet>
#include <QSettings>
#include <QTreeView>

class QMenu;

namespace mf::ui {

// The list of models. Selection, current row, collapsed groups and scroll position are kept by id over every change of
// the arrangement, and what is selected but not shown now is selected again when it is.
class ModelsView final : public QTreeView
{
    Q_OBJECT
public:
    ModelsView(ModelTree &tree, ModelList &list, QSettings &memory, QWidget *parent = nullptr);

    // Those of the selected ones that are shown, as rows stand.
    std::vector<ModelEntry> chosen() const;
    void choose(const ModelId &id); // this one alone, and to where it can be seen
    QMenu *columnMenu() const { return m_columnMenu; }
    int leastWidth() const; // in which its names can be told from each other
    void fitColumns();
    void resetColumns();
    void setColumnShown(ModelColumn column, bool shown);

signals:
    void chosenChanged();
    void asksForMenu(const QPoint &globalPosition);
    void columnsChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void selectionChanged(const QItemSelection &selected, const QItemSelection &deselected) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    void remember();
    void restoreColumns();
    void makeColumnMenu();
    void restore(); // after a reset
    void giveWay(); // the name column takes what the others leave
    void grow(); // columns that new texts do not fit into
    int widthFor(ModelColumn column) const;
    void noteStoring();
    void followStored();
    void noteGroup(const QModelIndex &index, bool isCollapsed);

    ModelTree &m_tree;
    ModelList &m_list;
    QSettings &m_memory;
    ModelDelegate *m_delegate;
    QMenu *m_columnMenu;
    std::vector<ModelId> m_chosen;
    ModelId m_current;
    std::vector<std::pair<ModelId, QString>> m_storing; // of those, and their names
    QSet<QString> m_collapsed;
    int m_scrolled = 0;
    bool m_isRestoring = false;
    bool m_isFitting = false;
    bool m_wantsStored = true; // the column gives way, too, where it is narrow
};

} // namespace mf::ui
