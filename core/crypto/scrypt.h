// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

namespace mf {

struct ScryptCost {
    int log2N = 17;
    unsigned r = 8;
    unsigned p = 1;
};

constexpr std::uint64_t kScryptMostMemory = std::uint64_t(512) << 20;

// False for parameters that scrypt does not have, that need more than kScryptMostMemory, or that take
// more than 16 times as long as the defaults.
bool isBearable(const ScryptCost &cost);

// scrypt (RFC 7914): fills `out`. False if the cost is not bearable or there is not so much memory.
[[nodiscard]] bool scrypt(ByteView passphrase, ByteView salt, const ScryptCost &cost, MutableBytes out);

} // namespace mf
