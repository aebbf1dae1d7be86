// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

// A sealed object of the library (manifest, index, segment) from whichever verified account has it whole: its bytes
// are compared with the hash. Errors: NotFound "MF-META-MISSING" if no account has it so.
Task<Result<QByteArray>> fetchObject(Engine &engine, BlobName name, ObjectHash hash);

} // namespace mf
