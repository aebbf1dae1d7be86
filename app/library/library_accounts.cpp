// SPDX-License-Identifier: GPL-3.0-or-later
// Adding, changing and testing the accounts of a library.
#include "app/library/library.h"

#include "app/library/place_note.h"
#include "app/library/probe.h"
#include "core/base/log.h"
#include "core/base/unless.h"
#include "core/distributor/objects/marker.h"
#include "core/settings/speed_limits.h"

#include <algorithm>

namespace mf {
namespace {

Error noSuchAccount(const QString &name)
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-UNKNOWN"),
        QStringLiteral("there is no account %1; `account list` shows them").arg(name))
        .at(name);
}

Error stopped(const QString &name)
{
    return Error(Error::Kind::Cancelled, QStringLiteral("MF-ACCOUNT-STOPPED"),
        QStringLiteral("%1: stopped; nothing was kept").arg(name));
}

} // namespace

// As probe(), of an account.
Task<Result<>> Library::tryOut(Account &account, BlobName name)
{
    auto probing = probe(account.provider(), m_clock, name);
    auto works = co_await probing;
    if (!works)
        works.error().account = account.name();
    co_return works;
}

// Puts the marker and the library object there; a place that has a marker already keeps its account id. put: names of
// what was not there before.
Task<Result<>> Library::claimPlace(Account &account, bool hasObject, std::vector<BlobName> &put)
{
    const Range whole;
    const auto sealed = co_await account.provider().get(markerName(*m_ring), whole);
    if (!sealed && sealed.error().id != QStringLiteral("MF-BLOB-MISSING"))
        co_return sealed.error();
    bool isMarked = false;
    if (sealed) {
        const auto marker = openMarker(*m_ring, viewOf(*sealed));
        if (!marker)
            co_return marker.error();
        const Account *same = m_accounts.find(marker->account);
        const bool isGivenUp = same && same->record().retired;
        const bool isClosed = same && (whyClosed(same->id()) || same->record().isElsewhere());
        if (same && !isGivenUp && !isClosed) // one that cannot be opened is opened so
            co_return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-ACCOUNT-TWICE"),
                QStringLiteral("this place is the account %1 already").arg(same->name()))
                .at(same->name());
        isMarked = !isGivenUp;
        if (isMarked)
            account.record().id = marker->account; // this library's, known to another registry
    }
    if (sealed && !isMarked) { // it was away when it was given up: that account never comes back, a new one may
        const auto removed = co_await account.provider().remove(markerName(*m_ring));
        if (!removed)
            co_return removed.error();
    }
    if (!isMarked) {
        Marker marker;
        marker.library = m_ring->library();
        marker.account = account.id();
        put.push_back(markerName(*m_ring));
        const auto marked = co_await account.provider().put(markerName(*m_ring), sealMarker(*m_ring, marker));
        if (!marked)
            co_return marked.error();
        put.push_back(placeNoteName());
    }
    const auto noted = co_await account.provider().put(placeNoteName(), placeNote());
    if (!noted) // a courtesy to people
        logInfo("library", account.name() + QStringLiteral(": ") + noted.error().message);
    if (hasObject)
        co_return Result<>();
    const QString objects = QStringLiteral("lib/");
    const auto listed = co_await listAll(account.provider(), objects);
    if (!listed)
        co_return listed.error();
    for (const QByteArray &object : sealLibraryObjects(*m_ring)) {
        const BlobName name = libraryObjectName(*m_ring, viewOf(object));
        const bool isThere
            = std::any_of(listed->begin(), listed->end(), [&name](const BlobInfo &blob) { return blob.name == name; });
        if (!isThere)
            put.push_back(name);
        const auto kept = co_await account.provider().put(name, object);
        if (!kept)
            co_return kept.error();
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

// All that a new account needs of its place, up to the row in the registry. put: names of what it left there so far.
Task<Result<>> Library::join(Account &account, std::vector<BlobName> &put)
{
    const auto learnt = co_await learnKeys(account); // before anything is written there
    if (!learnt) {
        Error error = learnt.error();
        error.parameters.insert(QStringLiteral("step"), QStringLiteral("reach"));
        co_return error;
    }
    put.push_back(probeName());
    const auto works = co_await tryOut(account, put.back());
    put.pop_back();
    if (!works)
        co_return works.error();
    const auto claimed = co_await claimPlace(account, *learnt, put);
    if (!claimed)
        co_return claimed.error();
    const auto verified = co_await account.verify(*m_ring);
    if (!verified)
        co_return verified.error();
    co_return co_await account.refreshRoom();
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

Task<Result<AccountRecord>> Library::addAccount(AccountRecord draft, QByteArray secret, Event *stop)
{
    const ProviderKind *kind = findKind(draft.kind);
    if (!kind)
        co_return noSuchKind(draft.kind);
    const auto taken = co_await account(draft.name);
    if (taken && !taken->retired && !taken->isElsewhere()) // which may be this very one
        co_return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-ACCOUNT-NAME"),
            QStringLiteral("there is an account %1 already; choose another name").arg(draft.name));
    AccountRecord record = draft;
    record.id = randomId<AccountId>();
    auto settling = unless(stop, settle(*kind, record.settings, SecretText(secret)));
    const auto settled = co_await settling;
    if (!settled)
        co_return stopped(record.name);
    if (!*settled)
        co_return settled->error();
    record.settings = **settled;
    auto account = makeAccount(record, SecretText(secret), true);
    if (!account)
        co_return account.error();
    if (record.domain.isEmpty()) // asked only now: a folder's disk is known once the folder is there
        (*account)->record().domain = kind->defaultDomain(record.settings);
    std::vector<BlobName> put;
    auto joining = unless(stop, join(**account, put));
    const auto joined = co_await joining;
    Result<> done = joined ? *joined : Result<>(stopped(record.name));
    const AccountRecord added = (*account)->record();
    if (done)
        done = co_await keepAccount(added, secret);
    if (!done) {
        co_await tidyUp((*account)->provider(), m_clock, put);
        co_return done.error();
    }
    Account &kept = **account;
    m_closed.erase(added.id);
    m_accounts.add(std::move(*account));
    auto sharing = unless(stop, shareLog(kept)); // stopped now: it is added, and the next look at it goes on
    const auto shared = co_await sharing;
    if (shared && !*shared) // it is added all the same
        logWarning("library", added.name + QStringLiteral(": ") + shared->error().message);
    co_return added;
}

// The secret and the row: both or neither.
Task<Result<>> Library::keepAccount(AccountRecord record, QByteArray secret)
{
    const QString entry = accountEntry(record.id);
    QByteArray before; // of an account that could not be opened, and is added anew
    if (!secret.isEmpty()) { // before the row: an account without its secret could not be used
        const auto old = co_await m_secrets->read(entry);
        if (old)
            before = *old;
        const auto kept = co_await m_secrets->write(entry, secret);
        if (!kept)
            co_return kept.error();
    }
    const auto put = co_await m_registry->putAccount(record);
    if (!put && !secret.isEmpty()) {
        auto undoing = before.isEmpty() ? m_secrets->remove(entry) : m_secrets->write(entry, before);
        const auto undone = co_await undoing;
        if (!undone)
            logWarning("library", undone.error().message);
    }
    co_return put;
}

// Whether it is the right place, and all that is needed can be done there.
Task<Result<>> Library::tryAccount(Account &account, Event *stop)
{
    auto verifying = unless(stop, account.verify(*m_ring));
    const auto verified = co_await verifying;
    if (!verified)
        co_return stopped(account.name());
    if (!*verified)
        co_return verified->error();
    std::vector<BlobName> put(1, probeName());
    auto trying = unless(stop, tryOut(account, put.front()));
    const auto works = co_await trying;
    if (works)
        co_return *works;
    co_await tidyUp(account.provider(), m_clock, put);
    co_return stopped(account.name());
}

Task<Result<>> Library::signIn(AccountRecord record, QByteArray secret, Event *stop)
{
    if (record.retired)
        co_return noSuchAccount(record.name);
    if (record.isElsewhere())
        co_return notAddedHere().at(record.name);
    const ProviderKind *kind = findKind(record.kind);
    if (!kind)
        co_return noSuchKind(record.kind).at(record.name);
    if (!hasSecret(*kind))
        co_return Error(Error::Kind::Unsupported, QStringLiteral("MF-ACCOUNT-NO-SECRET"),
            QStringLiteral("%1 is an account of kind %2, which has neither password nor key: there is nothing to sign "
                           "in to; `account test %1` says what is wrong with it")
                .arg(record.name, record.kind))
            .at(record.name);
    if (secret.isEmpty())
        co_return Error(Error::Kind::Invalid, QStringLiteral("MF-ACCOUNT-SECRET"),
            QStringLiteral("no password or key was given for %1; the old one stays").arg(record.name))
            .at(record.name);
    auto account = makeAccount(record, SecretText(secret), false);
    if (!account)
        co_return account.error();
    auto trying = tryAccount(**account, stop);
    const auto works = co_await trying;
    if (!works && works.error().kind != Error::Kind::Quota) // full, but it was let in
        co_return works.error();
    co_return co_await m_secrets->write(accountEntry(record.id), secret);
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

Task<Result<>> Library::testAccount(QString name, Event *stop)
{
    const auto known = co_await this->account(name);
    if (!known)
        co_return known.error();
    if (known->retired)
        co_return noSuchAccount(name);
    if (const Error *why = whyClosed(known->id))
        co_return *why;
    Account *account = m_accounts.find(known->id);
    if (!account)
        co_return noSuchAccount(name);
    auto trying = tryAccount(*account, stop);
    const auto works = co_await trying;
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
