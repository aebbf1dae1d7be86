// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/pack_reader.h"

namespace mf {

// Streams bytes offset … offset + length - 1 of a stored file, verified, in order and in pieces of at most
// a few MiB, reading only the chunks that hold them. sink: an Error ends it. Invalid "MF-RANGE" if the
// range is not inside the file.
using ByteSink = std::function<Result<>(const QByteArray &)>;
Task<Result<>> readRange(
    Engine &engine, FileRecord file, qint64 offset, qint64 length, ByteSink sink, ReadStats &stats);

} // namespace mf
