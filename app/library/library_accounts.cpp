// SPDX-License-Identifier: GPL-3.0-or-later
// Adding, changing and testing the accounts of a library.
#include "app/library/library.h"

#include "app/library/place_note.h"
#include "core/base/log.h"
#include "core/crypto/secret.h"
#include "core/distributor/objects/marker.h"
#include "core/settings/speed_limits.h"

#include <algorithm>

namespace mf {
namespace {

constexpr qint64 kProbeBytes = 4'096;

Error noSuchAccount(const QString &name)
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-UNKNOWN"),
        QStringLiteral("there is no account %1; `account list` shows them").arg(name))
        .at(name);
}

} // namespace

// Proves that blobs can be written, read, listed and deleted there.
Task<Result<>> Library::probe(Account &account)
{
    QByteArray bytes(kProbeBytes, Qt::Uninitialized);
    fillRandom(mutableViewOf(bytes));
    const SecretKey random = randomKey();
    const BlobName name(QString(QStringLiteral("meta/probe-") + toBase32(random.view()).left(16)));
    Provider &provider = account.provider();
    const auto fail = [&account](Error error) {
        error.account = account.name();
        return error;
    };
    const auto put = co_await provider.put(name, bytes);
    if (!put)
        co_return fail(put.error());
    const Range whole;
    const auto back = co_await provider.get(name, whole);
    if (!back)
        co_return fail(back.error());
    const auto removed = co_await provider.remove(name);
    if (!removed)
        co_return fail(removed.error());
    if (*back != bytes)
        co_return Error(Error::Kind::Corrupt, QStringLiteral("MF-ACCOUNT-LIES"),
            QStringLiteral("the account %1 gives back other bytes than were written; do not use it")
                .arg(account.name()))
            .at(account.name());
    co_return Result<>();
}

// Puts the marker and the library object there; a place that has a marker already keeps its account id.
Task<Result<>> Library::claimPlace(Account &account, bool hasObject)
{
    const Range whole;
    const auto sealed = co_await account.provider().get(markerName(*m_ring), whole);
    if (sealed) {
        const auto marker = openMarker(*m_ring, viewOf(*sealed));
        if (!marker)
            co_return marker.error();
        const Account *same = m_accounts.find(marker->account);
        if (same)
            co_return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-ACCOUNT-TWICE"),
                QStringLiteral("this place is the account %1 already").arg(same->name()))
                .at(same->name());
        account.record().id = marker->account; // this library's, known to another registry
    } else if (sealed.error().kind == Error::Kind::NotFound) {
        Marker marker;
        marker.library = m_ring->library();
        marker.account = account.id();
        const auto put = co_await account.provider().put(markerName(*m_ring), sealMarker(*m_ring, marker));
        if (!put)
            co_return put.error();
    } else {
        co_return sealed.error();
    }
    const auto noted = co_await account.provider().put(placeNoteName(), placeNote());
    if (!noted) // a courtesy to people
        logInfo("library", account.name() + QStringLiteral(": ") + noted.error().message);
    if (hasObject)
        co_return Result<>();
    for (const QByteArray &object : sealLibraryObjects(*m_ring)) {
        const BlobName name = libraryObjectName(*m_ring, viewOf(object));
        const auto put = co_await account.provider().put(name, object);
        if (!put)
            co_return put.error();
    }
    co_return Result<>();
}

Task<Result<AccountRecord>> Library::account(QString name)
{
    const auto records = co_await m_registry->accounts();
    if (!records)
        co_return records.error();
    std::optional<AccountRecord> retired; // a name is free again when its account was given up
    for (const AccountRecord &record : *records) {
        if (record.name != name)
            continue;
        if (!record.retired)
            co_return record;
        retired = record;
    }
    if (retired)
        co_return *retired;
    co_return noSuchAccount(name);
}

// All that a new account needs of its place, up to the row in the registry.
Task<Result<std::unique_ptr<Account>>> Library::join(AccountRecord record, SecretText secret)
{
    auto account = makeAccount(record, secret, true);
    if (!account)
        co_return account.error();
    if (record.domain.isEmpty()) // asked only now: a folder's disk is known once the folder is there
        (*account)->record().domain = findKind(record.kind)->defaultDomain(record.settings);
    const auto learnt = co_await learnKeys(**account); // before anything is written there
    if (!learnt)
        co_return learnt.error();
    const auto works = co_await probe(**account);
    if (!works)
        co_return works.error();
    const auto claimed = co_await claimPlace(**account, *learnt);
    if (!claimed)
        co_return claimed.error();
    const auto verified = co_await (*account)->verify(*m_ring);
    if (!verified)
        co_return verified.error();
    const auto room = co_await (*account)->refreshRoom();
    if (!room)
        co_return room.error();
    co_return std::move(*account);
}

