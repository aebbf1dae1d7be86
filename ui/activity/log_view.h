// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/activity/log_tail.h"
#include "ui/common/desk.h"

#include <QTimer>

class QComboBox;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace mf::ui {

// The end of the log, looked at once a second while it can be seen.
class LogView final : public QWidget
{
    Q_OBJECT
public:
    explicit LogView(Desk &desk, QWidget *parent = nullptr);

    void setFolder(const QString &folder);
    void setFilter(const QString &text);
    void refresh(); // what the timer does

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void fill();
    void copy();

    Desk &m_desk;
    LogTail m_tail;
    QString m_filter;
    QStringList m_shown;
    QComboBox *m_level;
    QPushButton *m_copy;
    QStackedWidget *m_stack;
    QPlainTextEdit *m_text;
    EmptyState *m_empty;
    QTimer m_timer;
};

} // namespace mf::ui
