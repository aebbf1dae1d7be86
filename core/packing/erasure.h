// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <vector>

namespace mf {

// Reed-Solomon over GF(2^8) by ISA-L with gf_gen_cauchy1_matrix: row = fragment
// index 0 … 254, independent of how many there are, so parity can be added later
// without touching what lies there. k = 1: every row is a copy. Pure functions.

// parity[i] = row firstRow + i over the k equally long data buffers. firstRow >= k.
void encodeParity(int k, std::span<const ByteView> data, int firstRow, std::span<const MutableBytes> parity);

// One surviving buffer and its row.
struct ErasureRow {
    int row = 0;
    ByteView bytes;
    ErasureRow(int r, ByteView b)
        : row(r)
        , bytes(b)
    {
    }
};
// Rebuilds row `wanted` from exactly k distinct rows, all as long as out.
// False if the rows are not k distinct ones below 255.
[[nodiscard]] bool rebuildRow(int k, std::span<const ErasureRow> have, int wanted, MutableBytes out);

} // namespace mf
