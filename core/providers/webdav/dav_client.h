// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/http_client.h"
#include "core/providers/form_field.h"
#include "core/providers/provider.h"
#include "core/providers/webdav/multistatus.h"

namespace mf::webdav {

// The header's value, "Basic …" (RFC 7617, UTF-8); empty without user and password.
SecretText basicAuthorization(const QString &user, const SecretText &password);

// The requests of RFC 4918 that a store of blobs needs, below one folder of a server. Paths are relative to it, of the
// characters of blob names; "" is the folder itself; collections are addressed with a slash at their end. Errors are
// statusError()'s and HttpClient's unless said otherwise.
class DavClient
{
public:
    // folder: http or https, with a slash at its end.
    DavClient(QUrl folder, const QString &user, const SecretText &password, HttpSettings settings, Clock &clock);

    // What the server tells of the resource; NotFound if it is not there.
    Task<Result<Resource>> resource(QString path);
    // What lies directly in the collection; paths are names then. NotFound if it is not there; Invalid
    // "MF-DAV-ELSEWHERE" for a list that is not of this collection, as it could show nothing where much lies.
    Task<Result<std::vector<Resource>>> children(QString path);
    Task<Result<>> mkcol(QString path); // success also if it is there
    Task<Result<>> put(QString path, QByteArray bytes);
    // The answer of a GET with a Range (none if length is 0 from 0 on: the whole).
    Task<Result<HttpAnswer>> get(QString path, Range range);
    Task<Result<>> remove(QString path); // success also if it is not there
    Task<Result<>> move(QString from, QString to); // replaces what is there

    Error errorOf(const HttpAnswer &answer, const QString &what) const;
    const QUrl &folder() const { return m_folder; }
    Clock &clock() const { return m_clock; }

private:
    QUrl urlOf(const QString &path, bool isCollection) const;
    Task<Result<HttpAnswer>> send(HttpRequest request);
    struct Listing {
        std::vector<Resource> resources;
        QUrl url; // which answered
    };
    Task<Result<Listing>> propfind(QString path, int depth);

    QUrl m_folder;
    SecretText m_basic; // "Basic …", sent without being asked for; empty without user and password
    bool m_asksForDigest = false; // then m_http answers its challenges
    Clock &m_clock;
    HttpClient m_http;
};

} // namespace mf::webdav
