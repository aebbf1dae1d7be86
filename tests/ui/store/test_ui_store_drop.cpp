// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/drop_target.h"

#include <QApplication>
#include <QDragEnterEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>
#include <QUrl>
#include <QVBoxLayout>

namespace mf::ui {
namespace {

constexpr QPoint kSomewhere(5, 5);

// A drag as a file manager's: it offers to copy and to move, and would rather move.
struct Drag {
    QMimeData data;
    Qt::DropActions offered = Qt::CopyAction | Qt::MoveAction;

    explicit Drag(const QStringList &urls)
    {
        QList<QUrl> list;
        for (const QString &url : urls)
            list.append(url.startsWith(u'/') ? QUrl::fromLocalFile(url) : QUrl(url));
        data.setUrls(list);
    }
    Drag() = default;

    struct Outcome {
        bool isAccepted = false;
        Qt::DropAction action = Qt::IgnoreAction;
    };
    Outcome enter(QWidget *over)
    {
        QDragEnterEvent event(kSomewhere, offered, &data, Qt::LeftButton, Qt::NoModifier);
        event.setDropAction(Qt::MoveAction);
        QApplication::sendEvent(over, &event);
        return { event.isAccepted(), event.dropAction() };
    }
    Outcome move(QWidget *over)
    {
        QDragMoveEvent event(kSomewhere, offered, &data, Qt::LeftButton, Qt::NoModifier);
        event.setDropAction(Qt::MoveAction);
        QApplication::sendEvent(over, &event);
        return { event.isAccepted(), event.dropAction() };
    }
    Outcome drop(QWidget *over)
    {
        QDropEvent event(kSomewhere, offered, &data, Qt::LeftButton, Qt::NoModifier);
        event.setDropAction(Qt::MoveAction);
        QApplication::sendEvent(over, &event);
        return { event.isAccepted(), event.dropAction() };
    }
    static void leave(QWidget *over)
    {
        QDragLeaveEvent event;
        QApplication::sendEvent(over, &event);
    }
};

const QString kModel = QStringLiteral("/m/Grüße x.gguf");

} // namespace

class TestUiStoreDrop : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void takesDropsOverAnyChild_data();
    void takesDropsOverAnyChild();
    void neverMoves();
    void showsWhatWillHappen();
    void hidesWhenThePointerLeaves();
    void staysFromChildToChild();
    void refusesLinksKindly();
    void takesWhatItKnowsOfAMixture();
    void leavesTextToFields();
    void takesPathsAsTextEverywhereElse();
    void refusesTextElsewhere();
    void leavesOtherWindowsAlone();
    void followsTheWindowsSize();
    void goesWithTheWindow();

private:
    QWidget *over(int which) const;
    std::unique_ptr<QWidget> m_window;
    QLineEdit *m_field = nullptr;
    QTreeView *m_tree = nullptr;
    DropTarget *m_target = nullptr;
};

void TestUiStoreDrop::init()
{
    m_window = std::make_unique<QWidget>();
    m_window->resize(400, 300);
    auto *rows = new QVBoxLayout(m_window.get());
    m_field = new QLineEdit;
    m_tree = new QTreeView;
    rows->addWidget(m_field);
    rows->addWidget(m_tree);
    m_window->show();
    m_target = new DropTarget(m_window.get());
}

void TestUiStoreDrop::cleanup() { m_window.reset(); }

QWidget *TestUiStoreDrop::over(int which) const
{
    return which == 0 ? m_window.get() : which == 1 ? static_cast<QWidget *>(m_field) : m_tree->viewport();
}

void TestUiStoreDrop::takesDropsOverAnyChild_data()
{
    QTest::addColumn<int>("which");
    QTest::newRow("the window itself") << 0;
    QTest::newRow("a line edit, which would take it as text") << 1;
    QTest::newRow("a tree") << 2;
}

void TestUiStoreDrop::takesDropsOverAnyChild()
{
    QFETCH(int, which);
    const QSignalSpy dropped(m_target, &DropTarget::dropped);
    Drag drag({ kModel, QStringLiteral("/m/folder") });
    QVERIFY(drag.enter(over(which)).isAccepted);
    QVERIFY(drag.move(over(which)).isAccepted);
    const Drag::Outcome outcome = drag.drop(over(which));
    QVERIFY(outcome.isAccepted);
    QCOMPARE(outcome.action, Qt::CopyAction);
    QCOMPARE(dropped.size(), 1);
    QCOMPARE(dropped[0][0].toStringList(), QStringList({ kModel, QStringLiteral("/m/folder") }));
    QVERIFY(m_field->text().isEmpty());
}

void TestUiStoreDrop::neverMoves()
{
    const QSignalSpy dropped(m_target, &DropTarget::dropped);
    Drag drag({ kModel });
    QCOMPARE(drag.enter(m_tree->viewport()).action, Qt::CopyAction);
    QCOMPARE(drag.move(m_tree->viewport()).action, Qt::CopyAction);
    drag.offered = Qt::MoveAction;
    QVERIFY(!drag.enter(m_tree->viewport()).isAccepted);
    QVERIFY(m_target->shownText().contains(QStringLiteral("never moves")));
    QVERIFY(!drag.drop(m_tree->viewport()).isAccepted);
    QCOMPARE(dropped.size(), 0);
}

