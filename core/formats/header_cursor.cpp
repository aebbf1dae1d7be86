// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/header_cursor.h"

#include <algorithm>

namespace mf {

static constexpr qint64 kWindow = 256 << 10;

HeaderCursor::HeaderCursor(const ByteSource &source, qint64 limit)
    : m_source(source)
    , m_end(std::min(source.size(), limit))
    , m_limited(source.size() > limit)
{
}

void HeaderCursor::fail(Error error)
{
    if (!m_error)
        m_error = std::move(error);
}

bool HeaderCursor::require(qint64 count)
{
    if (m_error)
        return false;
    if (count <= remaining())
        return true;
    if (m_limited)
        fail(formatError::limit(QStringLiteral("it is longer than %1 bytes").arg(m_end)));
    else
        fail(formatError::truncated(QStringLiteral("the file ends in the middle of it")));
    return false;
}

// Reads the window that begins at the position; at least one byte is needed.
bool HeaderCursor::fill()
{
    // A head that is there only in part must not be asked for what the header may not need.
    const qint64 there = std::max<qint64>(1, std::min(m_end, m_source.available()) - m_position);
    const qint64 size = std::min(kWindow, there);
    m_window.resize(static_cast<std::size_t>(size));
    m_windowSize = 0;
    if (const auto read = m_source.readAt(m_position, m_window); !read) {
        fail(read.error());
        return false;
    }
    m_windowStart = m_position;
    m_windowSize = size;
    return true;
}

bool HeaderCursor::read(MutableBytes out)
{
    if (!require(static_cast<qint64>(out.size())))
        return false;
    std::size_t done = 0;
    while (done < out.size()) {
        if (m_position < m_windowStart || m_position >= m_windowStart + m_windowSize) {
            if (!fill())
                return false;
        }
        const auto from = static_cast<std::size_t>(m_position - m_windowStart);
        const auto n = std::min(out.size() - done, static_cast<std::size_t>(m_windowSize) - from);
        std::memcpy(out.data() + done, m_window.data() + from, n);
        done += n;
        m_position += static_cast<qint64>(n);
    }
    return true;
}

bool HeaderCursor::skip(qint64 count)
{
    if (!require(count))
        return false;
    m_position += count;
    return true;
}

std::optional<std::uint8_t> HeaderCursor::nextSlow()
{
    if (m_error || m_position >= m_end || !fill())
        return std::nullopt;
    return m_window[static_cast<std::size_t>(m_position++ - m_windowStart)];
}

} // namespace mf
