// SPDX-License-Identifier: GPL-3.0-or-later
// The registry's methods for checkpoints of the log, index objects that are joined, and its copies.
#include "core/registry/checkpoints.h"
#include "core/registry/identity.h"
#include "core/registry/indexes.h"
#include "core/registry/registry_copy.h"
#include "core/registry/registry_hop.h"

namespace mf {

Task<Result<std::vector<Registry::Segment>>> Registry::logToTell()
{
    return read([](Store &s) { return mf::logToTell(s.db()); });
}

Task<Result<std::vector<ObjectHash>>> Registry::coveredSegments()
{
    return read([](Store &s) { return mf::coveredSegments(s.db()); });
}

Task<Result<std::vector<bool>>> Registry::areCovered(std::vector<QString> blobNames)
{
    return read([names = std::move(blobNames)](Store &s) { return mf::areCovered(s.db(), names); });
}

Task<Result<std::vector<Registry::SegmentName>>> Registry::checkpoints()
{
    return read([](Store &s) { return wholeCheckpoints(s.db()); });
}

Task<Result<int>> Registry::segmentsSinceCheckpoint()
{
    return read([](Store &s) { return mf::segmentsSinceCheckpoint(s.db()); });
}

Task<Result<bool>> Registry::hasEnded(SessionId session)
{
    return read([session](Store &s) { return mf::hasEnded(s.db(), session); });
}

Task<Result<std::vector<SessionId>>> Registry::openSessions()
{
    return read([](Store &s) { return mf::openSessions(s.db()); });
}

Task<Result<std::vector<Registry::IndexInUse>>> Registry::indexesInUse()
{
    return read([](Store &s) { return mf::indexesInUse(s.db()); });
}

Task<Result<>> Registry::noteSuperseded(std::vector<ObjectHash> indexes, ObjectHash by)
{
    return write([indexes = std::move(indexes), by](Store &s) { return mf::noteSuperseded(s.db(), indexes, by); });
}

Task<Result<std::vector<std::optional<ObjectHash>>>> Registry::supersededBy(std::vector<ObjectHash> indexes)
{
    return read([indexes = std::move(indexes)](Store &s) { return mf::supersededBy(s.db(), indexes); });
}

Task<Result<QByteArray>> Registry::note(QString key)
{
    return read([key = std::move(key)](Store &s) { return readNote(s.db(), key); });
}

Task<Result<>> Registry::setNote(QString key, QByteArray value)
{
    return write([key = std::move(key), value = std::move(value)](Store &s) { return writeNote(s.db(), key, value); });
}

// Neither VACUUM nor ATTACH works inside a transaction.
Task<Result<>> Registry::copyTo(QString path)
{
    auto work = [store = m_store.get(), to = std::move(path)] { return store->copyTo(to); };
    const auto done = co_await onPool(*m_worker, work);
    co_return done;
}

Task<Result<>> Registry::adopt(QString path)
{
    auto work = [store = m_store.get(), from = std::move(path)] { return store->adopt(from); };
    const auto done = co_await onPool(*m_worker, work);
    co_return done;
}

} // namespace mf
