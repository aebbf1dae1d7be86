// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/unixfs.h"

#include <QCryptographicHash>

#include <algorithm>

namespace mf {

namespace {

constexpr qsizetype kLargestDirectory = 256 << 10;

// Tags of protobuf: field number << 3 | wire type.
constexpr char kLinks = 0x12;
constexpr char kData = 0x0a;
constexpr char kHash = 0x0a;
constexpr char kName = 0x12;
constexpr char kTsize = 0x18;
constexpr char kType = 0x08;
constexpr char kContent = 0x12;
constexpr char kFileSize = 0x18;
constexpr char kBlockSize = 0x20;
constexpr std::uint64_t kDirectory = 1;
constexpr std::uint64_t kFile = 2;

Sha256 qtSha256(ByteView bytes)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
    return Sha256(viewOf(hash.result()));
}

void appendField(QByteArray &out, char tag, const QByteArray &bytes)
{
    out.append(tag);
    appendVarint(out, static_cast<std::uint64_t>(bytes.size()));
    out.append(bytes);
}

void appendNumber(QByteArray &out, char tag, std::uint64_t value)
{
    out.append(tag);
    appendVarint(out, value);
}

// The beginning of a UnixFS message.
QByteArray typed(std::uint64_t type)
{
    QByteArray message;
    appendNumber(message, kType, type);
    return message;
}

// A link always has a name, if an empty one: without it the CID would be another.
void appendLink(QByteArray &out, const UnixFsNode &child, const QByteArray &name)
{
    QByteArray link;
    appendField(link, kHash, child.cid.bytes());
    appendField(link, kName, name);
    appendNumber(link, kTsize, child.cumulative);
    appendField(out, kLinks, link);
}

} // namespace

const UnixFsProfile *unixFsProfile(QStringView name)
{
    for (const auto *profile : { &kUnixFs256k, &kUnixFs1m174, &kUnixFs2025, &kUnixFs2015 }) {
        if (profile->name == name)
            return profile;
    }
    return nullptr;
}

UnixFsBuilder::UnixFsBuilder(const UnixFsProfile &profile, BlockHash hash, BlockSink sink)
    : m_profile(profile)
    , m_hash(hash ? std::move(hash) : BlockHash(qtSha256))
    , m_sink(std::move(sink))
{
}

void UnixFsBuilder::add(ByteView bytes)
{
    const auto chunk = static_cast<std::size_t>(m_profile.chunk);
    while (!bytes.empty()) {
        const auto pending = static_cast<std::size_t>(m_pending.size());
        if (pending == 0 && bytes.size() >= chunk) { // no copy
            leaf(bytes.first(chunk));
            bytes = bytes.subspan(chunk);
            continue;
        }
        const auto taken = std::min(chunk - pending, bytes.size());
        m_pending.append(toByteArray(bytes.first(taken)));
        bytes = bytes.subspan(taken);
        if (m_pending.size() == m_profile.chunk) {
            leaf(viewOf(m_pending));
            m_pending.resize(0); // keeps the memory
        }
    }
}

UnixFsNode UnixFsBuilder::emitBlock(
    std::uint64_t codec, ByteView block, std::uint64_t fileSize, std::uint64_t below) const
{
    UnixFsNode node;
    node.cid = Cid::ofSha256(codec, m_hash(block), codec == Cid::kDagPb ? m_profile.cidVersion : 1);
    node.fileSize = fileSize;
    node.cumulative = block.size() + below;
    if (m_sink)
        m_sink(node.cid, block);
    return node;
}

void UnixFsBuilder::leaf(ByteView chunk)
{
    m_hasLeaf = true;
    if (m_profile.rawLeaves)
        return push(0, emitBlock(Cid::kRaw, chunk, chunk.size(), 0));
    QByteArray message = typed(kFile);
    if (!chunk.empty())
        appendField(message, kContent, toByteArray(chunk));
    appendNumber(message, kFileSize, chunk.size());
    QByteArray block;
    appendField(block, kData, message);
    push(0, emitBlock(Cid::kDagPb, viewOf(block), chunk.size(), 0));
}

void UnixFsBuilder::push(std::size_t level, UnixFsNode node)
{
    if (level == m_levels.size())
        m_levels.emplace_back();
    m_levels[level].push_back(std::move(node));
    if (m_levels[level].size() == static_cast<std::size_t>(m_profile.maxLinks))
        close(level);
}

// Makes one node of the open group, and of what it says.
void UnixFsBuilder::close(std::size_t level)
{
    const auto children = std::exchange(m_levels[level], {});
    QByteArray block;
    QByteArray sizes;
    std::uint64_t fileSize = 0;
    std::uint64_t below = 0;
    for (const auto &child : children) {
        appendLink(block, child, {});
        appendNumber(sizes, kBlockSize, child.fileSize);
        fileSize += child.fileSize;
        below += child.cumulative;
    }
    QByteArray message = typed(kFile);
    appendNumber(message, kFileSize, fileSize);
    appendField(block, kData, message.append(sizes));
    push(level + 1, emitBlock(Cid::kDagPb, viewOf(block), fileSize, below));
}

UnixFsNode UnixFsBuilder::finish()
{
    if (!m_pending.isEmpty() || !m_hasLeaf)
        leaf(viewOf(m_pending));
    // A group that is not alone on its level becomes a node, also with a single child. Closing adds levels above.
    for (std::size_t level = 0;; ++level) {
        const bool isTop = level + 1 == m_levels.size();
        if (isTop && m_levels[level].size() == 1)
            return std::move(m_levels[level].front());
        if (!m_levels[level].empty())
            close(level);
    }
}

Result<DirectoryBlock> unixFsDirectory(std::vector<DirectoryEntry> entries, const BlockHash &hash, int cidVersion)
{
    std::ranges::sort(entries, {}, &DirectoryEntry::name);
    qsizetype size = 0;
    std::uint64_t below = 0;
    DirectoryBlock directory;
    const QByteArray *previous = nullptr;
    for (const auto &entry : entries) {
        if (entry.name.isEmpty() || entry.name.contains('/') || (previous && *previous == entry.name))
            return Error(Error::Kind::Invalid, QStringLiteral("MF-IPFS-NAME"),
                QStringLiteral("“%1” cannot be a name in a folder, or is there twice.")
                    .arg(QString::fromUtf8(entry.name)));
        previous = &entry.name;
        size += entry.name.size() + entry.node.cid.bytes().size();
        below += entry.node.cumulative;
        appendLink(directory.block, entry.node, entry.name);
    }
    if (size > kLargestDirectory)
        return Error(Error::Kind::Unsupported, QStringLiteral("MF-IPFS-FOLDER"),
            QStringLiteral("The folder has too many files for one IPFS block; split it into subfolders."));
    appendField(directory.block, kData, typed(kDirectory));
    const Sha256 digest = hash ? hash(viewOf(directory.block)) : qtSha256(viewOf(directory.block));
    directory.node.cid = Cid::ofSha256(Cid::kDagPb, digest, cidVersion);
    directory.node.cumulative = static_cast<std::uint64_t>(directory.block.size()) + below;
    return directory;
}

} // namespace mf
