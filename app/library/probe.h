// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/providers/provider.h"

namespace mf {

BlobName probeName(); // another one each time

// Proves that a place can do what an account needs: writes a small blob of random bytes, reads and compares it, finds
// it in the list, deletes it. Where a step fails it is deleted all the same, as far as the place lets it. The Error's
// parameter "step" says which failed: write, read, compare, list or remove. Corrupt "MF-ACCOUNT-LIES", Unsupported
// "MF-ACCOUNT-UNLISTED", and the provider's. What it is given outlives the task.
Task<Result<>> probe(Provider &provider, Clock &clock, BlobName name);

// Deletes what nobody needs there any more. Gives up after some seconds: an error or a place that does not answer
// leaves it where it is, and is only noted in the log.
Task<void> tidyUp(Provider &provider, Clock &clock, std::vector<BlobName> names);

} // namespace mf
