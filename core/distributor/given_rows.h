// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/data_rows.h"
#include "core/distributor/row_subsets.h"
#include "core/registry/records.h"

#include <functional>
#include <map>
#include <set>

namespace mf {

// A whole fragment as an account gave it: its index, its bytes.
using FragmentBlob = std::pair<int, QByteArray>;

FragmentHeader fragmentHeaderOf(const KeyRing &ring, const PackRecord &pack, int index);

// Fragments of one pack that are at hand, as rows of its erasure code: what is wrong with each by itself, and what the
// data rows are by them. Several may be of one index (twins). Whether those bytes are the ones that were stored is for
// others to find out. CPU-bound, not thread-safe.
class GivenRows
{
public:
    // The layout of the pack has been checked (checkPackLayout). All outlive the rows.
    GivenRows(const KeyRing &ring, const PackRecord &pack, const std::vector<FragmentBlob> &blobs);
    ~GivenRows();
    GivenRows(const GivenRows &) = delete;
    GivenRows &operator=(const GivenRows &) = delete;

    // Looks at sizes and headers. How many different indexes have bytes to offer; fewer than k: go no further.
    int look();
    // The k data rows, shared with the blobs where those are without damage, else by the blocks that are. Once.
    DataRows dataRows();
    // Looks for k rows out of which this range of the payload verifies, and puts it into the data rows.
    bool findRange(
        std::size_t begin, std::size_t size, const std::function<bool(ByteView)> &verify, DataRows &dataRows);
    // A sentence without an end that says of how many findRange found none.
    QString noneVerifies() const { return m_subsets.noneVerifies(); }
    // Once the data rows are the right ones: which blobs differ from what follows from them?
    void compareWith(const DataRows &right);

    // Blobs, by number, that are bad, as far as is known, with why.
    const std::map<std::size_t, QString> &bad() const { return m_bad; }
    const std::set<std::size_t> &newer() const { return m_newer; } // those of them that a newer ModelFloat wrote

private:
    struct Row;
    using Chosen = std::vector<std::size_t>; // positions in m_rows

    std::size_t k() const { return static_cast<std::size_t>(m_pack.shape.k); }
    std::size_t length() const { return static_cast<std::size_t>(m_pack.shape.dataLength); }

    bool look(std::size_t blob);
    const Row *giverOf(std::size_t data) const;
    std::vector<ByteView> allGiven() const;
    void readBlocks();
    Chosen choose(std::size_t block) const;
    QByteArray rebuilt(std::size_t data) const;
    void rebuildFrom(const Chosen &chosen, std::size_t data, std::size_t begin, MutableBytes out) const;
    std::vector<std::uint8_t> rangeFrom(const Chosen &chosen, std::size_t begin, std::size_t size) const;
    void findSubsets();
    bool isRight(const Row &row, const std::vector<ByteView> &data, std::size_t begin, std::size_t size) const;

    const KeyRing &m_ring;
    const PackRecord &m_pack;
    const std::vector<FragmentBlob> &m_blobs;
    std::map<std::size_t, QString> m_bad;
    std::set<std::size_t> m_newer;
    std::vector<Row> m_rows; // blobs that have bytes to offer
    std::vector<ByteView> m_given; // by index, the data rows that the others were compared with; empty: they were not
    RowSubsets m_subsets; // of positions in m_rows
};

} // namespace mf
