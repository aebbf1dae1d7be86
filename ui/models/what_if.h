// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/loss_question.h"

namespace mf::ui {

// How the models would stand if an account were gone, for as long as somebody wants to see that. Knows no widgets.
class WhatIf final : public QObject
{
    Q_OBJECT
public:
    explicit WhatIf(Service &service, QObject *parent = nullptr);

    // By its name. "", an unknown one, or the one that is shown already: as it is.
    void choose(const QString &account);
    void asItIs() { choose({}); }
    void again();
    QString account() const; // "": as it is
    bool isOn() const { return m_question.account().has_value(); }
    // Null: as it is, or not known yet, or it could not be found out.
    const AccountLoss *loss() const { return isOn() && m_loss ? &*m_loss : nullptr; }
    const std::optional<Error> &error() const { return m_error; }
    QString outcome() const; // "2 models unreadable, 1 at risk"

signals:
    void changed();

private:
    void noteAccounts();

    Service &m_service;
    LossQuestion m_question;
    std::optional<AccountLoss> m_loss;
    std::optional<Error> m_error;
};

} // namespace mf::ui
