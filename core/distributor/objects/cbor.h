// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/ids.h"

#include <nlohmann/json.hpp>

namespace mf {

// The sealed objects of an account are CBOR maps (RFC 8949, definite lengths only,
// keys short text). Even though only the library's own keys can seal one, their
// readers bound everything: a bug or a newer version must not crash an older one.

using Cbor = nlohmann::json;

QByteArray toCbor(const Cbor &value);

// Corrupt "MF-OBJECT-CORRUPT" for anything but one whole map; nesting at most 16.
Result<Cbor> fromCbor(ByteView bytes);

// The same for an object that begins a format of its own: its version is the field "v". Unsupported "MF-LIBRARY-NEWER"
// for one above `newest`.
Result<Cbor> fromVersionedCbor(ByteView bytes, quint64 newest = 1);

// Typed access to a map's fields; a field that is absent or of another type is an error
// that is kept, and everything after it yields defaults: read all, then ask once.
class CborReader
{
public:
    explicit CborReader(const Cbor &map)
        : m_map(map)
    {
    }

    bool failed() const { return m_failed; }
    // Corrupt, naming the kind of object and the first bad field.
    Error error(const QString &kind) const;

    quint64 number(const char *key, quint64 largest = quint64(std::numeric_limits<qint64>::max()));
    qint64 signedNumber(const char *key);
    bool boolean(const char *key);
    QString text(const char *key);
    QByteArray bytes(const char *key);
    const Cbor &array(const char *key); // an empty array if it fails
    const Cbor &map(const char *key); // an empty map if it fails
    template <typename Id> Id id(const char *key)
    {
        const auto value = Id::from(viewOf(bytes(key)));
        if (!value)
            fail(key);
        return value.value_or(Id());
    }
    template <typename Id> std::vector<Id> ids(const char *key)
    {
        std::vector<Id> list;
        for (const Cbor &item : array(key)) {
            const auto value = item.is_binary() ? Id::from(ByteView(item.get_binary())) : std::nullopt;
            if (!value) {
                fail(key);
                return {};
            }
            list.push_back(*value);
        }
        return list;
    }
    bool has(const char *key) const { return m_map.is_object() && m_map.contains(key); }
    void fail(const char *key);

private:
    const Cbor *find(const char *key);

    const Cbor &m_map;
    bool m_failed = false;
    QString m_where;
};

// A binary value.
Cbor cborBytes(ByteView bytes);
template <typename Id> Cbor cborIds(const std::vector<Id> &ids)
{
    Cbor list = Cbor::array();
    for (const Id &id : ids)
        list.push_back(cborBytes(id.view()));
    return list;
}
Cbor cborText(const QString &text);

} // namespace mf
