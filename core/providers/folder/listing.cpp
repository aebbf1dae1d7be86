// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/folder/listing.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

namespace mf::folder {
namespace {

// Names are compared as a whole. A directory counts with a slash at its end ("f/"), so that it
// stands among its neighbours where its blobs stand among theirs.
class Lister
{
public:
    Lister(const Root &root, const QString &prefix, const QString &cursor, std::size_t limit)
        : m_root(root)
        , m_prefix(prefix.toLatin1())
        , m_cursor(cursor.toLatin1())
        , m_limit(limit)
    {
    }

    // True: the page is full.
    Result<bool> walk(int directory, const QByteArray &path);
    std::vector<BlobInfo> take() { return std::move(m_blobs); }

private:
    bool isWanted(const QByteArray &key) const;
    Result<std::vector<QByteArray>> nextKeys(int directory, const QByteArray &path, const QByteArray &after) const;
    Result<bool> add(int directory, const QByteArray &path, const QByteArray &key);

    const Root &m_root;
    QByteArray m_prefix;
    QByteArray m_cursor;
    std::size_t m_limit;
    std::vector<BlobInfo> m_blobs;
};

bool Lister::isWanted(const QByteArray &key) const
{
    if (key.endsWith('/')) {
        const bool mayHold = key.startsWith(m_prefix) || m_prefix.startsWith(key);
        return mayHold && (key > m_cursor || m_cursor.startsWith(key));
    }
    return key.startsWith(m_prefix) && key > m_cursor;
}

// The smallest wanted keys after `after`, sorted, at most the limit.
Result<std::vector<QByteArray>> Lister::nextKeys(int directory, const QByteArray &path, const QByteArray &after) const
{
    std::vector<QByteArray> heap; // the largest in front
    QString link;
    int unknown = 0; // errno of one of which nothing can be said
    const auto visit = [&](const char *name, unsigned char type) {
        QByteArray key = path + name;
        if (!isValidBlobName(BlobName(QString::fromLatin1(key))))
            return;
        struct stat status = {};
        if (type == DT_UNKNOWN && ::fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0)
            type = static_cast<unsigned char>(IFTODT(status.st_mode));
        else if (type == DT_UNKNOWN && errno != ENOENT)
            unknown = errno; // it may be a blob: a list without it would not be whole
        const bool isLinked = type == DT_LNK && ::fstatat(directory, name, &status, 0) == 0 && S_ISDIR(status.st_mode);
        if (type == DT_DIR || isLinked)
            key += '/';
        else if (type != DT_REG)
            return;
        if (key <= after || !isWanted(key))
            return;
        if (isLinked)
            link = QString::fromLatin1(path + name);
        heap.push_back(std::move(key));
        std::push_heap(heap.begin(), heap.end());
        if (heap.size() > m_limit) {
            std::pop_heap(heap.begin(), heap.end());
            heap.pop_back();
        }
    };
    if (const int failure = forEachEntry(directory, visit))
        return systemError(failure, QStringLiteral("cannot list %1").arg(m_root.pathOf(QString::fromLatin1(path))));
    if (unknown != 0)
        return systemError(unknown, QStringLiteral("cannot list %1").arg(m_root.pathOf(QString::fromLatin1(path))));
    if (!link.isEmpty())
        return m_root.foreign(link);
    std::sort_heap(heap.begin(), heap.end());
    return heap;
}

Result<bool> Lister::add(int directory, const QByteArray &path, const QByteArray &key)
{
    struct stat status = {};
    if (!key.endsWith('/')) {
        const QByteArray file = key.mid(path.size());
        const bool isThere = ::fstatat(directory, file.constData(), &status, AT_SYMLINK_NOFOLLOW) == 0;
        if (!isThere && errno != ENOENT) // else deleted meanwhile
            return systemError(errno, QStringLiteral("cannot list %1").arg(m_root.pathOf(QString::fromLatin1(key))));
        if (isThere && S_ISREG(status.st_mode))
            m_blobs.emplace_back(BlobName(QString::fromLatin1(key)), status.st_size);
        return m_blobs.size() >= m_limit;
    }
    const QByteArray name = key.mid(path.size()).chopped(1);
    const Descriptor next = openDirectoryAt(directory, name.constData());
    if (!next.isOpen() && errno == ENOENT)
        return false; // deleted meanwhile
    if (!next.isOpen())
        return systemError(errno, QStringLiteral("cannot list %1").arg(m_root.pathOf(QString::fromLatin1(key))));
    return walk(next.fd(), key);
}

Result<bool> Lister::walk(int directory, const QByteArray &path)
{
    QByteArray after;
    while (true) {
        const auto keys = nextKeys(directory, path, after);
        if (!keys)
            return keys.error();
        for (const QByteArray &key : *keys) {
            const auto isFull = add(directory, path, key);
            if (!isFull || *isFull)
                return isFull;
        }
        if (keys->size() < m_limit)
            return false;
        after = keys->back();
    }
}

} // namespace

Result<ListPage> listPage(const Root &root, const QString &prefix, const QString &cursor, std::size_t limit)
{
    // One more than asked for tells whether there is another page.
    Lister lister(root, prefix, cursor, limit + 1);
    const QString below = prefix.left(std::max<qsizetype>(prefix.lastIndexOf(u'/'), 0));
    const auto start = root.openDirectory(below);
    if (!start && start.error().id == QStringLiteral("MF-FILE-MISSING"))
        return ListPage();
    if (!start)
        return start.error();
    const auto isFull = lister.walk(start->descriptor.fd(), below.isEmpty() ? QByteArray() : below.toLatin1() + '/');
    if (!isFull)
        return isFull.error();
    ListPage page;
    page.blobs = lister.take();
    if (page.blobs.size() > limit) {
        page.blobs.pop_back();
        page.next = page.blobs.back().name.value;
    }
    return page;
}

} // namespace mf::folder
