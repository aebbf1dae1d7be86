// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts: looked at every minute, added, changed and tested.
#include "app/desktop/engine_service.h"

#include "app/cli/account_words.h"
#include "core/base/log.h"
#include "core/base/timeout.h"
#include "core/distributor/ready_accounts.h"
#include "core/settings/speed_limits.h"

#include <algorithm>

namespace mf {

using namespace std::chrono_literals;

namespace {

constexpr auto kAnswersWithin = 15s;

// Whether one that was there a moment ago still is, and with how much room.
Task<bool> lookAt(Account *account, KeyRing ring, Clock &clock)
{
    auto verifying = within(clock, kAnswersWithin, account->verify(ring));
    const auto verified = co_await verifying;
    if (!verified && (account->sending().isBusy() || account->receiving().isBusy()))
        co_return true; // the question waits behind what is on its way; if that fails, the next look says so
    if (!verified)
        account->noteUnanswered();
    if (!verified || !*verified)
        co_return false;
    auto asking = within(clock, kAnswersWithin, account->refreshRoom());
    const auto room = co_await asking;
    co_return room && *room;
}

Error noSuchAccount()
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-UNKNOWN"),
        QStringLiteral("this account is not in the library any more"));
}

Task<Result<AccountRecord>> recordOf(Registry &registry, AccountId id)
{
    const auto records = co_await registry.accounts();
    if (!records)
        co_return records.error();
    for (const AccountRecord &record : *records) {
        if (record.id == id)
            co_return record;
    }
    co_return noSuchAccount();
}

// What the window may change, and the rest as it was: it does not know where an account lies, nor what was seen of it.
AccountRecord changedRecord(AccountRecord before, const AccountRecord &changed)
{
    before.name = changed.name;
    before.domain = changed.domain.isEmpty() ? before.domain : changed.domain;
    before.upLimit = changed.upLimit;
    before.downLimit = changed.downLimit;
    before.capacity = changed.capacity;
    before.settings.insert(changed.settings);
    return before;
}

} // namespace

void EngineService::look()
{
    if (m_library && !m_isLooking)
        m_background.start(lookNow());
}

Task<void> EngineService::lookNow()
{
    m_isLooking = true;
    Engine &engine = m_library->engine();
    std::vector<Task<bool>> looks;
    for (Account *account : m_library->accounts().verified()) {
        if (!account->record().retired)
            looks.push_back(lookAt(account, engine.ring, engine.clock));
    }
    const std::size_t atOnce = looks.size();
    auto looking = allOf(std::move(looks), atOnce);
    const auto there = co_await looking;
    Q_UNUSED(there)
    QStringList warnings;
    const auto ready = co_await readyAccounts(engine, warnings); // the others, and who was seen
    if (!ready)
        logInfo("desktop", ready.error().message);
    const auto limited = co_await m_library->applyLimits(); // another part of the schedule may have begun
    if (!limited)
        logWarning("desktop", limited.error().message);
    m_hasLooked = true;
    m_isLooking = false;
    reload();
}

std::vector<ui::Service::AccountKind> EngineService::kinds() const
{
    std::vector<AccountKind> kinds;
    for (const ProviderKind &kind : catalogue())
        kinds.push_back(AccountKind { kind.id, kind.title, kind.fields, kind.presets });
    return kinds;
}

Task<Result<>> EngineService::addAccount(AccountRecord draft, QByteArray secret)
{
    const auto left = std::make_shared<Event>();
    return tellingWhenLeft(left, asked(m_commands, addAccountNow(std::move(draft), std::move(secret), left)));
}

Task<Result<>> EngineService::addAccountNow(AccountRecord draft, QByteArray secret, std::shared_ptr<Event> left)
{
    const auto named = cli::checkAccountName(draft.name);
    if (!named)
        co_return named.error();
    const auto turn = co_await m_queue->turn(Stops::WhatRunsAlone);
    Q_UNUSED(turn)
    if (!m_library)
        co_return noLibrary();
    auto adding = m_library->addAccount(std::move(draft), std::move(secret), left.get());
    const auto added = co_await adding;
    co_await showResult();
    if (!added)
        co_return added.error();
    remember(QStringLiteral("account"), tr("Connected %1").arg(added->name));
    m_repairedBySync.clear();
    syncSoon(); // what waits on this computer may go there, and what is missing elsewhere
    co_return Result<>();
}

Task<Result<>> EngineService::changeAccount(AccountRecord changed)
{
    return asked(m_commands, changeAccountNow(std::move(changed)));
}

