// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QWidget>

class QLineEdit;
class QPushButton;
class QLabel;

namespace mf::ui {

// The limits of one account: how fast, how much. A field that is being edited keeps what was typed when the account is
// told anew; what changes applies with a button or Enter.
class LimitsForm final : public QWidget
{
    Q_OBJECT
public:
    explicit LimitsForm(Desk &desk, QWidget *parent = nullptr);
    void tell(const AccountEntry &account);

private:
    struct Field {
        QLineEdit *edit = nullptr;
        QString shown; // what tell() put there
    };
    void fill(Field &field, qint64 value, bool isRate) const;
    bool isChanged() const;
    void look();
    void apply();
    Task<void> applying(AccountRecord changed);

    Desk &m_desk;
    AccountEntry m_account;
    Field m_up;
    Field m_down;
    Field m_capacity;
    QPushButton *m_apply;
    QLabel *m_problem;
    TaskScope m_scope;
};

} // namespace mf::ui
