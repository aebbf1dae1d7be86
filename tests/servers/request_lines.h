// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <algorithm>

namespace mf {

// Which request the bytes of a client belong to, by HTTP/1.1 in plain text with bodies whose length is told.
class RequestLines
{
public:
    void add(const QByteArray &bytes)
    {
        if (m_line.isEmpty() && m_head.isEmpty() && bytes.startsWith(kHandshake))
            m_line = "TLS";
        if (m_line == "TLS")
            return;
        QByteArray left = bytes;
        while (!left.isEmpty()) {
            const qsizetype ofBody = std::min<qsizetype>(m_body, left.size());
            m_body -= ofBody;
            m_head += left.sliced(ofBody);
            left.clear();
            const qsizetype lineEnd = m_head.indexOf("\r\n");
            if (lineEnd >= 0)
                m_line = m_head.first(m_head.first(lineEnd).lastIndexOf(' '));
            const qsizetype headEnd = m_head.indexOf("\r\n\r\n");
            if (headEnd < 0)
                return;
            const QByteArray head = m_head.first(headEnd).toLower();
            ++m_count;
            left = m_head.sliced(headEnd + 4);
            m_head.clear();
            const qsizetype length = head.indexOf(kLength);
            if (length >= 0)
                m_body = head.sliced(length + kLength.size()).split('\r').first().trimmed().toLongLong();
        }
    }
    const QByteArray &line() const { return m_line; } // "PUT /account/f/00/1", of the one that began last
    int count() const { return m_count; } // requests that began
    // All of it came.
    bool isWhole() const { return !m_line.isEmpty() && m_head.isEmpty() && m_body == 0; }

private:
    static constexpr char kHandshake = 0x16; // the first byte of TLS
    inline static const QByteArray kLength = "\r\ncontent-length:";

    QByteArray m_line;
    int m_count = 0;
    QByteArray m_head; // as far as it came
    qsizetype m_body = 0; // bytes of it that are still to come
};

} // namespace mf
