// SPDX-License-Identifier: GPL-3.0-or-later
// The window on a large library, 10,000 models and 100 transfers that run: how long it takes to appear, how long an
// event waits, how much memory it takes. Counts of work are judged always; times are printed, and judged where
// MF_BENCH is set (by hand, on a computer that does nothing else).
#include "tests/support/fake_clock.h"
#include "tests/ui/fake_service.h"
#include "tests/ui/scripted_prompts.h"
#include "tests/ui/speed/lag_probe.h"
#include "tests/ui/worked.h"
#include "ui/common/theme.h"
#include "ui/window/main_window.h"

#include <QAbstractItemView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTemporaryDir>
#include <QtTest>

#include <chrono>

using namespace mf;
using namespace mf::ui;
using namespace std::chrono_literals;

namespace {

constexpr int kModels = 10'000;
constexpr int kTransfers = 100;
constexpr double kFirstPaint = 500; // ms
constexpr double kLag = 16; // ms
constexpr double kMemory = 300; // MB

// A library whose transfers move, four times a second as the program's service tells it.
class Busy final : public FakeService
{
public:
    Busy()
    {
        fillMany(kModels, kTransfers);
        for (TransferEntry &transfer : shownTransfers) {
            transfer.state = TransferEntry::State::Running;
            transfer.progress.total = 40'000'000'000;
            transfer.progress.bytes = 0;
            transfer.bytesPerSecond = 12'000'000;
            for (ShareEntry &share : transfer.shares)
                share.bytesPerSecond = 4'000'000;
        }
        // The models that the stores make, all over the list.
        for (int i = 0; i < kTransfers; ++i)
            m_stored.push_back(static_cast<std::size_t>(i) * kModels / kTransfers);
        for (const std::size_t row : m_stored)
            shownModels[row].percent = 0;
        m_timer.setInterval(250ms);
        connect(&m_timer, &QTimer::timeout, this, &Busy::move);
    }
    void run() { m_timer.start(); }
    void move()
    {
        ++m_rounds;
        for (TransferEntry &transfer : shownTransfers) {
            transfer.progress.bytes = qint64(m_rounds) * 300'000'000 % transfer.progress.total;
            for (ShareEntry &share : transfer.shares)
                share.sent = transfer.progress.bytes / 3;
            emit transferMoved(transfer.id);
        }
        for (const std::size_t row : m_stored)
            shownModels[row].percent = m_rounds % 100;
        emit modelsChanged();
    }
    int rounds() const { return m_rounds; }

private:
    QTimer m_timer;
    std::vector<std::size_t> m_stored;
    int m_rounds = 0;
};

// Paint events of a widget.
class Paints final : public QObject
{
public:
    explicit Paints(QWidget *widget) { widget->installEventFilter(this); }
    int count = 0;

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        count += event->type() == QEvent::Paint ? 1 : 0;
        return false;
    }
};

struct Fixture {
    QTemporaryDir folder;
    QSettings memory { folder.filePath(QStringLiteral("window.ini")), QSettings::IniFormat };
    SystemClock clock;
    Busy service;
    ScriptedPrompts prompts;
    std::unique_ptr<MainWindow> window;

    QAbstractItemView *open(const QString &list)
    {
        window = std::make_unique<MainWindow>(service, prompts, memory, clock, folder.path());
        window->show();
        auto *view = window->findChild<QAbstractItemView *>(list);
        return view && QTest::qWaitForWindowActive(window.get()) ? view : nullptr;
    }
};

// In the event loop itself: qWait sleeps between its looks at it.
void rest(int ms)
{
    QEventLoop loop;
    QTimer::singleShot(ms, Qt::PreciseTimer, &loop, &QEventLoop::quit);
    loop.exec();
}

void judge(const LagProbe &probe, const char *what)
{
    qInfo("%s", qPrintable(probe.words(what)));
    if (qEnvironmentVariableIsSet("MF_BENCH"))
        QVERIFY2(probe.waited().p99 < kLag, what);
}

} // namespace

