// SPDX-License-Identifier: GPL-3.0-or-later
// The window as a whole, on a scripted library: pages, menus, shortcuts, quitting, what is dropped and pasted.
#include "core/base/clock.h"
#include "tests/support/fake_clock.h"
#include "tests/ui/fake_service.h"
#include "tests/ui/scripted_prompts.h"
#include "ui/common/theme.h"
#include "ui/setup/welcome_dialog.h"
#include "ui/store/store_dialog.h"
#include "ui/window/main_window.h"
#include "ui/window/shortcut_sheet.h"

#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeWidget>
#include <QtTest>

using namespace mf;
using namespace mf::ui;

namespace {

struct Fixture {
    QTemporaryDir folder;
    QSettings memory { folder.filePath(QStringLiteral("window.ini")), QSettings::IniFormat };
    FakeClock clock;
    FakeService service;
    ScriptedPrompts prompts;
    std::unique_ptr<MainWindow> window;

    explicit Fixture(bool isFull = true)
    {
        if (isFull)
            service.fill();
    }
    MainWindow &open()
    {
        window = std::make_unique<MainWindow>(service, prompts, memory, clock, folder.path());
        window->show();
        [[maybe_unused]] const bool isShown = QTest::qWaitForWindowExposed(window.get());
        return *window;
    }
    template <typename T> T *find(const QString &name) { return window->findChild<T *>(name); }
};

} // namespace

class TestUiWindow : public QObject
{
    Q_OBJECT
    Theme m_theme { Theme::Choice::Light };

private slots:
    void pagesByShortcutAndSidebar()
    {
        Fixture f;
        MainWindow &window = f.open();
        auto *stack = window.findChild<QStackedWidget *>();
        QVERIFY(window.windowTitle().startsWith(QStringLiteral("Models")));
        const std::pair<Qt::Key, QString> keys[]
            = { { Qt::Key_2, QStringLiteral("Transfers") }, { Qt::Key_3, QStringLiteral("Storage") },
                  { Qt::Key_4, QStringLiteral("Activity") }, { Qt::Key_1, QStringLiteral("Models") } };
        for (const auto &[key, title] : keys) {
            QTest::keyClick(&window, key, Qt::ControlModifier);
            QVERIFY2(window.windowTitle().startsWith(title), qPrintable(window.windowTitle()));
        }
        const QWidget *before = stack->currentWidget();
        QTest::mouseClick(f.find<QToolButton>(QStringLiteral("sidebar.page.storage")), Qt::LeftButton);
        QVERIFY(stack->currentWidget() != before);
        f.service.setPaused(true);
        QVERIFY(window.windowTitle().startsWith(QStringLiteral("Paused")));
    }

    void keysGoToThePageAtFirst()
    {
        Fixture f;
        MainWindow &window = f.open();
        QVERIFY(window.focusWidget());
        QCOMPARE(window.focusWidget()->objectName(), QStringLiteral("models.list"));

        Fixture empty(false);
        QVERIFY(empty.open().focusWidget());
        QCOMPARE(empty.window->focusWidget()->objectName(), QStringLiteral("models.search"));
    }

    void tabGoesThroughThePagesButtonsFirst()
    {
        Fixture f;
        MainWindow &window = f.open();
        QStringList stops;
        for (const QWidget *next = window.nextInFocusChain(); next != &window; next = next->nextInFocusChain()) {
            if (next->isVisible() && (next->focusPolicy() & Qt::TabFocus))
                stops.append(next->objectName());
        }
        const QStringList buttons = stops.filter(QStringLiteral("sidebar.page."));
        QCOMPARE(buttons.size(), 4);
        QCOMPARE(stops.mid(stops.indexOf(buttons.front()), 4), buttons);
        QVERIFY(stops.indexOf(QStringLiteral("models.search")) > stops.indexOf(buttons.back()));
    }

    void thePageIsRemembered()
    {
        Fixture f;
        f.open();
        QTest::keyClick(f.window.get(), Qt::Key_3, Qt::ControlModifier);
        f.window.reset();
        QVERIFY(f.open().windowTitle().startsWith(QStringLiteral("Storage")));
    }

