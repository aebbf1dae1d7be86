// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QTimer>

class QSplitter;
class QPushButton;
class QStackedWidget;
class QTreeView;
class QSortFilterProxyModel;

namespace mf::ui {

class AccountActions;
class AccountDetails;
class AccountsModel;
class SummaryCard;

// The accounts: what they hold and have room for, how they are, and what losing one would do.
class StoragePage final : public Page
{
    Q_OBJECT
public:
    explicit StoragePage(Desk &desk, QWidget *parent = nullptr);

    QString title() const override { return tr("Storage"); }
    std::vector<QWidget *> panes() override;
    void reveal(const QString &key) override; // the name of an account; "add": the form for a new one; a signInKey()

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void makeTable();
    void connectActions();
    void update();
    void askRoom(); // unless it is known for the accounts as they are
    Task<void> askingRoom();
    void tellState(); // of the library: what stands where the table would be
    void tellTrouble(); // all unreachable, one full
    void orderTrouble(const std::vector<QPushButton *> &buttons); // they came last, but stand above the table
    void chooseCurrent();
    void fit(); // table and details
    void openMenu(const QPoint &position);
    const AccountEntry *current() const;

    Desk &m_desk;
    AccountActions *m_actions;
    AccountsModel *m_model;
    QSortFilterProxyModel *m_sorted;
    InlineMessage *m_error; // of what was asked for
    InlineMessage *m_trouble; // of the accounts
    QString m_troubleShown; // which one; a closed one stays closed
    QPushButton *m_add;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QWidget *m_full;
    SummaryCard *m_summary;
    QSplitter *m_splitter;
    QTreeView *m_table;
    AccountDetails *m_details;
    QTimer m_slow;
    QString m_busy;
    std::optional<RoomLeft> m_room;
    QString m_roomOf; // the accounts that it was asked for
    TaskScope m_scope;
};

} // namespace mf::ui
