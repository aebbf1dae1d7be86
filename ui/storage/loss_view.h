// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"
#include "ui/common/loss_question.h"

#include <QWidget>

class QLabel;

namespace mf::ui {

class StateLabel;

// What would become of the models without an account: a sentence for each kind of harm, and the names. It asks by
// itself, and again when models change.
class LossView final : public QWidget
{
    Q_OBJECT
public:
    explicit LossView(Desk &desk, QWidget *parent = nullptr);
    void ask(const std::optional<AccountId> &account) { m_question.ask(account); }
    void tellNotKnown(); // of an account into which this computer cannot look

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void tell(const AccountLoss &loss);
    void tellState(const QString &iconName, Token colour, const QString &text);

    LossQuestion m_question;
    StateLabel *m_first; // the answer, or that it is looked for
    struct Harm {
        StateLabel *label = nullptr;
        QLabel *names = nullptr;
    };
    Harm m_harms[3]; // unreadable, at risk, reduced
};

} // namespace mf::ui
