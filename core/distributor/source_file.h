// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QDateTime>

#include <memory>
#include <vector>

namespace mf {

// A user's file, read by position and never changed. Owned by one job at a time or
// shared by const reference: reading has no state.
class SourceFile
{
public:
    // Blocking. NotFound, Invalid (permission, not a regular file) …
    static Result<std::shared_ptr<SourceFile>> open(const QByteArray &path);
    ~SourceFile();
    SourceFile(const SourceFile &) = delete;
    SourceFile &operator=(const SourceFile &) = delete;

    int descriptor() const { return m_fd; }
    qint64 size() const { return m_size; } // when it was opened
    QDateTime modified() const;
    bool isExecutable() const { return m_executable; }
    const QByteArray &path() const { return m_path; }

    // Blocking. Exactly these bytes; Invalid "MF-SOURCE-CHANGED" if the file got shorter.
    Result<QByteArray> read(qint64 offset, qint64 length) const;
    Result<> read(qint64 offset, MutableBytes into) const; // fills it
    // Invalid "MF-SOURCE-CHANGED" if size, time or identity differ from when it was opened:
    // the bytes read in between are not one state of the file.
    Result<> checkUnchanged() const;

private:
    SourceFile() = default;
    Error changed() const;

    QByteArray m_path;
    int m_fd = -1;
    qint64 m_size = 0;
    qint64 m_modifiedNs = 0;
    quint64 m_inode = 0;
    quint64 m_device = 0;
    bool m_executable = false;
};

// One entry of what is to be stored.
struct SourceEntry {
    QByteArray path; // where it lies
    QString stored; // its relative path in the model; an empty folder ends in '/'
    qint64 size = 0;
    qint64 modified = 0; // ns since 1970, when it was looked at
};

// Looks at files and folders (blocking): a file is stored under its name, a folder's content under
// its paths inside the folder. Links to files are followed. Order: by path.
// Errors name the path; Invalid "MF-SOURCE-SPECIAL" for a device, socket, pipe or link to a folder, "MF-SOURCE-EMPTY",
// "MF-SOURCE-TWICE" if two paths would get one name, or one that is a folder of another; "MF-PATH-UNSAFE" for a name
// that no manifest may hold.
Result<std::vector<SourceEntry>> scanSources(const std::vector<QByteArray> &paths);

// Blocking: each of them is as it was looked at. Invalid "MF-SOURCE-CHANGED": else a model of several files could be a
// mixture of two states.
Result<> checkUnchanged(const std::vector<SourceEntry> &entries);

} // namespace mf