void TestUiStoreDrop::showsWhatWillHappen()
{
    QCOMPARE(m_target->shownText(), QString());
    Drag drag({ QStringLiteral("/m/x.gguf") });
    drag.enter(m_field);
    QCOMPARE(m_target->shownText(), QStringLiteral("Drop to store 1 model (x.gguf)"));
    auto *overlay = m_window->findChild<QWidget *>(QStringLiteral("drop.overlay"));
    QVERIFY(overlay);
    QCOMPARE(overlay->geometry(), m_window->rect());
    QVERIFY(overlay->testAttribute(Qt::WA_TransparentForMouseEvents));
    drag.drop(m_field);
    QCOMPARE(m_target->shownText(), QString());
    Drag folder({ QStringLiteral("/m/Models") });
    folder.enter(m_tree->viewport());
    QCOMPARE(m_target->shownText(), QStringLiteral("Drop to look inside this folder"));
}

void TestUiStoreDrop::hidesWhenThePointerLeaves()
{
    Drag drag({ kModel });
    drag.enter(m_field);
    QVERIFY(!m_target->shownText().isEmpty());
    Drag::leave(m_field);
    QTRY_COMPARE(m_target->shownText(), QString());
}

void TestUiStoreDrop::staysFromChildToChild()
{
    Drag drag({ kModel });
    drag.enter(m_field);
    Drag::leave(m_field);
    drag.enter(m_tree->viewport());
    QCoreApplication::processEvents();
    QVERIFY(!m_target->shownText().isEmpty());
}

void TestUiStoreDrop::refusesLinksKindly()
{
    const QSignalSpy dropped(m_target, &DropTarget::dropped);
    const QSignalSpy refused(m_target, &DropTarget::refused);
    Drag drag({ QStringLiteral("https://huggingface.co/Qwen/Qwen2.5-7B") });
    // Taken, so that it can be said why not.
    QVERIFY(drag.enter(m_field).isAccepted);
    QVERIFY(m_target->shownText().contains(QStringLiteral("is a link")));
    drag.drop(m_field);
    QCOMPARE(dropped.size(), 0);
    QCOMPARE(refused.size(), 1);
    QVERIFY(refused[0][0].toString().contains(QStringLiteral("huggingface.co")));
    QVERIFY(m_field->text().isEmpty());
}

void TestUiStoreDrop::takesWhatItKnowsOfAMixture()
{
    const QSignalSpy dropped(m_target, &DropTarget::dropped);
    const QSignalSpy refused(m_target, &DropTarget::refused);
    Drag drag({ kModel, QStringLiteral("sftp://nas/x.gguf") });
    drag.enter(m_tree->viewport());
    drag.drop(m_tree->viewport());
    QCOMPARE(refused.size(), 1);
    QCOMPARE(dropped.size(), 1);
    QCOMPARE(dropped[0][0].toStringList(), QStringList(kModel));
}

void TestUiStoreDrop::leavesTextToFields()
{
    const QSignalSpy refused(m_target, &DropTarget::refused);
    Drag drag;
    drag.data.setText(QStringLiteral("Qwen"));
    drag.enter(m_field);
    QCOMPARE(m_target->shownText(), QString());
    drag.drop(m_field);
    QCOMPARE(m_field->text(), QStringLiteral("Qwen"));
    QCOMPARE(refused.size(), 0);
}

void TestUiStoreDrop::takesPathsAsTextEverywhereElse()
{
    const QSignalSpy dropped(m_target, &DropTarget::dropped);
    Drag drag;
    drag.data.setText(QStringLiteral("file:///m/x.gguf"));
    drag.enter(m_tree->viewport());
    drag.drop(m_tree->viewport());
    drag.enter(m_field);
    drag.drop(m_field);
    QCOMPARE(dropped.size(), 2);
    QCOMPARE(dropped[0][0].toStringList(), QStringList(QStringLiteral("/m/x.gguf")));
    QVERIFY(m_field->text().isEmpty());
}

void TestUiStoreDrop::refusesTextElsewhere()
{
    const QSignalSpy refused(m_target, &DropTarget::refused);
    Drag drag;
    drag.data.setText(QStringLiteral("Qwen"));
    drag.enter(m_tree->viewport());
    drag.drop(m_tree->viewport());
    QCOMPARE(refused.size(), 1);
    QVERIFY(refused[0][0].toString().contains(QStringLiteral("files and folders")));
}

void TestUiStoreDrop::leavesOtherWindowsAlone()
{
    const QSignalSpy dropped(m_target, &DropTarget::dropped);
    QLineEdit other;
    other.show();
    Drag drag({ kModel });
    drag.enter(&other);
    drag.drop(&other);
    QCOMPARE(dropped.size(), 0);
    QCOMPARE(m_target->shownText(), QString());
}

void TestUiStoreDrop::followsTheWindowsSize()
{
    Drag drag({ kModel });
    drag.enter(m_field);
    m_window->resize(600, 500);
    auto *overlay = m_window->findChild<QWidget *>(QStringLiteral("drop.overlay"));
    QTRY_COMPARE(overlay->geometry(), m_window->rect());
}

void TestUiStoreDrop::goesWithTheWindow()
{
    Drag drag({ kModel });
    drag.enter(m_field);
    Drag::leave(m_field);
    m_window.reset(); // with what the leaving had still to do
    QCoreApplication::processEvents();
    QLineEdit other;
    drag.drop(&other); // the filter is gone
}

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiStoreDrop)
#include "test_ui_store_drop.moc"
