// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QDialog>

class QProgressBar;
class QPushButton;

namespace mf::ui {

class FormFields;

// Asks for an account's new password or key; the library tries it before the old one goes. Not modal. It deletes itself
// when it closes, which ends a trial that still runs.
class SignInDialog final : public QDialog
{
    Q_OBJECT
public:
    // One at a time: another account's takes its place.
    static SignInDialog *open(Desk &desk, QWidget *parent, const AccountEntry &account);
    using QDialog::open;

private:
    SignInDialog(Desk &desk, QWidget *parent, const AccountEntry &account);
    void look();
    void submit();
    void trust(const QString &certificate);
    void offerTrust(const QString &certificate);
    Task<void> trying(Task<Result<>> question);

    Desk &m_desk;
    const AccountId m_account;
    const QString m_name;
    FormFields *m_fields;
    InlineMessage *m_error;
    QProgressBar *m_bar;
    QPushButton *m_submit;
    bool m_isTrying = false;
    TaskScope m_scope;
};

} // namespace mf::ui
