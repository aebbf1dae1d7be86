// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/main_window.h"

#include "ui/activity/activity_page.h"
#include "ui/common/icons.h"
#include "ui/common/words.h"
#include "ui/models/models_page.h"
#include "ui/setup/kit_dialog.h"
#include "ui/setup/welcome_dialog.h"
#include "ui/storage/add_account_dialog.h"
#include "ui/storage/storage_page.h"
#include "ui/store/download_dialog.h"
#include "ui/store/drop_contents.h"
#include "ui/store/drop_target.h"
#include "ui/store/protect_dialog.h"
#include "ui/store/store_dialog.h"
#include "ui/transfers/transfer_status.h"
#include "ui/transfers/transfers_page.h"
#include "ui/window/about_dialog.h"
#include "ui/window/appearance.h"
#include "ui/window/menus.h"
#include "ui/window/panes.h"
#include "ui/window/shortcut_sheet.h"

#include <QActionGroup>
#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QMimeData>
#include <QScreen>
#include <QStackedWidget>
#include <QStatusBar>
#include <QUrl>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr int kMargin = 8;
constexpr int kNarrow = 900; // below it the sidebar shows icons alone
const QString kGeometry = QStringLiteral("window/geometry");
const QString kPage = QStringLiteral("window/page");

bool isUnderWay(const TransferEntry &transfer)
{
    using State = TransferEntry::State;
    return transfer.state == State::Running || transfer.state == State::Waiting || transfer.state == State::Queued;
}

bool needsAttention(const ModelEntry &model)
{
    return model.state == ModelState::Reduced || model.state == ModelState::AtRisk
        || model.state == ModelState::Unreadable || model.onThisComputer;
}

} // namespace

MainWindow::MainWindow(Service &service, Prompts &prompts, QSettings &memory, Clock &clock, const QString &logFolder)
    : m_service(service)
    , m_memory(memory)
    , m_actions(this)
    , m_toaster(this)
    , m_desk { service, m_actions, prompts, m_toaster, memory, clock }
    , m_sidebar(new Sidebar(this))
    , m_stack(new QStackedWidget(this))
    , m_summary(new QLabel(this))
{
    setObjectName(QStringLiteral("window"));
    setWindowIcon(QIcon(QStringLiteral(":/modelfloat/modelfloat.svg")));
    makeActions();
    makePages(logFolder);
    makeMenus();

    auto *middle = new QWidget(this);
    auto *row = new QHBoxLayout(middle);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_sidebar);
    row->addWidget(m_stack, 1);
    setCentralWidget(middle);
    m_summary->setObjectName(QStringLiteral("window.summary"));
    m_summary->setContentsMargins(kMargin, 0, kMargin, 0);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->addWidget(m_summary);
    auto *status = new TransferStatus(m_desk, this);
    connect(status, &TransferStatus::asksFor, this, &MainWindow::showPage);
    statusBar()->addPermanentWidget(status);

    auto *drops = new DropTarget(this);
    connect(drops, &DropTarget::dropped, this, &MainWindow::openPaths);
    connect(drops, &DropTarget::refused, this, [this](const QString &why) { m_toaster.show(why); });

    connect(&m_service, &Service::modelsChanged, this, &MainWindow::showCounts);
    connect(&m_service, &Service::transfersChanged, this, &MainWindow::showCounts);
    connect(&m_service, &Service::issuesChanged, this, &MainWindow::showCounts);
    connect(&m_service, &Service::limitsChanged, this, &MainWindow::showTitle);
    connect(&m_service, &Service::stateChanged, this, [this] {
        showCounts();
        offerSetUp();
    });
    recall();
    showCounts();
    offerSetUp();
}

// Pages and dialogs work with the desk, which ends before the widgets that are this window's children.
MainWindow::~MainWindow()
{
    remember();
    hide();
    qDeleteAll(findChildren<QDialog *>(QString(), Qt::FindDirectChildrenOnly));
    setStatusBar(nullptr);
    delete takeCentralWidget();
}

