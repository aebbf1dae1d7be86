// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/event.h"
#include "core/providers/catalogue.h"
#include "core/providers/s3/s3_client.h"

namespace mf {

// Stores blobs as objects of one bucket of any S3-compatible service: Amazon, Backblaze B2, Cloudflare R2, MinIO, …
// S3 replaces objects at once, so there are no temporary names. A blob counts as stored when the server's ETag is the
// MD5 of what was sent; where it is none (encryption with keys of the service's own), the blob is read back.
//
// Compatible services differ in what else they can: newer checksums, multipart uploads, the second kind of list, the
// name of the region. Nothing needs to be set for that: the first two are not used, the others are found out.
class S3Provider final : public Provider
{
public:
    // prefix: of all keys, "" or with a slash at its end. mayMake: the bucket is made if it is not there.
    S3Provider(std::unique_ptr<s3::S3Client> client, QString prefix, bool mayMake);

    Traits traits() const override;
    Task<Result<BlobInfo>> put(BlobName name, QByteArray data) override;
    Task<Result<QByteArray>> get(BlobName name, Range range) override;
    Task<Result<>> remove(BlobName name) override;
    // cursor: the server's own.
    Task<Result<ListPage>> list(QString prefix, QString cursor) override;
    // Unsupported: S3 does not tell.
    Task<Result<Quota>> quota() override;

private:
    QString keyOf(const BlobName &name) const { return m_prefix + name.value; }
    Task<Result<>> ensureBucket();
    Task<Result<>> compare(BlobName name, QByteArray data);
    Task<Result<qint64>> sizeOf(BlobName name);
    Task<Result<s3::KeyPage>> keys(QString prefix, QString cursor, int most);
    enum class Purpose { Read, Write, Delete };
    Task<Error> inWords(Error error, Purpose purpose);

    std::unique_ptr<s3::S3Client> m_client;
    QString m_prefix;
    bool m_mayMake;
    Budget m_making { 1 }; // whoever makes the bucket
};

// The row of the catalogue (s3_kind.cpp). Settings: endpoint, region, bucket, prefix, access-key, addressing,
// certificate; secret: the secret key.
ProviderKind s3Kind();

} // namespace mf
