// SPDX-License-Identifier: GPL-3.0-or-later
// Where Style puts things, and how large they are.
#include "ui/common/icons.h"
#include "ui/common/style.h"

#include <QAbstractItemView>
#include <QStyleOption>
#include <QTabBar>

#include <algorithm>

namespace mf::ui {

QRect Style::subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    const QRect &rect = option->rect;
    switch (element) {
    case SE_PushButtonFocusRect:
        return rect;
    case SE_LineEditContents:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option); frame && frame->lineWidth > 0) {
            constexpr int kInset = 4;
            return rect.adjusted(kInset, 2, -kInset, -2);
        }
        break;
    default:
        break;
    }
    return QProxyStyle::subElementRect(element, option, widget);
}

QRect Style::subControlRect(
    ComplexControl control, const QStyleOptionComplex *option, SubControl part, const QWidget *widget) const
{
    const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
    if (control != CC_ScrollBar || !bar)
        return QProxyStyle::subControlRect(control, option, part, widget);
    // Without arrows, which nobody hits.
    const bool isAcross = bar->orientation == Qt::Horizontal;
    const int length = isAcross ? bar->rect.width() : bar->rect.height();
    constexpr int kShortest = 28;
    int handle = length;
    if (bar->maximum > bar->minimum) {
        const qint64 span = qint64(bar->maximum) - bar->minimum + bar->pageStep;
        handle = static_cast<int>(qint64(length) * bar->pageStep / std::max<qint64>(1, span));
        handle = std::min(length, std::max(handle, kShortest));
    }
    const int start
        = sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition, length - handle, bar->upsideDown);
    const auto across = [&](int from, int size) {
        const QRect rect = isAcross ? QRect(bar->rect.left() + from, bar->rect.top(), size, bar->rect.height())
                                    : QRect(bar->rect.left(), bar->rect.top() + from, bar->rect.width(), size);
        return visualRect(bar->direction, bar->rect, rect);
    };
    switch (part) {
    case SC_ScrollBarGroove:
        return bar->rect;
    case SC_ScrollBarSlider:
        return across(start, handle);
    case SC_ScrollBarSubPage:
        return across(0, start);
    case SC_ScrollBarAddPage:
        return across(start + handle, length - start - handle);
    default:
        return QRect();
    }
}

QSize Style::sizeFromContents(
    ContentsType type, const QStyleOption *option, const QSize &size, const QWidget *widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    constexpr int kPadding = 12; // above and below a line of text together
    const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
    switch (type) {
    case CT_PushButton:
        result.setHeight(std::max(result.height(), option->fontMetrics.height() + kPadding));
        if (button && button->text.isEmpty())
            result.setWidth(result.height());
        else
            result.setWidth(std::max(result.width(), size.width() + 2 * kPadding));
        break;
    case CT_LineEdit:
    case CT_ComboBox:
        result.setHeight(std::max(result.height(), option->fontMetrics.height() + kPadding));
        break;
    case CT_SpinBox: // its line is as high already
        result.setHeight(option->fontMetrics.height() + kPadding);
        break;
    case CT_ItemViewItem:
        result.rheight() += 8;
        break;
    case CT_ToolButton:
        result = result.expandedTo(QSize(28, 28));
        break;
    case CT_TabBarTab:
        result.rheight() += 4;
        break;
    default:
        break;
    }
    return result;
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_SmallIconSize:
    case PM_ButtonIconSize:
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight:
    case PM_MenuButtonIndicator:
        return markSize();
    case PM_ToolBarIconSize:
        return markSize() + 4;
    case PM_ScrollBarExtent:
        return 12;
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing:
        return 8;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_TabBarBaseOverlap:
        return 0;
    case PM_HeaderMargin:
        return 6;
    case PM_FocusFrameHMargin: // of the text in a cell, less one: below that of its header
        return 5;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int Style::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *answer) const
{
    switch (hint) {
    case SH_EtchDisabledText:
    case SH_DitherDisabledText:
    case SH_ComboBox_Popup:
        return 0;
    case SH_ItemView_ShowDecorationSelected:
        return 1;
    case SH_ToolTipLabel_Opacity:
        return 255;
    default:
        return QProxyStyle::styleHint(hint, option, widget, answer);
    }
}

void Style::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (auto *view = qobject_cast<QAbstractItemView *>(widget))
        view->viewport()->setAttribute(Qt::WA_Hover);
    else if (qobject_cast<QTabBar *>(widget))
        widget->setAttribute(Qt::WA_Hover);
}

} // namespace mf::ui
