// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Ranges of bytes (RFC 9110 section 14): length < 0 is to the end.

#include "core/http/message.h"

#include <optional>

namespace mf {

// Whether a body that fits into memory can have this range.
bool isPossibleRange(qint64 offset, qint64 length);
// "bytes=5-9"; empty if no header is needed, as the whole is wanted. No header asks for no bytes: length != 0.
QByteArray rangeHeader(qint64 offset, qint64 length);
// The answer says (Content-Range) that it begins elsewhere than it was asked to: Network "MF-HTTP-RANGE". Such bytes
// would be taken for damaged ones.
Result<> checkRange(const HttpAnswer &answer, qint64 offset);
// The range's bytes of an answer with status 200 (the whole, from a server that takes no ranges) or 206; nothing if
// there are fewer.
std::optional<QByteArray> rangeOf(const HttpAnswer &answer, qint64 offset, qint64 length);

} // namespace mf