void MainWindow::makeActions()
{
    const QString window = tr("Window");
    const auto act = [this](const QString &id, auto what) { connect(m_actions[id], &QAction::triggered, this, what); };
    m_actions.add(
        QStringLiteral("store.open"), tr("Models"), tr("&Store Model…"), QKeySequence::Open, QStringLiteral("plus"));
    act(QStringLiteral("store.open"), [this] { openPaths({}); });
    m_actions.add(QStringLiteral("library.kit"), window, tr("Recovery &Kit…"), {}, QStringLiteral("key-round"));
    act(QStringLiteral("library.kit"), [this] { showPage(QStringLiteral("kit"), {}); });
    m_actions.add(QStringLiteral("edit.paste"), window, tr("&Paste"), QKeySequence::Paste);
    act(QStringLiteral("edit.paste"), [this] { paste(); });
    m_actions.add(QStringLiteral("edit.find"), window, tr("&Find"), QKeySequence::Find, QStringLiteral("search"));
    act(QStringLiteral("edit.find"), [this] {
        if (QLineEdit *search = current()->search())
            search->setFocus(Qt::ShortcutFocusReason);
    });
    m_actions.add(
        QStringLiteral("view.refresh"), window, tr("&Refresh"), QKeySequence::Refresh, QStringLiteral("rotate-cw"));
    act(QStringLiteral("view.refresh"), [this] { m_service.refresh(); });
    addAppearance(m_actions, m_memory, this);
    m_actions.add(QStringLiteral("view.nextPane"), window, tr("Next Pane"), QKeySequence(Qt::Key_F6));
    act(QStringLiteral("view.nextPane"), [this] { nextPane(1); });
    m_actions.add(
        QStringLiteral("view.previousPane"), window, tr("Previous Pane"), QKeySequence(Qt::SHIFT | Qt::Key_F6));
    act(QStringLiteral("view.previousPane"), [this] { nextPane(-1); });
    m_actions.add(QStringLiteral("help.setUp"), window, tr("&Set-up Assistant…"));
    act(QStringLiteral("help.setUp"), [this] { showPage(QStringLiteral("setup"), {}); });
    m_actions.add(QStringLiteral("help.shortcuts"), window, tr("&Keyboard Shortcuts"), QKeySequence::HelpContents);
    act(QStringLiteral("help.shortcuts"), [this] { ShortcutSheet::open(m_actions, this); });
    m_actions.add(QStringLiteral("help.about"), window, tr("&About ModelFloat"));
    act(QStringLiteral("help.about"), [this] { AboutDialog::open(this); });
    m_actions.add(QStringLiteral("window.close"), window, tr("&Close Window"), QKeySequence(Qt::CTRL | Qt::Key_W));
    act(QStringLiteral("window.close"), [this] { close(); });
    m_actions.add(QStringLiteral("app.quit"), window, tr("&Quit"), QKeySequence(Qt::CTRL | Qt::Key_Q));
    act(QStringLiteral("app.quit"), [this] { askToQuit(); });
}

void MainWindow::addPageAction(const QString &id, const QString &text, const QString &iconName)
{
    const int number = static_cast<int>(m_pageActions.size()) + 1;
    QAction *action = m_actions.add(QStringLiteral("page.") + id, tr("Pages"), text,
        QKeySequence(static_cast<int>(Qt::CTRL) | (Qt::Key_0 + number)), iconName);
    action->setCheckable(true);
    m_pageActions.insert(id, action);
    m_sidebar->add(action);
    connect(action, &QAction::triggered, this, [this, id] { showPage(id, {}); });
}

void MainWindow::addPage(const QString &id, Page *page)
{
    m_stack->addWidget(page);
    m_pages.insert(id, page);
    connect(page, &Page::asksFor, this, &MainWindow::showPage);
}

