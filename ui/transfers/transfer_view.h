// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/transfers/transfer_delegate.h"

#include <QHash>
#include <QSet>
#include <QTreeView>

namespace mf::ui {

// The list of transfers: clicks on the buttons that the delegate paints, and rows that are dragged to another place.
// Dragging is done here, not by Qt's drag and drop: nothing leaves the list, and no nested event loop runs.
//
// The accounts below a transfer are shown while it runs on several of them; what the user folds or unfolds stays so as
// long as this lives. A selected account stands for its transfer.
class TransferView final : public QTreeView
{
    Q_OBJECT
public:
    explicit TransferView(Clock &clock, QWidget *parent = nullptr);

    QSet<TransferId> seenIds() const; // of which any row can be seen
    QRect buttonRect(const QModelIndex &index, RowButton button) const; // of the viewport; empty: not there
    bool isDragging() const { return m_isDragging; }
    std::vector<TransferId> selectedIds() const; // from top to bottom, each once
    void setModel(QAbstractItemModel *model) override;
    void rowsInserted(const QModelIndex &parent, int first, int last) override;
    void dataChanged(const QModelIndex &first, const QModelIndex &last, const QList<int> &roles) override;

signals:
    void pressed(qint64 transfer, mf::ui::RowButton button);
    void dropped(qint64 transfer, qint64 before); // before whom; 0: behind all
    void chosen(); // the selection or the current row changed

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void selectionChanged(const QItemSelection &selected, const QItemSelection &deselected) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    QStyleOptionViewItem optionOf(const QModelIndex &index) const;
    RowButton buttonUnder(const QPoint &at) const;
    int dropRow(const QPoint &at) const;
    int bottomOf(int row) const; // with its accounts
    void endDrag();
    void fold(int first, int last); // these transfers, as they should be
    void noteFold(const QModelIndex &index, bool isUnfolded);

    TransferDelegate *m_delegate;
    RowButton m_pressed = RowButton::None;
    TransferId m_pressedId = 0; // of the row under the button, or to be dragged
    QPoint m_pressedAt;
    bool m_isDragging = false;
    int m_dropRow = -1;
    QHash<TransferId, bool> m_unfolded; // as the user wants it
    bool m_isFolding = false; // by itself
};

} // namespace mf::ui
