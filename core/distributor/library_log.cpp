// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/library_log.h"

#include "core/base/all_of.h"
#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/distributor/fetch_object.h"
#include "core/distributor/library_keys.h"

#include <QSysInfo>

#include <algorithm>
#include <utility>

namespace mf {
namespace {

constexpr std::size_t kSegmentsAtOnce = 8;
// Many times what a command or a part of a checkpoint writes. Nobody reads a larger one, so nobody writes one.
constexpr qint64 kLargestSegment = qint64(64) << 20;

bool lacksKeys(const Error &error) { return error.id == QStringLiteral("MF-KEYS-NEWER"); }

Task<Result<>> addFrom(Engine &engine, Account *account, BlobInfo blob)
{
    if (blob.size > kLargestSegment)
        co_return Error(Error::Kind::Corrupt, QStringLiteral("MF-SEGMENT-SIZE"),
            QStringLiteral("a log segment is too large: %1").arg(blob.name.value));
    const Range whole;
    const auto bytes = co_await account->provider().get(blob.name, whole);
    if (!bytes)
        co_return bytes.error();
    const auto segment = openSegment(engine.ring, blob.name, viewOf(*bytes));
    if (!segment)
        co_return segment.error();
    const QDateTime seen = engine.clock.now();
    auto record = registryRecord(objectHash(viewOf(*bytes)), blob.name, *segment, seen);
    nameCovered(engine.ring, record);
    const auto added = co_await engine.registry.addSegment(std::move(record), seen, false);
    if (!added)
        co_return added.error();
    co_return Result<>();
}

// The names that the account lists.
Task<Result<QSet<QString>>> syncOnce(Engine &engine, Account *account)
{
    const QString prefix = QStringLiteral("log/");
    const auto listed = co_await listAll(account->provider(), prefix);
    if (!listed)
        co_return listed.error();
    std::vector<QString> names;
    for (const BlobInfo &blob : *listed)
        names.push_back(blob.name.value);
    const auto known = co_await engine.registry.segmentsKnown(names);
    if (!known)
        co_return known.error();
    std::vector<Task<Result<>>> tasks;
    for (std::size_t i = 0; i < listed->size(); ++i) {
        if (!(*known)[i])
            tasks.push_back(addFrom(engine, account, (*listed)[i]));
    }
    const auto results = co_await allOf(std::move(tasks), kSegmentsAtOnce);
    std::optional<Error> why;
    for (const auto &result : results) {
        if (!result && (!why || forbidsWriting(result.error())))
            why = result.error();
    }
    if (why)
        co_return *why;
    co_return QSet<QString>(names.begin(), names.end());
}

// A covered segment may be deleted between the listing and the look at it.
Task<Result<QSet<QString>>> syncOne(Engine &engine, Account *account)
{
    const auto keys = co_await refuseNewerKeys(engine, account);
    if (!keys)
        co_return keys.error();
    auto first = co_await syncOnce(engine, account);
    if (first || first.error().kind != Error::Kind::NotFound)
        co_return first;
    co_return co_await syncOnce(engine, account);
}

Task<Result<BlobInfo>> putOn(Account *account, BlobName name, QByteArray bytes)
{
    co_return co_await account->provider().put(name, bytes);
}

} // namespace

bool forbidsWriting(const Error &error) { return error.id == QStringLiteral("MF-LIBRARY-NEWER") || lacksKeys(error); }

Task<Result<Registry::Age>> noteTime(Engine &engine)
{
    const QByteArray boot = QSysInfo::bootUniqueId();
    co_return co_await engine.registry.noteTime(engine.clock.now(), engine.clock.elapsed(), boot);
}

Task<Result<std::vector<AccountId>>> LibraryLog::sync(std::vector<Account *> accounts)
{
    const auto noted = co_await noteTime(m_engine);
    if (!noted)
        co_return noted.error();
    const auto before = co_await m_engine.registry.segmentNames();
    if (!before)
        co_return before.error();
    std::vector<Result<QSet<QString>>> results;
    for (bool isLearning = true;;) {
        std::vector<Task<Result<QSet<QString>>>> tasks;
        tasks.reserve(accounts.size());
        for (Account *account : accounts)
            tasks.push_back(syncOne(m_engine, account));
        const std::size_t atOnce = tasks.size();
        results = co_await allOf(std::move(tasks), atOnce);
        const bool isStrange = std::any_of(
            results.begin(), results.end(), [](const auto &result) { return !result && lacksKeys(result.error()); });
        if (!isStrange || !std::exchange(isLearning, false))
            break;
        const auto learnt = co_await learnKeys(m_engine, accounts);
        if (!learnt)
            co_return learnt.error();
        if (!*learnt)
            break;
    }
    std::vector<Account *> read;
    std::vector<QSet<QString>> listed;
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (results[i]) {
            read.push_back(accounts[i]);
            listed.push_back(std::move(*results[i]));
        } else {
            Error error = results[i].error();
            error.account = accounts[i]->name();
            logWarning("log", accounts[i]->name() + QStringLiteral(": ") + error.message);
            if (forbidsWriting(error) || error.id.startsWith(QStringLiteral("MF-REGISTRY")))
                co_return error;
        }
    }
    // What another transfer of this process writes at this moment is in no listing yet.
    QSet<QString> expected;
    for (const QSet<QString> &names : listed)
        expected.unite(names);
    for (const Registry::SegmentName &segment : *before)
        expected.insert(segment.name);
    const auto looked = co_await findStale(read, std::move(listed));
    if (!looked)
        co_return looked.error();
    std::erase_if(m_lacking, [&expected](const auto &lacking) { return !expected.contains(lacking.second.name); });
    for (Account *account : read) {
        account->setStale(std::any_of(m_lacking.begin(), m_lacking.end(),
            [account](const auto &lacking) { return lacking.first == account->id(); }));
    }
    const auto records = co_await m_engine.registry.accounts();
    if (!records)
        co_return records.error();
    for (const AccountRecord &record : *records) { // another computer may have given one up, or added one
        Account *account = m_engine.accounts.find(record.id);
        if (account) {
            account->record().retired = record.retired;
            account->record().leaving = record.leaving;
        } else if (record.isElsewhere()) {
            m_engine.accounts.add(accountElsewhere(record));
        }
    }
    std::vector<AccountId> complete;
    for (const Account *account : read) {
        if (!account->isStale())
            complete.push_back(account->id());
    }
    co_return complete;
}

