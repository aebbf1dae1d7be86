// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <QDateTime>
#include <QXmlStreamReader>

#include <optional>
#include <vector>

namespace mf::webdav {

// What a PROPFIND tells of one resource (RFC 4918 section 14.24; quota: RFC 4331).
struct Resource {
    QString path; // of the URL, decoded, without a slash at its end
    bool isCollection = false;
    qint64 size = -1; // of a file; -1: not told
    QDateTime modified; // by the server's clock, UTC; invalid: not told
    std::optional<qint64> quotaUsed; // bytes
    std::optional<qint64> quotaAvailable; // bytes; negative: the server does not know, or there is no limit
};

// Reads a multistatus as its bytes come. Only properties with status 200 count; elements are known by namespace, not by
// prefix; a document type is refused, as it could define entities.
class MultistatusReader
{
public:
    // Invalid "MF-DAV-NONE" for what is no multistatus: a login page, an address of something else.
    Result<> add(ByteView bytes);
    // The resources, in the order of the answer. Network "MF-DAV-CUT" if that is not whole, or if anything but
    // white space comes after it.
    Result<std::vector<Resource>> finish();

private:
    void read();
    void begin();
    void end();
    static Error noDav();

    QXmlStreamReader m_xml;
    std::vector<Resource> m_resources;
    QStringList m_open; // names of DAV: elements around the place; other namespaces: ""
    QString m_text;
    Resource m_resource;
    Resource m_found; // by the propstat that is being read
    bool m_isOk = false; // its status
    bool m_hasRoot = false;
    bool m_isAtEnd = false; // of the root
    bool m_isFollowed = false; // by a comment or an instruction
    bool m_isBroken = false;
};

} // namespace mf::webdav
