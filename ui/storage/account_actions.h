// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QPointer>

#include <optional>

namespace mf::ui {

// What can be done with accounts: the actions "account.…" and "storage.…", and what they ask and tell. Those of one
// account act on the chosen one.
class AccountActions final : public QObject
{
    Q_OBJECT
public:
    // page: the parent of questions.
    AccountActions(Desk &desk, QWidget *page);

    void choose(const std::optional<AccountId> &account);
    // While the page is hidden nothing is chosen, whatever was.
    void setPageShown(bool isShown);

    void rename(const AccountId &account, const QString &name);
    QAction *moveAway() const { return m_moveAway; } // for the button; not in menus: it is a way to remove

signals:
    void addAsked();
    void renameAsked(); // of the chosen one
    void signInAsked(const mf::AccountId &account);
    void lossAsked();
    void transfersAsked();
    void busy(const QString &what); // "": not any more
    void failed(const mf::Error &error, const QString &what);

private:
    const AccountEntry *chosen() const;
    void look(); // what can be used now
    void remove();
    void checkAll();
    Task<void> testing(AccountId account, QString name);
    Task<void> renaming(AccountRecord changed);
    Task<void> removal(AccountId account);

    Desk &m_desk;
    QPointer<Actions> m_actions; // a window that is being destroyed hides its pages after them
    QWidget *m_page;
    std::optional<AccountId> m_chosen;
    bool m_isPageShown = false;
    QAction *m_moveAway;
    TaskScope m_scope;
};

} // namespace mf::ui
