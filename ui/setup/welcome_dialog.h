// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/setup/setup_step.h"
#include "ui/setup/setup_words.h"

#include <QDialog>

class QLabel;
class QStackedWidget;

namespace mf::ui {

// The first minutes: a new library, its kit and its folders, or an existing library with its kit. It may be closed at
// any step; opened again it goes on there. It deletes itself when it closes.
class WelcomeDialog final : public QDialog
{
    Q_OBJECT
public:
    static WelcomeDialog *open(Desk &desk, QWidget *parent);
    using QDialog::open;

    // If it should be shown by itself: there is no library, or one whose recovery somebody left. A kit that nobody has
    // saved is told of by an issue.
    static bool isNeeded(const Desk &desk);

private:
    WelcomeDialog(Desk &desk, QWidget *parent);
    QLayout *makeFooter();
    void add(SetupPlace place, SetupStep *step);
    void go(SetupPlace place);
    void look(); // title and buttons of the step
    void stepDone();
    SetupStep *step() const;
    bool isRecovering() const;
    void setRecovering(bool isSo);

    Desk &m_desk;
    SetupPlace m_place = SetupPlace::Welcome;
    QLabel *m_position;
    QLabel *m_title;
    QLabel *m_explanation;
    QStackedWidget *m_stack;
    std::vector<SetupPlace> m_places; // of the stack's pages
    QWidget *m_footer;
    QPushButton *m_back;
    QPushButton *m_secondary;
    QPushButton *m_primary;
};

} // namespace mf::ui
