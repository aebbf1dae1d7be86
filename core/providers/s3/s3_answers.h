// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What S3 servers write. Elements are known by their names alone: some servers leave the namespace out.

#include "core/base/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <vector>

namespace mf::s3 {

struct ListedKey {
    QString key; // decoded
    qint64 size = -1; // bytes; -1: not told
};

struct KeyPage {
    std::vector<ListedKey> keys;
    bool isTruncated = false;
    QString token; // of the next page
};

// ListBucketResult (ListObjectsV2). Invalid "MF-S3-NONE" for what is no answer of S3: a login page; Network
// "MF-HTTP-CUT" if it is not whole.
Result<KeyPage> readKeyPage(const QByteArray &body);

// ListAllMyBucketsResult, errors as above.
Result<QStringList> readBuckets(const QByteArray &body);

// <Error>; all empty if it is none. Of a server's words only these get into ours.
struct Fault {
    QByteArray code; // "NoSuchBucket"
    QByteArray region; // the one to sign for: "eu-central-1"
};
Fault readFault(const QByteArray &body);

// Whether this can be the name of a region.
bool isRegion(const QByteArray &text);

} // namespace mf::s3
