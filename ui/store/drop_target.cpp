// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/drop_target.h"

#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/store/drop_contents.h"

#include <QApplication>
#include <QDropEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QPainter>
#include <QPlainTextEdit>
#include <QTextEdit>
#include <QTimer>

namespace mf::ui {
namespace {

constexpr int kFrame = 2;
constexpr int kGap = 16;
constexpr int kPicture = 48;

bool takesText(const QObject *watched)
{
    for (const QObject *object = watched; object; object = object->parent()) {
        if (qobject_cast<const QLineEdit *>(object) || qobject_cast<const QPlainTextEdit *>(object)
            || qobject_cast<const QTextEdit *>(object))
            return true;
    }
    return false;
}

} // namespace

// Lies over the window while something is dragged over it.
class DropOverlay final : public QWidget
{
public:
    explicit DropOverlay(QWidget *window)
        : QWidget(window)
    {
        setObjectName(QStringLiteral("drop.overlay"));
        setAttribute(Qt::WA_TransparentForMouseEvents);
        setFocusPolicy(Qt::NoFocus);
        hide();
    }

    void tell(const QString &text, bool isRefused)
    {
        m_text = text;
        m_isRefused = isRefused;
        setAccessibleName(text);
        setGeometry(parentWidget()->rect());
        raise();
        show();
        update();
    }
    QString text() const { return m_text; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        QColor ground = Theme::colour(Token::Window);
        ground.setAlphaF(0.92F);
        painter.fillRect(rect(), ground);
        const Token mark = m_isRefused ? Token::MutedText : Token::Accent;
        painter.setPen(QPen(Theme::colour(mark), kFrame, Qt::DashLine));
        painter.drawRoundedRect(rect().adjusted(kGap / 2, kGap / 2, -kGap / 2, -kGap / 2), 6, 6);

        QFont large = font();
        large.setPointSizeF(large.pointSizeF() + 3);
        large.setWeight(QFont::DemiBold);
        painter.setFont(large);
        const QRect room = rect().adjusted(3 * kGap, 2 * kGap, -3 * kGap, -2 * kGap);
        const int flags = static_cast<int>(Qt::AlignHCenter | Qt::AlignTop) | Qt::TextWordWrap;
        const QRect text = painter.fontMetrics().boundingRect(room, flags, m_text);
        const int top = qMax(room.top(), room.center().y() - (text.height() + kPicture + kGap) / 2);
        const QPixmap picture = iconPixmap(
            m_isRefused ? QStringLiteral("circle-x") : QStringLiteral("upload"), mark, kPicture, devicePixelRatioF());
        painter.drawPixmap(room.center().x() - kPicture / 2, top, picture);
        painter.setPen(Theme::colour(Token::Text));
        painter.drawText(QRect(room.left(), top + kPicture + kGap, room.width(), text.height()), flags, m_text);
    }

private:
    QString m_text;
    bool m_isRefused = false;
};

DropTarget::DropTarget(QWidget *window)
    : QObject(window)
    , m_window(window)
    , m_overlay(new DropOverlay(window))
{
    window->setAcceptDrops(true);
    QCoreApplication::instance()->installEventFilter(this);
}

DropTarget::~DropTarget() { delete m_overlay; }

QString DropTarget::shownText() const { return m_overlay && m_overlay->isVisible() ? m_overlay->text() : QString(); }

bool DropTarget::isOurs(const QObject *watched, const QDropEvent &event) const
{
    if (event.source()) // a drag of our own: rows that are moved, text in a field
        return false;
    const QMimeData *data = event.mimeData();
    return data && (data->hasUrls() || !takesText(watched) || !contentsOf(*data).paths.isEmpty());
}

bool DropTarget::eventFilter(QObject *watched, QEvent *event)
{
    const QEvent::Type type = event->type();
    if (type == QEvent::Resize && watched == m_window && m_overlay && m_overlay->isVisible())
        m_overlay->setGeometry(m_window->rect());
    if (type != QEvent::DragEnter && type != QEvent::DragMove && type != QEvent::Drop && type != QEvent::DragLeave)
        return false;
    auto *widget = qobject_cast<QWidget *>(watched);
    if (!widget || widget->window() != m_window)
        return false;
    if (type == QEvent::DragLeave) {
        if (!m_isOver)
            return false;
        // From child to child Qt leaves before it enters: only if nothing is entered has the pointer left the window.
        m_isOver = false;
        QTimer::singleShot(0, this, [this] {
            if (!m_isOver)
                leave();
        });
        return true;
    }
    auto &drop = static_cast<QDropEvent &>(*event);
    if (!isOurs(watched, drop))
        return false;
    const bool canCopy = drop.possibleActions().testFlag(Qt::CopyAction);
    if (type != QEvent::Drop) {
        if (type == QEvent::DragEnter)
            show(*drop.mimeData(), canCopy);
        m_isOver = true;
        drop.setDropAction(canCopy ? Qt::CopyAction : Qt::IgnoreAction);
        drop.setAccepted(canCopy);
        return true;
    }
    leave();
    drop.setDropAction(canCopy ? Qt::CopyAction : Qt::IgnoreAction);
    drop.setAccepted(canCopy);
    if (!canCopy)
        return true;
    const DropContents contents = contentsOf(*drop.mimeData());
    const QPointer<DropTarget> self(this);
    if (!contents.problem.isEmpty())
        emit refused(contents.problem);
    if (self && !contents.paths.isEmpty())
        emit dropped(contents.paths);
    return true;
}

void DropTarget::show(const QMimeData &data, bool canCopy)
{
    if (!m_overlay)
        return;
    if (!canCopy) {
        m_overlay->tell(tr("These can only be moved here, and ModelFloat never moves your files"), true);
        return;
    }
    const DropContents contents = contentsOf(data);
    if (contents.paths.isEmpty())
        m_overlay->tell(contents.problem, true);
    else
        m_overlay->tell(dropSentence(contents.paths), false);
}

void DropTarget::leave()
{
    m_isOver = false;
    if (m_overlay)
        m_overlay->hide();
}

} // namespace mf::ui