    void countsAreShown()
    {
        Fixture f;
        f.open();
        auto *summary = f.find<QLabel>(QStringLiteral("window.summary"));
        QVERIFY2(summary->text().startsWith(QStringLiteral("6 models")), qPrintable(summary->text()));
        QVERIFY(summary->text().contains(QStringLiteral("3 need attention")));
        auto *transfers = f.find<QToolButton>(QStringLiteral("sidebar.page.transfers"));
        QVERIFY2(transfers->accessibleName().contains(u'4'), qPrintable(transfers->accessibleName()));
        f.service.shownTransfers.clear();
        emit f.service.transfersChanged();
        QCOMPARE(transfers->accessibleName(), QStringLiteral("Transfers"));
    }

    void everyActionIsReachableAndShortcutsAreUnique()
    {
        Fixture f;
        MainWindow &window = f.open();
        QMap<QString, QString> byKeys;
        for (const QAction *action : window.actions().all()) {
            QVERIFY2(!action->text().isEmpty(), qPrintable(action->objectName()));
            for (const QKeySequence &keys : action->shortcuts()) {
                const QString text = keys.toString();
                QVERIFY2(!byKeys.contains(text),
                    qPrintable(text + QStringLiteral(": ") + action->objectName() + QStringLiteral(" and ")
                        + byKeys.value(text)));
                byKeys.insert(text, action->objectName());
            }
        }
        for (const QAction *top : window.menuBar()->actions()) {
            QSet<QString> mnemonics;
            for (const QAction *action : top->menu()->actions()) {
                const qsizetype at = action->text().indexOf(u'&');
                if (action->isSeparator() || at < 0)
                    continue;
                const QString letter = action->text().mid(at + 1, 1).toLower();
                QVERIFY2(!mnemonics.contains(letter), qPrintable(top->text() + QStringLiteral(" ") + action->text()));
                mnemonics.insert(letter);
            }
        }
    }

    void theAppearanceIsChosenAndRemembered()
    {
        Fixture f;
        MainWindow &window = f.open();
        const auto action = [&window](const char *id) { return window.actions()[QString::fromLatin1(id)]; };
        QVERIFY(action("view.appearance.system")->isChecked());
        QCOMPARE(m_theme.scheme(), Scheme::Light); // as it was made: nothing was chosen
        action("view.appearance.dark")->trigger();
        QCOMPARE(m_theme.scheme(), Scheme::Dark);
        f.window.reset();
        m_theme.choose(Theme::Choice::Light);
        MainWindow &again = f.open();
        QCOMPARE(m_theme.scheme(), Scheme::Dark);
        QVERIFY(again.actions()[QStringLiteral("view.appearance.dark")]->isChecked());
        QVERIFY(!again.actions()[QStringLiteral("view.appearance.system")]->isChecked());
        m_theme.choose(Theme::Choice::Light);
    }

    void theSidebarStaysAsWideWhenCountsCome()
    {
        Fixture f;
        f.service.shownTransfers.clear();
        f.service.shownIssues.clear();
        MainWindow &window = f.open();
        const int before = window.findChild<Sidebar *>()->width();
        f.service.fill();
        emit f.service.transfersChanged();
        emit f.service.issuesChanged();
        QCoreApplication::processEvents();
        QCOMPARE(window.findChild<Sidebar *>()->width(), before);
    }

    void quittingAsksOnlyWhileSomethingMoves()
    {
        Fixture f;
        MainWindow &window = f.open();
        QSignalSpy quits(&window, &MainWindow::quitAsked);
        f.prompts.choice = 0;
        window.close();
        QCOMPARE(f.prompts.asked.size(), 1);
        QVERIFY(f.prompts.asked.front().contains(QStringLiteral("4 transfers")));
        QVERIFY(quits.isEmpty());
        QVERIFY(window.isVisible());
        f.prompts.choice = 1;
        window.close();
        QCOMPARE(quits.size(), 1);

        Fixture calm;
        calm.service.shownTransfers.clear();
        MainWindow &other = calm.open();
        QSignalSpy quitsAtOnce(&other, &MainWindow::quitAsked);
        other.close();
        QCOMPARE(quitsAtOnce.size(), 1);
        QVERIFY(calm.prompts.asked.isEmpty());
    }

    void filesOpenOneDialog()
    {
        Fixture f;
        MainWindow &window = f.open();
        window.openPaths({ QStringLiteral("/a.gguf") });
        QCOMPARE(window.findChildren<StoreDialog *>().size(), 1);
        window.openPaths({ QStringLiteral("/b.gguf") });
        QCOMPARE(window.findChildren<StoreDialog *>().size(), 1);
        QVERIFY(f.service.calls.filter(QStringLiteral("scan")).size() >= 1);
    }

