// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

namespace mf {

// HKDF-SHA256 (RFC 5869), extract and expand; fills `out` (at most 8,160 bytes).
void hkdfSha256(ByteView secret, ByteView salt, ByteView info, MutableBytes out);

} // namespace mf
