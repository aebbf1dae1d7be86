// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/sidebar.h"

#include "ui/common/theme.h"

#include <QEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

namespace mf::ui {
namespace {

// A page's button: icon, name, and at the right how many of something wait there.
class PageButton final : public QToolButton
{
public:
    explicit PageButton(QWidget *parent)
        : QToolButton(parent)
    {
        setCheckable(true);
        setAutoRaise(true);
        setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        setFocusPolicy(Qt::StrongFocus);
    }
    void setCount(const QString &count)
    {
        m_count = count;
        updateGeometry();
        update();
    }
    QSize sizeHint() const override
    {
        const QFontMetrics metrics(font());
        const int height = metrics.height() + 20;
        if (toolButtonStyle() == Qt::ToolButtonIconOnly)
            return { iconSize().width() + 2 * kMargin, height };
        // Room for a count is always there, so that the pages stand still when one comes; the name may be bold.
        const int count = metrics.horizontalAdvance(m_count.size() > 2 ? m_count : QStringLiteral("99")) + kMargin + 12;
        return { 2 * kMargin + iconSize().width() + kGap + metrics.horizontalAdvance(text()) + count, height };
    }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QRectF box = QRectF(rect()).adjusted(1, 1, -1, -1);
        if (isChecked() || underMouse() || hasFocus()) {
            painter.setPen(hasFocus() ? QPen(Theme::colour(Token::Accent), 2) : QPen(Qt::NoPen));
            painter.setBrush(isChecked() ? QBrush(Theme::colour(Token::Selection))
                                         : (underMouse() ? QBrush(Theme::colour(Token::Track)) : QBrush(Qt::NoBrush)));
            painter.drawRoundedRect(box, 6, 6);
        }
        const bool isNarrow = toolButtonStyle() == Qt::ToolButtonIconOnly;
        const int side = iconSize().width();
        QRect mark(isNarrow ? (width() - side) / 2 : kMargin, (height() - side) / 2, side, side);
        QRect words(kMargin + side + kGap, 0, width() - 2 * kMargin - side - kGap, height());
        mark = style()->visualRect(layoutDirection(), rect(), mark);
        words = style()->visualRect(layoutDirection(), rect(), words);
        icon().paint(&painter, mark);
        if (isNarrow) {
            if (!m_count.isEmpty()) {
                painter.setPen(Qt::NoPen);
                painter.setBrush(Theme::colour(Token::Accent));
                painter.drawEllipse(QPointF(mark.right(), mark.top()), 4, 4);
            }
            return;
        }
        QFont face = font();
        face.setBold(isChecked());
        painter.setFont(face);
        painter.setPen(Theme::colour(Token::Text));
        painter.drawText(
            words, int(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft | Qt::AlignVCenter)), text());
        painter.setFont(font());
        painter.setPen(Theme::colour(Token::MutedText));
        painter.drawText(
            words, int(QStyle::visualAlignment(layoutDirection(), Qt::AlignRight | Qt::AlignVCenter)), m_count);
    }

private:
    static constexpr int kMargin = 10;
    static constexpr int kGap = 10;
    QString m_count;
};

} // namespace

Sidebar::Sidebar(QWidget *parent)
    : QFrame(parent)
    , m_column(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("sidebar"));
    setAccessibleName(tr("Pages"));
    m_column->setContentsMargins(8, 10, 8, 10);
    m_column->setSpacing(2);
    m_column->addStretch();
}

void Sidebar::add(QAction *action)
{
    auto *button = new PageButton(this);
    button->setObjectName(QStringLiteral("sidebar.") + action->objectName());
    button->setDefaultAction(action);
    button->setToolButtonStyle(m_isNarrow ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    button->setIconSize(QSize(18, 18));
    m_column->insertWidget(m_column->count() - 1, button);
    m_entries.push_back({ action, button, {}, {} });
    label(m_entries.back());
    connect(action, &QAction::changed, button, [this, action] {
        for (const Entry &entry : m_entries) {
            if (entry.action == action)
                label(entry);
        }
    });
}

void Sidebar::label(const Entry &entry)
{
    static_cast<PageButton *>(entry.button)->setCount(entry.count);
    QString name = entry.action->text();
    name.remove(u'&');
    entry.button->setAccessibleName(entry.what.isEmpty() ? name : QString(name + QStringLiteral(", ") + entry.what));
    const QString keys = entry.action->shortcut().toString(QKeySequence::NativeText);
    entry.button->setToolTip(keys.isEmpty() ? name : QStringLiteral("%1 (%2)").arg(name, keys));
}

void Sidebar::setCount(const QAction *action, const QString &count, const QString &what)
{
    for (Entry &entry : m_entries) {
        if (entry.action != action || (entry.count == count && entry.what == what))
            continue;
        entry.count = count;
        entry.what = what;
        label(entry);
    }
}

void Sidebar::setNarrow(bool narrow)
{
    m_isNarrow = narrow;
    for (const Entry &entry : m_entries)
        entry.button->setToolButtonStyle(narrow ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    m_column->setContentsMargins(narrow ? 4 : 8, 10, narrow ? 4 : 8, 10);
    updateGeometry();
}

void Sidebar::keyPressEvent(QKeyEvent *event)
{
    const int step = event->key() == Qt::Key_Down ? 1 : (event->key() == Qt::Key_Up ? -1 : 0);
    for (std::size_t i = 0; step != 0 && i < m_entries.size(); ++i) {
        if (!m_entries[i].button->hasFocus())
            continue;
        const std::size_t count = m_entries.size();
        const std::size_t next = (i + count + (step > 0 ? 1 : count - 1)) % count;
        m_entries[next].button->setFocus(Qt::TabFocusReason);
        return;
    }
    QFrame::keyPressEvent(event);
}

void Sidebar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), Theme::colour(Token::Window));
    painter.setPen(Theme::colour(Token::Border));
    const int x = layoutDirection() == Qt::RightToLeft ? 0 : width() - 1;
    painter.drawLine(x, 0, x, height());
}

} // namespace mf::ui
