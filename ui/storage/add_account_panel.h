// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QStackedWidget>

class QLabel;
class QProgressBar;

namespace mf::ui {

class AccountForm;
class StateLabel;

// Adds one account after the other: a form, its test, and what came of it. What was typed stays until it worked.
class AddAccountPanel final : public QStackedWidget
{
    Q_OBJECT
public:
    explicit AddAccountPanel(Desk &desk, QWidget *parent = nullptr);

    bool isTesting() const;
    void reset(); // to an empty form
    void focusFirst();

signals:
    void added(const QString &name);
    void finished(); // Done, or Cancel in the form

private:
    QWidget *makeFormPage();
    QWidget *makeTestPage();
    void look();
    void submit();
    Task<void> adding(AccountRecord draft, QByteArray secret);
    void fail(const Error &error);
    void offerTrust(const Error &error);
    void succeed(const QString &name);
    void backToForm();

    enum class Stage { Testing, Failed, Done };
    void tell(Stage stage, const QString &failedStep = {});

    Desk &m_desk;
    AccountForm *m_form;
    QLabel *m_missing; // why it cannot be added yet
    QPushButton *m_submit;
    QPushButton *m_cancel;
    QWidget *m_testPage = nullptr;
    QLabel *m_testTitle;
    InlineMessage *m_error;
    QProgressBar *m_bar;
    std::vector<StateLabel *> m_steps;
    QLabel *m_ready;
    QPushButton *m_stop;
    QPushButton *m_back;
    QPushButton *m_again;
    QPushButton *m_another;
    QPushButton *m_done;
    TaskScope m_scope;
};

} // namespace mf::ui
