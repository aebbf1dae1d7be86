// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/style.h"

#include "ui/common/icons.h"
#include "ui/common/style_parts.h"
#include "ui/common/widgets.h"

#include <QPainter>
#include <QStyleOption>

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
            drawSymbol(painter, option->rect, isUp ? "chevron-up" : "chevron-down", mark, markSize() - 2);
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
                const int arrow = markSize();
                const QRect place(option->rect.right() - arrow - 4, option->rect.top(), arrow, option->rect.height());
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
    case CE_Header:
        // Qt's places the arrow by itself, too small and too high.
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            const int margin = pixelMetric(PM_HeaderMargin, option, widget);
            const int arrow = header->sortIndicator == QStyleOptionHeader::None ? 0 : markSize();
            const QRect inner = option->rect.adjusted(margin, 0, -margin, 0);
            drawHeaderSection(painter, *header);
            QStyleOptionHeader part(*header);
            part.rect = visualRect(option->direction, option->rect, inner.adjusted(0, 0, -arrow, 0));
            QProxyStyle::drawControl(CE_HeaderLabel, &part, painter, widget);
            part.rect = QRect(inner.right() - arrow + 1, inner.top(), arrow, inner.height());
            part.rect = visualRect(option->direction, option->rect, part.rect);
            if (arrow > 0)
                drawPrimitive(PE_IndicatorHeaderArrow, &part, painter, widget);
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
            QStyleOptionProgressBar copy(*bar);
            constexpr int kLine = 6; // as all bars are, but one that bears a text
            const int spare = option->rect.height() - kLine;
            if (!bar->textVisible && spare > 0)
                copy.rect.adjust(0, spare / 2, 0, spare / 2 - spare);
            if (bar->maximum > bar->minimum) {
                const double value = double(bar->progress - bar->minimum) / double(bar->maximum - bar->minimum);
                paintBar(*painter, copy.rect, value, 0, Token::Accent, Token::Accent);
                return;
            }
            paintBar(*painter, copy.rect, 0, 0, Token::Accent, Token::Accent);
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
                    isUsable ? Token::MutedText : Token::Border, markSize() - 4);
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
    case CC_ToolButton:
        // An icon alone says what its menu is; Qt would squeeze an arrow into its corner.
        if (const auto *tool = qstyleoption_cast<const QStyleOptionToolButton *>(option); tool
            && (tool->text.isEmpty() || tool->toolButtonStyle == Qt::ToolButtonIconOnly)
            && !tool->features.testFlag(QStyleOptionToolButton::MenuButtonPopup)) {
            QStyleOptionToolButton copy(*tool);
            copy.features.setFlag(QStyleOptionToolButton::HasMenu, false);
            QProxyStyle::drawComplexControl(control, &copy, painter, widget);
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

} // namespace mf::ui
