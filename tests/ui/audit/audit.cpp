// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/audit/audit.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAccessible>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QListView>
#include <QScrollArea>
#include <QStyleOptionComboBox>
#include <QTabBar>
#include <QTableView>
#include <QTextDocument>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>
#include <cmath>

namespace mf::ui {
namespace {

QString nodePath(QAccessibleInterface *node)
{
    if (QObject *object = node->object()) {
        if (auto *widget = qobject_cast<QWidget *>(object))
            return pathOf(widget);
    }
    QAccessibleInterface *parent = node->parent();
    return (parent ? nodePath(parent) : QString()) + QStringLiteral("/role %1").arg(node->role());
}

void walkNames(QAccessibleInterface *node, int depth, std::vector<Finding> &findings)
{
    constexpr int kDeepest = 14;
    constexpr int kMostChildren = 400;
    static const QSet<QAccessible::Role> kNeedsName { QAccessible::Button, QAccessible::ComboBox,
        QAccessible::EditableText, QAccessible::CheckBox, QAccessible::RadioButton, QAccessible::Slider,
        QAccessible::SpinBox, QAccessible::List, QAccessible::Tree, QAccessible::Table, QAccessible::Graphic,
        QAccessible::ProgressBar, QAccessible::Link, QAccessible::PageTab };
    if (!node || !node->isValid() || node->state().invisible)
        return;
    // A picture beside words says nothing that they do not.
    const bool isDecoration = node->role() == QAccessible::Graphic && qobject_cast<QLabel *>(node->object());
    if (kNeedsName.contains(node->role()) && !isDecoration && node->text(QAccessible::Name).trimmed().isEmpty())
        findings.push_back({ QStringLiteral("name"), nodePath(node), QStringLiteral("has no accessible name") });
    if (depth >= kDeepest)
        return;
    for (int i = 0; i < std::min(node->childCount(), kMostChildren); ++i)
        walkNames(node->child(i), depth + 1, findings);
}

bool isShown(const QWidget *widget) { return widget->isVisible() && !widget->visibleRegion().isEmpty(); }

// The buttons within a line edit, the corner of a table, the arrows of a tab bar: Qt's own, without text.
bool isInnerPart(const QWidget *widget)
{
    return widget->objectName().startsWith(QStringLiteral("qt_"))
        || (widget->parentWidget() && widget->parentWidget()->inherits("QLineEdit"));
}

Finding clip(const QWidget *widget, const QString &text, int has, int needs)
{
    return { QStringLiteral("clip"), pathOf(widget),
        QStringLiteral("“%1” has %2 px and needs %3").arg(text.left(60)).arg(has).arg(needs) };
}

void auditWidget(QWidget *widget, std::vector<Finding> &findings)
{
    constexpr int kTolerance = 1;
    if (auto *label = qobject_cast<QLabel *>(widget); label && !label->text().isEmpty()) {
        if (label->wordWrap() && label->height() + kTolerance < label->heightForWidth(label->width()))
            findings.push_back(clip(label, label->text(), label->height(), label->heightForWidth(label->width())));
        else if (!label->wordWrap() && label->width() + kTolerance < label->sizeHint().width())
            findings.push_back(clip(label, label->text(), label->width(), label->sizeHint().width()));
        if (label->height() + kTolerance < label->fontMetrics().height())
            findings.push_back(clip(label, label->text(), label->height(), label->fontMetrics().height()));
    }
    if (auto *button = qobject_cast<QAbstractButton *>(widget); button && !button->text().isEmpty()) {
        const auto *tool = qobject_cast<QToolButton *>(widget);
        const bool hasText = !tool || tool->toolButtonStyle() != Qt::ToolButtonIconOnly;
        if (hasText && button->width() + kTolerance < button->sizeHint().width())
            findings.push_back(clip(button, button->text(), button->width(), button->sizeHint().width()));
        if (button->height() + kTolerance < button->minimumSizeHint().height())
            findings.push_back(clip(button, button->text(), button->height(), button->minimumSizeHint().height()));
    }
    if (auto *combo = qobject_cast<QComboBox *>(widget); combo && !combo->isEditable()) {
        QStyleOptionComboBox option;
        option.initFrom(combo);
        option.subControls = QStyle::SC_All;
        const int room
            = combo->style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, combo).width();
        const int needs = combo->fontMetrics().horizontalAdvance(combo->currentText());
        if (room + kTolerance < needs)
            findings.push_back(clip(combo, combo->currentText(), room, needs));
    }
    if (auto *tabs = qobject_cast<QTabBar *>(widget)) {
        for (int i = 0; i < tabs->count(); ++i) {
            if (tabs->isTabVisible(i) && !tabs->rect().contains(tabs->tabRect(i)))
                findings.push_back({ QStringLiteral("clip"), pathOf(tabs),
                    QStringLiteral("the tab “%1” is not all there").arg(tabs->tabText(i)) });
        }
    }
    const bool isText = qobject_cast<QLabel *>(widget) || qobject_cast<QAbstractButton *>(widget)
        || qobject_cast<QComboBox *>(widget) || widget->inherits("QLineEdit");
    const QWidget *parent = widget->parentWidget();
    if (isText && parent && !widget->isWindow() && !parent->rect().contains(widget->geometry()))
        findings.push_back({ QStringLiteral("clip"), pathOf(widget), QStringLiteral("reaches out of its parent") });
}

void auditHeader(const QAbstractItemView *view, const QHeaderView *header, std::vector<Finding> &findings)
{
    if (!header || header->isHidden() || header->orientation() != Qt::Horizontal)
        return;
    for (int i = 0; i < header->count(); ++i) {
        if (header->isSectionHidden(i))
            continue;
        const QString text = header->model()->headerData(i, Qt::Horizontal).toString();
        constexpr int kMargin = 6;
        const int needs = QFontMetrics(header->font()).horizontalAdvance(text) + kMargin;
        if (!text.isEmpty() && header->sectionSize(i) < needs)
            findings.push_back(clip(view, text, header->sectionSize(i), needs));
    }
}

const QHeaderView *headerOf(const QAbstractItemView *view)
{
    if (const auto *tree = qobject_cast<const QTreeView *>(view))
        return tree->header();
    if (const auto *table = qobject_cast<const QTableView *>(view))
        return table->horizontalHeader();
    return nullptr;
}

// The column that gives way to the others: the first, or the one that is stretched.
bool mayElide(const QAbstractItemView *view, const QModelIndex &index)
{
    const auto alignment = index.data(Qt::TextAlignmentRole);
    const bool isNumber = alignment.isValid() && (alignment.toInt() & int(Qt::AlignRight | Qt::AlignTrailing)) != 0
        && (alignment.toInt() & int(Qt::AlignLeft)) == 0;
    const QHeaderView *header = headerOf(view);
    const bool isStretched = header
        && (header->sectionResizeMode(index.column()) == QHeaderView::Stretch
            || (header->stretchLastSection() && header->visualIndex(index.column()) == header->count() - 1));
    return !isNumber && (index.column() == 0 || isStretched);
}

void auditCells(const QAbstractItemView *view, const QModelIndex &parent, std::vector<Finding> &findings)
{
    const QAbstractItemModel *model = view->model();
    constexpr int kMostRows = 200;
    const auto *tree = qobject_cast<const QTreeView *>(view);
    const QHeaderView *header = headerOf(view);
    for (int row = 0; row < std::min(model->rowCount(parent), kMostRows); ++row) {
        for (int column = 0; column < (header ? model->columnCount(parent) : 1); ++column) {
            const QModelIndex index = model->index(row, column, parent);
            const QRect rect = view->visualRect(index);
            const bool isSpanned = tree && tree->isFirstColumnSpanned(row, parent);
            if ((header && header->isSectionHidden(column)) || !rect.intersects(view->viewport()->rect()))
                continue;
            const QString text = index.data().toString();
            if (text.isEmpty() || mayElide(view, index) || (isSpanned && column > 0))
                continue;
            QFont font = view->font();
            if (const QVariant own = index.data(Qt::FontRole); own.isValid())
                font = own.value<QFont>();
            const int needs = QFontMetrics(font).boundingRect(text).width();
            const int margin = view->style()->pixelMetric(QStyle::PM_FocusFrameHMargin) + 1;
            if (rect.width() - 2 * margin < needs)
                findings.push_back(clip(view, text, rect.width() - 2 * margin, needs));
        }
        const QModelIndex first = model->index(row, 0, parent);
        if (tree && tree->isExpanded(first))
            auditCells(view, first, findings);
    }
}

double luminance(const QColor &colour)
{
    const auto channel
        = [](double value) { return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4); };
    return 0.2126 * channel(colour.redF()) + 0.7152 * channel(colour.greenF()) + 0.0722 * channel(colour.blueF());
}

