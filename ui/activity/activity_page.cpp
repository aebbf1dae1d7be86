// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/activity_page.h"

#include "ui/activity/diagnostics.h"
#include "ui/activity/diagnostics_dialog.h"
#include "ui/activity/history_view.h"
#include "ui/activity/issues_view.h"
#include "ui/activity/log_view.h"

#include <QDesktopServices>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QUrl>
#include <QVBoxLayout>

namespace mf::ui {
namespace {

const QString kTabKey = QStringLiteral("activity/tab");

} // namespace

ActivityPage::ActivityPage(Desk &desk, QWidget *parent)
    : Page(parent)
    , m_desk(desk)
    , m_search(searchField(tr("Filter"), tr("Filter activity"), this))
    , m_tabs(new QTabBar(this))
    , m_stack(new QStackedWidget(this))
{
    setObjectName(QStringLiteral("activity"));
    makeActions();
    m_issues = new IssuesView(desk, this);
    m_history = new HistoryView(desk, this);
    m_log = new LogView(desk, this);
    m_stack->addWidget(m_issues);
    m_stack->addWidget(m_history);
    m_stack->addWidget(m_log);

    auto *header = new PageHeader(title(), this);
    m_search->setObjectName(QStringLiteral("activity.search"));
    m_search->setMaximumWidth(360);
    header->add(m_search, 4);
    header->addStretch();
    QAction *diagnose = m_desk.actions[QStringLiteral("activity.diagnostics")];
    auto *report = new QPushButton(diagnose->text(), this);
    report->setObjectName(QStringLiteral("activity.diagnosticsButton"));
    report->setAccessibleName(tr("Create a diagnostics file"));
    report->setIcon(diagnose->icon());
    connect(report, &QPushButton::clicked, diagnose, &QAction::trigger);
    header->add(report);
    setTabOrder(m_search, report);
    m_tabs->setObjectName(QStringLiteral("activity.tabs"));
    m_tabs->setAccessibleName(tr("What is shown of the activity"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->addTab(tr("Issues"));
    m_tabs->addTab(tr("History"));
    m_tabs->addTab(tr("Log"));

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 12, 16, 12);
    column->setSpacing(8);
    column->addWidget(header);
    column->addWidget(m_tabs);
    column->addWidget(m_stack, 1);

    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_stack->setCurrentIndex(tab);
        m_desk.memory.setValue(kTabKey, tab);
    });
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_issues->setFilter(text);
        m_history->setFilter(text);
        m_log->setFilter(text);
    });
    connect(m_issues, &IssuesView::asksFor, this, &Page::asksFor);
    connect(&m_desk.service, &Service::issuesChanged, this, &ActivityPage::tellTabs);
    m_tabs->setCurrentIndex(std::clamp(m_desk.memory.value(kTabKey, 0).toInt(), 0, m_tabs->count() - 1));
    tellTabs();
}

void ActivityPage::makeActions()
{
    const QString group = tr("Activity");
    Actions &actions = m_desk.actions;
    connect(actions.add(QStringLiteral("activity.diagnostics"), group, tr("Create Diagnostics File…"), {},
                QStringLiteral("life-buoy")),
        &QAction::triggered, this, &ActivityPage::openDiagnostics);
    connect(actions.add(
                QStringLiteral("activity.openLog"), group, tr("Open Log Folder"), {}, QStringLiteral("folder-open")),
        &QAction::triggered, this, [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_logFolder)); });
    actions.add(QStringLiteral("activity.copy"), group, tr("Copy History Rows"), {}, QStringLiteral("copy"));
}

std::vector<QWidget *> ActivityPage::panes() { return { m_search, m_tabs, m_stack->currentWidget() }; }

void ActivityPage::reveal(const QString &key)
{
    if (key == QStringLiteral("issues"))
        showTab(Tab::Issues);
    else if (key == QStringLiteral("history"))
        showTab(Tab::History);
    else if (key == QStringLiteral("log"))
        showTab(Tab::Log);
    else if (key == QStringLiteral("diagnostics"))
        openDiagnostics();
}

void ActivityPage::showTab(Tab tab) { m_tabs->setCurrentIndex(static_cast<int>(tab)); }

void ActivityPage::tellTabs()
{
    const std::size_t count = m_desk.service.issues().size();
    m_tabs->setTabText(0, count == 0 ? tr("Issues") : tr("Issues %1").arg(QLocale().toString(qulonglong(count))));
}

void ActivityPage::setLogFolder(const QString &folder)
{
    m_logFolder = folder;
    m_log->setFolder(folder);
    Actions::disable(
        m_desk.actions[QStringLiteral("activity.openLog")], folder.isEmpty() ? tr("No log is kept.") : QString());
}

void ActivityPage::openDiagnostics()
{
    if (auto *open = findChild<DiagnosticsDialog *>()) {
        open->raise();
        return;
    }
    LogTail tail(m_logFolder);
    const Result<bool> read = tail.refresh();
    QStringList lines = tail.lines();
    if (!read)
        lines = { QStringLiteral("cannot be read: ") + read.error().message };
    auto *dialog = new DiagnosticsDialog(m_desk, diagnosticsOf(m_desk.service, lines, m_desk.clock.now()), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

} // namespace mf::ui
