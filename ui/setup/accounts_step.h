// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/setup/setup_step.h"

class QLabel;
class QListWidget;
class QStackedWidget;

namespace mf::ui {

class AddAccountPanel;

// The accounts there are, and the form for a new one in the same place.
class AccountsList final : public QWidget
{
    Q_OBJECT
public:
    // prefix: of its parts' object names, "setup".
    AccountsList(Desk &desk, const QString &prefix, QWidget *parent = nullptr);
    bool isAdding() const; // the form is shown, with buttons of its own
    void setNote(const QString &note); // beside the button
    void add();

signals:
    void changed();

private:
    void update();
    void showList();

    Desk &m_desk;
    QStackedWidget *m_stack;
    QListWidget *m_list;
    QLabel *m_none;
    QLabel *m_note;
    QPushButton *m_add;
    AddAccountPanel *m_panel = nullptr; // while it is needed
};

// Adds folders to a new library.
class AccountsStep final : public SetupStep
{
    Q_OBJECT
public:
    explicit AccountsStep(Desk &desk, QWidget *parent = nullptr);
    QString title() const override { return tr("Add places for your models"); }
    QString explanation() const override;
    Buttons buttons() const override;

private:
    void update();

    Desk &m_desk;
    AccountsList *m_accounts;
};

} // namespace mf::ui
