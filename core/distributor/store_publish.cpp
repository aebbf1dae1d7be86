// SPDX-License-Identifier: GPL-3.0-or-later
// What a store writes besides its packs: index objects, the manifest, the log.
#include "core/base/crash_point.h"
#include "core/distributor/holding.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/publish.h"
#include "core/distributor/source_format.h"
#include "core/distributor/store.h"

namespace mf {
namespace {

constexpr std::chrono::minutes kIndexEvery { 10 };

} // namespace

// Intent is in the log before the first fragment is: others then know that packs without a manifest are being made.
Task<Result<>> Store::openSession()
{
    if (m_sessionIsOpen)
        co_return Result<>();
    Cbor events = Cbor::array();
    events.push_back(events::sessionOpened(m_session));
    const auto logged = co_await m_log.append(std::move(events));
    if (!logged)
        co_return logged.error();
    m_sessionIsOpen = true;
    crashPoint(CrashPoint::StoreSessionOpened);
    co_return Result<>();
}

Task<Result<>> Store::writeIndex(bool all)
{
    const bool isDue = m_packsSinceIndex >= kPacksPerIndex
        || (m_packsSinceIndex > 0 && m_engine.clock.elapsed() - m_indexTime > kIndexEvery);
    while (all || isDue) {
        const auto written = co_await writeIndexObject(m_engine, m_policy.m + 1);
        if (!written)
            co_return written.error();
        if (!*written)
            break;
        m_indexes.push_back(**written);
        m_packsSinceIndex = 0;
        m_indexTime = m_engine.clock.elapsed();
        if (!all) {
            Cbor events = Cbor::array();
            std::vector<ObjectHash> one(1, **written);
            events.push_back(events::sessionAdvanced(m_session, one));
            const auto logged = co_await m_log.append(std::move(events));
            if (!logged)
                co_return logged.error();
            break;
        }
    }
    co_return Result<>();
}

Task<Result<bool>> Store::isUnchanged()
{
    if (m_holds)
        co_return co_await isHeldUnchanged();
    if (m_revision.number == 1)
        co_return false;
    const auto current = co_await m_engine.registry.revision(m_request.name, 0);
    if (!current || isHeld(*current))
        co_return false;
    const auto same = co_await isAsBefore(*current);
    if (!same)
        co_return same.error();
    // The bytes are the same; if some had to be stored again, the old packs do not count any more.
    if (!*same || m_result.uploadedBytes > 0)
        co_return false;
    // That may have been in an earlier run, or for another model: then it goes over to the packs that are sound.
    auto lost = co_await lostAccounts(m_engine);
    if (!lost)
        co_return lost.error();
    const auto spare = co_await m_engine.registry.spare(current->row, std::move(*lost));
    if (!spare)
        co_return spare.error();
    const bool isSound = !*spare || **spare >= m_policy.m;
    co_return isSound;
}

// Whether what was read now is what that revision has.
Task<Result<bool>> Store::isAsBefore(RevisionRecord earlier)
{
    if (!(earlier.protection == m_revision.protection))
        co_return false;
    auto before = co_await m_engine.registry.files(earlier.row);
    if (!before)
        co_return before.error();
    const auto &now = m_builder->files();
    if (before->size() != now.size())
        co_return false;
    std::sort(before->begin(), before->end(), [](const auto &a, const auto &b) { return a.path < b.path; });
    for (std::size_t i = 0; i < now.size(); ++i) {
        const FileRecord &a = (*before)[i];
        const FileRecord &b = now[i].file;
        if (a.path != b.path || a.size != b.size || a.sha256 != b.sha256 || a.executable != b.executable)
            co_return false;
    }
    co_return true;
}

Task<Result<Manifest>> Store::makeManifest(std::vector<PackRow> packs)
{
    m_revision.facts = mergeFacts(m_facts);
    m_revision.storedBytes = m_result.storedBytes;
    m_revision.uploadedBytes = m_result.uploadedBytes;
    Manifest manifest;
    manifest.revision = m_revision;
    manifest.files = m_builder->files();
    for (const PackRow row : packs) {
        const auto pack = co_await m_engine.registry.pack(row);
        if (!pack)
            co_return pack.error();
        manifest.packs.push_back(pack->id);
    }
    co_return manifest;
}

Task<Result<std::vector<PackRow>>> Store::notePacks()
{
    const std::set<PackRow> packs = m_builder->packs();
    std::vector<PackRow> rows(packs.begin(), packs.end());
    const auto relied = co_await m_engine.registry.notePacksRelied(m_revision.row, rows);
    if (!relied)
        co_return relied.error();
    const auto leaves = co_await m_engine.registry.noteLeaves(m_revision.row, m_builder->leaves());
    if (!leaves)
        co_return leaves.error();
    co_return rows;
}

Task<Result<>> Store::publish()
{
    crashPoint(CrashPoint::StoreLeavesPut);
    const auto indexed = co_await writeIndex(true);
    if (!indexed)
        co_return indexed.error();

    auto packs = co_await notePacks();
    if (!packs)
        co_return packs.error();
    auto covering = co_await accountsOfPacks(m_engine, *packs);
    if (!covering)
        co_return covering.error();

    Publication publication;
    auto made = co_await makeManifest(std::move(*packs));
    if (!made)
        co_return made.error();
    publication.manifest = std::move(*made);
    publication.indexes = m_indexes;
    publication.domains = m_policy.m + 1;
    publication.covering = std::move(*covering);
    if (m_sessionIsOpen)
        publication.further.push_back(events::sessionEnded(m_session));
    const auto manifest = co_await putManifest(m_engine, publication);
    if (!manifest)
        co_return manifest.error();
    m_revision.manifest = *manifest;
    crashPoint(CrashPoint::StoreManifestPut);

    // Unconfirmed before it is logged: after a crash the next start finds it and confirms.
    m_revision.state = RevisionState::Unconfirmed;
    const auto noted = co_await m_engine.registry.updateRevision(m_revision);
    if (!noted)
        co_return noted.error();
    const auto logged = co_await logRevision(m_engine, std::move(publication), *manifest);
    if (!logged)
        co_return logged.error();
    crashPoint(CrashPoint::StoreRevisionLogged);
    co_return Result<>();
}

} // namespace mf
