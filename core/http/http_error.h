// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/http/message.h"

namespace mf {

// The Error for an answer that is none of what was asked for, by its status: the one place that says what a status
// means. An adapter looks first for what its protocol says otherwise. `what` begins the message ("cannot store a
// fragment"); the host is named after it.
//
//   401, 403, 407        Unauthorised   MF-HTTP-REFUSED
//   404, 410             NotFound       MF-HTTP-MISSING
//   405, 501             Unsupported    MF-HTTP-UNSUPPORTED
//   409, 412             AlreadyExists  MF-HTTP-CONFLICT
//   413, 507             Quota          MF-HTTP-FULL
//   429, 503, 509        Throttled      MF-HTTP-THROTTLED      until Retry-After, else in half a minute
//   408, 423, 425, 5xx   Network        MF-HTTP-SERVER
//   3xx                  Invalid        MF-HTTP-REDIRECT       it leads where no redirect is followed to
//   other                Invalid        MF-HTTP-STATUS
//
// Parameters: "status", "host".
Error statusError(const HttpAnswer &answer, const QString &what, const Clock &clock);

// When to try again, by Retry-After (seconds, or a time, taken relative to the server's own Date where it has one): at
// least now, at most a day ahead. Nothing without that header.
std::optional<QDateTime> retryAfter(const HttpAnswer &answer, const Clock &clock);

} // namespace mf
