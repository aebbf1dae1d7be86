// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QWidget>

class QLabel;
class QLineEdit;

namespace mf::ui {

class KitWordsView;
class StateLabel;

// The recovery kit: its words, ways to keep them, and one word typed back as a proof that they were.
class KitPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit KitPanel(Desk &desk, QWidget *parent = nullptr);

    void tell(const QStringList &words); // asks for another word
    bool isProven() const; // the word that was asked for was typed
    int asked() const { return m_asked; } // from 0

signals:
    void provenChanged();

private:
    void copy();
    void checkTyped();
    Task<void> saving();

    Desk &m_desk;
    QStringList m_words;
    int m_asked = 0;
    InlineMessage *m_message;
    KitWordsView *m_view;
    StateLabel *m_status;
    QLabel *m_question;
    QLineEdit *m_typed;
    StateLabel *m_verdict;
    TaskScope m_scope;
};

} // namespace mf::ui
