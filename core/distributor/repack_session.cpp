// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/repack_session.h"

#include "core/base/crash_point.h"
#include "core/distributor/publish.h"

namespace mf {

Task<Result<>> RepackSession::begin()
{
    if (m_transfer != 0)
        co_return Result<>();
    TransferRecord transfer;
    transfer.kind = QStringLiteral("repack");
    transfer.session = m_id = randomId<SessionId>();
    transfer.started = m_engine.clock.now();
    const auto known = co_await m_engine.registry.transfers();
    if (!known)
        co_return known.error();
    for (const TransferRecord &earlier : *known) {
        if (earlier.kind != transfer.kind || m_engine.running.contains(earlier.session))
            continue;
        const auto ended = co_await m_engine.registry.hasEnded(earlier.session);
        if (!ended)
            co_return ended.error();
        if (*ended) { // and cut off there: what is made in it now would be nobody's
            const auto over = co_await m_engine.registry.endTransfer(earlier.row);
            if (!over)
                co_return over.error();
        } else if (!m_engine.running.contains(earlier.session)) { // as it was before the registry was asked
            m_transfer = earlier.row;
            m_id = earlier.session;
            m_wasOpen = true;
            m_mark = std::make_unique<RunningMark>(m_engine, m_id);
            co_return Result<>();
        }
    }
    m_mark = std::make_unique<RunningMark>(m_engine, m_id);
    const auto begun = co_await m_engine.registry.beginTransfer(std::move(transfer));
    if (!begun)
        co_return begun.error();
    m_transfer = *begun;
    co_return Result<>();
}

Task<Result<>> RepackSession::announce()
{
    if (m_isOpen)
        co_return Result<>();
    Cbor events = Cbor::array();
    events.push_back(events::sessionOpened(m_id));
    const auto logged = co_await m_log.append(std::move(events));
    if (!logged)
        co_return logged.error();
    m_isOpen = true;
    crashPoint(CrashPoint::StoreSessionOpened);
    co_return Result<>();
}

Task<Result<>> RepackSession::writeIndexes(int domains, int atLeast)
{
    std::vector<ObjectHash> written;
    for (;;) {
        const auto waiting = co_await m_engine.registry.packsWithoutIndex(atLeast);
        if (!waiting)
            co_return waiting.error();
        if (static_cast<int>(waiting->size()) < atLeast)
            break;
        const auto one = co_await writeIndexObject(m_engine, domains);
        if (!one)
            co_return one.error();
        if (!*one)
            break;
        written.push_back(**one);
    }
    if (written.empty())
        co_return Result<>();
    m_indexes.insert(m_indexes.end(), written.begin(), written.end());
    const auto announced = co_await announce(); // where an index object was all that was left to write
    if (!announced)
        co_return announced.error();
    Cbor events = Cbor::array();
    events.push_back(events::sessionAdvanced(m_id, written));
    const auto logged = co_await m_log.append(std::move(events));
    if (!logged)
        co_return logged.error();
    co_return Result<>();
}

Task<Result<>> RepackSession::end()
{
    if (m_transfer == 0)
        co_return Result<>();
    if (m_isOpen || m_wasOpen) {
        Cbor events = Cbor::array();
        events.push_back(events::sessionEnded(m_id));
        const auto logged = co_await m_log.append(std::move(events));
        if (!logged)
            co_return logged.error();
    }
    co_return co_await m_engine.registry.endTransfer(m_transfer);
}

} // namespace mf
