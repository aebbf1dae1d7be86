// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QKeySequence>
#include <QObject>
#include <QStringList>

#include <vector>

namespace mf::ui {

// All actions of the window by their ids ("model.store"), which are also their object names: menus, toolbar, context
// menus, shortcuts, the shortcut sheet and tests share them. A page adds its own and connects them.
class Actions final : public QObject
{
    Q_OBJECT
public:
    explicit Actions(QWidget *window);

    // A new one; the id must be new, too. group: under which heading the shortcut sheet shows it ("Models").
    QAction *add(const QString &id, const QString &group, const QString &text, const QKeySequence &shortcut = {},
        const QString &iconName = {});
    QAction *operator[](const QString &id) const; // must be there
    const std::vector<QAction *> &all() const { return m_all; }
    static QString groupOf(const QAction *action);
    // Pairs that the same keys would start, in words; those of a page alone (WidgetWithChildrenShortcut) may repeat.
    QStringList clashes() const;

    // Disabled, with a reason that its tooltip and status tip tell; "" enables it.
    static void disable(QAction *action, const QString &why);

private:
    QWidget *m_window;
    std::vector<QAction *> m_all;
};

} // namespace mf::ui