// The settings as they are to be kept.
Task<Result<AccountSettings>> Library::settle(const ProviderKind &kind, AccountSettings settings, SecretText secret)
{
    settings = kind.normalise(settings);
    const auto checked = checkSettings(kind, settings);
    if (!checked)
        co_return checked.error();
    if (!kind.complete)
        co_return settings;
    const ProviderContext context { m_clock, m_io };
    auto completed = co_await kind.complete(context, settings, secret);
    co_return completed;
}

Task<Result<AccountRecord>> Library::addAccount(AccountRecord draft, QByteArray secret)
{
    const ProviderKind *kind = findKind(draft.kind);
    if (!kind)
        co_return noSuchKind(draft.kind);
    const auto taken = co_await account(draft.name);
    if (taken && !taken->retired)
        co_return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-ACCOUNT-NAME"),
            QStringLiteral("there is an account %1 already; choose another name").arg(draft.name));
    AccountRecord record = draft;
    record.id = randomId<AccountId>();
    const auto settled = co_await settle(*kind, record.settings, SecretText(secret));
    if (!settled)
        co_return settled.error();
    record.settings = *settled;
    auto account = co_await join(record, SecretText(secret));
    if (!account)
        co_return account.error();
    const AccountRecord added = (*account)->record();
    if (!secret.isEmpty()) { // before the row: an account without its secret could not be used
        const auto kept = co_await m_secrets->write(accountEntry(added.id), secret);
        if (!kept)
            co_return kept.error();
    }
    const auto put = co_await m_registry->putAccount(added);
    if (!put)
        co_return put.error();
    Account &kept = **account;
    m_accounts.add(std::move(*account));
    const auto shared = co_await shareLog(kept);
    if (!shared)
        co_return shared.error();
    co_return added;
}

Task<Result<AccountRecord>> Library::changeAccount(AccountRecord record)
{
    const auto records = co_await m_registry->accounts();
    if (!records)
        co_return records.error();
    const auto before = std::find_if(
        records->begin(), records->end(), [&record](const AccountRecord &other) { return other.id == record.id; });
    if (before == records->end())
        co_return noSuchAccount(record.name);
    const ProviderKind *kind = findKind(record.kind);
    if (kind && record.settings != before->settings) {
        const auto secret = co_await secretOf(*kind, record.id);
        if (!secret)
            co_return secret.error();
        const auto settled = co_await settle(*kind, record.settings, *secret);
        if (!settled)
            co_return settled.error();
        record.settings = *settled;
        auto opened = co_await openAccount(record);
        if (!opened)
            co_return opened.error();
        const auto verified = co_await (*opened)->verify(*m_ring);
        if (!verified)
            co_return verified.error();
    }
    const auto put = co_await m_registry->putAccount(record);
    if (!put)
        co_return put.error();
    if (Account *open = m_accounts.find(record.id)) { // what does not need another connection holds at once
        open->record().name = record.name;
        open->record().domain = record.domain;
        open->record().capacity = record.capacity;
        open->record().upLimit = record.upLimit;
        open->record().downLimit = record.downLimit;
        open->record().connections = record.connections;
        AccountLimits limits;
        limits.connections = record.connections;
        limits.upBytesPerSecond = record.upLimit;
        limits.downBytesPerSecond = record.downLimit;
        changeLimits(open->provider(), limits);
    }
    co_return record;
}

Task<Result<>> Library::forgetSecret(AccountId account)
{
    const auto removed = co_await m_secrets->remove(accountEntry(account));
    if (!removed && removed.error().kind != Error::Kind::NotFound)
        co_return removed.error();
    co_return Result<>();
}

Task<Result<>> Library::testAccount(QString name)
{
    Account *account = m_accounts.findByName(name);
    if (!account) {
        const auto record = co_await this->account(name);
        if (!record)
            co_return record.error();
        auto opened = co_await openAccount(*record); // it could not be opened: say why
        co_return opened ? noSuchAccount(name) : opened.error();
    }
    const auto verified = co_await account->verify(*m_ring);
    if (!verified)
        co_return verified.error();
    const auto works = co_await probe(*account);
    if (!works)
        co_return works.error();
    const auto room = co_await account->refreshRoom();
    if (!room)
        co_return room.error();
    const AccountRecord record = account->record();
    const auto noted = co_await m_registry->noteAccountSeen(record.id, record.total, record.used, m_clock.now());
    if (!noted)
        co_return noted.error();
    co_return Result<>();
}

Task<Result<>> Library::applyLimits()
{
    const auto settings = co_await m_registry->settings();
    if (!settings)
        co_return settings.error();
    const SpeedLimits::Rates now = SpeedLimits::fromSettings(*settings).at(QDateTime::currentDateTime());
    m_limits.setRates(now.up, now.down);
    co_return Result<>();
}

} // namespace mf
