// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/webdav/webdav.h"

#include "core/base/all_of.h"
#include "core/base/log.h"
#include "core/crypto/secret.h"
#include "core/http/http_range.h"
#include "core/providers/provider_errors.h"

#include <algorithm>
#include <map>

namespace mf {

using namespace webdav;

namespace {

constexpr std::size_t kPage = 1000; // blobs
constexpr std::size_t kFoldersAtOnce = 4; // asked for at the same time while a list is made
constexpr qsizetype kFoldersAhead = 8; // whose answers are kept until their turn
constexpr qint64 kStaleAfter = qint64(48) * 3600; // s
constexpr char kTemporaryPrefix[] = ".mf-tmp-"; // no part of a blob's name begins with a dot

Error gone(const QUrl &folder)
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-GONE"),
        QStringLiteral("the folder %1 is not there on %2").arg(folder.path(), folder.host()));
}

QString folderOf(const BlobName &name) { return name.value.section(u'/', 0, -2); }

bool isMissing(const Error &error) { return error.kind == Error::Kind::NotFound; }

} // namespace

WebDavProvider::WebDavProvider(std::unique_ptr<DavClient> client, bool mayMake)
    : m_client(std::move(client))
    , m_mayMake(mayMake)
{
}

Traits WebDavProvider::traits() const { return {}; }

// The folder of the account, which is made if it may be.
Task<Result<Resource>> WebDavProvider::root()
{
    const bool mayMake = m_mayMake; // others may ask at the same time, and make it first
    const auto found = co_await m_client->resource(QString());
    if (found) {
        m_mayMake = false; // if it goes later, it is gone
        co_return found;
    }
    if (!isMissing(found.error()))
        co_return found.error();
    if (!mayMake)
        co_return gone(m_client->folder());
    const auto made = co_await m_client->mkcol(QString());
    if (!made)
        co_return made.error();
    m_mayMake = false;
    co_return Resource();
}

// The folders from the top down to this one.
Task<Result<>> WebDavProvider::makeFolders(QString folder)
{
    if (!m_mayMake && m_folders.contains(folder))
        co_return Result<>();
    const auto turn = co_await m_making.acquire(1);
    if (m_folders.isEmpty()) {
        const auto there = co_await root();
        if (!there)
            co_return there.error();
    }
    const QStringList parts = folder.split(u'/', Qt::SkipEmptyParts);
    for (qsizetype n = 1; n <= parts.size(); ++n) {
        const QString path = parts.first(n).join(u'/');
        if (m_folders.contains(path))
            continue;
        const auto made = co_await m_client->mkcol(path);
        if (!made)
            co_return made.error();
        m_folders.insert(path);
    }
    co_return Result<>();
}

Task<Result<>> WebDavProvider::putAt(BlobName name, QString folder, QByteArray data)
{
    std::array<std::uint8_t, 8> random {};
    fillRandom(random);
    const QString temporary
        = (folder.isEmpty() ? QString() : QString(folder + u'/')) + QLatin1String(kTemporaryPrefix) + toHex(random);
    const qint64 size = data.size();
    const auto sent = co_await m_client->put(temporary, std::move(data));
    if (sent) {
        const auto moved = co_await moveTo(name, temporary, size);
        if (moved)
            co_return Result<>();
        co_return co_await withdraw(temporary, moved.error());
    }
    if (sent.error().kind == Error::Kind::Quota) // what had come may still take room
        co_return co_await withdraw(temporary, sent.error());
    co_return sent.error();
}

// A nicety: no list shows it.
Task<Error> WebDavProvider::withdraw(QString temporary, Error why)
{
    const auto removed = co_await m_client->remove(temporary);
    if (!removed)
        logInfo("webdav", removed.error().message);
    co_return why;
}

// Where somebody else moves the same blob there at the same time, one of the two may be told that it failed: 403 by
// Apache, which meanwhile has neither the old file nor the new one there, 423 by rclone, as long as the other one
// takes. A name determines its bytes: what is there then is what was to be there, and Verified reads it back.
Task<Result<>> WebDavProvider::moveTo(BlobName name, QString temporary, qint64 size)
{
    constexpr int mostTries = 6; // of a server that answers
    constexpr int mostSilent = 3;
    Clock::Duration wait { 10 };
    for (int n = 1;; ++n) {
        const auto moved = co_await m_client->move(temporary, name.value);
        if (moved)
            co_return Result<>();
        const auto there = co_await sizeOf(name);
        if (there && *there == size) {
            const auto removed = co_await m_client->remove(temporary);
            Q_UNUSED(removed)
            co_return Result<>();
        }
        const QString status = moved.error().parameters.value(QStringLiteral("status"));
        if (n == (status.isEmpty() ? mostSilent : mostTries) || status == QLatin1String("401"))
            co_return moved.error();
        auto sleeping = m_client->clock().sleep(wait);
        co_await sleeping;
        wait *= 2;
    }
}

