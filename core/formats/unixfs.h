// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The CIDs that IPFS gives to files and folders: UnixFS version 1, balanced layout.

#include "core/base/result.h"
#include "core/formats/cid.h"

#include <QLatin1String>

#include <functional>
#include <span>
#include <vector>

namespace mf {

// How a file is cut and linked. The same file has another CID under another profile, so keep the name with the CID.
struct UnixFsProfile {
    QLatin1String name;
    int chunk; // bytes of a leaf
    int maxLinks; // children of a node
    bool rawLeaves = true; // else leaves are dag-pb nodes
    int cidVersion = 1;
};

// The profiles by the names kept in the registry.
inline constexpr UnixFsProfile kUnixFs256k { QLatin1String("add-cidv1-256k"), 262'144,
    174 }; // ipfs add --cid-version=1
inline constexpr UnixFsProfile kUnixFs1m174 { QLatin1String("add-cidv1-1m-174"), 1'048'576, 174 };
inline constexpr UnixFsProfile kUnixFs2025 { QLatin1String("unixfs-v1-2025"), 1'048'576, 1024 };
inline constexpr UnixFsProfile kUnixFs2015 { QLatin1String("unixfs-v0-2015"), 262'144, 174, false,
    0 }; // ipfs add: "Qm…"
const UnixFsProfile *unixFsProfile(QStringView name); // null if unknown

// A block and what its parent says of it.
struct UnixFsNode {
    Cid cid;
    std::uint64_t fileSize = 0; // bytes of the file below it
    std::uint64_t cumulative = 0; // bytes of all blocks below it, and its own
};

// Hashes one block. The default is Qt's SHA-256; pass core/crypto's, which is faster.
using BlockHash = std::function<Sha256(ByteView)>;

// Takes each block as it is complete: children before their parent, the root last.
using BlockSink = std::function<void(const Cid &cid, ByteView block)>;

// Computes the root of one file, fed in pieces of any size. Memory: a chunk and maxLinks links per level of the tree.
class UnixFsBuilder
{
public:
    explicit UnixFsBuilder(const UnixFsProfile &profile, BlockHash hash = {}, BlockSink sink = {});

    void add(ByteView bytes);
    // The root; call once, after the last add().
    UnixFsNode finish();

private:
    void leaf(ByteView chunk);
    void push(std::size_t level, UnixFsNode node);
    void close(std::size_t level);
    UnixFsNode emitBlock(std::uint64_t codec, ByteView block, std::uint64_t fileSize, std::uint64_t below) const;

    UnixFsProfile m_profile;
    BlockHash m_hash;
    BlockSink m_sink;
    QByteArray m_pending; // less than a chunk
    bool m_hasLeaf = false;
    std::vector<std::vector<UnixFsNode>> m_levels; // the open group of each, leaves first
};

// An entry of a folder.
struct DirectoryEntry {
    QByteArray name; // UTF-8, without '/'
    UnixFsNode node;
};

// The block of a folder; its node's fileSize is 0. Entries in any order. Invalid if a name is empty, has a '/' or is
// there twice; Unsupported for a folder so large (256 KiB of names and links) that IPFS would split it.
struct DirectoryBlock {
    UnixFsNode node;
    QByteArray block;
};
Result<DirectoryBlock> unixFsDirectory(
    std::vector<DirectoryEntry> entries, const BlockHash &hash = {}, int cidVersion = 1);

} // namespace mf
