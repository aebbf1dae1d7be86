// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/icons.h"
#include "ui/common/widgets.h"

#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace mf::ui {
namespace {

constexpr int kIcon = 48;

class Picture final : public QLabel
{
public:
    using QLabel::QLabel;
    void show(const QString &name)
    {
        m_name = name;
        setVisible(!name.isEmpty());
        update();
    }
    QSize sizeHint() const override { return QSize(kIcon, kIcon); }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.drawPixmap((width() - kIcon) / 2, (height() - kIcon) / 2,
            iconPixmap(m_name, Token::Outline, kIcon, devicePixelRatioF()));
    }

private:
    QString m_name;
};

void tellIn(QLabel *label, const QString &text)
{
    label->setText(text);
    label->setVisible(!text.isEmpty());
}

void tellOn(QPushButton *button, const QString &text)
{
    button->setText(text);
    button->setVisible(!text.isEmpty());
}

} // namespace

EmptyState::EmptyState(QWidget *parent)
    : QWidget(parent)
    , m_icon(new Picture(this))
    , m_title(new QLabel(this))
    , m_text(new QLabel(this))
    , m_button(primaryButton(QString()))
    , m_link(new QPushButton)
{
    setObjectName(QStringLiteral("empty"));
    m_title->setObjectName(QStringLiteral("empty.title"));
    m_text->setObjectName(QStringLiteral("empty.text"));
    m_button->setObjectName(QStringLiteral("empty.button"));
    m_link->setObjectName(QStringLiteral("empty.link"));
    QFont font = m_title->font();
    font.setPointSizeF(font.pointSizeF() + 3);
    font.setWeight(QFont::DemiBold);
    m_title->setFont(font);
    for (QLabel *label : { m_title, m_text }) {
        label->setTextFormat(Qt::PlainText);
        label->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
        label->setWordWrap(true);
    }
    m_text->setForegroundRole(QPalette::PlaceholderText);
    m_link->setFlat(true);
    m_link->setProperty("link", true);
    connect(m_button, &QPushButton::clicked, this, &EmptyState::buttonClicked);
    connect(m_link, &QPushButton::clicked, this, &EmptyState::linkClicked);

    // Running text in lines that can be read.
    constexpr int kLine = 64; // characters
    auto *middle = new QWidget(this);
    middle->setMaximumWidth(fontMetrics().averageCharWidth() * kLine);
    auto *column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_icon, 0, Qt::AlignHCenter);
    column->addSpacing(4);
    column->addWidget(m_title);
    column->addWidget(m_text);
    column->addSpacing(8);
    column->addWidget(m_button, 0, Qt::AlignHCenter);
    column->addWidget(m_link, 0, Qt::AlignHCenter);

    auto *across = new QHBoxLayout;
    across->addStretch(1);
    across->addWidget(middle, 1000);
    across->addStretch(1);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(16, 16, 16, 16);
    outer->addStretch(2);
    outer->addLayout(across);
    outer->addStretch(3);
}

void EmptyState::tell(
    const QString &iconName, const QString &title, const QString &text, const QString &button, const QString &link)
{
    static_cast<Picture *>(m_icon)->show(iconName);
    tellIn(m_title, title);
    tellIn(m_text, text);
    tellOn(m_button, button);
    tellOn(m_link, link);
    setAccessibleName(title);
    setAccessibleDescription(text);
}

} // namespace mf::ui
