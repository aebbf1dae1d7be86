// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/providers/catalogue.h"
#include "core/providers/folder/directory_syncs.h"

#include <QSet>

namespace mf {

// Stores blobs as files in a folder: of this computer, a removable disk, a mounted share.
//
// The folder is opened anew for each operation and everything below it by openat without
// following links: a disk can be taken away between two operations, and if something else
// stands in its place afterwards the operation fails with "MF-ACCOUNT-GONE". A put is
// acknowledged after fsync of the file, rename, and fsync of the directory. A cancelled put
// leaves the whole blob or nothing.
//
// Each account has threads of its own, so that a disk or a server that stops answering holds up this account alone. A
// call that has not come back after kHungAfter fails with Network "MF-FOLDER-HUNG"; so does at once, while no thread
// is left, whatever is asked next. When the calls come back the account works again. Operations that were given up or
// cancelled look whether anybody still waits before they change anything, so only the very call that hangs may take
// effect later: as for any account on a network, a put or a remove that failed may have happened, or happen yet.
class FolderProvider final : public Provider
{
public:
    // No hang is: what one operation may do, on the slowest places that are of use. Two blobs of 64 MiB that are
    // written at once at 0.5 MB/s (an old stick, a share behind a slow line) after a disk has begun to turn again.
    static constexpr std::chrono::minutes kHungAfter { 5 };

    // path: absolute. Touches no disk.
    FolderProvider(const ProviderContext &context, QString path);

    Traits traits() const override;
    Task<Result<BlobInfo>> put(BlobName name, QByteArray data) override;
    Task<Result<QByteArray>> get(BlobName name, Range range) override;
    Task<Result<>> remove(BlobName name) override;
    Task<Result<ListPage>> list(QString prefix, QString cursor) override;
    Task<Result<Quota>> quota() override;

private:
    template <typename T> struct Outcome {
        std::optional<folder::Identity> root; // which directory was found under the path
        Result<T> result;
    };
    template <typename T, typename F> Task<Result<T>> onDisk(F function);
    void found(folder::Identity root);
    Task<void> sweep();
    qsizetype durableParts(const QString &directory) const;
    void setDurable(const QString &directory);

    ProviderContext m_context;
    QString m_path;
    Lane m_lane; // before all whose tasks run on it
    std::optional<folder::Identity> m_root; // as found by the first operation
    QSet<QString> m_durable; // directories whose entries in their parents are synced
    folder::DirectorySyncs m_syncs;
    TaskScope m_scope;
};

// The row of the catalogue. `make` with `create` makes the folder, and blocks.
ProviderKind folderKind();

} // namespace mf
