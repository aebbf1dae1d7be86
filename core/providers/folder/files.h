// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// System calls of the folder adapter, made whole: interrupted calls are repeated, short writes
// go on. What fails leaves its reason in errno or returns it. All block.

#include "core/base/result.h"
#include "core/providers/folder/descriptor.h"

#include <QByteArray>

#include <atomic>
#include <cerrno>
#include <functional>
#include <memory>

namespace mf::folder {

inline constexpr char kTemporaryPrefix[] = ".mf-tmp-"; // no valid blob name has a part like it

// Set when nobody waits for the work any more: it then stops at the next good moment.
using CancelFlag = std::shared_ptr<std::atomic<bool>>;

template <typename F> auto retryInterrupted(F call)
{
    auto result = call();
    while (result < 0 && errno == EINTR)
        result = call();
    return result;
}

// The folder that the user named; he may have named it through links.
Descriptor openRootDirectory(const QString &path);
// What lies directly below an open directory; links are not followed.
Descriptor openDirectoryAt(int parent, const char *name);
Descriptor openFile(int directory, const QByteArray &name); // to read
Descriptor createFile(int directory, const QByteArray &name); // to write; must not be there yet

QByteArray temporaryName();

// 0, errno, or ECANCELED.
int writeAll(int fd, const QByteArray &data, const CancelFlag &cancelled);
int syncAndClose(Descriptor &file);

// fsync of a directory; success where the file system has no such thing.
Result<> syncDirectory(int fd, const QString &path);

// Calls visit(name, dirent type) for each entry but "." and "..". Returns 0 or errno: never
// mistakes a failure for the end.
int forEachEntry(int directory, const std::function<void(const char *, unsigned char)> &visit);

} // namespace mf::folder