Task<Result<BlobInfo>> WebDavProvider::put(BlobName name, QByteArray data)
{
    if (!isValidBlobName(name))
        co_return badBlobName(name.value);
    const qint64 size = data.size();
    const QString folder = folderOf(name);
    for (bool again = false;; again = true) {
        const auto made = co_await makeFolders(folder);
        if (!made)
            co_return made.error();
        const auto stored = co_await putAt(name, folder, data);
        if (stored)
            co_return BlobInfo(name, size);
        // A folder went away since it was seen: 409 by the RFC, 404 or 403 by others.
        const auto kind = stored.error().kind;
        if (again || m_folders.isEmpty() || (kind != Error::Kind::AlreadyExists && kind != Error::Kind::NotFound))
            co_return stored.error();
        m_folders.clear();
    }
}

Task<Result<qint64>> WebDavProvider::sizeOf(BlobName name)
{
    const auto found = co_await m_client->resource(name.value);
    if (!found && isMissing(found.error()))
        co_return blobMissing(name);
    if (!found)
        co_return found.error();
    if (found->isCollection)
        co_return blobMissing(name);
    co_return found->size;
}

Task<Result<QByteArray>> WebDavProvider::get(BlobName name, Range range)
{
    if (!isValidBlobName(name))
        co_return badBlobName(name.value);
    if (!isPossibleRange(range.offset, range.length))
        co_return badBlobRange();
    if (range.length == 0) { // no header says that
        const auto size = co_await sizeOf(name);
        if (!size)
            co_return size.error();
        if (range.offset > *size)
            co_return badBlobRange();
        co_return QByteArray();
    }
    const auto answer = co_await m_client->get(name.value, range);
    if (!answer)
        co_return answer.error();
    constexpr int whole = 200;
    constexpr int part = 206;
    constexpr int unsatisfiable = 416;
    if (answer->status == unsatisfiable && range.length < 0) { // from its very end on: nothing, or an error
        const auto size = co_await sizeOf(name);
        if (!size)
            co_return size.error();
        if (*size == range.offset)
            co_return QByteArray();
    }
    if (answer->status == unsatisfiable)
        co_return badBlobRange();
    // A folder: moved to its name with a slash, or an answer that is not for files.
    const bool isFolder = answer->url.path().endsWith(u'/') || answer->status == 405 || answer->status == 501;
    if (isFolder || answer->status == 404 || answer->status == 410)
        co_return blobMissing(name);
    if (answer->status != whole && answer->status != part)
        co_return m_client->errorOf(*answer, QStringLiteral("cannot read"));
    const auto right = checkRange(*answer, range.offset);
    if (!right)
        co_return right.error();
    const auto bytes = rangeOf(*answer, range.offset, range.length);
    if (!bytes)
        co_return badBlobRange();
    co_return *bytes;
}

Task<Result<>> WebDavProvider::remove(BlobName name)
{
    if (!isValidBlobName(name))
        co_return badBlobName(name.value);
    const auto size = co_await sizeOf(name);
    if (!size && size.error().kind == Error::Kind::NotFound)
        co_return Result<>(); // not there, or a folder
    if (!size)
        co_return size.error();
    co_return co_await m_client->remove(name.value);
}

// ---- lists

// Names are compared as a whole; a folder counts with a slash at its end ("f/"), so that it stands among its neighbours
// where its blobs stand among theirs.
struct WebDavProvider::Walk {
    QString prefix;
    QString cursor;
    ListPage page;
    std::map<QString, std::vector<Resource>> ahead; // folders that were asked for already

    bool isWanted(const QString &key) const
    {
        if (key.endsWith(u'/')) {
            const bool mayHold = key.startsWith(prefix) || prefix.startsWith(key);
            return mayHold && (key > cursor || cursor.startsWith(key));
        }
        return key.startsWith(prefix) && key > cursor;
    }
};

// What lies in it; nothing if it is not there, or a file (which Apache calls a bad request).
Task<Result<std::vector<Resource>>> WebDavProvider::folderAt(QString folder)
{
    auto found = co_await m_client->children(folder);
    if (found)
        co_return found;
    if (isMissing(found.error()))
        co_return std::vector<Resource>();
    if (!folder.isEmpty() && found.error().kind == Error::Kind::Invalid) {
        const auto file = co_await sizeOf(BlobName(folder));
        if (file)
            co_return std::vector<Resource>();
    }
    co_return found;
}

