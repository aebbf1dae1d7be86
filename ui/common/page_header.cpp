// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/icons.h"
#include "ui/common/widgets.h"

#include <QAction>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

namespace mf::ui {

PageHeader::PageHeader(const QString &title, QWidget *parent)
    : QWidget(parent)
    , m_row(new QHBoxLayout(this))
{
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(12);
    auto *label = new QLabel(title, this);
    label->setObjectName(QStringLiteral("header.title"));
    label->setTextFormat(Qt::PlainText);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() + 5);
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    m_row->addWidget(label);
    m_row->addSpacing(4);
}

void PageHeader::add(QWidget *widget, int stretch) { m_row->addWidget(widget, stretch); }

void PageHeader::addStretch() { m_row->addStretch(1); }

QPushButton *primaryButton(const QString &text, const QString &iconName)
{
    auto *button = new QPushButton(text);
    button->setProperty("primary", true);
    if (!iconName.isEmpty())
        button->setIcon(icon(iconName, Token::AccentText));
    return button;
}

namespace {

class SearchField final : public QLineEdit
{
public:
    using QLineEdit::QLineEdit;

protected:
    void keyPressEvent(QKeyEvent *event) override
    {
        // With nothing to clear, Esc is for whoever comes next: a panel, a toast.
        if (event->key() == Qt::Key_Escape && !text().isEmpty()) {
            clear();
            return;
        }
        QLineEdit::keyPressEvent(event);
    }
};

} // namespace

QLineEdit *searchField(const QString &placeholder, const QString &accessibleName, QWidget *parent)
{
    auto *field = new SearchField(parent);
    field->setPlaceholderText(placeholder);
    field->setAccessibleName(accessibleName);
    field->setClearButtonEnabled(true);
    field->addAction(icon(QStringLiteral("search"), Token::MutedText), QLineEdit::LeadingPosition);
    // Qt gives these buttons no name, and neither is a stop of the Tab key.
    const auto buttons = field->findChildren<QToolButton *>();
    for (QToolButton *button : buttons) {
        const bool isClear = button->objectName() == QStringLiteral("_q_qlineeditclearaction")
            || (button->defaultAction()
                && button->defaultAction()->objectName() == QStringLiteral("_q_qlineeditclearaction"));
        button->setAccessibleName(isClear ? QObject::tr("Clear search") : accessibleName);
        if (isClear && button->defaultAction())
            button->defaultAction()->setIcon(icon(QStringLiteral("x"), Token::MutedText));
    }
    return field;
}

} // namespace mf::ui
