// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/audit/scene.h"
#include "ui/transfers/transfer_view.h"
#include "ui/transfers/transfers_page.h"

#include <QVBoxLayout>
#include <QtTest>

namespace mf::ui {

// The page in a window, used by mouse and keys.
class TransfersWorld
{
public:
    TransfersWorld()
        : page(new TransfersPage(desk.desk, &desk.window))
        , list(page->findChild<TransferView *>(QStringLiteral("transfers.list")))
    {
        auto *layout = new QVBoxLayout(&desk.window);
        layout->addWidget(page);
        desk.window.resize(1000, 700);
        desk.window.show();
        desk.window.activateWindow();
        if (!QTest::qWaitForWindowActive(&desk.window))
            qFatal("the window does not become active");
    }
    template <typename T> T *find(const char *name) const { return page->findChild<T *>(QLatin1StringView(name)); }
    QAction *action(const char *id) const { return desk.actions[QLatin1StringView(id)]; }
    void select(int row)
    {
        list->setFocus();
        list->setCurrentIndex(list->model()->index(row, 0));
    }
    QModelIndex row(int number) const { return list->model()->index(number, 0); }
    QModelIndex account(int number, int below) const { return list->model()->index(below, 0, row(number)); }
    void press(int row, RowButton button)
    {
        const QRect place = list->buttonRect(list->model()->index(row, 0), button);
        if (place.isEmpty())
            qFatal("row %d has no such button", row);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, place.center());
    }
    QPoint middle(int row) const { return list->visualRect(list->model()->index(row, 0)).center() - QPoint(200, 0); }
    void drag(const QPoint &from, const QPoint &to)
    {
        QTest::mousePress(list->viewport(), Qt::LeftButton, {}, from);
        QTest::mouseMove(list->viewport(), from + QPoint(0, 30));
        // QTest's moves do not carry the button; what a drag is made of does.
        for (const QPoint &at : { from + QPoint(0, 30), to }) {
            QMouseEvent move(
                QEvent::MouseMove, at, list->viewport()->mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
            QCoreApplication::sendEvent(list->viewport(), &move);
        }
    }
    void drop(const QPoint &at) { QTest::mouseRelease(list->viewport(), Qt::LeftButton, {}, at); }
    const QStringList &calls() const { return desk.service.calls; }

    SceneDesk desk;
    TransfersPage *page;
    TransferView *list;
};

} // namespace mf::ui