Task<Result<>> LibraryLog::findStale(std::vector<Account *> accounts, std::vector<QSet<QString>> listed)
{
    m_lacking.clear();
    const auto known = co_await m_engine.registry.segmentNames();
    if (!known)
        co_return known.error();
    const QDateTime now = m_engine.clock.now();
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        const Traits traits = accounts[i]->provider().traits();
        const qint64 lag = traits.listsImmediately ? 0 : traits.listingLag.count();
        accounts[i]->setStale(false);
        for (const Registry::SegmentName &segment : *known) {
            if (listed[i].contains(segment.name) || (lag > 0 && segment.seen.secsTo(now) < lag))
                continue;
            accounts[i]->setStale(true);
            m_lacking.emplace_back(accounts[i]->id(), segment);
        }
    }
    co_return Result<>();
}

namespace {

Task<Result<>> giveSegment(Engine &engine, Account *account, Registry::SegmentName segment)
{
    const BlobName name(segment.name);
    const auto bytes = co_await fetchObject(engine, name, segment.hash);
    if (!bytes)
        co_return bytes.error();
    const auto put = co_await account->provider().put(name, *bytes);
    if (!put)
        co_return put.error();
    co_return Result<>();
}

} // namespace

Task<Result<>> LibraryLog::heal()
{
    std::vector<Task<Result<>>> tasks;
    for (const auto &[id, segment] : m_lacking) {
        Account *account = m_engine.accounts.find(id);
        if (account && account->isVerified() && !account->record().retired)
            tasks.push_back(giveSegment(m_engine, account, segment));
    }
    const auto results = co_await allOf(std::move(tasks), kSegmentsAtOnce);
    for (const auto &result : results) {
        if (result)
            continue;
        logWarning("log", result.error().message);
        m_hasLost = m_hasLost || result.error().id == QStringLiteral("MF-META-MISSING");
    }
    co_return Result<>();
}

Task<Result<LibraryLog::Appended>> LibraryLog::append(Cbor events)
{
    const auto identity = co_await m_engine.registry.identity();
    if (!identity)
        co_return identity.error();
    auto heads = co_await m_engine.registry.heads();
    if (!heads)
        co_return heads.error();

    Segment segment;
    segment.parents = std::move(*heads);
    segment.author = (*identity)->computer;
    segment.lamport = (*identity)->lamport + 1;
    segment.time = m_engine.clock.now().toMSecsSinceEpoch();
    segment.events = std::move(events);
    const auto added = co_await m_engine.registry.accountsToTell();
    if (!added)
        co_return added.error();
    for (const AccountRecord &account : *added)
        segment.events.push_back(events::account(account));
    const SealedSegment sealed = sealSegment(m_engine.ring, segment);
    if (sealed.bytes.size() > kLargestSegment)
        co_return Error(Error::Kind::Invalid, QStringLiteral("MF-SEGMENT-SIZE"),
            QStringLiteral("this would be too much for one piece of the library's log; do it for fewer models at a "
                           "time"));

    const auto accounts = m_engine.accounts.verified();
    std::vector<Task<Result<BlobInfo>>> tasks;
    tasks.reserve(accounts.size());
    for (Account *account : accounts)
        tasks.push_back(putOn(account, sealed.name, sealed.bytes));
    const std::size_t atOnce = tasks.size();
    const auto results = co_await allOf(std::move(tasks), atOnce);

    Appended appended;
    appended.hash = sealed.hash;
    std::optional<Error> why;
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (results[i]) {
            appended.acknowledged.push_back(accounts[i]->id());
        } else {
            why = results[i].error();
            logWarning("log", accounts[i]->name() + QStringLiteral(": ") + why->message);
        }
    }
    if (appended.acknowledged.empty())
        co_return why.value_or(Error(Error::Kind::Network, QStringLiteral("MF-ACCOUNT-NONE"),
            QStringLiteral("no account can be reached; connect one and try again")));
    const QDateTime seen = m_engine.clock.now();
    auto record = registryRecord(sealed.hash, sealed.name, segment, seen);
    nameCovered(m_engine.ring, record);
    crashPoint(CrashPoint::LogSegmentPut);
    const auto kept = co_await m_engine.registry.addSegment(std::move(record), seen, true);
    if (!kept)
        co_return kept.error();
    co_return appended;
}

Task<Result<>> LibraryLog::tellAccounts()
{
    const auto untold = co_await m_engine.registry.accountsToTell();
    if (!untold)
        co_return untold.error();
    if (untold->empty())
        co_return Result<>();
    const auto told = co_await append(Cbor::array());
    if (!told)
        co_return told.error();
    co_return Result<>();
}

Task<Result<>> readLog(Engine &engine)
{
    LibraryLog log(engine);
    const auto synced = co_await log.sync(engine.accounts.verified());
    if (!synced)
        co_return synced.error();
    const auto healed = co_await log.heal();
    if (!healed)
        co_return healed.error();
    co_return co_await log.tellAccounts();
}

} // namespace mf
