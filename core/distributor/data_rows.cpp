// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/data_rows.h"

namespace mf {

ByteView DataRows::row(std::size_t row) const
{
    return viewOf(m_blobs[row]).subspan(std::size_t(kFragmentHeaderSize), m_length);
}

MutableBytes DataRows::writableRow(std::size_t row)
{
    return mutableViewOf(m_blobs[row]).subspan(std::size_t(kFragmentHeaderSize), m_length);
}

// visit(row, offset in it, offset in the range, size)
template <typename Visit> void DataRows::forEachPart(std::size_t begin, std::size_t size, Visit visit) const
{
    for (std::size_t done = 0; done < size;) {
        const std::size_t row = (begin + done) / m_length;
        const std::size_t within = (begin + done) % m_length;
        const std::size_t part = std::min(size - done, m_length - within);
        visit(row, within, done, part);
        done += part;
    }
}

std::vector<ByteView> DataRows::parts(std::size_t begin, std::size_t size) const
{
    std::vector<ByteView> parts;
    forEachPart(begin, size, [&](std::size_t row, std::size_t within, std::size_t, std::size_t part) {
        parts.push_back(this->row(row).subspan(within, part));
    });
    return parts;
}

QByteArray DataRows::copy(std::size_t begin, std::size_t size) const
{
    QByteArray bytes;
    bytes.reserve(static_cast<qsizetype>(size));
    for (const ByteView part : parts(begin, size))
        bytes.append(reinterpret_cast<const char *>(part.data()), static_cast<qsizetype>(part.size()));
    return bytes;
}

void DataRows::write(std::size_t begin, ByteView bytes)
{
    forEachPart(begin, bytes.size(), [&](std::size_t row, std::size_t within, std::size_t done, std::size_t part) {
        std::memcpy(writableRow(row).data() + within, bytes.data() + done, part);
    });
}

} // namespace mf
