// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/packing/fragment.h"
#include "tests/support/engine_fixture.h"

#include <map>

namespace mf {

// What lies on the accounts of a fixture, seen past the registry: fragments by pack and index.
class StoredPacks
{
public:
    struct Stored {
        int account = 0;
        BlobName name;
        FragmentHeader header;
    };

    explicit StoredPacks(EngineFixture &fixture, int accounts)
        : m_fixture(fixture)
    {
        for (int account = 0; account < accounts; ++account) {
            const auto listed = runTask(listAll(*fixture.place(account).memory, QStringLiteral("f/")));
            for (const BlobInfo &blob : *listed) {
                const auto header = openFragmentHeader(
                    fixture.engine().ring, viewOf(fixture.place(account).memory->bytes(blob.name)));
                if (header)
                    m_all.push_back(Stored { account, blob.name, *header });
            }
        }
    }

    const std::vector<Stored> &all() const { return m_all; }
    // The fragments of the largest pack with this k, by index.
    std::map<int, Stored> rows(int k) const
    {
        std::map<int, Stored> rows;
        const Stored *largest = nullptr;
        for (const Stored &stored : m_all) {
            if (stored.header.k == k && (!largest || stored.header.dataLength > largest->header.dataLength))
                largest = &stored;
        }
        for (const Stored &stored : m_all) {
            if (largest && stored.header.pack == largest->header.pack)
                rows[stored.header.index] = stored;
        }
        return rows;
    }
    QByteArray bytes(const Stored &stored) const { return m_fixture.place(stored.account).memory->bytes(stored.name); }
    void replace(const Stored &stored, const QByteArray &bytes)
    {
        m_fixture.place(stored.account).memory->replace(stored.name, bytes);
    }
    void lose(const Stored &stored) { m_fixture.place(stored.account).memory->lose(stored.name); }
    // One bit, this far into the data.
    void flip(const Stored &stored, qint64 at)
    {
        QByteArray blob = bytes(stored);
        blob[kFragmentHeaderSize + at] = static_cast<char>(blob[kFragmentHeaderSize + at] ^ 1);
        replace(stored, blob);
    }
    // One bit, with a checksum that fits it.
    void forge(const Stored &stored, qint64 at)
    {
        flip(stored, at);
        QByteArray blob = bytes(stored);
        const qint64 block = at / kCrcBlock;
        const qint64 length = std::min<qint64>(kCrcBlock, stored.header.dataLength - block * kCrcBlock);
        const ByteView data = viewOf(blob).subspan(
            static_cast<std::size_t>(kFragmentHeaderSize + block * kCrcBlock), static_cast<std::size_t>(length));
        const std::uint32_t crc = crc32c(data);
        storeLe<std::uint32_t>(
            reinterpret_cast<std::uint8_t *>(blob.data()) + kFragmentHeaderSize + stored.header.dataLength + 4 * block,
            crc);
        replace(stored, blob);
    }

private:
    EngineFixture &m_fixture;
    std::vector<Stored> m_all;
};

} // namespace mf
