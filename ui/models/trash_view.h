// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QAbstractTableModel>

class QLabel;
class QMenu;
class QStackedWidget;
class QTreeView;

namespace mf::ui {

// What is in the trash, as a table.
class TrashList final : public QAbstractTableModel
{
    Q_OBJECT
public:
    TrashList(Service &service, Clock &clock, QObject *parent = nullptr);
    const TrashEntry &at(int row) const { return m_entries[static_cast<std::size_t>(row)]; }
    int rowOf(const ModelId &model) const; // -1: it is not there any more
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    Service &m_service;
    Clock &m_clock;
    std::vector<TrashEntry> m_entries;
};

// Stands in the place of the list of models: what was deleted, to restore it or to delete it forever.
class TrashView final : public QWidget
{
    Q_OBJECT
public:
    explicit TrashView(Desk &desk, QWidget *parent = nullptr);
    QTreeView *list() const { return m_table; }

signals:
    void chosenChanged(const std::vector<mf::TrashEntry> &entries);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void showState();
    void tellChosen();
    Desk &m_desk;
    TrashList *m_list;
    QTreeView *m_table;
    QStackedWidget *m_pages;
    QMenu *m_menu;
    std::vector<TrashEntry> m_chosen;
    bool m_isRestoring = false;
};

} // namespace mf::ui
