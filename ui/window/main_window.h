// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"
#include "ui/window/sidebar.h"

#include <QMainWindow>
#include <QMap>

class QLabel;
class QStackedWidget;

namespace mf::ui {

class ModelsPage;

// The one window: sidebar, pages, status bar. It makes the pages and carries out what one page asks of another.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    // All of them outlive the window. logFolder: where the log lies, for the Activity page.
    MainWindow(Service &service, Prompts &prompts, QSettings &memory, Clock &clock, const QString &logFolder);
    ~MainWindow() override;

    // Files, folders and links that were dropped, pasted, or given on the command line of a second start.
    void openPaths(const QStringList &paths);
    // Shown, not minimised, and in front.
    void raiseFully();
    Actions &actions() { return m_actions; }

signals:
    void quitAsked(); // everything may end now

protected:
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void makeActions();
    void makePages(const QString &logFolder);
    void makeMenus();
    void addPageAction(const QString &id, const QString &text, const QString &iconName);
    void addPage(const QString &id, Page *page);
    void showPage(const QString &page, const QString &key);
    void showCounts();
    void showTitle();
    void offerSetUp(); // the assistant, by itself where it is needed
    void paste();
    void nextPane(int step);
    void askToQuit();
    void remember();
    void recall();
    Page *current() const;
    Task<void> quitAfterAsking();

    Service &m_service;
    QSettings &m_memory;
    Actions m_actions;
    Toaster m_toaster;
    Desk m_desk;
    Sidebar *m_sidebar;
    QStackedWidget *m_stack;
    QLabel *m_summary;
    ModelsPage *m_models = nullptr;
    QMap<QString, Page *> m_pages;
    QMap<QString, QAction *> m_pageActions;
    QPointer<QWidget> m_welcome;
    bool m_isAsking = false;
    bool m_mayClose = false;
    TaskScope m_scope;
};

} // namespace mf::ui
