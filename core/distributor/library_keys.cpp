// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/library_keys.h"

#include "core/base/log.h"
#include "core/distributor/library_log.h"
#include "core/distributor/objects/marker.h"

#include <algorithm>

namespace mf {
namespace {

constexpr qint64 kLargestObject = 1 << 20;

// The library objects of an account that are what their names say.
Task<Result<std::vector<QByteArray>>> objectsOf(Engine &engine, Account *account)
{
    const QString prefix = QStringLiteral("lib/");
    const auto listed = co_await listAll(account->provider(), prefix);
    if (!listed)
        co_return listed.error();
    std::vector<QByteArray> objects;
    for (const BlobInfo &blob : *listed) {
        if (blob.size > kLargestObject)
            continue;
        const Range whole;
        auto object = co_await account->provider().get(blob.name, whole);
        if (!object) {
            logWarning("keys", account->name() + QStringLiteral(": ") + object.error().message);
            continue;
        }
        const auto library = libraryIdOf(viewOf(*object));
        if (library && *library == engine.ring.library()
            && libraryObjectName(engine.ring, viewOf(*object)) == blob.name)
            objects.push_back(std::move(*object));
    }
    co_return objects;
}

bool hasAll(const KeyRing &ring, const KeyRing &of)
{
    return std::all_of(of.epochs().begin(), of.epochs().end(),
        [&ring](const KeyRing::Epoch &epoch) { return ring.find(epoch.id) != nullptr; });
}

} // namespace

Task<Result<std::optional<KeyRing>>> ringUnder(Engine &engine, std::vector<Account *> accounts, SecretKey master)
{
    std::optional<KeyRing> found;
    for (Account *account : accounts) {
        const auto objects = co_await objectsOf(engine, account);
        if (!objects) {
            logWarning("keys", account->name() + QStringLiteral(": ") + objects.error().message);
            continue;
        }
        for (const QByteArray &object : *objects) {
            auto ring = openLibraryObject(master, viewOf(object));
            if (!ring && ring.error().id == QStringLiteral("MF-LIBRARY-NEWER"))
                co_return ring.error();
            if (!ring)
                continue;
            if (found)
                found->merge(*ring);
            else
                found = std::move(*ring);
        }
    }
    co_return found;
}

Task<Result<>> refuseNewerKeys(Engine &engine, Account *account)
{
    if (account->areKeysRead())
        co_return Result<>();
    const auto objects = co_await objectsOf(engine, account);
    if (!objects)
        co_return objects.error();
    for (const QByteArray &object : *objects) {
        for (const KeyRing::Epoch &epoch : engine.ring.epochs()) {
            const auto ring = openLibraryObject(epoch.master, viewOf(object));
            if (!ring && ring.error().id == QStringLiteral("MF-LIBRARY-NEWER"))
                co_return ring.error();
        }
    }
    account->setKeysRead();
    co_return Result<>();
}

Task<Result<bool>> learnKeys(Engine &engine, std::vector<Account *> accounts)
{
    bool isNew = false;
    for (bool goesOn = true; goesOn;) {
        goesOn = false;
        const KeyRing known = engine.ring;
        for (const KeyRing::Epoch &epoch : known.epochs()) {
            const auto ring = co_await ringUnder(engine, accounts, epoch.master);
            if (!ring)
                co_return ring.error();
            if (*ring && engine.ring.merge(**ring))
                goesOn = isNew = true; // what is new may open more
        }
    }
    if (!isNew)
        co_return false;
    const auto noted = co_await engine.registry.setSetting(keysLearnt(), QStringLiteral("1"));
    if (!noted)
        co_return noted.error();
    co_return true;
}

Task<Result<>> shareKeys(Engine &engine, KeyRing ring, std::vector<Account *> accounts)
{
    const std::vector<QByteArray> ours = sealLibraryObjects(ring);
    std::optional<Error> why;
    for (Account *account : accounts) {
        const auto objects = co_await objectsOf(engine, account);
        if (!objects) {
            why = objects.error();
            continue;
        }
        for (const QByteArray &object : ours) {
            const bool isThere = std::any_of(objects->begin(), objects->end(), [&](const QByteArray &theirs) {
                return std::any_of(ring.epochs().begin(), ring.epochs().end(), [&](const KeyRing::Epoch &epoch) {
                    const auto opens = openLibraryObject(epoch.master, viewOf(object));
                    const auto opened = opens ? openLibraryObject(epoch.master, viewOf(theirs)) : opens;
                    return opened && hasAll(*opened, ring);
                });
            });
            if (isThere)
                continue;
            const BlobName name = libraryObjectName(ring, viewOf(object));
            const auto put = co_await account->provider().put(name, object);
            if (!put) {
                why = put.error();
                why->account = account->name();
            }
        }
    }
    if (why)
        co_return *why;
    co_return Result<>();
}

Task<Result<>> announceKeys(Engine &engine)
{
    Cbor event = Cbor::object();
    event["k"] = "epoch";
    event["e"] = cborBytes(engine.ring.newest().id.view());
    Cbor events = Cbor::array();
    events.push_back(std::move(event));
    LibraryLog log(engine);
    const auto logged = co_await log.append(std::move(events));
    if (!logged)
        co_return logged.error();
    co_return Result<>();
}

} // namespace mf