    void theEmptyTransfersPageLeadsToTheFirstStore()
    {
        Fixture f;
        f.service.shownTransfers.clear();
        MainWindow &window = f.open();
        QTest::keyClick(&window, Qt::Key_2, Qt::ControlModifier);
        auto *empty = f.find<QWidget>(QStringLiteral("transfers.empty"));
        QVERIFY(empty && empty->isVisible());
        QTest::mouseClick(empty->findChild<QPushButton *>(QStringLiteral("empty.button")), Qt::LeftButton);
        QCOMPARE(window.findChildren<StoreDialog *>().size(), 1);
    }

    void filesThatComeAfterStoringAreNotLost()
    {
        Fixture f;
        MainWindow &window = f.open();
        window.openPaths({ QStringLiteral("/a.gguf") });
        StoreDialog *first = StoreDialog::openOne(&window);
        QVERIFY(first);
        auto *store = first->findChild<QPushButton *>(QStringLiteral("store.store"));
        QTRY_VERIFY(store->isEnabled());
        store->click();
        QVERIFY(!StoreDialog::openOne(&window)); // it waits, hidden, for a click on what it told
        window.openPaths({ QStringLiteral("/b.gguf") });
        StoreDialog *second = StoreDialog::openOne(&window);
        QVERIFY(second && second != first);
        QTRY_VERIFY(!f.service.calls.filter(QStringLiteral("scan /b.gguf")).isEmpty());
    }

    void theWelcomeLiesInTheMiddle()
    {
        Fixture f(false);
        f.service.shownState = Service::State::None;
        MainWindow &window = f.open();
        const auto *welcome = window.findChild<WelcomeDialog *>();
        QVERIFY(welcome);
        const QPoint off = welcome->geometry().center() - window.geometry().center();
        constexpr int kFrame = 40; // of the window manager
        QVERIFY2(off.manhattanLength() <= kFrame, qPrintable(QStringLiteral("%1 %2").arg(off.x()).arg(off.y())));
    }

    void linksAreNoFiles()
    {
        Fixture f;
        MainWindow &window = f.open();
        window.openPaths({ QStringLiteral("https://huggingface.co/Qwen/Qwen2.5-7B") });
        QVERIFY(window.findChildren<StoreDialog *>().isEmpty());
        QVERIFY(f.service.calls.filter(QStringLiteral("scan")).isEmpty());
        auto *toast = window.findChild<QLabel *>(QStringLiteral("toast.text"));
        QVERIFY(toast && toast->isVisible() && toast->text().contains(QStringLiteral("is a link")));
        window.openPaths(
            { QStringLiteral("https://huggingface.co/Qwen"), QStringLiteral("file:///models/my%20x.gguf") });
        QTRY_VERIFY(!f.service.calls.filter(QStringLiteral("scan /models/my x.gguf")).isEmpty());
    }

    void theIconsLicenceIsShown()
    {
        Fixture f;
        MainWindow &window = f.open();
        window.actions()[QStringLiteral("help.about")]->trigger();
        auto *texts = window.findChild<QPlainTextEdit *>(QStringLiteral("about.licences"));
        QVERIFY(texts);
        QVERIFY(texts->toPlainText().contains(QStringLiteral("Lucide Icons and Contributors")));
        QVERIFY(texts->toPlainText().contains(QStringLiteral("Feather")));
    }

    void pastedFilesAreStored()
    {
        Fixture f;
        MainWindow &window = f.open();
        auto *data = new QMimeData;
        data->setUrls({ QUrl::fromLocalFile(QStringLiteral("/models/x.gguf")) });
        QGuiApplication::clipboard()->setMimeData(data);
        window.actions()[QStringLiteral("edit.paste")]->trigger();
        QTRY_VERIFY(!f.service.calls.filter(QStringLiteral("scan /models/x.gguf")).isEmpty());
    }

    void aNewComputerIsWelcomed()
    {
        Fixture f(false);
        f.service.shownState = Service::State::None;
        MainWindow &window = f.open();
        QTRY_COMPARE(window.findChildren<WelcomeDialog *>().size(), 1);
        emit f.service.stateChanged();
        QCOMPARE(window.findChildren<WelcomeDialog *>().size(), 1);
    }