// A radio button that is not the chosen one of its group is reached by arrows.
bool isStop(const QWidget *widget)
{
    if (!isShown(widget) || !widget->isEnabled() || widget->focusProxy() || isInnerPart(widget)
        || (widget->focusPolicy() & Qt::TabFocus) == 0)
        return false;
    const auto *button = qobject_cast<const QAbstractButton *>(widget);
    return !button || !button->autoExclusive() || button->isChecked();
}

QRect placeOf(const QWidget *widget, const QWidget *window)
{
    const QRect shown = widget->visibleRegion().boundingRect();
    return QRect(widget->mapTo(window, shown.topLeft()), shown.size());
}

// True if somebody who reads from `a` on comes to `b`.
bool follows(QRect a, QRect b, const QWidget *window)
{
    if (window->layoutDirection() == Qt::RightToLeft) {
        const int width = window->width();
        a.moveLeft(width - a.right() - 1);
        b.moveLeft(width - b.right() - 1);
    }
    constexpr int kTolerance = 6;
    const bool isBeside = b.left() + kTolerance >= a.right(); // the next column may begin above
    const bool isAbove = b.bottom() - kTolerance <= a.top();
    const bool isBelow = b.top() + kTolerance >= a.bottom();
    if (isAbove)
        return isBeside;
    return isBelow || b.left() + kTolerance >= a.left() || b.center().y() > a.center().y() + kTolerance;
}

} // namespace

