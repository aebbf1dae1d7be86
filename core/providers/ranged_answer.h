// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Ranges of a blob by HTTP (RFC 9110 section 14).

#include "core/http/message.h"
#include "core/providers/provider.h"

namespace mf {

// A range that a blob can have and a request can ask for.
bool isPossible(Range range);
// "bytes=5-9"; empty if no header is needed, as the whole is wanted. No header asks for no bytes: length != 0.
QByteArray rangeHeader(Range range);
// The bytes of an answer with status 200 (the whole, from a server that takes no ranges) or 206. Invalid
// "MF-BLOB-RANGE" if there are fewer.
Result<QByteArray> bytesOf(const HttpAnswer &answer, Range range);

} // namespace mf