void MainWindow::makePages(const QString &logFolder)
{
    // All before the first page: Tab goes through what is in a window in the order in which it came.
    addPageAction(QStringLiteral("models"), tr("&Models"), QStringLiteral("boxes"));
    addPageAction(QStringLiteral("transfers"), tr("&Transfers"), QStringLiteral("arrow-down-up"));
    addPageAction(QStringLiteral("storage"), tr("&Storage"), QStringLiteral("database"));
    addPageAction(QStringLiteral("activity"), tr("&Activity"), QStringLiteral("activity"));
    auto *group = new QActionGroup(this);
    for (QAction *action : std::as_const(m_pageActions))
        group->addAction(action);

    m_models = new ModelsPage(m_desk, this);
    connect(m_models, &ModelsPage::asksToDownload, this, [this](const ModelEntry &model) {
        connect(DownloadDialog::open(m_desk, this, model), &DownloadDialog::asksFor, this, &MainWindow::showPage);
    });
    connect(m_models, &ModelsPage::asksToProtect, this, [this](const ModelEntry &model) {
        connect(ProtectDialog::open(m_desk, this, model), &ProtectDialog::asksFor, this, &MainWindow::showPage);
    });
    addPage(QStringLiteral("models"), m_models);
    addPage(QStringLiteral("transfers"), new TransfersPage(m_desk, this));
    addPage(QStringLiteral("storage"), new StoragePage(m_desk, this));
    auto *activity = new ActivityPage(m_desk, this);
    activity->setLogFolder(logFolder);
    addPage(QStringLiteral("activity"), activity);
}

void MainWindow::makeMenus()
{
    fillMenuBar(*menuBar(), m_actions);
    for (QAction *action : m_actions.all())
        addAction(action); // shortcuts, also of those in no menu
}

Page *MainWindow::current() const { return static_cast<Page *>(m_stack->currentWidget()); }

void MainWindow::showPage(const QString &page, const QString &key)
{
    if (page == QStringLiteral("kit")) {
        KitDialog::open(m_desk, this);
        return;
    }
    if (page == QStringLiteral("setup")) {
        m_welcome = WelcomeDialog::open(m_desk, this);
        return;
    }
    if (page == QStringLiteral("storage") && key == QStringLiteral("add")) {
        AddAccountDialog::open(m_desk, this);
        return;
    }
    Page *const wanted = m_pages.value(page);
    if (!wanted)
        return;
    m_stack->setCurrentWidget(wanted);
    m_pageActions.value(page)->setChecked(true);
    if (!key.isEmpty())
        wanted->reveal(key);
    m_memory.setValue(kPage, page);
    showTitle();
}

void MainWindow::showTitle()
{
    const QString page = current() ? current()->title() : QString();
    const QString base = tr("%1 — ModelFloat").arg(page);
    setWindowTitle(m_service.isPaused() ? tr("Paused — %1").arg(base) : base);
}

void MainWindow::showCounts()
{
    const auto &transfers = m_service.transfers();
    const auto moving = std::count_if(transfers.begin(), transfers.end(), isUnderWay);
    m_sidebar->setCount(m_pageActions.value(QStringLiteral("transfers")), moving ? QString::number(moving) : QString(),
        moving ? countWords(moving, tr("transfer"), tr("transfers")) : QString());
    const auto issues = static_cast<qint64>(m_service.issues().size());
    m_sidebar->setCount(m_pageActions.value(QStringLiteral("activity")), issues ? QString::number(issues) : QString(),
        issues ? countWords(issues, tr("issue"), tr("issues")) : QString());
    const auto &models = m_service.models();
    qint64 bytes = 0;
    for (const ModelEntry &model : models)
        bytes += model.bytes;
    const auto attention = std::count_if(models.begin(), models.end(), needsAttention);
    QString text;
    if (m_service.state() == Service::State::Ready) {
        text = countWords(static_cast<qint64>(models.size()), tr("model"), tr("models")) + QStringLiteral(" · ")
            + sizeWords(bytes);
        if (attention > 0)
            text += QStringLiteral(" · ")
                + (attention == 1 ? tr("1 needs attention") : tr("%1 need attention").arg(attention));
    }
    m_summary->setText(text);
}

