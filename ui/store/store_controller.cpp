// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/store_controller.h"

#include "ui/common/words.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace mf::ui {
namespace {

constexpr std::chrono::milliseconds kSettle { 150 }; // several changes at once, one question

bool isByDefault(const FoundModel &model)
{
    return model.isModel && !model.isKnown && model.missing.isEmpty() && model.problem.isEmpty();
}

QStringList accountKeys(const std::vector<AccountEntry> &accounts)
{
    QStringList keys;
    for (const AccountEntry &account : accounts)
        keys.append(account.id.toHex() + account.domain + QString::number(static_cast<int>(account.health)));
    return keys;
}

} // namespace

StoreController::StoreController(Service &service, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_service(service)
    , m_clock(clock)
    , m_accounts(accountKeys(service.accounts()))
{
    connect(&service, &Service::accountsChanged, this, &StoreController::noteAccounts);
}

void StoreController::addPaths(const QStringList &paths)
{
    const qsizetype before = m_paths.size();
    for (const QString &path : paths) {
        if (!path.isEmpty() && !m_paths.contains(path))
            m_paths.append(path);
    }
    if (m_paths.size() != before)
        lookAgain();
}

void StoreController::addParts(const FoundModel &model, const QStringList &files)
{
    if (files.isEmpty())
        return;
    m_sought = Sought { model.name, model.missing };
    const qsizetype before = m_paths.size();
    addPaths(files);
    if (m_paths.size() == before) // they are known, and were none of it
        judgeSought();
}

void StoreController::judgeSought()
{
    if (!m_sought)
        return;
    const Sought sought = *std::exchange(m_sought, std::nullopt);
    const bool isAsBefore = std::any_of(m_found.begin(), m_found.end(),
        [&sought](const FoundModel &model) { return model.name == sought.model && model.missing == sought.parts; });
    if (isAsBefore)
        emit missed(sought.model);
}

void StoreController::lookAgain()
{
    if (m_paths.isEmpty())
        return;
    m_looking.cancelAll();
    m_isLooking = true;
    m_lookError.reset();
    m_looking.start(look(m_paths));
    emit foundChanged();
}

Task<void> StoreController::look(QStringList paths)
{
    const auto found = co_await m_service.scan(paths);
    m_isLooking = false;
    if (found)
        m_found = *found;
    else
        m_lookError = found.error();
    replan(Pause::None);
    emit foundChanged();
    if (found)
        judgeSought();
}

QString StoreController::keyOf(const FoundModel &model) const
{
    const QByteArray first = model.paths.empty() ? QByteArray() : model.paths.front();
    return QString(QString::fromLatin1(first.toHex()) + u'/' + model.name);
}

bool StoreController::canChoose(std::size_t row) const { return m_found[row].problem.isEmpty(); }

bool StoreController::isChosen(std::size_t row) const
{
    const FoundModel &model = m_found[row];
    return canChoose(row) && m_saidOf.value(keyOf(model), isByDefault(model));
}

void StoreController::choose(std::size_t row, bool yes)
{
    if (!canChoose(row) || isChosen(row) == yes)
        return;
    m_saidOf.insert(keyOf(m_found[row]), yes);
    replan(Pause::Short);
    emit chosenChanged();
}

int StoreController::chosenCount() const
{
    int count = 0;
    for (std::size_t row = 0; row < m_found.size(); ++row)
        count += isChosen(row) ? 1 : 0;
    return count;
}

QString StoreController::name() const
{
    if (!mayName())
        return {};
    for (std::size_t row = 0; row < m_found.size(); ++row) {
        if (isChosen(row))
            return m_names.value(keyOf(m_found[row]), m_found[row].name);
    }
    return {};
}

void StoreController::setName(const QString &name)
{
    if (!mayName() || name == this->name())
        return;
    for (std::size_t row = 0; row < m_found.size(); ++row) {
        if (isChosen(row))
            m_names.insert(keyOf(m_found[row]), name);
    }
    emit chosenChanged();
}

void StoreController::setProtection(const Protection &protection)
{
    m_isProposal = false;
    if (m_choices.protection == protection)
        return;
    m_choices.protection = protection;
    replan(Pause::Short);
}

void StoreController::setAccounts(std::vector<AccountId> accounts)
{
    if (m_choices.accounts == accounts)
        return;
    m_choices.accounts = std::move(accounts);
    replan(Pause::Short);
}

void StoreController::propose(const StoreChoices &choices)
{
    m_isProposal = true;
    m_choices = choices;
    const std::vector<AccountEntry> &known = m_service.accounts();
    std::erase_if(m_choices.accounts, [&known](const AccountId &id) {
        return std::none_of(
            known.begin(), known.end(), [&id](const AccountEntry &account) { return account.id == id; });
    });
    replan(Pause::None);
}

int StoreController::losses() const
{
    if (m_choices.protection)
        return m_choices.protection->m;
    return m_plan ? m_plan->protection.m : -1;
}

void StoreController::planAgain() { replan(Pause::None); }

void StoreController::noteAccounts()
{
    QStringList accounts = accountKeys(m_service.accounts());
    if (accounts == m_accounts) // only their rooms moved
        return;
    m_accounts = std::move(accounts);
    const std::vector<AccountEntry> &known = m_service.accounts();
    std::erase_if(m_choices.accounts, [&known](const AccountId &id) {
        return std::none_of(
            known.begin(), known.end(), [&id](const AccountEntry &account) { return account.id == id; });
    });
    replan(Pause::Short);
}

void StoreController::replan(Pause pause)
{
    m_planning.cancelAll();
    m_planError.reset();
    m_isPlanning = chosenCount() > 0 && !m_service.accounts().empty();
    if (m_isPlanning)
        m_planning.start(makePlan(pause));
    else
        m_plan.reset();
    emit planChanged();
}

Task<void> StoreController::makePlan(Pause pause)
{
    if (pause == Pause::Short)
        co_await m_clock.sleep(kSettle);
    std::vector<FoundModel> models;
    for (std::size_t row = 0; row < m_found.size(); ++row) {
        if (isChosen(row))
            models.push_back(m_found[row]);
    }
    const auto plan = co_await m_service.plan(models, m_choices.protection, m_choices.accounts);
    if (!plan && m_isProposal && plan.error().id == QStringLiteral("MF-PLACE-DOMAINS")) {
        // What was remembered does not fit the accounts of today: the default does.
        m_isProposal = false;
        m_choices = StoreChoices();
        const auto fitting = co_await m_service.plan(models, m_choices.protection, m_choices.accounts);
        m_plan = fitting ? std::optional(*fitting) : std::nullopt;
        m_planError = fitting ? std::nullopt : std::optional(fitting.error());
    } else {
        m_plan = plan ? std::optional(*plan) : m_plan; // what is left of the old one still says what may be lost
        m_planError = plan ? std::nullopt : std::optional(plan.error());
    }
    m_isPlanning = false;
    emit planChanged();
}

QString StoreController::lackingWords() const
{
    if (!m_plan || m_plan->fits || m_isPlanning || m_planError)
        return {};
    return tr("%1 more is needed. Lower the protection, leave something out, or add storage.")
        .arg(sizeWords(m_plan->lacking));
}

QString StoreController::whyNot() const
{
    if (m_service.accounts().empty())
        return tr("Add a place to store models first.");
    if (m_isLooking)
        return tr("The files are still being looked at.");
    if (chosenCount() == 0)
        return m_paths.isEmpty() ? tr("Choose files first.") : tr("Nothing is chosen to be stored.");
    if (mayName() && name().trimmed().isEmpty())
        return tr("The model needs a name.");
    if (m_isPlanning)
        return tr("What goes where is still being worked out.");
    if (m_planError)
        return m_planError->message;
    return lackingWords();
}

std::vector<StoreOrder> StoreController::orders() const
{
    std::vector<StoreOrder> orders;
    const QString single = name().trimmed();
    for (std::size_t row = 0; row < m_found.size(); ++row) {
        if (!isChosen(row))
            continue;
        StoreOrder order;
        order.paths = m_found[row].paths;
        order.name = mayName() ? single : m_found[row].name;
        order.protection = m_choices.protection;
        if (!order.protection && m_plan) // what was shown is what is promised
            order.protection = Protection(0, m_plan->protection.m);
        order.accounts = m_choices.accounts;
        orders.push_back(std::move(order));
    }
    return orders;
}

int StoreController::store()
{
    const std::vector<StoreOrder> all = orders();
    for (const StoreOrder &order : all)
        m_service.store(order);
    return static_cast<int>(all.size());
}

void StoreController::rest()
{
    m_service.disconnect(this);
    m_looking.cancelAll();
    m_planning.cancelAll();
}

} // namespace mf::ui
