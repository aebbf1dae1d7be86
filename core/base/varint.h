// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

namespace mf {

// Unsigned LEB128: 7 bits a byte, low group first, at most 9 bytes (63 bits), minimal form.
void appendVarint(QByteArray &out, std::uint64_t value);

// Reads one from the front and moves the view past it; nothing if it is cut off, too long or not minimal.
std::optional<std::uint64_t> takeVarint(ByteView &bytes);

} // namespace mf
