// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What a person does to a window, and sees in it. Events go to the platform's windows, as those of a mouse and a
// keyboard do: what lies over a button gets its click, and keys go to what has the focus.

#include <QKeySequence>
#include <QMenu>
#include <QStringList>

#include <functional>

class QAbstractItemView;
class QWidget;

namespace mf {

class Hands
{
public:
    // All of these wait until what they need is there, and fail after a minute with a line that says what was missing.

    bool waitFor(const QString &what, const std::function<bool()> &isSo) const;

    // The widget of that name that is seen and can be used now; null: there is none.
    static QWidget *seen(const QString &name);
    bool see(const QString &name) const;
    // A label, button or field says it, or a part of it.
    bool read(const QString &name, const QString &part) const;
    static QString textOf(const QString &name); // of what is seen; "": nothing
    static void photograph(); // all windows, into the folder that MF_PICTURES names, if it does

    bool click(const QString &name) const;
    // A file that comes from another program, over the widget of that name.
    bool drop(const QStringList &paths, const QString &onto) const;

    // ---- keyboard: of what has the focus
    bool press(const QKeySequence &keys) const;
    bool type(const QString &text) const;
    bool focus(const QString &name) const; // Tab until it is there
    QString focused() const; // the name of what has the focus
    bool waitForFocus(const QString &name) const; // it comes there by itself
    bool waitForUse(const QString &name) const; // it is seen and enabled

    // ---- lists: by what the first column says
    bool clickRow(const QString &list, const QString &row, Qt::MouseButton button = Qt::LeftButton) const;
    // What a row says: all its columns, as a screen reader tells them.
    static QString rowText(const QString &list, const QString &row); // "": it is not there
    bool readRow(const QString &list, const QString &row, const QString &part) const;
    bool isGone(const QString &list, const QString &row) const; // also with the whole list

    // ---- menus
    bool choose(const QString &action) const; // in the menu that is open
    bool chooseInBar(const QString &action) const; // in the window's menu bar

private:
    bool activate(QWidget *window) const;
    bool attend() const;
    static QModelIndex indexOf(const QAbstractItemView *list, const QString &row);
    static QAction *actionIn(const QMenu *menu, const QString &action);
    bool clickAt(QWidget *widget, const QPoint &at, Qt::MouseButton button = Qt::LeftButton) const;
};

} // namespace mf
