// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/small_widgets.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStyle>
#include <QStyledItemDelegate>

namespace mf::ui {
namespace {

constexpr int kInset = 3; // the texts stand below those of the header

// Rows with a little air, all of the same height.
class RowDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
        style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
        QStyleOptionViewItem inner = option;
        inner.rect.adjust(kInset, 0, -kInset, 0);
        inner.state &= ~(QStyle::State_Selected | QStyle::State_HasFocus | QStyle::State_MouseOver);
        QStyledItemDelegate::paint(painter, inner, index);
    }
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QSize size = QStyledItemDelegate::sizeHint(option, index);
        size.rwidth() += 2 * kInset;
        size.setHeight(option.fontMetrics.height() + 8);
        return size;
    }
};

} // namespace

ElidedLabel::ElidedLabel(QWidget *parent)
    : QLabel(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setTextFormat(Qt::PlainText);
}

void ElidedLabel::setWords(const QString &words)
{
    setText(words);
    setToolTip(words);
}

QSize ElidedLabel::sizeHint() const { return QSize(fontMetrics().averageCharWidth() * 4, fontMetrics().height() + 2); }

void ElidedLabel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(palette().color(foregroundRole()));
    painter.drawText(rect(),
        static_cast<int>(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) | Qt::AlignVCenter),
        fontMetrics().elidedText(text(), Qt::ElideMiddle, width()));
}

void alignLeading(QLabel *label, Qt::Alignment vertical)
{
    const bool isMirrored = QGuiApplication::layoutDirection() == Qt::RightToLeft;
    label->setAlignment((isMirrored ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignAbsolute | vertical);
}

QPushButton *buttonFor(QAction *action, const QString &objectName, QWidget *parent)
{
    auto *button = new QPushButton(parent);
    button->setObjectName(objectName);
    const auto follow = [button, action] {
        button->setText(action->text());
        button->setEnabled(action->isEnabled());
        button->setToolTip(action->toolTip());
    };
    follow();
    QObject::connect(action, &QAction::changed, button, follow);
    QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
    return button;
}

PlainTable::PlainTable(QAbstractItemModel *model, int sortRole, int stretched, const QString &objectName,
    const QString &accessibleName, QWidget *parent)
    : QTreeView(parent)
    , m_proxy(new QSortFilterProxyModel(this))
{
    setObjectName(objectName);
    setAccessibleName(accessibleName);
    m_proxy->setSourceModel(model);
    m_proxy->setSortRole(sortRole);
    m_proxy->setSortCaseSensitivity(Qt::CaseInsensitive);
    m_proxy->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_proxy->setFilterKeyColumn(-1);
    setModel(m_proxy);
    setItemDelegate(new RowDelegate(this));
    setRootIsDecorated(false);
    setUniformRowHeights(true);
    setSelectionMode(ExtendedSelection);
    setAllColumnsShowFocus(true);
    setEditTriggers(NoEditTriggers);
    setVerticalScrollMode(ScrollPerPixel);
    setFrameShape(QFrame::NoFrame);
    setTabKeyNavigation(false);
    header()->setObjectName(objectName + QStringLiteral(".header"));
    header()->setAccessibleName(accessibleName);
    header()->setStretchLastSection(false);
    header()->setResizeContentsPrecision(200);
    header()->setHighlightSections(false);
    for (int column = 0; column < model->columnCount(); ++column)
        header()->setSectionResizeMode(
            column, column == stretched ? QHeaderView::Stretch : QHeaderView::ResizeToContents);
    header()->setSortIndicator(-1, Qt::AscendingOrder); // as it was given, until a click
    setSortingEnabled(true);
}

QString PlainTable::chosenText() const
{
    QModelIndexList rows = selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    QStringList lines;
    for (const QModelIndex &row : rows) {
        QStringList cells;
        for (int column = 0; column < m_proxy->columnCount(); ++column)
            cells.append(row.siblingAtColumn(column).data().toString());
        lines.append(cells.join(u'\t'));
    }
    return lines.join(u'\n');
}

void PlainTable::copy()
{
    if (selectionModel()->hasSelection())
        QGuiApplication::clipboard()->setText(chosenText());
}

void PlainTable::keyPressEvent(QKeyEvent *event)
{
    if (!event->matches(QKeySequence::Copy)) {
        QTreeView::keyPressEvent(event);
        return;
    }
    copy();
    event->accept();
}

} // namespace mf::ui
