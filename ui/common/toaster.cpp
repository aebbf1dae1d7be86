// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/widgets.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

#include <algorithm>
#include <utility>

namespace mf::ui {
namespace {

constexpr int kShown = 8'000; // ms
constexpr int kMargin = 16;

// The other way round than its window: light on dark, dark on light.
class Frame final : public QFrame
{
public:
    explicit Frame(QWidget *parent)
        : QFrame(parent)
    {
        adapt();
    }
    void adapt()
    {
        QPalette palette;
        const QColor ground = Theme::colour(Token::Text);
        const QColor text = Theme::colour(Token::Window);
        for (const auto role : { QPalette::Window, QPalette::Button, QPalette::Base })
            palette.setColor(role, ground);
        for (const auto role : { QPalette::WindowText, QPalette::ButtonText, QPalette::Text, QPalette::Link })
            palette.setColor(role, text);
        setPalette(palette);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(palette().window());
        painter.drawRoundedRect(rect(), 6, 6);
    }
};

// Below everything, and so the last that Tab comes to.
void comeLast(QWidget *window, QWidget *button)
{
    QWidget *last = window->previousInFocusChain();
    while (last != window && (last == button || last->focusPolicy() == Qt::NoFocus))
        last = last->previousInFocusChain();
    if (last != window)
        QWidget::setTabOrder(last, button);
}

} // namespace

Toaster::Toaster(QWidget *window)
    : QObject(window)
    , m_window(window)
    , m_frame(new Frame(window))
    , m_text(new QLabel(m_frame))
    , m_button(new QPushButton(m_frame))
    , m_timer(this)
{
    m_frame->setObjectName(QStringLiteral("toast"));
    m_text->setObjectName(QStringLiteral("toast.text"));
    m_text->setTextFormat(Qt::PlainText);
    m_button->setObjectName(QStringLiteral("toast.button"));
    auto *row = new QHBoxLayout(m_frame);
    row->setContentsMargins(kMargin, 8, 8, 8);
    row->setSpacing(12);
    row->addWidget(m_text, 1);
    row->addWidget(m_button);
    m_frame->hide();

    m_timer.setObjectName(QStringLiteral("toast.timer"));
    m_timer.setSingleShot(true);
    m_timer.setInterval(kShown);
    connect(&m_timer, &QTimer::timeout, this, &Toaster::hide);
    connect(m_button, &QPushButton::clicked, this, [this] {
        const std::function<void()> act = std::exchange(m_act, {});
        hide();
        if (act)
            act(); // may show the next one
    });
    if (Theme *theme = Theme::instance())
        connect(theme, &Theme::changed, m_frame, [frame = static_cast<Frame *>(m_frame)] { frame->adapt(); });
    window->installEventFilter(this);
    m_frame->installEventFilter(this);
    m_button->installEventFilter(this);
}

void Toaster::show(const QString &text, const QString &action, std::function<void()> act)
{
    if (!m_window)
        return;
    m_text->setText(text);
    m_button->setText(action);
    m_button->setVisible(!action.isEmpty());
    m_frame->setAccessibleName(text);
    m_act = std::move(act);
    place();
    comeLast(m_window, m_button);
    m_frame->show();
    m_frame->raise();
    m_timer.start();
    QAccessibleEvent alert(m_frame, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void Toaster::hide()
{
    m_timer.stop();
    m_act = {};
    if (m_window)
        m_frame->hide();
}

bool Toaster::eventFilter(QObject *watched, QEvent *event)
{
    switch (event->type()) {
    case QEvent::Resize:
        if (watched == m_window && !m_frame->isHidden())
            place();
        break;
    case QEvent::ChildAdded:
        if (watched == m_window)
            m_frame->raise(); // above whatever comes into the window later
        break;
    case QEvent::Enter:
    case QEvent::FocusIn:
        if (watched == m_frame || watched == m_button)
            m_timer.stop();
        break;
    case QEvent::Leave:
    case QEvent::FocusOut:
        if ((watched == m_frame || watched == m_button) && !m_frame->isHidden() && !m_button->hasFocus()
            && !m_frame->underMouse())
            m_timer.start();
        break;
    case QEvent::KeyPress:
        // What no widget of the window wanted comes up to it.
        if (!m_frame->isHidden() && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Escape) {
            hide();
            return true;
        }
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

void Toaster::place()
{
    // One line where there is room, else as many as it takes.
    const int widest = std::max(0, m_window->width() - 2 * kMargin);
    m_text->setWordWrap(false);
    QSize size = m_frame->sizeHint();
    if (size.width() > widest) {
        m_text->setWordWrap(true);
        m_frame->layout()->activate();
        size = QSize(widest, m_frame->heightForWidth(widest));
    }
    const int bottom = m_window->height() - size.height() - 2 * kMargin;
    m_frame->setGeometry(QRect(QPoint((m_window->width() - size.width()) / 2, std::max(0, bottom)), size));
}

} // namespace mf::ui
