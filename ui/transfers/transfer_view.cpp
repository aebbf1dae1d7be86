// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/transfer_view.h"

#include "ui/common/theme.h"
#include "ui/transfers/transfer_model.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace mf::ui {
namespace {

const TransferEntry *entryOf(const QModelIndex &index)
{
    return index.data(TransferModel::EntryRole).value<const TransferEntry *>();
}

TransferId idOf(const QModelIndex &index) { return index.data(TransferModel::IdRole).toLongLong(); }

} // namespace

TransferView::TransferView(Clock &clock, QWidget *parent)
    : QListView(parent)
    , m_delegate(new TransferDelegate(clock, this))
{
    setObjectName(QStringLiteral("transfers.list"));
    setAccessibleName(tr("Transfers"));
    setItemDelegate(m_delegate);
    setSelectionMode(ExtendedSelection);
    setUniformItemSizes(true);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setEditTriggers(NoEditTriggers);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setMouseTracking(true);
    setFrameShape(QFrame::NoFrame);
}

bool TransferView::isRowVisible(const QModelIndex &index) const
{
    return index.isValid() && visualRect(index).intersects(viewport()->rect());
}

QStyleOptionViewItem TransferView::optionOf(const QModelIndex &index) const
{
    QStyleOptionViewItem option;
    initViewItemOption(&option);
    option.rect = visualRect(index);
    return option;
}

QRect TransferView::buttonRect(const QModelIndex &index, RowButton button) const
{
    if (const TransferEntry *transfer = entryOf(index)) {
        for (const TransferDelegate::Button &one : m_delegate->layoutOf(optionOf(index), *transfer).buttons) {
            if (one.what == button)
                return one.rect;
        }
    }
    return {};
}

RowButton TransferView::buttonUnder(const QPoint &at) const
{
    const QModelIndex index = indexAt(at);
    return index.isValid() ? m_delegate->buttonAt(optionOf(index), index, at) : RowButton::None;
}

std::vector<TransferId> TransferView::selectedIds() const
{
    QModelIndexList rows = selectionModel() ? selectionModel()->selectedIndexes() : QModelIndexList();
    std::sort(rows.begin(), rows.end());
    std::vector<TransferId> ids;
    for (const QModelIndex &row : std::as_const(rows))
        ids.push_back(idOf(row));
    return ids;
}

void TransferView::mousePressEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->pos());
    m_pressed = RowButton::None;
    m_pressedId = 0;
    if (event->button() == Qt::LeftButton && index.isValid()) {
        m_pressedId = idOf(index);
        m_pressedAt = event->pos();
        m_pressed = buttonUnder(event->pos());
        if (m_pressed != RowButton::None) {
            selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect);
            return;
        }
    }
    QListView::mousePressEvent(event);
}

void TransferView::mouseMoveEvent(QMouseEvent *event)
{
    if (!(event->buttons() & Qt::LeftButton) || m_pressedId == 0) {
        QListView::mouseMoveEvent(event);
        setCursor(buttonUnder(event->pos()) != RowButton::None ? Qt::PointingHandCursor : Qt::ArrowCursor);
        viewport()->update(visualRect(indexAt(event->pos())));
        return;
    }
    if (m_pressed != RowButton::None)
        return;
    if (!m_isDragging) {
        const bool isFar = (event->pos() - m_pressedAt).manhattanLength() >= QApplication::startDragDistance();
        const TransferEntry *transfer = entryOf(indexAt(m_pressedAt));
        m_isDragging = isFar && transfer && transfer->id == m_pressedId && !isEnded(*transfer);
        if (m_isDragging)
            setCursor(Qt::ClosedHandCursor);
    }
    if (m_isDragging) {
        m_dropRow = dropRow(event->pos());
        viewport()->update();
    }
}

// The row before which it would land; at most that of the first ended one, as the queue ends there.
int TransferView::dropRow(const QPoint &at) const
{
    int end = 0;
    while (end < model()->rowCount() && !isEnded(*entryOf(model()->index(end, 0))))
        ++end;
    const QModelIndex index = indexAt(at);
    if (!index.isValid())
        return at.y() < 0 ? 0 : end;
    const int row = index.row() + (at.y() > visualRect(index).center().y() ? 1 : 0);
    return std::min(row, end);
}

void TransferView::mouseReleaseEvent(QMouseEvent *event)
{
    const TransferId id = m_pressedId;
    if (m_isDragging) {
        const QModelIndex target = model()->index(m_dropRow, 0);
        const TransferEntry *before = target.isValid() ? entryOf(target) : nullptr;
        const TransferId beforeId = before && !isEnded(*before) ? before->id : 0;
        endDrag();
        if (beforeId != id)
            emit dropped(id, beforeId);
        return;
    }
    const RowButton button = m_pressed;
    endDrag();
    if (button == RowButton::None) {
        QListView::mouseReleaseEvent(event);
        return;
    }
    if (buttonUnder(event->pos()) == button && idOf(indexAt(event->pos())) == id)
        emit pressed(id, button);
}

void TransferView::keyPressEvent(QKeyEvent *event)
{
    if (m_isDragging && event->key() == Qt::Key_Escape) {
        endDrag();
        return;
    }
    QListView::keyPressEvent(event);
}

void TransferView::endDrag()
{
    m_pressed = RowButton::None;
    m_pressedId = 0;
    m_isDragging = false;
    m_dropRow = -1;
    unsetCursor();
    viewport()->update();
}

void TransferView::paintEvent(QPaintEvent *event)
{
    QListView::paintEvent(event);
    if (m_dropRow < 0)
        return;
    const QRect row = visualRect(model()->index(std::max(0, m_dropRow - 1), 0));
    const int y = std::clamp(m_dropRow == 0 ? row.top() : row.bottom() + 1, 1, viewport()->height() - 1);
    QPainter painter(viewport());
    painter.setPen(QPen(Theme::colour(Token::Accent), 2));
    painter.drawLine(row.left(), y, row.right(), y);
}

void TransferView::leaveEvent(QEvent *event)
{
    QListView::leaveEvent(event);
    viewport()->update();
}

void TransferView::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QListView::selectionChanged(selected, deselected);
    emit chosen();
}

void TransferView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QListView::currentChanged(current, previous);
    emit chosen();
}

} // namespace mf::ui
