// SPDX-License-Identifier: GPL-3.0-or-later
// A library opened from its recovery kit: its keys become known with the first place that held a part of it.
#include "app/library/library.h"

#include "app/library/library_keys.h"
#include "core/base/log.h"
#include "core/distributor/library_log.h"
#include "core/distributor/objects/marker.h"

namespace mf {
namespace {

// In the registry's settings while the ring holds the kit's own epoch alone.
QString provisional() { return QStringLiteral("keys.provisional"); }

} // namespace

Task<Result<std::unique_ptr<Library>>> Library::createFromKit(
    LibraryOptions options, SecretKey recovery, LibraryId library)
{
    std::unique_ptr<Library> made(new Library(std::move(options)));
    const auto opened = co_await made->openStores();
    if (!opened)
        co_return opened.error();
    const auto none = co_await made->refuseSecondLibrary();
    if (!none)
        co_return none.error();
    const auto marked = co_await made->m_registry->setSetting(provisional(), QStringLiteral("1"));
    if (!marked)
        co_return marked.error();
    const KeyRing ring(library, KeyRing::masterOf(recovery, library));
    const auto kept = co_await made->keep(recovery, ring, randomId<ComputerId>());
    if (!kept)
        co_return kept.error();
    made->join(recovery, ring);
    co_return made;
}

// What the library objects of a place say. Nothing: there is none that the ring or the kit opens.
Task<Result<std::optional<KeyRing>>> Library::ringAt(Account &account)
{
    std::optional<KeyRing> found;
    const QString prefix = QStringLiteral("lib/");
    const auto listed = co_await listAll(account.provider(), prefix);
    if (!listed)
        co_return listed.error();
    for (const BlobInfo &blob : *listed) {
        const Range whole;
        const auto object = co_await account.provider().get(blob.name, whole);
        if (!object)
            continue;
        const auto library = libraryIdOf(viewOf(*object));
        const bool isOther = library && !m_ring->library().isNull() && *library != m_ring->library();
        if (!library || isOther)
            continue;
        std::vector<SecretKey> masters(1, KeyRing::masterOf(*m_recovery, *library));
        for (const KeyRing::Epoch &epoch : m_ring->epochs())
            masters.push_back(epoch.master);
        for (const SecretKey &master : masters) {
            auto ring = openLibraryObject(master, viewOf(*object));
            if (!ring && ring.error().id == QStringLiteral("MF-LIBRARY-NEWER"))
                co_return ring.error();
            if (ring && (!found || ring->epochs().size() > found->epochs().size()))
                found = std::move(*ring);
        }
    }
    co_return found;
}

// True if the place has a library object as new as ours.
Task<Result<bool>> Library::learnKeys(Account &account)
{
    const auto settings = co_await m_registry->settings();
    if (!settings)
        co_return settings.error();
    const auto ring = co_await ringAt(account);
    if (!ring)
        co_return ring.error();
    if (!settings->contains(provisional()))
        co_return *ring && (*ring)->epochs().size() >= m_ring->epochs().size();
    if (!*ring)
        co_return Error(Error::Kind::NotFound, QStringLiteral("MF-LIBRARY-ELSEWHERE"),
            QStringLiteral("nothing at %1 opens with this recovery kit; begin with a place that holds a part of the "
                           "library (or init again with the newest kit)")
                .arg(account.name()))
            .at(account.name());
    const auto identity = co_await m_registry->identity();
    if (!identity)
        co_return identity.error();
    const LibraryId before = m_ring->library();
    const SecretKey recovery = *m_recovery;
    const KeyRing learnt = **ring;
    const auto kept = co_await keep(recovery, learnt, (*identity)->computer);
    if (!kept)
        co_return kept.error();
    if (before != learnt.library()) {
        const auto removed = co_await m_secrets->remove(keysEntry(before));
        if (!removed)
            logWarning("library", removed.error().message);
    }
    *m_ring = learnt; // the engine refers to it
    const auto cleared = co_await m_registry->setSetting(provisional(), QString());
    if (!cleared)
        co_return cleared.error();
    co_return true;
}

Task<Result<>> Library::keep(SecretKey recovery, KeyRing ring, ComputerId computer)
{
    const auto before = co_await m_registry->identity();
    if (!before)
        co_return before.error();
    Registry::Identity identity = before->value_or(Registry::Identity());
    identity.library = ring.library();
    identity.computer = computer;
    // The keys first: a registry whose keys are lost would be of no use.
    const LibraryKeys keys { recovery, ring, std::nullopt };
    const auto kept = co_await m_secrets->write(keysEntry(ring.library()), encodeKeys(keys));
    if (!kept)
        co_return kept.error();
    co_return co_await m_registry->setIdentity(identity);
}

// The log for a place that has it not, and what a place tells that this registry does not know.
Task<Result<>> Library::shareLog(Account &account)
{
    LibraryLog log(*m_engine);
    std::vector<Account *> one(1, &account);
    const auto synced = co_await log.sync(std::move(one));
    if (!synced)
        co_return synced.error();
    co_return co_await log.heal();
}

} // namespace mf
