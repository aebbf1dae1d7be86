// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/kit_words_view.h"

#include "ui/common/theme.h"
#include "ui/setup/setup_words.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>

namespace mf::ui {
namespace {

constexpr int kColumns = 4;
constexpr double kRadius = 6;

} // namespace

KitWordsView::KitWordsView(QWidget *parent)
    : QFrame(parent)
    , m_grid(new QGridLayout(this))
{
    setObjectName(QStringLiteral("kit.words"));
    setAccessibleName(tr("The words of the recovery kit"));
    m_grid->setContentsMargins(16, 8, 16, 8);
    m_grid->setHorizontalSpacing(8);
    m_grid->setVerticalSpacing(5);
    for (int i = 0; i < kKitWords; ++i) {
        auto *number = new QLabel(QLocale().toString(i + 1));
        number->setForegroundRole(QPalette::PlaceholderText);
        number->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        auto *word = new QLabel;
        QFont font = word->font();
        font.setWeight(QFont::DemiBold);
        word->setFont(font);
        word->setTextFormat(Qt::PlainText);
        word->setTextInteractionFlags(Qt::TextSelectableByMouse);
        word->setObjectName(QStringLiteral("kit.word%1").arg(i + 1));
        const int row = i / kColumns;
        const int column = 2 * (i % kColumns);
        m_grid->addWidget(number, row, column);
        m_grid->addWidget(word, row, column + 1);
        m_grid->setColumnStretch(column + 1, 1);
        m_words.push_back(word);
    }
}

void KitWordsView::tell(const QStringList &words)
{
    QStringList numbered;
    for (qsizetype i = 0; i < kKitWords; ++i) {
        const QString word = words.value(i);
        m_words[static_cast<std::size_t>(i)]->setText(word);
        numbered.append(tr("%1 %2", "a word of the kit and its number").arg(QLocale().toString(i + 1), word));
    }
    setAccessibleDescription(numbered.join(QStringLiteral(", ")));
}

void KitWordsView::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Theme::colour(Token::Border));
    painter.setBrush(Theme::colour(Token::Surface));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), kRadius, kRadius);
}

} // namespace mf::ui
