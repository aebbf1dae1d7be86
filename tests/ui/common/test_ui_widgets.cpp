// SPDX-License-Identifier: GPL-3.0-or-later
// Actions and the widgets that all pages are made of.
#include "ui/common/actions.h"
#include "ui/common/widgets.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QVBoxLayout>
#include <QtTest>

using namespace mf::ui;

class TestWidgets : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { m_theme = std::make_unique<Theme>(Theme::Choice::Light); }
    void cleanupTestCase() { m_theme.reset(); }

    void anActionIsFoundByItsId();
    void aDisabledActionSaysWhy();
    void keysThatStartTwoActionsAreFound();
    void aToastGoesByItself();
    void aToastStaysWhileItsButtonHasFocus();
    void aToastActs();
    void escClosesAToast();
    void aToastIsInTheMiddleBelow();
    void theNextToastTakesThePlace();
    void aMessageTellsAndCloses();
    void aMessageForgetsItsOldButtons();
    void tabGoesThroughAMessageInItsOrder();
    void aMessageIsNotMarkup();
    void aMessageMayBeToldByItsOwnButton();
    void anEmptyStateShowsWhatItIsTold();
    void aSearchFieldIsClearedByEsc();
    void everyPartOfASearchFieldHasAName();
    void aPrimaryButtonStandsOut();

private:
    std::unique_ptr<Theme> m_theme;
};

void TestWidgets::anActionIsFoundByItsId()
{
    QWidget window;
    Actions actions(&window);
    QAction *store = actions.add(QStringLiteral("model.store"), QStringLiteral("Models"),
        QStringLiteral("&Store Model…"), QKeySequence(QStringLiteral("Ctrl+O")), QStringLiteral("plus"));
    QCOMPARE(actions[QStringLiteral("model.store")], store);
    QCOMPARE(store->objectName(), QStringLiteral("model.store"));
    QCOMPARE(Actions::groupOf(store), QStringLiteral("Models"));
    QCOMPARE(store->toolTip(), QStringLiteral("Store Model… (Ctrl+O)"));
    QVERIFY(!store->icon().isNull());
    QVERIFY(window.actions().contains(store));
    QCOMPARE(actions.all().size(), std::size_t(1));
}

void TestWidgets::aDisabledActionSaysWhy()
{
    QWidget window;
    Actions actions(&window);
    QAction *repair = actions.add(QStringLiteral("model.repair"), QStringLiteral("Models"), QStringLiteral("Repair"));
    Actions::disable(repair, QStringLiteral("Nothing is missing"));
    QVERIFY(!repair->isEnabled());
    QCOMPARE(repair->toolTip(), QStringLiteral("Nothing is missing"));
    QCOMPARE(repair->statusTip(), QStringLiteral("Nothing is missing"));
    Actions::disable(repair, QString());
    QVERIFY(repair->isEnabled());
    QCOMPARE(repair->toolTip(), QStringLiteral("Repair"));
    QVERIFY(repair->statusTip().isEmpty());
}

void TestWidgets::keysThatStartTwoActionsAreFound()
{
    QWidget window;
    Actions actions(&window);
    const QKeySequence del(Qt::Key_Delete);
    actions.add(QStringLiteral("a"), QString(), QStringLiteral("A"), del);
    actions.add(QStringLiteral("none"), QString(), QStringLiteral("None"));
    actions.add(QStringLiteral("none2"), QString(), QStringLiteral("None"));
    QVERIFY(actions.clashes().isEmpty());
    QAction *other = actions.add(QStringLiteral("b"), QString(), QStringLiteral("B"), del);
    QCOMPARE(actions.clashes(), QStringList(QStringLiteral("a and b: Del")));
    other->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    QVERIFY(actions.clashes().isEmpty());
}

namespace {

// A window with a toaster and something else to focus.
struct Toasted {
    QWidget window;
    QPushButton other { &window };
    Toaster toaster { &window };
    QFrame *frame = window.findChild<QFrame *>(QStringLiteral("toast"));
    QPushButton *button = window.findChild<QPushButton *>(QStringLiteral("toast.button"));
    QTimer *timer = toaster.findChild<QTimer *>(QStringLiteral("toast.timer"));

    Toasted()
    {
        window.resize(800, 600);
        window.show();
        QApplication::setActiveWindow(&window);
        other.setFocus();
    }
};

} // namespace

