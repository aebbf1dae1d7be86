// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/transfer_view.h"

#include "ui/common/theme.h"
#include "ui/transfers/transfer_model.h"

#include <QApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <map>

namespace mf::ui {
namespace {

const TransferEntry *entryOf(const QModelIndex &index)
{
    return index.data(TransferModel::EntryRole).value<const TransferEntry *>();
}

TransferId idOf(const QModelIndex &index) { return index.data(TransferModel::IdRole).toLongLong(); }

} // namespace

TransferView::TransferView(Clock &clock, QWidget *parent)
    : QTreeView(parent)
    , m_delegate(new TransferDelegate(clock, this))
{
    setObjectName(QStringLiteral("transfers.list"));
    setAccessibleName(tr("Transfers"));
    setItemDelegate(m_delegate);
    setSelectionMode(ExtendedSelection);
    setHeaderHidden(true);
    header()->setMinimumSectionSize(0); // as narrow as the view, which has one column
    setIndentation(18);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setEditTriggers(NoEditTriggers);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setMouseTracking(true);
    setFrameShape(QFrame::NoFrame);
    connect(this, &QTreeView::expanded, this, [this](const QModelIndex &index) { noteFold(index, true); });
    connect(this, &QTreeView::collapsed, this, [this](const QModelIndex &index) { noteFold(index, false); });
}

QSet<TransferId> TransferView::seenIds() const
{
    QSet<TransferId> ids;
    const int bottom = viewport()->height();
    for (QModelIndex row = indexAt(QPoint(viewport()->width() / 2, 0)); row.isValid(); row = indexBelow(row)) {
        if (visualRect(row).top() >= bottom)
            break;
        ids.insert(idOf(row));
    }
    return ids;
}

// ---- accounts shown or not

void TransferView::setModel(QAbstractItemModel *model)
{
    QTreeView::setModel(model);
    if (model)
        fold(0, model->rowCount() - 1);
}

void TransferView::rowsInserted(const QModelIndex &parent, int first, int last)
{
    QTreeView::rowsInserted(parent, first, last);
    if (parent.isValid())
        fold(parent.row(), parent.row());
    else
        fold(first, last);
}

void TransferView::dataChanged(const QModelIndex &first, const QModelIndex &last, const QList<int> &roles)
{
    QTreeView::dataChanged(first, last, roles);
    if (!first.parent().isValid())
        fold(first.row(), last.row());
}

void TransferView::fold(int first, int last)
{
    m_isFolding = true;
    for (int row = first; row <= last; ++row) {
        const QModelIndex index = model()->index(row, 0);
        const TransferEntry *transfer = entryOf(index);
        if (!transfer)
            continue;
        const bool isBusy = transfer->state == TransferEntry::State::Running && transfer->shares.size() > 1;
        const bool isUnfolded = m_unfolded.value(transfer->id, isBusy);
        if (isExpanded(index) != isUnfolded)
            setExpanded(index, isUnfolded);
    }
    m_isFolding = false;
}

void TransferView::noteFold(const QModelIndex &index, bool isUnfolded)
{
    if (!m_isFolding)
        m_unfolded.insert(idOf(index), isUnfolded);
}

// ---- rows

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
    std::map<int, TransferId> rows;
    const QModelIndexList selected = selectionModel() ? selectionModel()->selectedIndexes() : QModelIndexList();
    for (const QModelIndex &index : selected)
        rows.emplace(index.parent().isValid() ? index.parent().row() : index.row(), idOf(index));
    std::vector<TransferId> ids;
    ids.reserve(rows.size());
    for (const auto &[row, id] : rows)
        ids.push_back(id);
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
    QTreeView::mousePressEvent(event);
}

void TransferView::mouseMoveEvent(QMouseEvent *event)
{
    if (!(event->buttons() & Qt::LeftButton) || m_pressedId == 0) {
        QTreeView::mouseMoveEvent(event);
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

// The row before which it would land: among those of its priority that have not ended.
int TransferView::dropRow(const QPoint &at) const
{
    int begin = 0;
    while (begin < model()->rowCount() && idOf(model()->index(begin, 0)) != m_pressedId)
        ++begin;
    const TransferEntry *moving = entryOf(model()->index(begin, 0));
    if (!moving) // it has gone meanwhile
        return -1;
    const auto isLike = [this, moving](int row) {
        const TransferEntry *other = entryOf(model()->index(row, 0));
        return other && !isEnded(*other) && other->priority == moving->priority;
    };
    int end = begin;
    while (isLike(begin - 1))
        --begin;
    while (isLike(end))
        ++end;
    QModelIndex index = indexAt(at);
    if (!index.isValid())
        return at.y() < 0 ? begin : end;
    const bool isShare = index.parent().isValid();
    if (isShare)
        index = index.parent();
    const int row = index.row() + (isShare || at.y() > visualRect(index).center().y() ? 1 : 0);
    return std::clamp(row, begin, end);
}

int TransferView::bottomOf(int row) const
{
    QModelIndex index = model()->index(row, 0);
    if (const int accounts = model()->rowCount(index); isExpanded(index) && accounts > 0)
        index = model()->index(accounts - 1, 0, index);
    return visualRect(index).bottom();
}

void TransferView::mouseReleaseEvent(QMouseEvent *event)
{
    const TransferId id = m_pressedId;
    if (m_isDragging) {
        const QModelIndex target = model()->index(m_dropRow, 0);
        const TransferEntry *before = target.isValid() ? entryOf(target) : nullptr;
        const TransferId beforeId = before && !isEnded(*before) ? before->id : 0;
        const bool isSomewhere = m_dropRow >= 0;
        endDrag();
        if (isSomewhere && beforeId != id)
            emit dropped(id, beforeId);
        return;
    }
    const RowButton button = m_pressed;
    endDrag();
    if (button == RowButton::None) {
        QTreeView::mouseReleaseEvent(event);
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
    QTreeView::keyPressEvent(event);
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
    QTreeView::paintEvent(event);
    if (m_dropRow < 0)
        return;
    const int edge = m_dropRow == 0 ? visualRect(model()->index(0, 0)).top() : bottomOf(m_dropRow - 1) + 1;
    const int y = std::clamp(edge, 1, viewport()->height() - 1);
    QPainter painter(viewport());
    painter.setPen(QPen(Theme::colour(Token::Accent), 2));
    painter.drawLine(0, y, viewport()->width(), y);
}

void TransferView::leaveEvent(QEvent *event)
{
    QTreeView::leaveEvent(event);
    viewport()->update();
}

void TransferView::selectionChanged(const QItemSelection &selected, const QItemSelection &deselected)
{
    QTreeView::selectionChanged(selected, deselected);
    emit chosen();
}

void TransferView::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QTreeView::currentChanged(current, previous);
    emit chosen();
}

} // namespace mf::ui
