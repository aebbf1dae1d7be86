// SPDX-License-Identifier: GPL-3.0-or-later
// Adding, changing and testing the accounts of a library.
#include "app/library/library.h"

#include "core/crypto/secret.h"
#include "core/distributor/objects/marker.h"

#include <QTime>

namespace mf {
namespace {

constexpr qint64 kProbeBytes = 4'096;

Error noSuchAccount(const QString &name)
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-UNKNOWN"),
                 QStringLiteral("there is no account %1; `account list` shows them").arg(name))
        .at(name);
}

void apply(AccountRecord &record, const Library::AccountChanges &changes)
{
    for (auto it = changes.settings.begin(); it != changes.settings.end(); ++it)
        record.settings.insert(it.key(), it.value());
    record.domain = changes.domain.value_or(record.domain);
    record.upLimit = changes.up.value_or(record.upLimit);
    record.downLimit = changes.down.value_or(record.downLimit);
    record.connections = changes.connections.value_or(record.connections);
    record.capacity = changes.capacity.value_or(record.capacity);
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
Task<Result<>> Library::claimPlace(Account &account)
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
    const QByteArray object = sealLibraryObject(*m_ring);
    const BlobName name = libraryObjectName(*m_ring, viewOf(object));
    const auto put = co_await account.provider().put(name, object);
    if (!put)
        co_return put.error();
    co_return Result<>();
}

Task<Result<AccountRecord>> Library::addAccount(QString kindName, QString name, AccountChanges with)
{
    const ProviderKind *kind = findKind(kindName);
    if (!kind)
        co_return Error(Error::Kind::Invalid, QStringLiteral("MF-ACCOUNT-KIND"),
                        QStringLiteral("there is no kind of account “%1”").arg(kindName));
    if (m_accounts.findByName(name))
        co_return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-ACCOUNT-NAME"),
                        QStringLiteral("there is an account %1 already; choose another name").arg(name));
    AccountRecord record;
    record.id = randomId<AccountId>();
    record.name = name;
    record.kind = kind->id;
    with.settings = kind->normalise(with.settings);
    const auto checked = checkSettings(*kind, with.settings);
    if (!checked)
        co_return checked.error();
    apply(record, with);

    if (!with.secret.isEmpty()) {
        const auto kept = co_await m_secrets->write(QStringLiteral("account/") + toBase32(record.id.view()), with.secret);
        if (!kept)
            co_return kept.error();
    }
    auto account = co_await openAccount(record, true);
    if (!account)
        co_return account.error();
    if (record.domain.isEmpty()) // asked only now: a folder's disk is known once the folder is there
        (*account)->record().domain = kind->defaultDomain(record.settings);
    const auto works = co_await probe(**account);
    if (!works)
        co_return works.error();
    const auto claimed = co_await claimPlace(**account);
    if (!claimed)
        co_return claimed.error();
    const auto verified = co_await (*account)->verify(*m_ring);
    if (!verified)
        co_return verified.error();
    const auto room = co_await (*account)->refreshRoom();
    if (!room)
        co_return room.error();
    const AccountRecord added = (*account)->record();
    const auto put = co_await m_registry->putAccount(added);
    if (!put)
        co_return put.error();
    m_accounts.add(std::move(*account));
    co_return added;
}

Task<Result<AccountRecord>> Library::setAccount(QString name, AccountChanges changes)
{
    auto records = co_await m_registry->accounts();
    if (!records)
        co_return records.error();
    const auto it = std::find_if(records->begin(), records->end(), [&name](const auto &r) { return r.name == name; });
    if (it == records->end())
        co_return noSuchAccount(name);
    AccountRecord record = *it;
    const ProviderKind *kind = findKind(record.kind);
    apply(record, changes);
    if (kind && !changes.settings.isEmpty()) {
        record.settings = kind->normalise(record.settings);
        const auto checked = checkSettings(*kind, record.settings);
        if (!checked)
            co_return checked.error();
        auto account = co_await openAccount(record, false);
        if (!account)
            co_return account.error();
        const auto verified = co_await (*account)->verify(*m_ring);
        if (!verified)
            co_return verified.error();
    }
    const auto put = co_await m_registry->putAccount(record);
    if (!put)
        co_return put.error();
    co_return record;
}

Task<Result<>> Library::testAccount(QString name)
{
    Account *account = m_accounts.findByName(name);
    if (!account)
        co_return noSuchAccount(name);
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

void Library::applyLimits(const QMap<QString, QString> &settings, const QDateTime &localTime)
{
    const auto value = [&settings](const char *key) { return settings.value(QStringLiteral("limits/") + QLatin1StringView(key)); };
    const QTime from = QTime::fromString(value("alt-from"), QStringLiteral("HH:mm"));
    const QTime to = QTime::fromString(value("alt-to"), QStringLiteral("HH:mm"));
    bool alternative = false;
    if (from.isValid() && to.isValid()) {
        const QTime now = localTime.time();
        const bool overMidnight = to <= from;
        alternative = overMidnight ? (now >= from || now < to) : (now >= from && now < to);
        // After midnight the evening's day decides.
        const QDate day = overMidnight && now < to ? localTime.date().addDays(-1) : localTime.date();
        const bool weekend = day.dayOfWeek() >= 6;
        const QString days = value("alt-days");
        if ((days == QStringLiteral("weekdays") && weekend) || (days == QStringLiteral("weekends") && !weekend))
            alternative = false;
    }
    const auto rate = [&](const char *normal, const char *other) {
        const bool hasOther = alternative && settings.contains(QStringLiteral("limits/") + QLatin1StringView(other));
        return value(hasOther ? other : normal).toLongLong();
    };
    m_limits.setRates(rate("up", "alt-up"), rate("down", "alt-down"));
}

} // namespace mf
