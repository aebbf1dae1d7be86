// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/what_if.h"

#include "ui/common/words.h"

#include <algorithm>

namespace mf::ui {

WhatIf::WhatIf(Service &service, QObject *parent)
    : QObject(parent)
    , m_service(service)
    , m_question(service)
{
    connect(&m_question, &LossQuestion::answered, this, [this](const AccountLoss &loss) {
        m_loss = loss;
        m_error.reset();
        emit changed();
    });
    connect(&m_question, &LossQuestion::failed, this, [this](const Error &error) {
        m_loss.reset();
        m_error = error;
        emit changed();
    });
    connect(&service, &Service::accountsChanged, this, &WhatIf::noteAccounts);
}

void WhatIf::choose(const QString &account)
{
    const auto &all = m_service.accounts();
    const auto found
        = std::find_if(all.begin(), all.end(), [&account](const AccountEntry &one) { return one.name == account; });
    const bool isOff = found == all.end() || m_question.account() == found->id;
    if (isOff && !isOn())
        return;
    m_loss.reset();
    m_error.reset();
    m_question.ask(isOff ? std::nullopt : std::optional(found->id));
    emit changed();
}

void WhatIf::again()
{
    m_error.reset();
    m_question.ask(m_question.account());
    emit changed();
}

QString WhatIf::account() const
{
    for (const AccountEntry &account : m_service.accounts()) {
        if (m_question.account() == account.id)
            return account.name;
    }
    return {};
}

// What is gone in truth needs no "what if"; a new name is shown.
void WhatIf::noteAccounts()
{
    if (!isOn())
        return;
    if (account().isEmpty())
        m_question.ask(std::nullopt);
    emit changed();
}

QString WhatIf::outcome() const
{
    const AccountLoss *const shown = loss();
    if (!shown)
        return {};
    QStringList parts;
    const auto add = [&parts](const QStringList &models, const QString &what) {
        if (!models.isEmpty()) {
            const QString count = countWords(models.size(), tr("model"), tr("models"));
            parts.append(parts.isEmpty() ? QString(count + u' ' + what)
                                         : QString(QLocale().toString(models.size()) + u' ' + what));
        }
    };
    add(shown->unreadable, tr("unreadable"));
    add(shown->atRisk, tr("at risk"));
    add(shown->reduced, tr("with fewer spares"));
    return parts.isEmpty() ? tr("no model would be affected") : parts.join(QStringLiteral(", "));
}

} // namespace mf::ui
