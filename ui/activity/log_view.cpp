// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/log_view.h"

#include <QClipboard>
#include <QComboBox>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QStackedWidget>

namespace mf::ui {
namespace {

const QString kLevelKey = QStringLiteral("activity/logLevel");

bool begins(const QStringList &whole, const QStringList &part)
{
    return !part.isEmpty() && whole.size() >= part.size() && std::equal(part.begin(), part.end(), whole.begin());
}

} // namespace

LogView::LogView(Desk &desk, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_level(new QComboBox(this))
    , m_copy(new QPushButton(tr("Copy"), this))
    , m_stack(new QStackedWidget(this))
    , m_text(new QPlainTextEdit(this))
    , m_empty(new EmptyState(this))
{
    m_level->setObjectName(QStringLiteral("activity.logLevel"));
    m_level->setAccessibleName(tr("Which lines of the log are shown"));
    m_level->addItem(tr("All lines"), static_cast<int>(LogLevel::Debug));
    m_level->addItem(tr("Info and worse"), static_cast<int>(LogLevel::Info));
    m_level->addItem(tr("Warnings and errors"), static_cast<int>(LogLevel::Warning));
    m_level->addItem(tr("Errors only"), static_cast<int>(LogLevel::Error));
    m_level->setCurrentIndex(std::clamp(m_desk.memory.value(kLevelKey, 0).toInt(), 0, m_level->count() - 1));
    m_copy->setObjectName(QStringLiteral("activity.logCopy"));
    m_copy->setAccessibleName(tr("Copy the log"));
    m_copy->setToolTip(tr("Copies what is selected, or all lines shown"));
    QAction *openFolder = m_desk.actions[QStringLiteral("activity.openLog")];
    auto *open = new QPushButton(openFolder->text(), this);
    open->setObjectName(QStringLiteral("activity.logOpen"));
    open->setAccessibleName(openFolder->text());
    m_text->setObjectName(QStringLiteral("activity.log"));
    m_text->setAccessibleName(tr("Log"));
    m_text->setReadOnly(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setTabChangesFocus(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setLayoutDirection(Qt::LeftToRight); // the log is English
    m_empty->setObjectName(QStringLiteral("activity.logEmpty"));
    m_stack->addWidget(m_text);
    m_stack->addWidget(m_empty);

    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(m_level);
    row->addStretch();
    row->addWidget(m_copy);
    row->addWidget(open);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(row);
    column->addWidget(m_stack, 1);

    setTabOrder(m_copy, open);

    connect(m_level, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_desk.memory.setValue(kLevelKey, index);
        fill();
    });
    connect(m_copy, &QPushButton::clicked, this, &LogView::copy);
    connect(open, &QPushButton::clicked, openFolder, &QAction::trigger);
    connect(m_empty, &EmptyState::buttonClicked, openFolder, &QAction::trigger);
    m_timer.setInterval(1'000);
    connect(&m_timer, &QTimer::timeout, this, &LogView::refresh);
}

void LogView::setFolder(const QString &folder)
{
    m_tail = LogTail(folder);
    if (isVisible())
        refresh();
}

void LogView::setFilter(const QString &text)
{
    m_filter = text.trimmed();
    fill();
}

void LogView::refresh()
{
    const Result<bool> changed = m_tail.refresh();
    if (!changed) {
        m_shown.clear();
        m_text->clear();
        m_copy->setEnabled(false);
        QString why = changed.error().message;
        why[0] = why.at(0).toUpper();
        m_empty->tell(QStringLiteral("scroll-text"), tr("The log can’t be read"), why + u'.', tr("Open Log Folder"));
        m_stack->setCurrentWidget(m_empty);
    } else if (*changed) {
        fill();
    }
}

void LogView::fill()
{
    if (!isVisible() && m_tail.lines().isEmpty())
        return;
    const auto least = static_cast<LogLevel>(m_level->currentData().toInt());
    const QStringList lines = m_tail.lines(least, m_filter);
    m_copy->setEnabled(!lines.isEmpty());
    if (lines.isEmpty()) {
        m_shown.clear();
        m_text->clear();
        const bool isFiltered = !m_tail.lines().isEmpty();
        m_empty->tell(QStringLiteral("scroll-text"), isFiltered ? tr("No lines match") : tr("The log is empty"),
            isFiltered ? tr("No line of this level holds what you look for.")
                       : tr("What ModelFloat does shows up here."));
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    m_stack->setCurrentWidget(m_text);
    QScrollBar *bar = m_text->verticalScrollBar();
    const bool isAtEnd = m_shown.isEmpty() || bar->value() >= bar->maximum();
    const int place = bar->value();
    if (begins(lines, m_shown)) {
        // Only what is new: a selection above stays.
        if (lines.size() > m_shown.size())
            m_text->appendPlainText(lines.mid(m_shown.size()).join(u'\n'));
    } else {
        m_text->setPlainText(lines.join(u'\n'));
    }
    m_shown = lines;
    bar->setValue(isAtEnd ? bar->maximum() : place);
}

void LogView::copy()
{
    QString text = m_text->textCursor().selectedText().replace(QChar::ParagraphSeparator, u'\n');
    if (text.isEmpty())
        text = m_shown.join(u'\n');
    QGuiApplication::clipboard()->setText(text);
    m_desk.toaster.show(tr("Log copied. It may name your accounts and models."));
}

void LogView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
    m_timer.start();
}

void LogView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_timer.stop();
}

} // namespace mf::ui
