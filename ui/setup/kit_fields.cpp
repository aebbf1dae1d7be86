// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/kit_fields.h"

#include "ui/common/icons.h"
#include "ui/setup/setup_words.h"

#include <QAction>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QToolButton>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr int kColumns = 4;
constexpr int kLongest = 8; // letters of a word
constexpr int kFieldInLetters = 14;
constexpr int kMostTyped = 4096; // a pasted kit file and more

} // namespace

KitFields::KitFields(QWidget *parent)
    : QWidget(parent)
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(6);
    for (int i = 0; i < kKitWords; ++i) {
        const QString number = QLocale().toString(i + 1);
        auto *field = new QLineEdit;
        field->setObjectName(QStringLiteral("recover.word%1").arg(i + 1));
        field->setAccessibleName(tr("Word %1").arg(number));
        field->setMaxLength(kMostTyped);
        field->setMinimumWidth(fontMetrics().averageCharWidth() * kFieldInLetters);
        auto *caption = new QLabel(number);
        caption->setForegroundRole(QPalette::PlaceholderText);
        caption->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        caption->setBuddy(field);
        QAction *mark = field->addAction(icon(QStringLiteral("circle-x"), Token::Bad), QLineEdit::TrailingPosition);
        mark->setVisible(false);
        mark->setText(tr("Word %1 isn’t right").arg(number));
        // Qt makes a button of it, without a name; it only marks.
        for (auto *button : field->findChildren<QToolButton *>()) {
            button->setAccessibleName(mark->text());
            button->setFocusPolicy(Qt::NoFocus);
        }
        const int column = 2 * (i % kColumns);
        grid->addWidget(caption, i / kColumns, column);
        grid->addWidget(field, i / kColumns, column + 1);
        grid->setColumnStretch(column + 1, 1);
        connect(field, &QLineEdit::textEdited, this, [this, i] { spread(i); });
        connect(field, &QLineEdit::textChanged, this, &KitFields::changed);
        if (!m_fields.empty())
            setTabOrder(m_fields.back(), field);
        m_fields.push_back(field);
        m_marks.push_back(mark);
    }
}

void KitFields::spread(int from)
{
    const auto at = static_cast<std::size_t>(from);
    const QString text = m_fields[at]->text();
    m_marks[at]->setVisible(false);
    const QStringList words = kitWordsIn(text);
    const bool isPasted = words.size() > 1 || text.size() > kLongest + 1;
    const bool isEnded = words.size() == 1 && text.endsWith(u' ');
    if (isPasted || isEnded) {
        std::size_t last = at;
        for (qsizetype i = 0; i < words.size() && at + static_cast<std::size_t>(i) < m_fields.size(); ++i) {
            last = at + static_cast<std::size_t>(i);
            m_fields[last]->setText(words[i]);
            m_marks[last]->setVisible(false);
        }
        m_fields[std::min(last + 1, m_fields.size() - 1)]->setFocus();
    }
}

QStringList KitFields::words() const
{
    QStringList words;
    for (const QLineEdit *field : m_fields)
        words.append(field->text().trimmed().toLower());
    return words;
}

int KitFields::filled() const
{
    const auto isFilled = [](const QLineEdit *field) { return !field->text().trimmed().isEmpty(); };
    return static_cast<int>(std::count_if(m_fields.begin(), m_fields.end(), isFilled));
}

void KitFields::mark(std::optional<int> wrong)
{
    for (std::size_t i = 0; i < m_fields.size(); ++i) {
        const bool isWrong = wrong && static_cast<std::size_t>(*wrong) == i;
        m_marks[i]->setVisible(isWrong);
        m_fields[i]->setAccessibleDescription(isWrong ? m_marks[i]->text() : QString());
        if (isWrong) {
            m_fields[i]->setFocus();
            m_fields[i]->selectAll();
        }
    }
}

void KitFields::clear()
{
    for (QLineEdit *field : m_fields)
        field->clear();
    mark(std::nullopt);
}

void KitFields::focusFirst()
{
    const auto empty = std::find_if(
        m_fields.begin(), m_fields.end(), [](const QLineEdit *field) { return field->text().isEmpty(); });
    (empty == m_fields.end() ? m_fields.front() : *empty)->setFocus();
}

} // namespace mf::ui
