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
class FolderProvider final : public Provider
{
public:
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
    std::optional<folder::Identity> m_root; // as found by the first operation
    QSet<QString> m_durable; // directories whose entries in their parents are synced
    folder::DirectorySyncs m_syncs;
    TaskScope m_scope;
};

// The row of the catalogue. `make` with `create` makes the folder, and blocks.
ProviderKind folderKind();

} // namespace mf