void MainWindow::offerSetUp()
{
    using State = Service::State;
    const State state = m_service.state();
    const bool isKnown = state == State::None || state == State::Ready;
    Actions::disable(
        m_actions[QStringLiteral("help.setUp")], isKnown ? QString() : tr("Your library is not open yet."));
    if (WelcomeDialog::isNeeded(m_desk) && !m_welcome)
        m_welcome = WelcomeDialog::open(m_desk, this);
}

void MainWindow::openPaths(const QStringList &paths)
{
    if (m_service.state() != Service::State::Ready) {
        m_toaster.show(tr("Your library is not open yet."));
        return;
    }
    const DropContents contents = contentsOf(paths);
    if (!contents.problem.isEmpty())
        m_toaster.show(contents.problem);
    if (contents.paths.isEmpty() && !paths.isEmpty())
        return;
    StoreDialog *dialog = StoreDialog::open(m_desk, this, contents.paths); // the one that is open, if any
    connect(dialog, &StoreDialog::asksFor, this, &MainWindow::showPage, Qt::UniqueConnection);
}

void MainWindow::paste()
{
    const QMimeData *const pasted = QApplication::clipboard()->mimeData();
    QStringList paths;
    if (pasted) {
        for (const QUrl &url : pasted->urls()) {
            if (url.isLocalFile())
                paths.append(url.toLocalFile());
        }
    }
    if (!paths.isEmpty())
        openPaths(paths);
    else if (auto *field = qobject_cast<QLineEdit *>(QApplication::focusWidget()))
        field->paste();
    else
        m_toaster.show(tr("There are no files on the clipboard."));
}

void MainWindow::nextPane(int step)
{
    std::vector<QWidget *> panes { m_sidebar };
    for (QWidget *pane : current()->panes()) {
        if (pane->isVisible())
            panes.push_back(pane);
    }
    panes.push_back(statusBar());
    focusNextPane(panes, step);
}

// Keys go to what the page is about, not to the button of the page.
void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    if (event->spontaneous() || focusWidget())
        return;
    for (QWidget *pane : current()->panes()) {
        if (pane->isVisible() && !qobject_cast<QLineEdit *>(pane) && focusInto(pane))
            return;
    }
    focusInto(current());
}

void MainWindow::askToQuit()
{
    if (!m_isAsking)
        m_scope.start(quitAfterAsking());
}

Task<void> MainWindow::quitAfterAsking()
{
    const auto &transfers = m_service.transfers();
    const auto moving = std::count_if(transfers.begin(), transfers.end(), isUnderWay);
    if (moving > 0 && !m_service.isPaused()) {
        m_isAsking = true;
        const QString title = moving == 1 ? tr("Quit while a transfer is running?")
                                          : tr("Quit while %1 transfers are running?").arg(moving);
        const QStringList choices { tr("Keep Running"), tr("Pause and Quit") };
        auto asking = m_desk.prompts.choose(this, title, tr("They go on from the same place next time."), choices);
        const int chosen = co_await asking;
        m_isAsking = false;
        if (chosen != 1)
            co_return;
    }
    m_mayClose = true;
    remember();
    emit quitAsked();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_mayClose) {
        event->accept();
        return;
    }
    event->ignore();
    askToQuit();
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    m_sidebar->setNarrow(width() < kNarrow);
}

void MainWindow::raiseFully()
{
    setWindowState((windowState() & ~Qt::WindowMinimized) | Qt::WindowActive);
    show();
    raise();
    activateWindow();
}

void MainWindow::remember() { m_memory.setValue(kGeometry, saveGeometry()); }

void MainWindow::recall()
{
    const QRect room = screen()->availableGeometry();
    resize(QSize(1280, 740).boundedTo(room.size()));
    // In a place of our choice: what opens at once, as the welcome does, lies in the middle of where the window will
    // be.
    move(room.center() - rect().center());
    restoreGeometry(m_memory.value(kGeometry).toByteArray());
    const QString page = m_memory.value(kPage).toString();
    showPage(m_pages.contains(page) ? page : QStringLiteral("models"), {});
}

} // namespace mf::ui
