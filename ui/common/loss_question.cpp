// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/loss_question.h"

#include <chrono>

namespace mf::ui {
namespace {

constexpr std::chrono::milliseconds kSlow { 300 };
constexpr std::chrono::seconds kAgain { 2 };

} // namespace

LossQuestion::LossQuestion(Service &service, QObject *parent)
    : QObject(parent)
    , m_service(service)
{
    m_slow.setSingleShot(true);
    m_slow.setInterval(kSlow);
    connect(&m_slow, &QTimer::timeout, this, &LossQuestion::slow);
    m_again.setSingleShot(true);
    m_again.setInterval(kAgain);
    connect(&m_again, &QTimer::timeout, this, &LossQuestion::start);
    connect(&service, &Service::modelsChanged, this, [this] {
        if (m_account && !m_again.isActive())
            m_again.start();
    });
}

void LossQuestion::ask(const std::optional<AccountId> &account)
{
    m_account = account;
    start();
}

void LossQuestion::setWatched(bool isWatched)
{
    m_isWatched = isWatched;
    if (m_isWatched && m_isDue)
        start();
}

void LossQuestion::start()
{
    m_scope.cancelAll();
    m_again.stop();
    m_slow.stop();
    m_isDue = m_account && !m_isWatched;
    if (!m_account || !m_isWatched)
        return;
    m_slow.start();
    m_scope.start(asking(*m_account));
}

Task<void> LossQuestion::asking(AccountId account)
{
    auto question = m_service.withoutAccount(account);
    const auto loss = co_await question;
    m_slow.stop();
    if (loss)
        emit answered(*loss);
    else
        emit failed(loss.error());
}

} // namespace mf::ui
