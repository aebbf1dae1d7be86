// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/activity/history_model.h"
#include "ui/common/desk.h"

class QStackedWidget;
class QTreeView;

namespace mf::ui {

// What was done, by days; rows can be copied.
class HistoryView final : public QWidget
{
    Q_OBJECT
public:
    explicit HistoryView(Desk &desk, QWidget *parent = nullptr);

    void setFilter(const QString &text);
    void copy(); // the selected rows, or the current one

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void tell();
    void openMenu(const QPoint &at);

    Desk &m_desk;
    HistoryModel *m_model;
    HistoryFilter *m_filter;
    QStackedWidget *m_stack;
    QTreeView *m_tree;
    EmptyState *m_empty;
};

} // namespace mf::ui
