// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/s3/s3.h"

#include "core/http/http_range.h"
#include "core/providers/provider_errors.h"

namespace mf {

using namespace s3;

namespace {

constexpr int kPage = 1000; // keys; no server gives more
constexpr qsizetype kNamed = 5; // buckets, in an Error

bool isGone(const Error &error) { return error.id == QStringLiteral("MF-ACCOUNT-GONE"); }

} // namespace

S3Provider::S3Provider(std::unique_ptr<S3Client> client, QString prefix, bool mayMake)
    : m_client(std::move(client))
    , m_prefix(std::move(prefix))
    , m_mayMake(mayMake)
{
}

Traits S3Provider::traits() const
{
    Traits traits;
    traits.checksum = Traits::Checksum::Provider;
    traits.connections = 6; // as many as Qt opens to one host
    return traits;
}

// While an account is being added its bucket is looked for first, and made. One that goes later is gone.
Task<Result<>> S3Provider::ensureBucket()
{
    if (!m_mayMake)
        co_return Result<>();
    const auto turn = co_await m_making.acquire(1);
    if (!m_mayMake) // somebody else was first
        co_return Result<>();
    const auto listed = co_await m_client->list(m_prefix, QString(), 1);
    if (!listed && !isGone(listed.error()))
        co_return listed.error();
    if (!listed) {
        const auto made = co_await m_client->makeBucket();
        if (!made && made.error().kind == Error::Kind::Unauthorised)
            co_return Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-GONE"),
                QStringLiteral("the keys work, but the bucket “%1” does not exist, and they may not make one; make it "
                               "on the web page of %2")
                    .arg(m_client->place().bucket, m_client->place().endpoint.host()));
        if (!made)
            co_return made.error();
    }
    m_mayMake = false;
    co_return Result<>();
}

// What the server alone does not say: which buckets there are, and whether reading goes where writing or deleting does
// not.
Task<Error> S3Provider::inWords(Error error, Purpose purpose)
{
    if (isGone(error)) {
        const auto there = co_await m_client->buckets();
        if (there && !there->isEmpty())
            error.message += QStringLiteral("; there is: ") + there->mid(0, kNamed).join(QStringLiteral(", "));
    } else if (purpose != Purpose::Read && error.id == QStringLiteral("MF-S3-DENIED")) {
        const auto read = co_await m_client->list(m_prefix, QString(), 1);
        if (read && purpose == Purpose::Write) {
            error.id = QStringLiteral("MF-S3-READONLY");
            error.message = QStringLiteral("the keys may read but not write in the bucket “%1”; allow them to, or give "
                                           "others")
                                .arg(m_client->place().bucket);
        } else if (read) {
            error.id = QStringLiteral("MF-S3-KEEPS");
            error.message = QStringLiteral("the keys may not delete in the bucket “%1”: what no model needs any more "
                                           "stays there; allow them to, or give others")
                                .arg(m_client->place().bucket);
        }
    }
    co_return error;
}

Task<Result<>> S3Provider::compare(BlobName name, QByteArray data)
{
    const auto kept = co_await get(name, Range());
    if (!kept && kept.error().id != QStringLiteral("MF-BLOB-MISSING"))
        co_return kept.error();
    if (!kept || *kept != data)
        co_return Error(Error::Kind::Corrupt, QStringLiteral("MF-BLOB-READBACK"),
            QStringLiteral("the account did not keep %1 as it was sent").arg(name.value))
            .with(QStringLiteral("blob"), name.value);
    co_return Result<>();
}

Task<Result<BlobInfo>> S3Provider::put(BlobName name, QByteArray data)
{
    if (!isValidBlobName(name))
        co_return badBlobName(name.value);
    const auto there = co_await ensureBucket();
    if (!there)
        co_return there.error();
    const auto stored = co_await m_client->put(keyOf(name), data);
    if (!stored) {
        const auto error = co_await inWords(stored.error(), Purpose::Write);
        co_return error;
    }
    if (!*stored) {
        const auto same = co_await compare(name, data);
        if (!same)
            co_return same.error();
    }
    co_return BlobInfo(name, data.size());
}

Task<Result<qint64>> S3Provider::sizeOf(BlobName name)
{
    const auto found = co_await keys(name.value, QString(), 1); // the first of its prefix is the key itself
    if (!found)
        co_return found.error();
    if (found->keys.empty() || found->keys.front().key != keyOf(name))
        co_return blobMissing(name);
    co_return found->keys.front().size;
}

Task<Result<QByteArray>> S3Provider::get(BlobName name, Range range)
{
    if (!isValidBlobName(name))
        co_return badBlobName(name.value);
    if (!isPossibleRange(range.offset, range.length))
        co_return badBlobRange();
    const auto there = co_await ensureBucket();
    if (!there)
        co_return there.error();
    constexpr int unsatisfiable = 416;
    if (range.length != 0) { // no header asks for nothing
        const auto answer = co_await m_client->get(keyOf(name), range);
        if (!answer && answer.error().id == QStringLiteral("MF-HTTP-MISSING"))
            co_return blobMissing(name);
        if (!answer) {
            const auto error = co_await inWords(answer.error(), Purpose::Read);
            co_return error;
        }
        const auto right = checkRange(*answer, range.offset);
        if (!right)
            co_return right.error();
        const auto bytes = answer->isSuccess() ? rangeOf(*answer, range.offset, range.length) : std::nullopt;
        if (bytes)
            co_return *bytes;
        if (answer->status != unsatisfiable || range.length > 0)
            co_return badBlobRange();
        // From its very end on: nothing, or an error.
    }
    const auto size = co_await sizeOf(name);
    if (!size)
        co_return size.error();
    if (range.offset > *size)
        co_return badBlobRange();
    co_return QByteArray();
}

Task<Result<>> S3Provider::remove(BlobName name)
{
    if (!isValidBlobName(name))
        co_return badBlobName(name.value);
    const auto there = co_await ensureBucket();
    if (!there)
        co_return there.error();
    const auto removed = co_await m_client->remove(keyOf(name));
    if (removed)
        co_return removed;
    // A server over folders fails where other keys lie below this one. What is not there needs no deleting.
    const auto size = co_await sizeOf(name);
    if (!size && size.error().id == blobMissing(name).id)
        co_return Result<>();
    const auto error = co_await inWords(removed.error(), Purpose::Delete);
    co_return error;
}

Task<Result<KeyPage>> S3Provider::keys(QString prefix, QString cursor, int most)
{
    const auto there = co_await ensureBucket();
    if (!there)
        co_return there.error();
    const auto page = co_await m_client->list(m_prefix + prefix, cursor, most);
    if (page)
        co_return page;
    const auto error = co_await inWords(page.error(), Purpose::Read);
    co_return error;
}

Task<Result<ListPage>> S3Provider::list(QString prefix, QString cursor)
{
    const auto found = co_await keys(prefix, cursor, kPage);
    if (!found)
        co_return found.error();
    ListPage page;
    for (const ListedKey &listed : found->keys) {
        const BlobName name(listed.key.mid(m_prefix.size()));
        if (listed.key.startsWith(m_prefix) && isValidBlobName(name))
            page.blobs.emplace_back(name, listed.size);
    }
    if (found->isTruncated)
        page.next = found->token;
    co_return page;
}

Task<Result<Quota>> S3Provider::quota()
{
    co_return Error(Error::Kind::Unsupported, QStringLiteral("MF-QUOTA-UNKNOWN"),
        QStringLiteral("S3 does not tell how much room there is"));
}

} // namespace mf
