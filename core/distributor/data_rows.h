// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/packing/fragment.h"

namespace mf {

// The payload of a pack as its k data fragments, row after row: no byte is copied that is right where it lies. Each
// row is a blob of fragmentSize(dataLength) bytes, shared with whoever gave it until it is written to; only its data
// counts, header and trailer may be anything. Offsets count payload bytes. Not thread-safe.
class DataRows
{
public:
    DataRows() = default; // none
    explicit DataRows(const PackShape &shape)
        : m_blobs(static_cast<std::size_t>(shape.k))
        , m_length(static_cast<std::size_t>(shape.dataLength))
    {
    }
    bool isEmpty() const { return m_blobs.empty(); }

    void set(std::size_t row, QByteArray blob) { m_blobs[row] = std::move(blob); }
    // Valid until the row is written to.
    ByteView row(std::size_t row) const;
    // Copies the row first where it is shared.
    MutableBytes writableRow(std::size_t row);

    // Where the bytes lie: more than one part where they go over the end of a row. Valid until they are written to.
    std::vector<ByteView> parts(std::size_t begin, std::size_t size) const;
    QByteArray copy(std::size_t begin, std::size_t size) const;
    void write(std::size_t begin, ByteView bytes);

private:
    template <typename Visit> void forEachPart(std::size_t begin, std::size_t size, Visit visit) const;

    std::vector<QByteArray> m_blobs;
    std::size_t m_length = 0;
};

} // namespace mf
