// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/event.h"
#include "core/providers/catalogue.h"
#include "core/providers/webdav/dav_client.h"

#include <QSet>

namespace mf {

// Stores blobs as files in one folder of any WebDAV server (RFC 4918): Nextcloud, Koofr, pCloud, Apache, … The parts of
// a blob's name are folders, made when they are first needed.
//
// A blob is put under a temporary name and moved to its own, as not every server replaces a file at once; nothing on
// WebDAV compares a checksum, so Verified reads it back. A list is walked folder by folder, and sweeps up temporary
// files that nobody moved for two days. Only files are deleted, never a folder: DELETE takes with it all that lies
// inside.
class WebDavProvider final : public Provider
{
public:
    // mayMake: the folder itself is made if it is not there.
    WebDavProvider(std::unique_ptr<webdav::DavClient> client, bool mayMake);

    Traits traits() const override;
    Task<Result<BlobInfo>> put(BlobName name, QByteArray data) override;
    Task<Result<QByteArray>> get(BlobName name, Range range) override;
    Task<Result<>> remove(BlobName name) override;
    // cursor: the name of the last blob of the page before.
    Task<Result<ListPage>> list(QString prefix, QString cursor) override;
    Task<Result<Quota>> quota() override;

private:
    struct Walk;
    Task<Result<>> makeFolders(QString folder);
    Task<Result<>> putAt(BlobName name, QString folder, QByteArray data);
    Task<Error> withdraw(QString temporary, Error why);
    Task<Result<>> moveTo(BlobName name, QString temporary, qint64 size);
    Task<Result<qint64>> sizeOf(BlobName name);
    Task<Result<webdav::Resource>> root();
    Task<Result<bool>> walk(std::shared_ptr<Walk> walk, QString folder);
    Task<Result<>> lookAhead(std::shared_ptr<Walk> walk, QStringList folders);
    Task<Result<std::vector<webdav::Resource>>> folderAt(QString folder);
    Task<void> sweep(QStringList leftovers);
    bool isLeftover(const webdav::Resource &resource) const;

    std::unique_ptr<webdav::DavClient> m_client;
    bool m_mayMake;
    QSet<QString> m_folders; // that are there, since this run made or saw them: "f/3a"
    Budget m_making { 1 }; // whoever makes folders: two at once would be in each other's way
};

// The row of the catalogue. Settings: url, user, certificate; secret: the password.
ProviderKind webDavKind();

} // namespace mf
