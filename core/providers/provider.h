// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/base/task.h"

#include <chrono>
#include <optional>
#include <vector>

namespace mf {

struct BlobInfo {
    BlobName name;
    qint64 size = 0; // bytes
    BlobInfo() = default;
    BlobInfo(BlobName n, qint64 s) : name(std::move(n)), size(s) { }
};

// Bytes offset … offset + length - 1 of a blob; length < 0: to its end.
struct Range {
    qint64 offset = 0;
    qint64 length = -1;
    Range() = default;
    Range(qint64 o, qint64 l) : offset(o), length(l) { }
};

struct ListPage {
    std::vector<BlobInfo> blobs;
    QString next; // pass to list() for the next page; empty: this was the last
};

// Bytes; what a provider does not tell stays empty.
struct Quota {
    std::optional<qint64> total;
    std::optional<qint64> used; // by everything, not by us alone
    std::optional<qint64> free() const
    {
        return total && used ? std::optional<qint64>(std::max<qint64>(0, *total - *used)) : std::nullopt;
    }
};

// What a caller must know of a provider.
struct Traits {
    enum class Checksum {
        Durable,  // put returns only when the bytes are on the disk (folder)
        Provider, // the provider returned a checksum that was compared
        None,     // Verified reads back
    };
    bool listsImmediately = true;           // a put is in list() at once
    std::chrono::seconds listingLag{0};     // else: after at most this long
    Checksum checksum = Checksum::None;
    bool isMetered = false;                 // transfers cost money or quota
    qint64 largestBlob = qint64(64) << 20;  // bytes
    int connections = 4;                    // useful at once
};

// One account seen as a flat store of immutable blobs.
//
// A name determines its bytes: every blob is written once and never changed, so
// double or concurrent puts are harmless. Adapters do not retry, limit, verify or
// log: decorators do. Every method may be called any number of times at once.
// Errors: Network, Throttled, Unauthorised, NotFound (blob or the account's place),
// Quota, Corrupt, Invalid (bad name or range), Internal; Error::account is empty
// (the caller knows it).
class Provider
{
public:
    virtual ~Provider() = default;
    virtual Traits traits() const = 0;

    // Stores the whole blob, or nothing under that name. Success means: acknowledged as
    // storage.md section 4 says. A blob of that name that is there already is replaced
    // atomically or, if it has the same size, kept.
    virtual Task<Result<BlobInfo>> put(BlobName name, QByteArray data) = 0;

    // Exactly the bytes asked for. NotFound "MF-BLOB-MISSING"; Invalid "MF-BLOB-RANGE" if the
    // blob is shorter than the range.
    virtual Task<Result<QByteArray>> get(BlobName name, Range range) = 0;

    // Success also if it is not there.
    virtual Task<Result<>> remove(BlobName name) = 0;

    // Blobs whose names begin with prefix ("log/", a whole name, or "" for all), in any order,
    // page by page (first page: cursor empty). A blob that is there during the whole listing is
    // listed (after the lag that traits() tell); a temporary or foreign file never.
    virtual Task<Result<ListPage>> list(QString prefix, QString cursor) = 0;

    // Unsupported if the provider does not tell.
    virtual Task<Result<Quota>> quota() = 0;

    // Why requests wait at this moment, and until when if that is known (Error::retryAt); nothing: they do not.
    // Adapters do not wait; Retrying does.
    virtual std::optional<Error> holdUp() const { return std::nullopt; }
};

// All pages of a listing. A listing that does not end is an Error. A name that is listed more than once, as happens where
// pages move while they are read or a cloud keeps two files of one name, is there once, as it was listed first.
inline constexpr qsizetype kMostPages = 1'000'000;
Task<Result<std::vector<BlobInfo>>> listAll(Provider &provider, QString prefix);

} // namespace mf
