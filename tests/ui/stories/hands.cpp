// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/stories/hands.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QDeadlineTimer>
#include <QDropEvent>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QWindow>
#include <QtTest>

#include <algorithm>

namespace mf {
namespace {

constexpr int kPatience = 120'000; // ms; of a computer that does much else
constexpr int kMostTabs = 120;

QWidgetList windowsSeen()
{
    QWidgetList windows;
    const QWidgetList all = QApplication::topLevelWidgets();
    for (QWidget *widget : all) {
        if (widget->isVisible())
            windows.append(widget);
    }
    return windows;
}

bool isDialogOrWindow(const QWidget *window)
{
    return window->windowType() == Qt::Window || window->windowType() == Qt::Dialog;
}

// Of the widget, what its parents let be seen.
QRect seenPart(const QWidget *widget)
{
    QRect part = widget->rect();
    QPoint origin; // of the widget in its parent
    for (const QWidget *one = widget; !one->isWindow(); one = one->parentWidget()) {
        origin += one->pos();
        part &= one->parentWidget()->rect().translated(-origin);
    }
    return part;
}

// Without what only guides the drawing: spaces that do not break, and isolates around names.
QString plain(QString text)
{
    text.replace(QChar::Nbsp, u' ');
    text.removeIf([](QChar letter) { return letter.category() == QChar::Other_Format; });
    return text;
}

QMenu *openMenu() { return qobject_cast<QMenu *>(QApplication::activePopupWidget()); }

QString says(const QWidget *widget)
{
    if (const auto *label = qobject_cast<const QLabel *>(widget))
        return label->text();
    if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
        return button->text();
    if (const auto *field = qobject_cast<const QLineEdit *>(widget))
        return field->text();
    // A message or a card: all that its labels say.
    QStringList parts;
    const auto labels = widget->findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        if (label->isVisible())
            parts.append(label->text());
    }
    return parts.join(u'\n');
}

} // namespace

bool Hands::waitFor(const QString &what, const std::function<bool()> &isSo) const
{
    if (QTest::qWaitFor(isSo, kPatience))
        return true;
    qWarning("waited in vain: %s", qPrintable(what));
    photograph();
    return false;
}

// What there is to see instead: the pictures go to the folder that MF_PICTURES names.
void Hands::photograph()
{
    const QString folder = qEnvironmentVariable("MF_PICTURES");
    if (folder.isEmpty())
        return;
    int number = 0;
    const QWidgetList windows = windowsSeen();
    for (QWidget *window : windows)
        window->grab().save(QStringLiteral("%1/%2-%3.png").arg(folder).arg(++number).arg(window->objectName()));
}

QWidget *Hands::seen(const QString &name)
{
    const QWidgetList windows = windowsSeen();
    for (QWidget *window : windows) {
        if (window->objectName() == name)
            return window;
        const auto widgets = window->findChildren<QWidget *>(name);
        for (QWidget *widget : widgets) {
            if (widget->isVisible() && !seenPart(widget).isEmpty())
                return widget;
        }
    }
    return nullptr;
}

bool Hands::see(const QString &name) const
{
    return waitFor(name, [&name] { return seen(name) != nullptr; });
}

QString Hands::textOf(const QString &name)
{
    const QWidget *widget = seen(name);
    return widget ? plain(says(widget)) : QString();
}

bool Hands::read(const QString &name, const QString &part) const
{
    if (waitFor(name + QStringLiteral(" says: ") + part, [&] { return textOf(name).contains(part); }))
        return true;
    qWarning("it says: %s", qPrintable(textOf(name)));
    return false;
}

bool Hands::clickAt(QWidget *widget, const QPoint &at, Qt::MouseButton button) const
{
    QWidget *top = widget->window();
    if (top->windowType() != Qt::Popup && !activate(top))
        return false;
    QTest::mouseClick(top->windowHandle(), button, {}, widget->mapTo(top, at));
    return true;
}

