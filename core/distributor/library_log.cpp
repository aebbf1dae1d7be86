// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/library_log.h"

#include "core/base/all_of.h"
#include "core/base/log.h"

namespace mf {
namespace {

constexpr std::size_t kSegmentsAtOnce = 8;
constexpr qint64 kLargestSegment = qint64(16) << 20;

Task<Result<>> takeIn(Engine &engine, Account *account, BlobInfo blob)
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
    const auto added = co_await engine.registry.addSegment(std::move(record), seen, false);
    if (!added)
        co_return added.error();
    co_return Result<>();
}

Task<Result<>> syncOne(Engine &engine, Account *account)
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
            tasks.push_back(takeIn(engine, account, (*listed)[i]));
    }
    const auto results = co_await allOf(std::move(tasks), kSegmentsAtOnce);
    for (const auto &result : results) {
        if (!result)
            co_return result.error();
    }
    co_return Result<>();
}

Task<Result<BlobInfo>> putOn(Account *account, BlobName name, QByteArray bytes)
{
    co_return co_await account->provider().put(name, bytes);
}

} // namespace

Task<Result<std::vector<AccountId>>> LibraryLog::sync(std::vector<Account *> accounts)
{
    std::vector<Task<Result<>>> tasks;
    for (Account *account : accounts)
        tasks.push_back(syncOne(m_engine, account));
    const std::size_t atOnce = tasks.size();
    const auto results = co_await allOf(std::move(tasks), atOnce);
    std::vector<AccountId> complete;
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (results[i]) {
            complete.push_back(accounts[i]->id());
        } else {
            logWarning("log", accounts[i]->name() + QStringLiteral(": ") + results[i].error().message);
            if (results[i].error().id.startsWith(QStringLiteral("MF-REGISTRY")))
                co_return results[i].error();
        }
    }
    co_return complete;
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
    const SealedSegment sealed = sealSegment(m_engine.ring, segment);

    const auto accounts = m_engine.accounts.verified();
    std::vector<Task<Result<BlobInfo>>> tasks;
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
    const auto added = co_await m_engine.registry.addSegment(std::move(record), seen, true);
    if (!added)
        co_return added.error();
    co_return appended;
}

} // namespace mf