void TestWidgets::aToastGoesByItself()
{
    Toasted t;
    QVERIFY(t.frame->isHidden());
    t.toaster.show(QStringLiteral("Storing 2 models."));
    QVERIFY(t.frame->isVisible());
    QCOMPARE(t.timer->interval(), 8'000);
    QVERIFY(t.button->isHidden());
    QCOMPARE(t.frame->accessibleName(), QStringLiteral("Storing 2 models."));
    t.timer->start(1);
    QTRY_VERIFY(t.frame->isHidden());
}

void TestWidgets::aToastStaysWhileItsButtonHasFocus()
{
    Toasted t;
    t.toaster.show(QStringLiteral("moved"), QStringLiteral("Undo"), [] { });
    QVERIFY(t.timer->isActive());
    t.button->setFocus();
    QTRY_VERIFY(!t.timer->isActive());
    t.other.setFocus();
    QTRY_VERIFY(t.timer->isActive());
    QEnterEvent over(QPointF(1, 1), QPointF(1, 1), QPointF(1, 1));
    QApplication::sendEvent(t.frame, &over);
    QVERIFY(!t.timer->isActive());
}

void TestWidgets::aToastActs()
{
    Toasted t;
    int undone = 0;
    t.toaster.show(QStringLiteral("moved"), QStringLiteral("Undo"), [&undone] { ++undone; });
    QTest::mouseClick(t.button, Qt::LeftButton);
    QCOMPARE(undone, 1);
    QVERIFY(t.frame->isHidden());
    QTest::mouseClick(t.button, Qt::LeftButton);
    QCOMPARE(undone, 1);
}

void TestWidgets::escClosesAToast()
{
    Toasted t;
    int undone = 0;
    t.toaster.show(QStringLiteral("moved"), QStringLiteral("Undo"), [&undone] { ++undone; });
    QTest::keyClick(&t.other, Qt::Key_Escape);
    QVERIFY(t.frame->isHidden());
    QCOMPARE(undone, 0);
}

void TestWidgets::aToastIsInTheMiddleBelow()
{
    Toasted t;
    t.toaster.show(QStringLiteral("“Qwen” moved to Trash."), QStringLiteral("Undo"), [] { });
    const auto isInPlace = [&t] {
        const QRect place = t.frame->geometry();
        return std::abs(place.center().x() - t.window.rect().center().x()) <= 1 && place.bottom() < t.window.height()
            && place.bottom() > t.window.height() - 60 && t.window.rect().contains(place);
    };
    QVERIFY(isInPlace());
    t.window.resize(500, 400);
    QTRY_VERIFY(isInPlace());
    t.toaster.show(QStringLiteral("A long sentence that says that a model went somewhere. ").repeated(4));
    QVERIFY(isInPlace() || t.window.rect().contains(t.frame->geometry()));
    QVERIFY(t.frame->height() > 40); // several lines
}

void TestWidgets::theNextToastTakesThePlace()
{
    Toasted t;
    int first = 0;
    t.toaster.show(QStringLiteral("one"), QStringLiteral("Undo"), [&first] { ++first; });
    t.toaster.show(QStringLiteral("two"), QStringLiteral("Show"), [&t] { t.toaster.show(QStringLiteral("three")); });
    QCOMPARE(t.window.findChild<QLabel *>(QStringLiteral("toast.text"))->text(), QStringLiteral("two"));
    QTest::mouseClick(t.button, Qt::LeftButton);
    QCOMPARE(first, 0);
    QVERIFY(t.frame->isVisible()); // what it did shows the next
    QCOMPARE(t.frame->accessibleName(), QStringLiteral("three"));
}

void TestWidgets::aMessageTellsAndCloses()
{
    InlineMessage message;
    QVERIFY(message.isHidden());
    message.tell(InlineMessage::Kind::Warning, QStringLiteral("NAS is full."), QStringLiteral("2 models have less."));
    QVERIFY(message.isVisible());
    QCOMPARE(message.accessibleName(), QStringLiteral("NAS is full. 2 models have less."));
    QSignalSpy closed(&message, &InlineMessage::closed);
    auto *close = message.findChild<QPushButton *>(QStringLiteral("message.close"));
    QVERIFY(!close->accessibleName().isEmpty());
    QTest::mouseClick(close, Qt::LeftButton);
    QVERIFY(message.isHidden());
    QCOMPARE(closed.size(), 1);
    message.tell(InlineMessage::Kind::Bad, QStringLiteral("Save your kit."), QString(), false);
    QVERIFY(close->isHidden());
}

void TestWidgets::aMessageForgetsItsOldButtons()
{
    InlineMessage message;
    message.tell(InlineMessage::Kind::Info, QStringLiteral("a"), QString());
    QSignalSpy clicked(message.addButton(QStringLiteral("Details")), &QPushButton::clicked);
    message.addButton(QStringLiteral("More"));
    auto *button = message.findChild<QPushButton *>(QStringLiteral("message.button0"));
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(clicked.size(), 1);
    QVERIFY(message.isVisible());
    message.tell(InlineMessage::Kind::Info, QStringLiteral("b"), QString());
    QVERIFY(!message.findChild<QPushButton *>(QStringLiteral("message.button0")));
    message.addButton(QStringLiteral("Other"));
    QCOMPARE(message.findChild<QPushButton *>(QStringLiteral("message.button0"))->text(), QStringLiteral("Other"));
}

void TestWidgets::tabGoesThroughAMessageInItsOrder()
{
    QWidget window;
    auto *column = new QVBoxLayout(&window);
    auto *above = new QPushButton;
    auto *message = new InlineMessage;
    auto *below = new QPushButton;
    for (QWidget *widget :
        { static_cast<QWidget *>(above), static_cast<QWidget *>(message), static_cast<QWidget *>(below) })
        column->addWidget(widget);
    window.show();
    QApplication::setActiveWindow(&window);
    // Told long after the page was made.
    message->tell(InlineMessage::Kind::Info, QStringLiteral("a"), QString());
    const QPushButton *first = message->addButton(QStringLiteral("First"));
    const QPushButton *second = message->addButton(QStringLiteral("Second"));
    const QWidget *close = message->findChild<QWidget *>(QStringLiteral("message.close"));
    QTRY_VERIFY(second->isVisible()); // a layout shows what it is given a little later
    above->setFocus();
    for (const QWidget *next : { static_cast<const QWidget *>(first), static_cast<const QWidget *>(second), close,
             static_cast<const QWidget *>(below) }) {
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        QCOMPARE(QApplication::focusWidget(), next);
    }
}

void TestWidgets::aMessageIsNotMarkup()
{
    InlineMessage message;
    message.tell(InlineMessage::Kind::Info, QString(), QStringLiteral("“<img src=x>” & more"));
    const auto *text = message.findChild<QLabel *>(QStringLiteral("message.text"));
    QCOMPARE(text->text(), QStringLiteral("“&lt;img src=x&gt;” &amp; more"));
}

void TestWidgets::aMessageMayBeToldByItsOwnButton()
{
    InlineMessage message;
    message.tell(InlineMessage::Kind::Info, QStringLiteral("a"), QString());
    QPushButton *again = message.addButton(QStringLiteral("Again"));
    connect(again, &QPushButton::clicked, &message,
        [&message] { message.tell(InlineMessage::Kind::Bad, QStringLiteral("b"), QString()); });
    QTest::mouseClick(again, Qt::LeftButton);
    QCOMPARE(message.accessibleName(), QStringLiteral("b"));
}

void TestWidgets::anEmptyStateShowsWhatItIsTold()
{
    EmptyState empty;
    empty.resize(600, 400);
    empty.show();
    empty.tell(QStringLiteral("boxes"), QStringLiteral("Drop a model here"), QStringLiteral("Anywhere."),
        QStringLiteral("Store Model…"), QStringLiteral("How it works"));
    auto *button = empty.findChild<QPushButton *>(QStringLiteral("empty.button"));
    auto *link = empty.findChild<QPushButton *>(QStringLiteral("empty.link"));
    QSignalSpy clicked(&empty, &EmptyState::buttonClicked);
    QSignalSpy linked(&empty, &EmptyState::linkClicked);
    QTest::mouseClick(button, Qt::LeftButton);
    QTest::mouseClick(link, Qt::LeftButton);
    QCOMPARE(clicked.size(), 1);
    QCOMPARE(linked.size(), 1);
    empty.tell(QString(), QStringLiteral("Trash is empty"), QString());
    QVERIFY(button->isHidden());
    QVERIFY(link->isHidden());
    QVERIFY(empty.findChild<QLabel *>(QStringLiteral("empty.text"))->isHidden());
    QCOMPARE(empty.accessibleName(), QStringLiteral("Trash is empty"));
}

void TestWidgets::aSearchFieldIsClearedByEsc()
{
    QWidget window;
    auto *column = new QVBoxLayout(&window);
    QLineEdit *field = searchField(QStringLiteral("Search by name"), QStringLiteral("Search models"), &window);
    column->addWidget(field);
    window.show();
    QTest::keyClicks(field, QStringLiteral("qwen"));
    QCOMPARE(field->text(), QStringLiteral("qwen"));
    QTest::keyClick(field, Qt::Key_Escape);
    QVERIFY(field->text().isEmpty());
    QKeyEvent esc(QEvent::KeyPress, Qt::Key_Escape, Qt::NoModifier);
    QApplication::sendEvent(field, &esc);
    QVERIFY(!esc.isAccepted()); // for others now
}

void TestWidgets::everyPartOfASearchFieldHasAName()
{
    const std::unique_ptr<QLineEdit> field(
        searchField(QStringLiteral("Search by name"), QStringLiteral("Search models"), nullptr));
    QCOMPARE(field->accessibleName(), QStringLiteral("Search models"));
    const auto buttons = field->findChildren<QToolButton *>();
    QCOMPARE(buttons.size(), 2);
    for (const QToolButton *button : buttons)
        QVERIFY(!button->accessibleName().isEmpty());
}

void TestWidgets::aPrimaryButtonStandsOut()
{
    const std::unique_ptr<QPushButton> button(primaryButton(QStringLiteral("Store Model…"), QStringLiteral("plus")));
    button->resize(160, 28);
    const QImage image = button->grab().toImage();
    QCOMPARE(image.pixelColor(8, 14).rgb(), Theme::colour(Token::Accent).rgb());
    button->setEnabled(false);
    QCOMPARE(button->grab().toImage().pixelColor(8, 14).rgb(), Theme::colour(Token::Track).rgb());
}

QTEST_MAIN(TestWidgets)
#include "test_ui_widgets.moc"
