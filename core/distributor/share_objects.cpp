// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/share_objects.h"

#include "core/base/all_of.h"
#include "core/base/log.h"
#include "core/distributor/fetch_object.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/objects/manifest.h"

#include <QSet>

namespace mf {
namespace {

constexpr std::size_t kAtOnce = 8;

struct Object {
    BlobName name;
    ObjectHash hash;
};

Task<Result<>> give(Engine &engine, Account *account, Object object)
{
    const auto bytes = co_await fetchObject(engine, object.name, object.hash);
    if (!bytes)
        co_return bytes.error();
    const auto put = co_await account->provider().put(object.name, *bytes);
    if (!put)
        co_return put.error();
    co_return Result<>();
}

Task<Result<std::vector<Object>>> objectsToKeep(Engine &engine)
{
    const auto needed = co_await engine.registry.objectsInUse();
    if (!needed)
        co_return needed.error();
    std::vector<Object> all;
    for (const ObjectHash &hash : needed->manifests)
        all.push_back({ manifestName(engine.ring, hash), hash });
    for (const ObjectHash &hash : needed->indexes)
        all.push_back({ indexName(engine.ring, hash), hash });
    QStringList names;
    for (const Object &object : all)
        names.append(object.name.value);
    const auto doomed = co_await engine.registry.doomedObjects(std::move(names));
    if (!doomed)
        co_return doomed.error();
    std::vector<Object> kept;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!(*doomed)[i])
            kept.push_back(all[i]);
    }
    co_return kept;
}

} // namespace

Task<Result<>> shareObjects(Engine &engine)
{
    const auto objects = co_await objectsToKeep(engine);
    if (!objects)
        co_return objects.error();
    for (Account *account : engine.accounts.verified()) {
        if (account->record().retired)
            continue;
        const QString prefix = QStringLiteral("meta/");
        const auto listed = co_await listAll(account->provider(), prefix);
        if (!listed) {
            logWarning("share", account->name() + QStringLiteral(": ") + listed.error().message);
            continue;
        }
        QSet<QString> there;
        for (const BlobInfo &blob : *listed)
            there.insert(blob.name.value);
        std::vector<Task<Result<>>> tasks;
        for (const Object &object : *objects) {
            if (!there.contains(object.name.value))
                tasks.push_back(give(engine, account, object));
        }
        const auto results = co_await allOf(std::move(tasks), kAtOnce);
        for (const auto &result : results) {
            if (!result)
                logWarning("share", account->name() + QStringLiteral(": ") + result.error().message);
        }
    }
    co_return Result<>();
}

} // namespace mf
