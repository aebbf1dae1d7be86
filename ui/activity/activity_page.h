// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

class QStackedWidget;
class QTabBar;

namespace mf::ui {

class HistoryView;
class IssuesView;
class LogView;

// What needs the user, what happened, and the log (ux.md 2.6).
class ActivityPage final : public Page
{
    Q_OBJECT
public:
    explicit ActivityPage(Desk &desk, QWidget *parent = nullptr);

    QString title() const override { return tr("Activity"); }
    QLineEdit *search() const override { return m_search; }
    std::vector<QWidget *> panes() override;
    // "issues", "history", "log": that tab; "diagnostics": the preview of the diagnostics file.
    void reveal(const QString &key) override;

    // Where modelfloat.log is.
    void setLogFolder(const QString &folder);

private:
    enum class Tab { Issues, History, Log };
    void makeActions();
    void showTab(Tab tab);
    void tellTabs();
    void openDiagnostics();

    Desk &m_desk;
    QString m_logFolder;
    QLineEdit *m_search;
    QTabBar *m_tabs;
    QStackedWidget *m_stack;
    IssuesView *m_issues;
    HistoryView *m_history;
    LogView *m_log;
};

} // namespace mf::ui