bool Hands::waitForUse(const QString &name) const
{
    return waitFor(name + QStringLiteral(" can be used"), [&name] {
        const QWidget *widget = seen(name);
        return widget && widget->isEnabled();
    });
}

bool Hands::click(const QString &name) const
{
    if (!waitForUse(name))
        return false;
    QWidget *widget = seen(name);
    return clickAt(widget, seenPart(widget).center());
}

bool Hands::drop(const QStringList &paths, const QString &onto) const
{
    if (!see(onto))
        return false;
    QWidget *widget = seen(onto);
    QWindow *window = widget->window()->windowHandle();
    QMimeData data;
    QList<QUrl> urls;
    for (const QString &path : paths)
        urls.append(QUrl::fromLocalFile(path));
    data.setUrls(urls);
    // What file managers offer; each step is told to the window, which finds what is under the pointer.
    const Qt::DropActions offered = Qt::CopyAction | Qt::MoveAction | Qt::LinkAction;
    const QPoint at = widget->mapTo(widget->window(), widget->rect().center());
    QDragEnterEvent enter(at, offered, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(window, &enter);
    QDragMoveEvent move(at, offered, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(window, &move);
    if (!move.isAccepted() || move.dropAction() != Qt::CopyAction || !see(QStringLiteral("drop.overlay")))
        return false;
    QDropEvent let(at, offered, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(window, &let);
    return let.isAccepted() && let.dropAction() == Qt::CopyAction;
}

// ---- what a window manager does

bool Hands::activate(QWidget *window) const
{
    if (!window->isActiveWindow())
        window->activateWindow();
    return waitFor(window->objectName() + QStringLiteral(" is active"), [window] { return window->isActiveWindow(); });
}

// When the window that had the focus is closed, the one that is left gets it.
bool Hands::attend() const
{
    if (QGuiApplication::focusWindow())
        return true;
    // The one that stands before those that it belongs to.
    const QWidgetList windows = windowsSeen();
    const auto hasAnother = [&windows](const QWidget *window) {
        return std::any_of(windows.begin(), windows.end(), [window](const QWidget *other) {
            return isDialogOrWindow(other) && other->parentWidget() && other->parentWidget()->window() == window;
        });
    };
    for (QWidget *window : windows) {
        if (isDialogOrWindow(window) && !hasAnother(window))
            return activate(window);
    }
    qWarning("there is no window");
    return false;
}

// ---- keyboard

bool Hands::press(const QKeySequence &keys) const
{
    if (!attend())
        return false;
    for (int i = 0; i < keys.count(); ++i)
        QTest::keyClick(QGuiApplication::focusWindow(), keys[static_cast<uint>(i)].key(),
            keys[static_cast<uint>(i)].keyboardModifiers());
    return true;
}

bool Hands::type(const QString &text) const
{
    if (!attend())
        return false;
    for (const QChar letter : text)
        QTest::keyClick(QGuiApplication::focusWindow(), letter.toLatin1());
    return true;
}

QString Hands::focused() const
{
    const QWidget *widget = QApplication::focusWidget();
    return widget ? widget->objectName() : QString();
}

bool Hands::waitForFocus(const QString &name) const
{
    if (waitFor(name + QStringLiteral(" has the focus"), [&] { return attend() && focused() == name; }))
        return true;
    qWarning("it is at %s", qPrintable(focused()));
    return false;
}

bool Hands::focus(const QString &name) const
{
    QStringList passed;
    for (const QDeadlineTimer patience(kPatience); !patience.hasExpired();) {
        // Tab passes what cannot be used, which may change at any time.
        if (!waitForUse(name) || !attend())
            return false;
        passed.clear();
        for (int i = 0; i < kMostTabs; ++i) {
            if (focused() == name)
                return true;
            passed.append(focused());
            if (!press(QKeySequence(Qt::Key_Tab)))
                return false;
        }
    }
    qWarning("Tab does not come to %s, but to %s", qPrintable(name), qPrintable(passed.join(u' ').left(2'000)));
    return false;
}

// ---- lists

QModelIndex Hands::indexOf(const QAbstractItemView *list, const QString &row)
{
    const QAbstractItemModel *model = list->model();
    const auto search = [&](const auto &self, const QModelIndex &parent) -> QModelIndex {
        for (int i = 0; i < model->rowCount(parent); ++i) {
            const QModelIndex index = model->index(i, 0, parent);
            if (plain(index.data().toString()) == row)
                return index;
            const QModelIndex below = self(self, index);
            if (below.isValid())
                return below;
        }
        return {};
    };
    return search(search, {});
}

bool Hands::clickRow(const QString &list, const QString &row, Qt::MouseButton button) const
{
    const auto view = [&list] { return qobject_cast<QAbstractItemView *>(seen(list)); };
    const auto isThere = [&] { return view() && indexOf(view(), row).isValid(); };
    if (!waitFor(list + QStringLiteral(" has a row ") + row, isThere))
        return false;
    view()->scrollTo(indexOf(view(), row));
    clickAt(view()->viewport(), view()->visualRect(indexOf(view(), row)).center(), button);
    return waitFor(row + QStringLiteral(" is chosen"),
        [&] { return isThere() && view()->selectionModel()->isSelected(indexOf(view(), row)); });
}

QString Hands::rowText(const QString &list, const QString &row)
{
    const auto *view = qobject_cast<QAbstractItemView *>(seen(list));
    const QModelIndex index = view ? indexOf(view, row) : QModelIndex();
    if (!index.isValid())
        return {};
    QStringList parts;
    for (int column = 0; column < view->model()->columnCount(index.parent()); ++column) {
        const QModelIndex cell = index.siblingAtColumn(column);
        const QString spoken = cell.data(Qt::AccessibleTextRole).toString();
        parts.append(spoken.isEmpty() ? cell.data().toString() : spoken);
    }
    return plain(parts.join(u'\n'));
}

bool Hands::readRow(const QString &list, const QString &row, const QString &part) const
{
    if (waitFor(row + QStringLiteral(" says: ") + part, [&] { return rowText(list, row).contains(part); }))
        return true;
    qWarning("it says: %s", qPrintable(rowText(list, row)));
    return false;
}

bool Hands::isGone(const QString &list, const QString &row) const
{
    return waitFor(row + QStringLiteral(" is gone from ") + list, [&] { return rowText(list, row).isEmpty(); });
}

// ---- menus

QAction *Hands::actionIn(const QMenu *menu, const QString &action)
{
    const auto actions = menu ? menu->actions() : QList<QAction *>();
    for (QAction *one : actions) {
        if (one->objectName() == action)
            return one;
    }
    return nullptr;
}

bool Hands::choose(const QString &action) const
{
    const auto ready = [&action] {
        const QAction *found = actionIn(openMenu(), action);
        return found && found->isEnabled();
    };
    if (!waitFor(QStringLiteral("a menu with ") + action, ready))
        return false;
    QMenu *menu = openMenu();
    return clickAt(menu, menu->actionGeometry(actionIn(menu, action)).center());
}

bool Hands::chooseInBar(const QString &action) const
{
    QMenuBar *bar = nullptr;
    QAction *title = nullptr;
    const QWidgetList windows = windowsSeen();
    for (const QWidget *window : windows) {
        auto *main = qobject_cast<const QMainWindow *>(window);
        if (!main)
            continue;
        bar = main->menuBar();
        const auto titles = bar->actions();
        for (QAction *one : titles) {
            if (actionIn(one->menu(), action))
                title = one;
        }
    }
    if (!title) {
        qWarning("no menu has %s", qPrintable(action));
        return false;
    }
    return clickAt(bar, bar->actionGeometry(title).center()) && choose(action);
}

} // namespace mf
