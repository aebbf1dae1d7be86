// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/http/message.h"

namespace mf::s3 {

// The Error for an answer that is none of what was asked for, by the code in its body (errors: s3_client.h), else by
// its status. `what` begins the message. The parameter "code" is what the server calls it.
Error faultError(const HttpAnswer &answer, const QString &what, const QString &bucket, const Clock &clock);

} // namespace mf::s3