    void aClosedWelcomeIsReachedAgain()
    {
        Fixture f(false);
        f.service.shownState = Service::State::None;
        MainWindow &window = f.open();
        const auto closed = [&window] {
            QPointer<WelcomeDialog> welcome = window.findChild<WelcomeDialog *>();
            if (!welcome || !welcome->isVisible())
                return false;
            QTest::keyClick(welcome.data(), Qt::Key_Escape);
            return QTest::qWaitFor([&] { return welcome.isNull(); });
        };
        QVERIFY(closed());
        QTest::keyClick(&window, Qt::Key_3, Qt::ControlModifier);
        auto *empty = f.find<QWidget>(QStringLiteral("storage.empty"));
        QVERIFY(empty && empty->isVisible());
        QTest::mouseClick(empty->findChild<QPushButton *>(QStringLiteral("empty.button")), Qt::LeftButton);
        QVERIFY(closed());
        window.actions()[QStringLiteral("help.setUp")]->trigger();
        QVERIFY(closed());

        f.service.shownState = Service::State::Opening;
        emit f.service.stateChanged();
        QVERIFY(!window.actions()[QStringLiteral("help.setUp")]->isEnabled());
        f.service.shownState = Service::State::Ready;
        emit f.service.stateChanged();
        QVERIFY(window.actions()[QStringLiteral("help.setUp")]->isEnabled());
        QVERIFY(!window.findChild<WelcomeDialog *>());
    }

    void aRecoveryThatSomebodyLeftIsOfferedAgain()
    {
        Fixture f;
        f.service.shownState = Service::State::Opening;
        f.memory.setValue(QStringLiteral("setup/recovering"), true);
        MainWindow &window = f.open();
        QVERIFY(!window.findChild<WelcomeDialog *>());
        f.service.shownState = Service::State::Ready;
        emit f.service.stateChanged();
        QVERIFY(window.findChild<WelcomeDialog *>());
    }

    void theSidebarFoldsWhenNarrow()
    {
        Fixture f;
        MainWindow &window = f.open();
        window.resize(1180, 720);
        QCoreApplication::processEvents();
        auto *sidebar = window.findChild<Sidebar *>();
        QVERIFY(!sidebar->isNarrow());
        window.resize(800, 600);
        QTRY_VERIFY(sidebar->isNarrow());
        for (const QWidget *page : window.findChild<QStackedWidget *>()->findChildren<Page *>())
            qInfo("%s needs %d x %d", page->metaObject()->className(), page->minimumSizeHint().width(),
                page->minimumSizeHint().height());
        QVERIFY2(window.minimumSizeHint().width() <= 720 && window.minimumSizeHint().height() <= 480,
            qPrintable(QStringLiteral("%1 x %2")
                    .arg(window.minimumSizeHint().width())
                    .arg(window.minimumSizeHint().height())));
    }

    void shortcutsCanBeSearched()
    {
        Fixture f;
        MainWindow &window = f.open();
        window.actions()[QStringLiteral("help.shortcuts")]->trigger();
        auto *sheet = window.findChild<ShortcutSheet *>();
        QVERIFY(sheet);
        auto *list = sheet->findChild<QTreeWidget *>();
        const auto shown = [list] {
            int count = 0;
            for (int g = 0; g < list->topLevelItemCount(); ++g) {
                for (int i = 0; i < list->topLevelItem(g)->childCount(); ++i)
                    count += list->topLevelItem(g)->child(i)->isHidden() ? 0 : 1;
            }
            return count;
        };
        const int all = shown();
        QVERIFY(all > 10);
        QTest::keyClicks(sheet->findChild<QLineEdit *>(), QStringLiteral("quit"));
        QCOMPARE(shown(), 1);
        QVERIFY(all > shown());
    }

    void f6GoesThroughThePanes()
    {
        Fixture f;
        MainWindow &window = f.open();
        window.activateWindow();
        QSet<QWidget *> visited;
        for (int i = 0; i < 6; ++i) {
            window.actions()[QStringLiteral("view.nextPane")]->trigger();
            visited.insert(QApplication::focusWidget());
        }
        QVERIFY(visited.size() >= 3);
    }
};

QTEST_MAIN(TestUiWindow)
#include "test_ui_window.moc"
