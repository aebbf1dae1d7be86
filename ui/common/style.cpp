// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/style.h"

#include "ui/common/style_parts.h"
#include "ui/common/widgets.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QPushButton>
#include <QStyleOption>
#include <QTabBar>

#include <algorithm>

namespace mf::ui {

using namespace parts;

Style::Style()
    : QProxyStyle(QStringLiteral("fusion"))
{
}

void Style::drawPrimitive(
    PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
    const Token mark = option->state.testFlag(State_Enabled) ? Token::MutedText : Token::Border;
    const bool isMirrored = option->direction == Qt::RightToLeft;
    switch (element) {
    case PE_PanelButtonCommand:
        drawButton(painter, *option, widget, button && button->features.testFlag(QStyleOptionButton::Flat),
            button && button->features.testFlag(QStyleOptionButton::DefaultButton));
        return;
    case PE_PanelButtonTool:
        drawButton(painter, *option, widget, option->state.testFlag(State_AutoRaise), false);
        return;
    case PE_FrameDefaultButton:
    case PE_FrameStatusBarItem:
        return;
    case PE_FrameFocusRect:
        // No widget is told for the rows of a tree.
        drawRing(painter, option->rect,
            isPrimary(widget) ? Theme::colour(Token::Text) : option->palette.color(QPalette::Link));
        return;
    case PE_PanelLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option); frame && frame->lineWidth > 0)
            drawField(painter, *option);
        else
            painter->fillRect(option->rect, option->palette.base());
        return;
    case PE_FrameLineEdit:
        return; // with its panel
    case PE_PanelItemViewRow:
        drawRow(painter, *option);
        return;
    case PE_PanelItemViewItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option);
            item && item->backgroundBrush.style() != Qt::NoBrush)
            painter->fillRect(option->rect, item->backgroundBrush);
        drawRow(painter, *option);
        return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        drawIndicator(painter, *option, false);
        return;
    case PE_IndicatorRadioButton:
        drawIndicator(painter, *option, true);
        return;
    case PE_IndicatorArrowDown:
    case PE_IndicatorSpinDown:
        drawSymbol(painter, option->rect, "chevron-down", mark);
        return;
    case PE_IndicatorArrowUp:
    case PE_IndicatorSpinUp:
        drawSymbol(painter, option->rect, "chevron-up", mark);
        return;
    case PE_IndicatorArrowLeft:
        drawSymbol(painter, option->rect, "chevron-left", mark);
        return;
    case PE_IndicatorArrowRight:
        drawSymbol(painter, option->rect, "chevron-right", mark);
        return;
    case PE_IndicatorHeaderArrow:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option);
            header && header->sortIndicator != QStyleOptionHeader::None) {
            const bool isUp = header->sortIndicator == QStyleOptionHeader::SortUp;
            drawSymbol(painter, option->rect, isUp ? "chevron-up" : "chevron-down", mark, 14);
        }
        return;
    case PE_IndicatorBranch:
        if (option->state.testFlag(State_Children)) {
            const char *const closed = isMirrored ? "chevron-left" : "chevron-right";
            drawSymbol(painter, option->rect, option->state.testFlag(State_Open) ? "chevron-down" : closed, mark);
        }
        return;
    case PE_Frame:
    case PE_FrameTabWidget:
    case PE_FrameMenu:
    case PE_PanelTipLabel: {
        painter->save();
        if (element == PE_PanelTipLabel)
            painter->fillRect(option->rect, option->palette.toolTipBase());
        const bool floats = element == PE_FrameMenu || element == PE_PanelTipLabel;
        painter->setPen(Theme::colour(floats ? Token::Outline : Token::Border));
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        painter->restore();
        return;
    }
    case PE_FrameGroupBox: {
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Theme::colour(Token::Border));
        painter->drawRoundedRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
        painter->restore();
        return;
    }
    case PE_FrameTabBarBase: {
        const QRect &rect = option->rect;
        painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), Theme::colour(Token::Border));
        return;
    }
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void Style::drawControl(
    ControlElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    switch (element) {
    case CE_PushButtonBevel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            drawPrimitive(PE_PanelButtonCommand, option, painter, widget);
            if (button->features.testFlag(QStyleOptionButton::HasMenu)) {
                constexpr int kArrow = 16;
                const QRect place(option->rect.right() - kArrow - 4, option->rect.top(), kArrow, option->rect.height());
                drawSymbol(painter, visualRect(option->direction, option->rect, place), "chevron-down",
                    isPrimary(widget) ? Token::AccentText : Token::MutedText);
            }
            return;
        }
        break;
    case CE_PushButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            drawButtonLabel(painter, *button, widget);
            return;
        }
        break;
    case CE_HeaderSection:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            drawHeaderSection(painter, *header);
            return;
        }
        break;
    case CE_HeaderEmptyArea: {
        const QRect &rect = option->rect;
        painter->fillRect(rect, option->palette.base());
        painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), Theme::colour(Token::Border));
        return;
    }
    case CE_TabBarTabShape:
        if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option)) {
            drawTab(painter, *tab);
            return;
        }
        break;
    case CE_ProgressBarGroove:
        return; // with the contents
    case CE_ProgressBarContents:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionProgressBar *>(option)) {
            if (bar->maximum > bar->minimum) {
                const double value = double(bar->progress - bar->minimum) / double(bar->maximum - bar->minimum);
                paintBar(*painter, option->rect, value, 0, Token::Accent, Token::Accent);
                return;
            }
            paintBar(*painter, option->rect, 0, 0, Token::Accent, Token::Accent);
            QStyleOptionProgressBar copy(*bar);
            copy.palette.setColor(QPalette::Highlight, Theme::colour(Token::Accent));
            QProxyStyle::drawControl(element, &copy, painter, widget);
            return;
        }
        break;
    default:
        break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void Style::drawComplexControl(
    ComplexControl control, const QStyleOptionComplex *option, QPainter *painter, const QWidget *widget) const
{
    const bool isEnabled = option->state.testFlag(State_Enabled);
    const Token mark = isEnabled ? Token::MutedText : Token::Border;
    switch (control) {
    case CC_ComboBox:
        if (const auto *combo = qstyleoption_cast<const QStyleOptionComboBox *>(option)) {
            if (combo->editable)
                drawField(painter, *option);
            else
                drawButton(painter, *option, widget, !combo->frame, false);
            drawSymbol(painter, subControlRect(control, option, SC_ComboBoxArrow, widget), "chevron-down", mark);
            if (option->state.testFlag(State_HasFocus) && !combo->editable)
                drawRing(painter, option->rect, option->palette.color(QPalette::Link));
            return;
        }
        break;
    case CC_SpinBox:
        if (const auto *spin = qstyleoption_cast<const QStyleOptionSpinBox *>(option)) {
            if (spin->frame)
                drawField(painter, *option);
            if (spin->buttonSymbols == QAbstractSpinBox::NoButtons)
                return;
            const auto arrow = [&](SubControl part, QAbstractSpinBox::StepEnabledFlag step, const char *symbol) {
                const bool isUsable = isEnabled && spin->stepEnabled.testFlag(step);
                drawSymbol(painter, subControlRect(control, option, part, widget), symbol,
                    isUsable ? Token::MutedText : Token::Border, 12);
            };
            arrow(SC_SpinBoxUp, QAbstractSpinBox::StepUpEnabled, "chevron-up");
            arrow(SC_SpinBoxDown, QAbstractSpinBox::StepDownEnabled, "chevron-down");
            return;
        }
        break;
    case CC_ScrollBar:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option)) {
            drawScrollBar(painter, *bar, subControlRect(control, option, SC_ScrollBarSlider, widget));
            return;
        }
        break;
    case CC_Slider:
        if (const auto *slider = qstyleoption_cast<const QStyleOptionSlider *>(option)) {
            if (slider->subControls.testFlag(SC_SliderTickmarks)) {
                QStyleOptionSlider ticks(*slider);
                ticks.subControls = SC_SliderTickmarks;
                QProxyStyle::drawComplexControl(control, &ticks, painter, widget);
            }
            drawSlider(painter, *slider, subControlRect(control, option, SC_SliderGroove, widget),
                subControlRect(control, option, SC_SliderHandle, widget));
            return;
        }
        break;
    default:
        break;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

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
    case SE_HeaderArrow: {
        constexpr int kArrow = 16;
        return visualRect(option->direction, rect, QRect(rect.right() - kArrow - 2, rect.top(), kArrow, rect.height()));
    }
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
        return 16;
    case PM_ToolBarIconSize:
        return 20;
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
