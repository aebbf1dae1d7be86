// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/panes.h"

#include <QApplication>
#include <QWidget>

namespace mf::ui {

bool focusInto(QWidget *pane)
{
    // From the window on: what was put into another widget late may not be followed by its own children.
    QWidget *const window = pane->window();
    for (QWidget *widget = window->nextInFocusChain(); widget != window; widget = widget->nextInFocusChain()) {
        const bool isInside = widget == pane || pane->isAncestorOf(widget);
        if (isInside && widget->isVisible() && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus)) {
            widget->setFocus(Qt::TabFocusReason);
            return true;
        }
    }
    return false;
}

void focusNextPane(const std::vector<QWidget *> &panes, int step)
{
    const QWidget *const focus = QApplication::focusWidget();
    std::size_t now = 0;
    for (std::size_t i = 0; i < panes.size(); ++i) {
        if (focus && (panes[i] == focus || panes[i]->isAncestorOf(focus)))
            now = i;
    }
    for (std::size_t tried = 0; tried < panes.size(); ++tried) {
        now = (now + panes.size() + (step > 0 ? 1 : panes.size() - 1)) % panes.size();
        if (focusInto(panes[now]))
            return;
    }
}

} // namespace mf::ui
