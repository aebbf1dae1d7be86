// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/http_client.h"

namespace mf::webdav {

// Nextcloud and ownCloud: people know the address of the web page, their files lie elsewhere for WebDAV. Both answer
// "status.php" without a password and tell who somebody is through their OCS interface, which is asked with the
// password.
//
// The folder "ModelFloat" among this user's files, if the address is that of a Nextcloud or an ownCloud or of one of
// its pages. Nothing if something else answers there, or nobody, or if the address is one of WebDAV already. Errors:
//   Unauthorised "MF-CLOUD-PASSWORD"   it refuses the user name or the password
//   Invalid "MF-CLOUD-MOVED"           it lies on another server, which the password is not for; names that
//   Network "MF-CLOUD-MAINTENANCE"     it is being maintained or updated
//   HttpClient's, once it is known to be one
Task<Result<std::optional<QUrl>>> cloudFolder(HttpClient &http, QUrl address, QString user, SecretText password);

} // namespace mf::webdav
