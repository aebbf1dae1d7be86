// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/given_rows.h"

#include "core/distributor/fragment_read.h"
#include "core/packing/erasure.h"

#include <algorithm>

namespace mf {

FragmentHeader fragmentHeaderOf(const KeyRing &ring, const PackRecord &pack, int index)
{
    FragmentHeader header;
    header.library = ring.library();
    header.pack = pack.id;
    header.k = static_cast<std::uint8_t>(pack.shape.k);
    header.index = static_cast<std::uint8_t>(index);
    header.salt = pack.salt;
    header.commitment = pack.commitment;
    header.payloadLength = static_cast<std::uint32_t>(pack.payloadLength);
    header.dataLength = static_cast<std::uint32_t>(pack.shape.dataLength);
    return header;
}

namespace {

bool isSame(const FragmentHeader &a, const FragmentHeader &b)
{
    return a.library == b.library && a.pack == b.pack && a.k == b.k && a.index == b.index && a.salt == b.salt
        && a.commitment == b.commitment && a.payloadLength == b.payloadLength && a.dataLength == b.dataLength;
}

} // namespace

struct GivenRows::Row {
    std::size_t blob = 0;
    int index = 0;
    ByteView data;
    ByteView trailer;
    std::vector<bool> damaged; // by block of kCrcBlock
    bool fits = true; // with m_given, where there is that
};

GivenRows::GivenRows(const KeyRing &ring, const PackRecord &pack, const std::vector<FragmentBlob> &blobs)
    : m_ring(ring)
    , m_pack(pack)
    , m_blobs(blobs)
{
}

GivenRows::~GivenRows() = default;

int GivenRows::look()
{
    std::set<int> usable;
    for (std::size_t blob = 0; blob < m_blobs.size(); ++blob) {
        if (look(blob))
            usable.insert(m_blobs[blob].first);
    }
    return static_cast<int>(usable.size());
}

// Whether it has bytes to offer.
bool GivenRows::look(std::size_t number)
{
    const auto &[index, blob] = m_blobs[number];
    const qint64 size = fragmentSize(m_pack.shape.dataLength);
    if (blob.size() != size) {
        m_bad[number] = QStringLiteral("it has %1 bytes instead of %2").arg(blob.size()).arg(size);
        return false;
    }
    const auto header = openFragmentHeader(m_ring, viewOf(blob));
    if (header && !isSame(*header, fragmentHeaderOf(m_ring, m_pack, index))) {
        m_bad[number] = QStringLiteral("another fragment lies in its place");
        return false;
    }
    if (isNewerFragment(header)) {
        m_bad[number] = header.error().message;
        m_newer.insert(number);
        return false;
    }
    if (!header) // its data may be good
        m_bad[number] = header.error().message;
    const ByteView body = viewOf(blob).subspan(std::size_t(kFragmentHeaderSize));
    Row &row = m_rows.emplace_back();
    row.blob = number;
    row.index = index;
    row.data = body.first(length());
    row.trailer = body.subspan(length());
    return true;
}

DataRows GivenRows::dataRows()
{
    readBlocks();
    DataRows rows(m_pack.shape);
    for (std::size_t data = 0; data < k(); ++data) {
        const Row *giver = giverOf(data);
        rows.set(data, giver ? m_blobs[giver->blob].second : rebuilt(data));
    }
    return rows;
}

// All rows once from end to end: which blocks are what their CRC says, and while they are in the cache, whether the
// rows fit together.
void GivenRows::readBlocks()
{
    m_given = allGiven();
    for (std::size_t at = 0; at < length(); at += kCrcBlock) {
        const std::size_t size = std::min(std::size_t(kCrcBlock), length() - at);
        for (Row &row : m_rows)
            row.damaged.push_back(!isBlockIntact(row.data.subspan(at, size), at / kCrcBlock, row.trailer));
        for (Row &row : m_rows)
            row.fits = row.fits && !m_given.empty() && isRight(row, m_given, at, size);
    }
    for (const Row &row : m_rows) {
        if (std::ranges::find(row.damaged, true) != row.damaged.end())
            m_bad[row.blob] = QStringLiteral("its checksums do not fit its bytes");
    }
}

// The data rows as they were given; empty if one was not.
std::vector<ByteView> GivenRows::allGiven() const
{
    std::vector<ByteView> rows(k());
    for (std::size_t data = 0; data < k(); ++data) {
        const Row *giver = giverOf(data);
        if (!giver)
            return {};
        rows[data] = giver->data;
    }
    return rows;
}

// The first that has this data row under its own header, and as far as is known without damage; or none.
const GivenRows::Row *GivenRows::giverOf(std::size_t data) const
{
    const auto giver = std::ranges::find_if(m_rows, [this, data](const Row &row) {
        const bool hasIt = static_cast<std::size_t>(row.index) == data || k() == 1; // k = 1: all are copies
        return hasIt && !m_bad.contains(row.blob);
    });
    return giver == m_rows.end() ? nullptr : &*giver;
}

QByteArray GivenRows::rebuilt(std::size_t data) const
{
    QByteArray blob(fragmentSize(m_pack.shape.dataLength), Qt::Uninitialized);
    const MutableBytes out = mutableViewOf(blob).subspan(std::size_t(kFragmentHeaderSize), length());
    const std::size_t blocks = m_rows.front().damaged.size();
    std::size_t from = 0;
    Chosen chosen = choose(0);
    for (std::size_t block = 1; block <= blocks; ++block) {
        Chosen next = block < blocks ? choose(block) : Chosen();
        if (next == chosen)
            continue;
        const std::size_t begin = from * kCrcBlock;
        const std::size_t end = std::min(block * kCrcBlock, length());
        rebuildFrom(chosen, data, begin, out.subspan(begin, end - begin));
        chosen = std::move(next);
        from = block;
    }
    return blob;
}

// The k rows, each of another index, to take a block from: undamaged ones first, of them those that need no decoding.
GivenRows::Chosen GivenRows::choose(std::size_t block) const
{
    Chosen order(m_rows.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const auto rank = [&](std::size_t i) {
            const Row &row = m_rows[i];
            return std::tuple(bool(row.damaged[block]), m_bad.contains(row.blob), row.index, i);
        };
        return rank(a) < rank(b);
    });
    Chosen chosen;
    std::set<int> indexes;
    for (const std::size_t i : order) {
        if (chosen.size() < k() && indexes.insert(m_rows[i].index).second)
            chosen.push_back(i);
    }
    return chosen;
}

