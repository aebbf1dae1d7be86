// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/packing/erasure.h"

#include <isa-l/erasure_code.h>

#include <algorithm>
#include <climits>

namespace mf {
namespace {
constexpr int kRows = 255;

// Row of the matrix that gf_gen_cauchy1_matrix makes, for any number of rows: the unit
// matrix, then 1 / (row ^ column). For k = 1 every row is the unit row: plain copies.
void appendRow(std::vector<std::uint8_t> &matrix, int k, int row)
{
    for (int column = 0; column < k; ++column) {
        if (k == 1 || row < k)
            matrix.push_back(k == 1 || row == column ? 1 : 0);
        else
            matrix.push_back(gf_inv(static_cast<unsigned char>(row ^ column)));
    }
}

// out[i] = matrix row i times the k inputs; ISA-L counts lengths in int.
void multiply(int k, std::vector<std::uint8_t> &matrix, std::span<const ByteView> in, std::span<const MutableBytes> out)
{
    const int rows = static_cast<int>(out.size());
    std::vector<std::uint8_t> tables(static_cast<std::size_t>(32 * k * rows));
    ec_init_tables(k, rows, matrix.data(), tables.data());
    std::vector<unsigned char *> sources;
    std::vector<unsigned char *> targets;
    const std::size_t total = in[0].size();
    constexpr std::size_t most = std::size_t(1) << 30;
    for (std::size_t at = 0; at < total; at += most) {
        sources.clear();
        targets.clear();
        for (const ByteView view : in)
            sources.push_back(const_cast<unsigned char *>(view.data() + at)); // ISA-L only reads them
        for (const MutableBytes bytes : out)
            targets.push_back(bytes.data() + at);
        ec_encode_data(
            static_cast<int>(std::min(most, total - at)), k, rows, tables.data(), sources.data(), targets.data());
    }
}

bool areUsable(int k, std::span<const ErasureRow> have, int wanted, std::size_t length)
{
    if (k < 1 || k >= kRows || wanted < 0 || wanted >= kRows || have.size() != static_cast<std::size_t>(k))
        return false;
    std::array<bool, kRows> seen {};
    for (const ErasureRow &row : have) {
        if (row.row < 0 || row.row >= kRows || row.bytes.size() != length || seen[static_cast<std::size_t>(row.row)])
            return false;
        seen[static_cast<std::size_t>(row.row)] = true;
    }
    return true;
}
} // namespace

void encodeParity(int k, std::span<const ByteView> data, int firstRow, std::span<const MutableBytes> parity)
{
    Q_ASSERT(k >= 1 && data.size() == static_cast<std::size_t>(k) && firstRow >= k);
    Q_ASSERT(firstRow + static_cast<int>(parity.size()) <= kRows);
    if (parity.empty() || data[0].empty())
        return;
    if (k == 1) {
        for (const MutableBytes copy : parity)
            std::copy(data[0].begin(), data[0].end(), copy.begin());
        return;
    }
    std::vector<std::uint8_t> matrix;
    for (std::size_t i = 0; i < parity.size(); ++i)
        appendRow(matrix, k, firstRow + static_cast<int>(i));
    multiply(k, matrix, data, parity);
}

bool rebuildRow(int k, std::span<const ErasureRow> have, int wanted, MutableBytes out)
{
    if (!areUsable(k, have, wanted, out.size()))
        return false;
    if (out.empty())
        return true;
    for (const ErasureRow &row : have) {
        if (row.row == wanted || k == 1) {
            std::copy(row.bytes.begin(), row.bytes.end(), out.begin());
            return true;
        }
    }
    // have = A data, so data = A^-1 have and the wanted row is (its row of the matrix) A^-1 have.
    std::vector<std::uint8_t> present;
    std::vector<ByteView> in;
    for (const ErasureRow &row : have) {
        appendRow(present, k, row.row);
        in.push_back(row.bytes);
    }
    const auto width = static_cast<std::size_t>(k);
    std::vector<std::uint8_t> inverse(width * width);
    if (gf_invert_matrix(present.data(), inverse.data(), k) != 0)
        return false; // never with this matrix: every square part of a Cauchy matrix is regular
    std::vector<std::uint8_t> goal;
    appendRow(goal, k, wanted);
    std::vector<std::uint8_t> factors(width);
    for (std::size_t column = 0; column < width; ++column)
        for (std::size_t i = 0; i < width; ++i)
            factors[column] ^= gf_mul(goal[i], inverse[i * width + column]);
    multiply(k, factors, in, std::span(&out, 1));
    return true;
}

} // namespace mf
