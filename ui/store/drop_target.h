// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QStringList>

class QDropEvent;
class QMimeData;

namespace mf::ui {

class DropOverlay;

// Takes files and folders that are dropped anywhere in a window, whatever widget is under the pointer, and shows over
// the window what will become of them. Always as a copy: a move would let the file manager delete the originals.
// What the window's own widgets drag, and text dropped on a field, is left to them.
class DropTarget final : public QObject
{
    Q_OBJECT
public:
    // Belongs to the window, and makes it accept drops.
    explicit DropTarget(QWidget *window);
    ~DropTarget() override;

    // What the overlay says; "" while nothing is dragged over the window.
    QString shownText() const;

signals:
    void dropped(QStringList paths);
    void refused(QString why); // of what was dropped, or of a part of it

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    bool isOurs(const QObject *watched, const QDropEvent &event) const;
    void show(const QMimeData &data, bool canCopy);
    void leave();

    QWidget *m_window;
    QPointer<DropOverlay> m_overlay;
    bool m_isOver = false;
};

} // namespace mf::ui