// What a data row has from `begin` on, out of these k.
void GivenRows::rebuildFrom(const Chosen &chosen, std::size_t data, std::size_t begin, MutableBytes out) const
{
    std::vector<ErasureRow> rows;
    rows.reserve(chosen.size());
    for (const std::size_t i : chosen)
        rows.emplace_back(m_rows[i].index, m_rows[i].data.subspan(begin, out.size()));
    const bool done = rebuildRow(m_pack.shape.k, rows, static_cast<int>(data), out);
    Q_ASSERT(done);
    Q_UNUSED(done)
}

bool GivenRows::findRange(
    std::size_t begin, std::size_t size, const std::function<bool(ByteView)> &verify, DataRows &dataRows)
{
    std::vector<Chosen> &subsets = m_subsets.subsets;
    if (subsets.empty())
        findSubsets();
    for (std::size_t i = 0; i < subsets.size(); ++i) {
        const std::vector<std::uint8_t> bytes = rangeFrom(subsets[i], begin, size);
        if (!verify(ByteView(bytes)))
            continue;
        dataRows.write(begin, bytes);
        const auto good = subsets.begin() + static_cast<std::ptrdiff_t>(i);
        std::rotate(subsets.begin(), good, good + 1); // likely good for the next, too
        return true;
    }
    return false;
}

// Twins that say the same count once.
void GivenRows::findSubsets()
{
    Chosen candidates;
    std::vector<int> indexes;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const bool isKnown = std::any_of(candidates.begin(), candidates.end(), [&](std::size_t other) {
            return m_rows[other].index == m_rows[i].index && std::ranges::equal(m_rows[other].data, m_rows[i].data);
        });
        if (isKnown)
            continue;
        candidates.push_back(i);
        indexes.push_back(m_rows[i].index);
    }
    m_subsets = rowSubsets(indexes, m_pack.shape.k);
    for (Chosen &subset : m_subsets.subsets) {
        for (std::size_t &candidate : subset)
            candidate = candidates[candidate];
    }
}

// Payload bytes [begin, begin + size) out of these k alone.
std::vector<std::uint8_t> GivenRows::rangeFrom(const Chosen &chosen, std::size_t begin, std::size_t size) const
{
    std::vector<std::uint8_t> bytes(size);
    for (std::size_t done = 0; done < size;) {
        const std::size_t within = (begin + done) % length();
        const std::size_t part = std::min(size - done, length() - within);
        rebuildFrom(chosen, (begin + done) / length(), within, MutableBytes(bytes).subspan(done, part));
        done += part;
    }
    return bytes;
}

void GivenRows::compareWith(const DataRows &right)
{
    std::vector<ByteView> data(k());
    for (std::size_t i = 0; i < k(); ++i)
        data[i] = right.row(i);
    // Those that were given, all of them, and so the rows were compared with them already.
    const bool isKnown
        = std::ranges::equal(data, m_given, [](ByteView now, ByteView then) { return now.data() == then.data(); });
    for (const Row &row : m_rows) {
        const bool fits = isKnown ? row.fits : isRight(row, data, 0, length());
        if (!fits && !m_bad.contains(row.blob))
            m_bad[row.blob] = QStringLiteral("its bytes are not those that were stored");
    }
}

// Whether [begin, begin + size) of the row is what follows from the data rows. Block by block, so that what parity
// should be stays in the cache.
bool GivenRows::isRight(const Row &row, const std::vector<ByteView> &data, std::size_t begin, std::size_t size) const
{
    const auto index = static_cast<std::size_t>(row.index);
    const bool isData = index < k() || k() == 1;
    constexpr std::size_t block = kCrcBlock;
    std::array<std::uint8_t, block> parity;
    std::vector<ByteView> parts(k());
    for (std::size_t at = begin; at < begin + size; at += block) {
        const std::size_t part = std::min(block, begin + size - at);
        for (std::size_t i = 0; i < k(); ++i)
            parts[i] = data[i].subspan(at, part);
        ByteView right = parts[isData && k() > 1 ? index : 0];
        if (right.data() == row.data.data() + at)
            continue; // it is its own measure
        if (!isData) {
            const MutableBytes out = MutableBytes(parity).first(part);
            encodeParity(m_pack.shape.k, parts, row.index, std::span(&out, 1));
            right = out;
        }
        if (std::memcmp(right.data(), row.data.data() + at, part) != 0)
            return false;
    }
    return true;
}

} // namespace mf