QString pathOf(const QWidget *widget)
{
    QStringList path;
    for (; widget; widget = widget->isWindow() ? nullptr : widget->parentWidget()) {
        if (!widget->objectName().isEmpty())
            path.prepend(widget->objectName());
        else if (path.isEmpty())
            path.prepend(QString::fromLatin1(widget->metaObject()->className()));
    }
    return path.join(u'/');
}

std::vector<Finding> auditNames(QWidget *window)
{
    std::vector<Finding> findings;
    walkNames(QAccessible::queryAccessibleInterface(window), 0, findings);
    const auto widgets = window->findChildren<QWidget *>();
    for (QWidget *widget : widgets) {
        if (!isStop(widget) || qobject_cast<QScrollArea *>(widget))
            continue;
        const QAccessibleInterface *node = QAccessible::queryAccessibleInterface(widget);
        const QAccessible::Role role = node ? node->role() : QAccessible::NoRole;
        if (role == QAccessible::NoRole || role == QAccessible::Client || role == QAccessible::Pane)
            findings.push_back({ QStringLiteral("role"), pathOf(widget),
                QStringLiteral("takes the focus, but has the role %1").arg(role) });
        if (widget->objectName().isEmpty())
            findings.push_back(
                { QStringLiteral("name"), pathOf(widget), QStringLiteral("takes the focus, but has no objectName") });
    }
    return findings;
}

std::vector<Finding> auditClipping(QWidget *window)
{
    std::vector<Finding> findings;
    const auto widgets = window->findChildren<QWidget *>();
    for (QWidget *widget : widgets) {
        if (!isShown(widget) || isInnerPart(widget))
            continue;
        auditWidget(widget, findings);
        if (const auto *view = qobject_cast<QAbstractItemView *>(widget);
            view && view->model() && !qobject_cast<QHeaderView *>(widget)) {
            auditHeader(view, headerOf(view), findings);
            auditCells(view, view->rootIndex(), findings);
        }
    }
    return findings;
}

std::vector<Finding> auditTabOrder(QWidget *window)
{
    std::vector<Finding> findings;
    std::vector<const QWidget *> stops;
    for (const QWidget *widget = window->nextInFocusChain(); widget != window; widget = widget->nextInFocusChain()) {
        if (widget->window() == window && isStop(widget))
            stops.push_back(widget);
    }
    bool isFirstBack = false;
    for (std::size_t i = 0; i < stops.size(); ++i) {
        const QWidget *before = stops[i == 0 ? stops.size() - 1 : i - 1];
        if (!follows(placeOf(before, window), placeOf(stops[i], window), window))
            findings.push_back({ QStringLiteral("order"), pathOf(stops[i]),
                QStringLiteral("comes after %1, but stands before it").arg(pathOf(before)) });
        isFirstBack = isFirstBack || (i == 0 && !findings.empty());
    }
    // Tab goes round and round: once it must go back to the beginning.
    if (!findings.empty() && (findings.size() == 1 || isFirstBack))
        findings.erase(findings.begin());
    return findings;
}

std::vector<Finding> auditContrast(QWidget *window, const QImage &picture)
{
    constexpr double kLeast = 4.5;
    std::vector<Finding> findings;
    const auto labels = window->findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        if (!isShown(label) || !label->isEnabled() || label->text().isEmpty())
            continue;
        const QRect place = placeOf(label, window);
        const QColor ground = picture.pixelColor((QPointF(place.topLeft()) * picture.devicePixelRatio()).toPoint());
        const QColor text = label->palette().color(label->foregroundRole());
        const double a = luminance(ground) + 0.05;
        const double b = luminance(text) + 0.05;
        if (std::max(a, b) / std::min(a, b) < kLeast)
            findings.push_back({ QStringLiteral("contrast"), pathOf(label),
                QStringLiteral("“%1”: %2 on %3").arg(label->text().left(40), text.name(), ground.name()) });
    }
    return findings;
}

} // namespace mf::ui
