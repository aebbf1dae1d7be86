// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/byte_source.h"

#include <optional>
#include <vector>

namespace mf {

// Walks through a header from front to back in windows of 256 KiB, never behind `limit` bytes of the file. The first
// failure sticks: every later read fails, and error() tells the first reason.
class HeaderCursor
{
public:
    HeaderCursor(const ByteSource &source, qint64 limit);

    qint64 position() const { return m_position; }
    // Bytes that the header can still have: what bounds every count read from it.
    qint64 remaining() const { return m_end - m_position; }
    bool failed() const { return m_error.has_value(); }
    // Precondition: failed().
    const Error &error() const { return *m_error; }
    // Keeps the first failure.
    void fail(Error error);

    // Little-endian integers.
    template <typename T> bool number(T &value)
    {
        std::array<std::uint8_t, sizeof(T)> bytes {};
        if (!read(bytes))
            return false;
        value = loadLe<T>(bytes.data());
        return true;
    }
    bool read(MutableBytes out);
    bool skip(qint64 count);
    // The next byte without a copy; nothing at the end or after a failure.
    std::optional<std::uint8_t> next()
    {
        if (m_position < m_windowStart + m_windowSize && m_position >= m_windowStart)
            return m_window[static_cast<std::size_t>(m_position++ - m_windowStart)];
        return nextSlow();
    }

private:
    bool require(qint64 count);
    bool fill();
    std::optional<std::uint8_t> nextSlow();

    const ByteSource &m_source;
    qint64 m_end;
    bool m_limited; // m_end is the limit, not the file's end
    qint64 m_position = 0;
    std::vector<std::uint8_t> m_window;
    qint64 m_windowStart = 0;
    qint64 m_windowSize = 0;
    std::optional<Error> m_error;
};

} // namespace mf
