// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/header_cursor.h"

#include <iterator>
#include <string_view>

namespace mf {

// The bytes of a cursor as an input range for nlohmann's SAX parser, without a copy of the text. The range ends early,
// which the parser takes for broken JSON, where a text (or a number) is longer than kLongest: the parser would buffer
// it.
class JsonStream
{
public:
    static constexpr qint64 kLongest = 1 << 20;

    JsonStream(HeaderCursor &cursor, qint64 length)
        : m_cursor(cursor)
        , m_left(length)
    {
        advance();
    }

    class Iterator
    {
    public:
        using iterator_category = std::input_iterator_tag;
        using value_type = char;
        using difference_type = std::ptrdiff_t;
        using pointer = const char *;
        using reference = const char &;

        Iterator() = default;
        explicit Iterator(JsonStream *stream)
            : m_stream(stream)
        {
        }
        const char &operator*() const { return m_stream->m_current; }
        Iterator &operator++()
        {
            m_stream->advance();
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(const Iterator &a, const Iterator &b) { return a.atEnd() == b.atEnd(); }

    private:
        bool atEnd() const { return !m_stream || m_stream->m_done; }
        JsonStream *m_stream = nullptr;
    };

    Iterator begin() { return Iterator(this); }
    Iterator end() { return Iterator(); }

private:
    void advance()
    {
        bool repeated = true;
        while (repeated) {
            const auto byte = m_left > 0 ? m_cursor.next() : std::nullopt;
            if (!byte) {
                m_done = true;
                return;
            }
            --m_left;
            const auto previous = m_current;
            m_current = static_cast<char>(*byte);
            // The parser buffers also what separates; one space says as much as a million.
            repeated = !m_inText && isSpace(m_current) && isSpace(previous);
        }
        measure();
    }
    void measure()
    {
        ++m_run;
        if (m_inText) {
            if (m_escaped)
                m_escaped = false;
            else if (m_current == '\\')
                m_escaped = true;
            else if (m_current == '"')
                m_inText = false;
        } else if (m_current == '"') {
            m_inText = true;
            m_run = 0;
        } else if (isSpace(m_current) || std::string_view(",:[]{}").find(m_current) != std::string_view::npos) {
            m_run = 0;
        }
        if (m_run > kLongest) {
            m_cursor.fail(formatError::limit(QStringLiteral("it has a text of more than %1 bytes").arg(kLongest)));
            m_done = true;
        }
    }
    static bool isSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

    HeaderCursor &m_cursor;
    qint64 m_left;
    qint64 m_run = 0;
    char m_current = 0;
    bool m_inText = false;
    bool m_escaped = false;
    bool m_done = false;
};

} // namespace mf
