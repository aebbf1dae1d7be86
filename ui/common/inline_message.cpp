// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/icons.h"
#include "ui/common/widgets.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

namespace mf::ui {
namespace {

struct Look {
    const char *icon;
    Token mark;
    Token ground;
};
Look lookOf(InlineMessage::Kind kind)
{
    switch (kind) {
    case InlineMessage::Kind::Warning:
        return { "triangle-alert", Token::Warn, Token::WarnGround };
    case InlineMessage::Kind::Bad:
        return { "circle-x", Token::Bad, Token::BadGround };
    case InlineMessage::Kind::Info:
        break;
    }
    return { "info", Token::Info, Token::InfoGround };
}

// A picture that follows the scheme.
class IconLabel final : public QLabel
{
public:
    using QLabel::QLabel;
    void show(const Look &look)
    {
        m_look = look;
        update();
    }
    QSize sizeHint() const override { return QSize(markSize() + 4, markSize() + 4); }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const int side = sizeHint().width();
        const QPixmap picture = iconPixmap(QString::fromLatin1(m_look.icon), m_look.mark, side, devicePixelRatioF());
        painter.drawPixmap((width() - side) / 2, (height() - side) / 2, picture);
    }

private:
    Look m_look = lookOf(InlineMessage::Kind::Info);
};

} // namespace

InlineMessage::InlineMessage(QWidget *parent)
    : QFrame(parent)
    , m_icon(new IconLabel(this))
    , m_text(new QLabel(this))
    , m_buttons(new QHBoxLayout)
    , m_close(new QPushButton(this))
{
    setObjectName(QStringLiteral("message"));
    m_text->setObjectName(QStringLiteral("message.text"));
    m_text->setTextFormat(Qt::RichText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_close->setObjectName(QStringLiteral("message.close"));
    m_close->setAccessibleName(tr("Close message"));
    m_close->setToolTip(tr("Close"));
    m_close->setFlat(true);
    m_close->setIcon(icon(QStringLiteral("x")));
    connect(m_close, &QPushButton::clicked, this, [this] {
        hide();
        emit closed();
    });
    m_buttons->setSpacing(8);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 8, 8);
    row->setSpacing(8);
    row->addWidget(m_icon);
    row->addWidget(m_text, 1);
    row->addLayout(m_buttons);
    row->addWidget(m_close);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    hide();
}

void InlineMessage::tell(Kind kind, const QString &title, const QString &text, bool isClosable)
{
    m_kind = kind;
    static_cast<IconLabel *>(m_icon)->show(lookOf(kind));
    QString shown = title.toHtmlEscaped();
    if (!shown.isEmpty())
        shown = QStringLiteral("<b>%1</b>").arg(shown);
    if (!text.isEmpty())
        shown += (shown.isEmpty() ? QString() : QStringLiteral(" ")) + text.toHtmlEscaped();
    const QString said = title.isEmpty() || text.isEmpty() ? QString(title + text) : QString(title + u' ' + text);
    const bool isNew = isHidden() || accessibleName() != said;
    m_text->setText(shown);
    m_text->setAccessibleName(said);
    setAccessibleName(said);
    m_close->setVisible(isClosable);
    while (QLayoutItem *item = m_buttons->takeAt(0)) {
        item->widget()->hide();
        item->widget()->setObjectName(QString());
        item->widget()->deleteLater(); // it may be its click that brought us here
        delete item;
    }
    show();
    update();
    if (isNew) {
        QAccessibleEvent alert(this, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }
}

QPushButton *InlineMessage::addButton(const QString &text)
{
    auto *button = new QPushButton(text, this);
    button->setObjectName(QStringLiteral("message.button%1").arg(m_buttons->count()));
    m_buttons->addWidget(button);
    orderButtons();
    return button;
}

void InlineMessage::orderButtons()
{
    for (int i = 0; i < m_buttons->count(); ++i) {
        QWidget *button = m_buttons->itemAt(i)->widget();
        QWidget *before = m_close->previousInFocusChain();
        while (before != m_close && (before == button || before->focusPolicy() == Qt::NoFocus))
            before = before->previousInFocusChain();
        if (before != m_close)
            setTabOrder(before, button);
    }
}

void InlineMessage::showEvent(QShowEvent *event)
{
    // What is not in its window yet has no place among the others there.
    orderButtons();
    QFrame::showEvent(event);
}

void InlineMessage::paintEvent(QPaintEvent *)
{
    const Look look = lookOf(m_kind);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor ground = Theme::colour(look.ground);
    // Where the ground has no tint of its own, an outline shows where the message is.
    const bool isPlain = ground == Theme::colour(Token::Window);
    painter.setPen(isPlain ? QPen(Theme::colour(look.mark), 2) : QPen(Qt::NoPen));
    painter.setBrush(ground);
    const double inset = isPlain ? 1 : 0;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), 6, 6);
}

} // namespace mf::ui
