// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the folder adapter does on the disk. Everything here blocks and runs on the account's lane.
//
// All file names are resolved one part at a time below an open directory, and links are never
// followed there: whatever lies in the folder, nothing outside it is read or written.

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/providers/folder/files.h"
#include "core/providers/provider.h"

#include <sys/types.h>

namespace mf::folder {

inline constexpr char kReadMe[] = "README-ModelFloat.txt"; // no valid blob name

// Network "MF-FOLDER-HUNG": a call has not come back.
Error hung(const QString &path);
// Nobody waits for it any more.
Error cancelledError();

// Which directory it is, whatever its path.
struct Identity {
    dev_t device = 0;
    ino_t inode = 0;
    friend bool operator==(const Identity &, const Identity &) = default;
    friend auto operator<=>(const Identity &, const Identity &) = default;
};

struct Directory {
    Descriptor descriptor;
    Identity identity;
};

// One account's folder, as opened for one operation.
class Root
{
public:
    // NotFound "MF-ACCOUNT-GONE" if it is not there, if nothing at all is in it, or if another
    // directory than `known` is in its place that does not look like ours: the mount point of a
    // disk that was taken away.
    static Result<Root> open(const QString &path, std::optional<Identity> known);

    const Identity &identity() const { return m_directory.identity; }
    int fd() const { return m_directory.descriptor.fd(); }
    QString pathOf(const QString &name) const;
    // Invalid "MF-FOLDER-FOREIGN": something that we did not make is in the way.
    Error foreign(const QString &name) const;

    // The directory below the root ("f/3a"; empty: the root itself). NotFound "MF-BLOB-MISSING"
    // if it is not there.
    Result<Directory> openDirectory(const QString &relative) const;
    // The same, made if it is not there. Of its parts the first durableParts were synced before;
    // the parents of all others are synced here, as another process may have made them just now.
    Result<Directory> makeDirectory(const QString &relative, qsizetype durableParts) const;

    // Writes the blob into the directory under a temporary name, syncs and renames it. The
    // rename is not synced yet. On failure nothing is left.
    Result<> write(
        const Directory &directory, const BlobName &name, const QByteArray &data, const CancelFlag &cancelled) const;
    Result<QByteArray> read(const BlobName &name, Range range, qint64 largest) const;
    // False: it was not there.
    Result<bool> remove(const Directory &directory, const BlobName &name) const;
    Result<Quota> quota() const;
    // Removes temporary files that were last written before the time, in all directories that
    // may hold blobs. What cannot be removed stays.
    void sweep(qint64 beforeSecondsSinceEpoch) const;

private:
    Root(QString path, Directory directory)
        : m_path(std::move(path))
        , m_directory(std::move(directory))
    {
    }
    Error goneOr(int errorNumber, const QString &what) const;
    Result<Directory> descend(const QString &relative, bool make, qsizetype durableParts) const;

    QString m_path;
    Directory m_directory;
};

// Makes the folder of a new account, with the file that says what it is. Blocks.
Result<> create(const QString &path);

// "f/3a/xyz" -> "f/3a" and "xyz".
QString directoryOf(const BlobName &name);
QByteArray fileOf(const BlobName &name);

} // namespace mf::folder