class TestUiSpeed : public QObject
{
    Q_OBJECT
    Theme m_theme { Theme::Choice::Light };

private slots:
    void appearsAtOnce()
    {
        Fixture f;
        QElapsedTimer clock;
        clock.start();
        const double before = workedMs();
        f.window = std::make_unique<MainWindow>(f.service, f.prompts, f.memory, f.clock, f.folder.path());
        Paints paints(f.window->findChild<QAbstractItemView *>(QStringLiteral("models.list"))->viewport());
        f.window->show();
        QTRY_VERIFY_WITH_TIMEOUT(paints.count > 0, 60'000);
        const auto waited = static_cast<double>(clock.elapsed());
        qInfo("first paint after %.0f ms, %.0f of them worked", waited, workedMs() - before);
        if (qEnvironmentVariableIsSet("MF_BENCH"))
            QVERIFY(waited < kFirstPaint);
    }

    void scrollingAndSearchingWhileAllMoves()
    {
        Fixture f;
        QAbstractItemView *list = f.open(QStringLiteral("models.list"));
        QVERIFY(list);
        f.service.run();
        LagProbe probe;
        probe.start();
        const QPoint middle = list->viewport()->rect().center();
        for (int i = 0; i < 180; ++i) { // three seconds of a turning wheel
            const QPointF at = list->viewport()->mapTo(f.window.get(), middle);
            QWheelEvent turn(
                at, f.window->mapToGlobal(at), {}, QPoint(0, i < 120 ? -120 : 240), {}, {}, Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(f.window->windowHandle(), &turn);
            rest(16);
        }
        probe.stop();
        QVERIFY(list->verticalScrollBar()->maximum() > 0);
        judge(probe, "scrolling");

        auto *search = f.window->findChild<QLineEdit *>(QStringLiteral("models.search"));
        auto *summary = f.window->findChild<QLabel *>(QStringLiteral("window.summary"));
        QTest::keyClick(f.window->windowHandle(), Qt::Key_F, Qt::ControlModifier);
        QVERIFY(search->hasFocus());
        probe.start();
        for (int round = 0; round < 3; ++round) {
            for (const char letter : { 'l', 'l', 'a', 'm', 'a', ' ', '9', '9' }) {
                QTest::keyClick(f.window->windowHandle(), letter);
                rest(60); // somebody who types fast
            }
            for (int i = 0; i < 8; ++i) {
                QTest::keyClick(f.window->windowHandle(), Qt::Key_Backspace);
                rest(60);
            }
        }
        probe.stop();
        QVERIFY(search->text().isEmpty());
        QVERIFY(summary->text().startsWith(QStringLiteral("10")));
        judge(probe, "searching");
    }

    void transfersThatAllMove()
    {
        Fixture f;
        f.memory.setValue(QStringLiteral("window/page"), QStringLiteral("transfers"));
        QAbstractItemView *list = f.open(QStringLiteral("transfers.list"));
        QVERIFY(list && list->isVisible());
        QCOMPARE(list->model()->rowCount(), kTransfers);
        f.service.run();
        LagProbe probe;
        probe.start();
        for (int i = 0; i < 180; ++i) {
            list->verticalScrollBar()->setValue(list->verticalScrollBar()->maximum() * i / 180);
            rest(16);
        }
        probe.stop();
        judge(probe, "transfers");
    }

    // What does not change is not told, not measured and not painted again.
    void onlyWhatMovesIsWork()
    {
        Fixture f;
        QAbstractItemView *list = f.open(QStringLiteral("models.list"));
        QVERIFY(list);
        constexpr int kRounds = 20;
        QSignalSpy resets(list->model(), &QAbstractItemModel::modelReset);
        QSignalSpy layouts(list->model(), &QAbstractItemModel::layoutChanged);
        QSignalSpy changes(list->model(), &QAbstractItemModel::dataChanged);
        auto *transfers = f.window->findChild<QAbstractItemView *>(QStringLiteral("transfers.list"));
        QSignalSpy hidden(transfers->model(), &QAbstractItemModel::dataChanged);
        QCoreApplication::processEvents();
        Paints paints(list->viewport());
        Paints others(f.window->findChild<QWidget *>(QStringLiteral("sidebar")));
        const double before = workedMs();
        for (int round = 0; round < kRounds; ++round) {
            f.service.move();
            QCoreApplication::processEvents();
        }
        qInfo("a round takes %.2f ms", (workedMs() - before) / kRounds);
        QCOMPARE(resets.size(), 0);
        QCOMPARE(layouts.size(), 0);
        QVERIFY2(changes.size() <= kRounds * 2 * kTransfers, qPrintable(QString::number(changes.size())));
        QCOMPARE(hidden.size(), 0);
        QVERIFY2(paints.count <= 2 * kRounds, qPrintable(QString::number(paints.count)));
        QVERIFY2(others.count <= 1, qPrintable(QString::number(others.count)));
    }

    void takesLittleMemory()
    {
        qInfo("%.0f MB at most", memoryMb());
        QVERIFY(memoryMb() < kMemory);
    }
};

QTEST_MAIN(TestUiSpeed)
#include "test_ui_speed.moc"