// Its own settings are used from the next opening on: then everything stops for a moment.
Task<Result<>> EngineService::changeAccountNow(AccountRecord changed)
{
    const auto named = cli::checkAccountName(changed.name);
    if (!named)
        co_return named.error();
    bool reopens = false;
    {
        const auto turn = co_await m_queue->turn(Stops::WhatRunsAlone);
        Q_UNUSED(turn)
        if (!m_library)
            co_return noLibrary();
        const auto before = co_await recordOf(m_library->registry(), changed.id);
        if (!before)
            co_return before.error();
        changed = changedRecord(*before, changed);
        reopens = changed.settings != before->settings;
    }
    const Stops stops = reopens ? Stops::Everything : Stops::WhatRunsAlone;
    const auto turn = co_await m_queue->turn(stops);
    Q_UNUSED(turn)
    if (!m_library)
        co_return noLibrary();
    const auto kept = co_await m_library->changeAccount(std::move(changed));
    if (!kept)
        co_return kept.error();
    remember(QStringLiteral("account"), tr("Changed %1").arg(kept->name));
    if (!reopens) {
        co_await showResult();
        co_return Result<>();
    }
    auto reopening = reopen();
    co_return co_await reopening;
}

Task<Result<>> EngineService::reopen()
{
    detach();
    auto attaching = attach();
    const auto attached = co_await attaching;
    if (!attached)
        setState(State::Failed, attached.error());
    co_return attached;
}

Task<Result<>> EngineService::signIn(AccountId account, QByteArray secret)
{
    const auto left = std::make_shared<Event>();
    return tellingWhenLeft(left, asked(m_commands, signInNow(account, std::move(secret), left)));
}

// Nothing stops while the secret is tried; then everything does for a moment, and goes on with it.
Task<Result<>> EngineService::signInNow(AccountId account, QByteArray secret, std::shared_ptr<Event> left)
{
    {
        const auto turn = co_await m_queue->turn(Stops::WhatRunsAlone);
        Q_UNUSED(turn)
        if (!m_library)
            co_return noLibrary();
        const auto record = co_await recordOf(m_library->registry(), account);
        if (!record)
            co_return record.error();
        auto signingIn = m_library->signIn(*record, std::move(secret), left.get());
        const auto signedIn = co_await signingIn;
        if (!signedIn)
            co_return signedIn.error();
        remember(QStringLiteral("account"), tr("Signed in to %1").arg(record->name));
    }
    const auto turn = co_await m_queue->turn(Stops::Everything);
    Q_UNUSED(turn)
    if (!m_library)
        co_return noLibrary();
    auto reopening = reopen();
    co_return co_await reopening;
}

Task<Result<>> EngineService::testAccount(AccountId account) { return asked(m_questions, testNow(account)); }

Task<Result<>> EngineService::testNow(AccountId account)
{
    if (!m_library)
        co_return noLibrary();
    const auto record = co_await recordOf(m_library->registry(), account);
    if (!record)
        co_return record.error();
    const auto tested = co_await m_library->testAccount(record->name);
    co_await showResult();
    co_return tested;
}

Task<Result<QString>> EngineService::defaultDomain(AccountRecord draft)
{
    return asked(m_questions, domainNow(std::move(draft)));
}

Task<Result<QString>> EngineService::domainNow(AccountRecord draft)
{
    const ProviderKind *kind = findKind(draft.kind);
    if (!kind)
        co_return noSuchKind(draft.kind);
    auto find = [kind, settings = draft.settings] { return kind->defaultDomain(kind->normalise(settings)); };
    const QString domain = co_await onPool(m_pool, find);
    co_return domain;
}

void EngineService::setLimits(ui::SpeedLimits limits)
{
    if (m_library)
        m_background.start(setLimitsNow(limits));
}

Task<void> EngineService::setLimitsNow(ui::SpeedLimits limits)
{
    Registry &registry = m_library->registry();
    const auto settings = co_await registry.settings();
    if (!settings)
        co_return;
    SpeedLimits changed = SpeedLimits::fromSettings(*settings); // the schedule stays
    changed.up = std::max<qint64>(0, limits.up);
    changed.down = std::max<qint64>(0, limits.down);
    const QMap<QString, QString> kept = changed.toSettings();
    for (auto it = kept.begin(); it != kept.end(); ++it) {
        const auto set = co_await registry.setSetting(it.key(), it.value());
        if (!set)
            logWarning("desktop", set.error().message);
    }
    const auto applied = co_await m_library->applyLimits();
    if (!applied)
        logWarning("desktop", applied.error().message);
    reload();
}

} // namespace mf
