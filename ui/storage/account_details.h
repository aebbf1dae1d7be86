// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QScrollArea>

class QBoxLayout;
class QFormLayout;
class QLabel;
class QPushButton;
class QToolButton;

namespace mf::ui {

class AccountActions;
class LimitsForm;
class LossView;
class StateLabel;

// The lower half of the Storage page: one account, what losing it would do, and its limits.
class AccountDetails final : public QScrollArea
{
    Q_OBJECT
public:
    AccountDetails(Desk &desk, AccountActions &actions, QWidget *parent = nullptr);

    // Nothing: says so.
    void tell(const AccountEntry *account);
    void showLoss(); // asks anew, and brings it into view

    QSize sizeHint() const override; // all of it

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeFacts();
    QLayout *makeHead(AccountActions &actions);

    Desk &m_desk;
    std::optional<AccountId> m_account;
    std::optional<AccountId> m_lossOf; // what would be lost is asked of it
    QWidget *m_content;
    QLabel *m_none;
    QLabel *m_name;
    StateLabel *m_health;
    QPushButton *m_signIn = nullptr; // where that is what the account wants
    QLabel *m_trouble;
    QLabel *m_place;
    QLabel *m_domain;
    QLabel *m_domainWhy;
    QLabel *m_seen;
    QLabel *m_space;
    LossView *m_loss;
    LimitsForm *m_limits;
    QBoxLayout *m_columns;
};

} // namespace mf::ui
