// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/service.h"

#include <QTimer>

namespace mf::ui {

// Asks what would become of the models without an account, and again when models change. An answer to an older
// question never arrives.
class LossQuestion final : public QObject
{
    Q_OBJECT
public:
    explicit LossQuestion(Service &service, QObject *parent = nullptr);
    void ask(const std::optional<AccountId> &account); // nothing: no more
    const std::optional<AccountId> &account() const { return m_account; }
    void setWatched(bool isWatched); // false: nobody looks at the answer, and it waits until somebody does

signals:
    void slow(); // the answer takes long enough to say so
    void answered(const mf::ui::AccountLoss &loss);
    void failed(const mf::Error &error);

private:
    void start();
    Task<void> asking(AccountId account);

    Service &m_service;
    std::optional<AccountId> m_account;
    bool m_isWatched = true;
    bool m_isDue = false; // once it is watched
    QTimer m_slow;
    QTimer m_again;
    TaskScope m_scope;
};

} // namespace mf::ui
