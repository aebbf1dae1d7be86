// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/history_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace mf::ui {
namespace {

// Rows with air between them.
class LineDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QSize size = QStyledItemDelegate::sizeHint(option, index);
        size.setHeight(option.fontMetrics.lineSpacing() + 10);
        return size;
    }
};

} // namespace

HistoryView::HistoryView(Desk &desk, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_model(new HistoryModel(desk.service, desk.clock, this))
    , m_filter(new HistoryFilter(this))
    , m_stack(new QStackedWidget(this))
    , m_tree(new QTreeView(this))
    , m_empty(new EmptyState(this))
{
    m_filter->setSourceModel(m_model);
    m_tree->setObjectName(QStringLiteral("activity.history"));
    m_tree->setAccessibleName(tr("History"));
    m_tree->setModel(m_filter);
    m_tree->setItemDelegate(new LineDelegate(m_tree));
    m_tree->setHeaderHidden(true);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_tree->setUniformRowHeights(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    m_tree->installEventFilter(this);
    m_tree->expandAll();
    m_empty->setObjectName(QStringLiteral("activity.historyEmpty"));
    m_stack->addWidget(m_tree);
    m_stack->addWidget(m_empty);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);

    connect(m_desk.actions[QStringLiteral("activity.copy")], &QAction::triggered, this, &HistoryView::copy);
    connect(m_tree, &QWidget::customContextMenuRequested, this, &HistoryView::openMenu);
    // A day that comes is open.
    connect(m_filter, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &day, int first, int last) {
        for (int row = first; !day.isValid() && row <= last; ++row)
            m_tree->expand(m_filter->index(row, 0));
        tell();
    });
    connect(m_filter, &QAbstractItemModel::rowsRemoved, this, &HistoryView::tell);
    connect(m_filter, &QAbstractItemModel::modelReset, this, [this] {
        m_tree->expandAll();
        tell();
    });
    tell();
}

void HistoryView::setFilter(const QString &text)
{
    m_filter->setText(text);
    m_tree->expandAll();
    tell();
}

void HistoryView::tell()
{
    const bool isEmpty = m_filter->rowCount() == 0;
    m_stack->setCurrentWidget(isEmpty ? static_cast<QWidget *>(m_empty) : m_tree);
    if (isEmpty && m_model->rowCount() > 0)
        m_empty->tell(QStringLiteral("search"), tr("Nothing matches"),
            tr("Nothing that happened matches “%1”.").arg(m_filter->text()));
    else if (isEmpty)
        m_empty->tell(QStringLiteral("history"), tr("Nothing happened yet"),
            tr("What is stored, downloaded, checked and repaired shows up here."));
}

void HistoryView::copy()
{
    QModelIndexList rows = m_tree->selectionModel()->selectedIndexes();
    // In the order that is seen, day by day.
    const auto key = [](const QModelIndex &index) {
        return index.parent().isValid() ? std::pair(index.parent().row(), index.row()) : std::pair(index.row(), -1);
    };
    std::sort(rows.begin(), rows.end(), [&key](const QModelIndex &a, const QModelIndex &b) { return key(a) < key(b); });
    QStringList lines;
    for (const QModelIndex &row : std::as_const(rows))
        lines.append(m_model->line(m_filter->mapToSource(row)));
    if (!lines.isEmpty())
        QGuiApplication::clipboard()->setText(lines.join(u'\n'));
}

bool HistoryView::eventFilter(QObject *watched, QEvent *event)
{
    // The key is the view's alone: other pages copy other things by it.
    if (watched == m_tree && event->type() == QEvent::KeyPress
        && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy)) {
        copy();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void HistoryView::openMenu(const QPoint &at)
{
    auto *menu = new QMenu(m_tree);
    menu->setObjectName(QStringLiteral("activity.historyMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(m_desk.actions[QStringLiteral("activity.copy")]);
    menu->popup(m_tree->viewport()->mapToGlobal(at));
}

} // namespace mf::ui
