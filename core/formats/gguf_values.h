// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/gguf.h"
#include "core/formats/header_cursor.h"

namespace mf {

// Reads GGUF's typed values off a cursor: the part of the format below entries and tensors. Each function returns false
// after the cursor failed. Keeps count of what is kept in memory, so that no header fills it.
class GgufValueReader
{
public:
    explicit GgufValueReader(HeaderCursor &cursor)
        : m_cursor(cursor)
    {
    }

    // A length and so many bytes, of which the first `keep` are kept. Invalid if longer than `longest`.
    bool string(std::uint64_t longest, std::uint64_t keep, QByteArray &out, std::uint64_t &length);
    // Any type but string and array.
    bool number(GgufType type, GgufScalar &out);
    // Type and value of an entry whose key is read.
    bool value(GgufEntry &entry);

private:
    bool array(GgufEntry &entry);
    bool items(GgufEntry &entry, bool keep);
    bool invalid(const QString &what);

    HeaderCursor &m_cursor;
    qint64 m_kept = 0;
};

// Bytes of a value of that type; 0 for strings and arrays.
int ggufWidth(GgufType type);

} // namespace mf
