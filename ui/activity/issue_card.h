// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/activity/issue_control.h"

#include <QFrame>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace mf::ui {

// One issue: what it means, why, and what mends it. One that is over stays, and says so.
class IssueCard final : public QFrame
{
    Q_OBJECT
public:
    explicit IssueCard(QWidget *parent = nullptr);

    void show(const IssueEntry &issue);
    void showMending(const QString &words, bool runs); // "": none
    void showSolved();
    bool isSolved() const { return m_isSolved; }
    const IssueEntry &issue() const { return m_issue; }
    const std::vector<QPushButton *> &buttons() const { return m_buttons; }

signals:
    void pressed(mf::ui::IssueEntry::Remedy remedy);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void makeButtons();
    void drawIcon();
    IssueEntry m_issue;
    bool m_isSolved = false;
    QLabel *m_icon;
    QLabel *m_title;
    QLabel *m_text;
    QLabel *m_mending;
    QHBoxLayout *m_row;
    std::vector<QPushButton *> m_buttons;
};

} // namespace mf::ui
