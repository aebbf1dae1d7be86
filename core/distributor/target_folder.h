// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/pack_reader.h"

#include <set>
#include <sys/stat.h>

namespace mf {

// The files of one fetch that have their names, by device and inode: where names that differ in case are one, the
// second of two must not replace the first.
class FilesInPlace
{
public:
    void add(const struct stat &info);
    bool has(const struct stat &info) const;

private:
    mutable std::mutex m_mutex;
    std::set<std::pair<dev_t, ino_t>> m_files;
};

// What a file in the way is told with.
Error otherContentIsThere(const QString &path);

// A file on its way into the user's folder: written under a temporary name beside its place, given
// its name only when whole. Blocking calls, for a pool; write() from several threads at once.
class PartFile final : public ChunkTarget
{
public:
    ~PartFile() override; // leaves the temporary file, so that the next run goes on with it
    Result<> write(qint64 offset, ByteView bytes) override;
    // Makes length bytes at offset zero, as holes where the file system has them. Makes the file no longer.
    Result<> clear(qint64 offset, qint64 length);
    // Bytes at offset, as far as they are there and not a hole: for resuming.
    bool holds(qint64 offset, MutableBytes scratch) const;
    bool wasThere() const { return m_wasThere; } // a partial file of an earlier run

    // Sets size, mode and time, syncs, gives it its name, syncs the folder. AlreadyExists "MF-FETCH-EXISTS" if
    // something has that name, unless that may be overwritten and is none of the files that belong there; the temporary
    // file stays.
    Result<> finish(qint64 size, bool executable, const QDateTime &modified, bool overwrite);

private:
    friend class TargetFolder;
    PartFile() = default;
    Result<> clearData(qint64 offset, qint64 length);
    Result<> openTemporary(); // and locks it, for as long as this lives
    Result<> rename(bool overwrite);
    int m_folder = -1;
    int m_fd = -1;
    QByteArray m_temporary;
    QByteArray m_name;
    QString m_shown;
    std::shared_ptr<FilesInPlace> m_inPlace;
    bool m_wasThere = false;
    std::mutex m_writing; // one at a time: the kernel lets no more into a file, and those that wait spin
};

// The folder a model is fetched into. Everything is reached from its descriptor, part by part and
// without following links, so no stored name can lead outside.
class TargetFolder
{
public:
    // Makes it if it is not there. Blocking.
    static Result<std::shared_ptr<TargetFolder>> open(const QByteArray &path);
    ~TargetFolder();

    // Invalid "MF-PATH-UNSAFE" for a name that would leave the folder or passes through a link.
    Result<> makeFolder(const QString &relative);
    // identity: of the file's content; partial files of other contents are not mixed up with it. Network
    // "MF-FETCH-BUSY" while another PartFile, of whatever process, writes it.
    Result<std::shared_ptr<PartFile>> openPart(const QString &relative, const Sha256 &identity);
    // SHA-256 of the file that has this name; nothing if there is none. Not a file: an Error. With the wanted one it
    // is in its place: nothing of the same fetch replaces it.
    Result<std::optional<Sha256>> hashOf(const QString &relative, qint64 size, const Sha256 &wanted);

private:
    TargetFolder() = default;
    // Descriptor of the folder that the last part of the path lies in.
    Result<int> descend(const QList<QByteArray> &folders, bool make);
    int m_fd = -1;
    QString m_shown;
    std::shared_ptr<FilesInPlace> m_inPlace = std::make_shared<FilesInPlace>();
};

} // namespace mf