// Several folders at once: one after the other, a list would take a round trip for each.
Task<Result<>> WebDavProvider::lookAhead(std::shared_ptr<Walk> walk, QStringList folders)
{
    std::vector<Task<Result<std::vector<Resource>>>> asking;
    for (const QString &folder : folders)
        asking.push_back(folderAt(folder));
    auto found = co_await allOf(std::move(asking), kFoldersAtOnce);
    for (qsizetype i = 0; i < folders.size(); ++i) {
        auto &resources = found[static_cast<std::size_t>(i)];
        if (!resources)
            co_return resources.error();
        walk->ahead[folders[i]] = std::move(*resources);
    }
    co_return Result<>();
}

// What a put that was killed left behind. No put takes so long, whichever of the two clocks is wrong by hours.
bool WebDavProvider::isLeftover(const Resource &resource) const
{
    return resource.path.startsWith(QLatin1String(kTemporaryPrefix)) && !resource.isCollection
        && resource.modified.isValid() && resource.modified.secsTo(m_client->clock().now()) > kStaleAfter;
}

Task<void> WebDavProvider::sweep(QStringList leftovers)
{
    for (const QString &path : leftovers) {
        const auto removed = co_await m_client->remove(path);
        if (!removed)
            logInfo("webdav", removed.error().message);
    }
}

// True: the page is full.
Task<Result<bool>> WebDavProvider::walk(std::shared_ptr<Walk> walk, QString folder)
{
    std::vector<Resource> resources;
    if (const auto known = walk->ahead.find(folder); known != walk->ahead.end()) {
        resources = std::move(known->second);
        walk->ahead.erase(known);
    } else {
        auto found = co_await folderAt(folder);
        if (!found)
            co_return found.error();
        resources = std::move(*found);
    }
    const QString before = folder.isEmpty() ? QString() : QString(folder + u'/');
    std::map<QString, qint64> keys;
    QStringList leftovers;
    for (const Resource &resource : resources) {
        const QString &name = resource.path;
        if (isLeftover(resource))
            leftovers.append(before + name);
        if (!isValidBlobName(BlobName(before + name)))
            continue; // a temporary or foreign file
        const QString key = before + name + (resource.isCollection ? QStringLiteral("/") : QString());
        if (walk->isWanted(key))
            keys.emplace(key, resource.size);
    }
    co_await sweep(std::move(leftovers));
    for (auto key = keys.begin(); key != keys.end(); ++key) {
        if (!key->first.endsWith(u'/')) {
            walk->page.blobs.emplace_back(BlobName(key->first), key->second);
        } else {
            const QString below = key->first.chopped(1);
            m_folders.insert(below);
            if (!walk->ahead.contains(below)) {
                QStringList next;
                for (auto other = key; other != keys.end() && next.size() < kFoldersAhead; ++other) {
                    if (other->first.endsWith(u'/'))
                        next.append(other->first.chopped(1));
                }
                const auto asked = co_await lookAhead(walk, std::move(next));
                if (!asked)
                    co_return asked.error();
            }
            auto walking = this->walk(walk, below);
            const auto full = co_await walking;
            if (!full || *full)
                co_return full;
        }
        if (walk->page.blobs.size() >= kPage)
            co_return true;
    }
    co_return false;
}

Task<Result<ListPage>> WebDavProvider::list(QString prefix, QString cursor)
{
    const auto state = std::make_shared<Walk>();
    state->prefix = prefix;
    state->cursor = cursor;
    // Begins in the folder that all names with the prefix lie in.
    const QString folder = prefix.section(u'/', 0, -2);
    if (!folder.isEmpty() && !isValidBlobName(BlobName(folder)))
        co_return ListPage();
    const auto there = co_await root();
    if (!there)
        co_return there.error();
    const auto full = co_await walk(state, folder);
    if (!full)
        co_return full.error();
    if (*full)
        state->page.next = state->page.blobs.back().name.value;
    co_return std::move(state->page);
}

Task<Result<Quota>> WebDavProvider::quota()
{
    const auto folder = co_await root();
    if (!folder)
        co_return folder.error();
    const Resource &resource = *folder;
    if (!resource.quotaUsed)
        co_return Error(Error::Kind::Unsupported, QStringLiteral("MF-QUOTA-UNKNOWN"),
            QStringLiteral("%1 does not tell how much room there is").arg(m_client->folder().host()));
    Quota quota;
    quota.used = resource.quotaUsed;
    if (resource.quotaAvailable && *resource.quotaAvailable >= 0) // Nextcloud: -1 to -3 without a number
        quota.total = *resource.quotaUsed + *resource.quotaAvailable;
    co_return quota;
}

} // namespace mf
