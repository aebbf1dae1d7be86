// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Writes GGUF bytes without any check, right ones and wrong ones.

#include "core/base/bytes.h"

#include <vector>

namespace mf {

class GgufBuilder
{
public:
    explicit GgufBuilder(std::uint32_t version = 3)
        : m_version(version)
    {
    }

    // The counts in the file; by default what was added.
    GgufBuilder &entryCount(std::uint64_t n)
    {
        m_entryCount = n;
        m_ownEntryCount = true;
        return *this;
    }
    GgufBuilder &tensorCount(std::uint64_t n)
    {
        m_tensorCount = n;
        m_ownTensorCount = true;
        return *this;
    }

    // An entry of any type, its value as bytes.
    GgufBuilder &entry(const QByteArray &key, std::uint32_t type, const QByteArray &value)
    {
        m_entries += string(key) + number<std::uint32_t>(type) + value;
        ++m_entriesAdded;
        return *this;
    }
    GgufBuilder &text(const QByteArray &key, const QByteArray &value) { return entry(key, 8, string(value)); }
    GgufBuilder &u32(const QByteArray &key, std::uint32_t value) { return entry(key, 4, number(value)); }
    GgufBuilder &u16(const QByteArray &key, std::uint16_t value) { return entry(key, 2, number(value)); }
    // An array whose elements are given as bytes.
    GgufBuilder &array(const QByteArray &key, std::uint32_t element, std::uint64_t count, const QByteArray &elements)
    {
        return entry(key, 9, number(element) + number(count) + elements);
    }

    GgufBuilder &tensor(
        const QByteArray &name, const std::vector<std::uint64_t> &shape, std::uint32_t type, std::uint64_t offset)
    {
        m_tensors += string(name) + number(static_cast<std::uint32_t>(shape.size()));
        for (const auto extent : shape)
            m_tensors += number(extent);
        m_tensors += number(type) + number(offset);
        ++m_tensorsAdded;
        return *this;
    }

    // The header, padded to `alignment`, and so many zeros of data.
    QByteArray bytes(qsizetype dataLength, int alignment = 32) const
    {
        QByteArray out("GGUF");
        out += number(m_version) + number(m_ownTensorCount ? m_tensorCount : m_tensorsAdded);
        out += number(m_ownEntryCount ? m_entryCount : m_entriesAdded) + m_entries + m_tensors;
        while (alignment > 0 && out.size() % alignment != 0)
            out += '\0';
        return out + QByteArray(dataLength, '\0');
    }

    template <typename T> static QByteArray number(T value)
    {
        std::array<std::uint8_t, sizeof(T)> bytes {};
        storeLe(bytes.data(), value);
        return toByteArray(bytes);
    }
    static QByteArray string(const QByteArray &text) { return number(static_cast<std::uint64_t>(text.size())) + text; }

private:
    std::uint32_t m_version;
    QByteArray m_entries;
    QByteArray m_tensors;
    std::uint64_t m_entriesAdded = 0;
    std::uint64_t m_tensorsAdded = 0;
    std::uint64_t m_entryCount = 0;
    std::uint64_t m_tensorCount = 0;
    bool m_ownEntryCount = false;
    bool m_ownTensorCount = false;
};

} // namespace mf
