// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Small strong types instead of bare bytes, numbers and strings.

#include "core/base/bytes.h"

#include <QHashFunctions>

#include <compare>
#include <optional>

namespace mf {

// N bytes with a meaning of their own; Tag keeps the meanings apart.
template <typename Tag, std::size_t N> struct FixedBytes {
    std::array<std::uint8_t, N> bytes {};

    FixedBytes() = default;
    explicit FixedBytes(const std::array<std::uint8_t, N> &b)
        : bytes(b)
    {
    }
    // Precondition: view.size() == N.
    explicit FixedBytes(ByteView view) { std::memcpy(bytes.data(), view.data(), N); }
    // Nothing if the length is wrong: for bytes from outside.
    static std::optional<FixedBytes> from(ByteView view)
    {
        if (view.size() != N)
            return std::nullopt;
        return FixedBytes(view);
    }

    static constexpr std::size_t size() { return N; }
    ByteView view() const { return bytes; }
    QByteArray toByteArray() const { return mf::toByteArray(view()); }
    QString toHex() const { return mf::toHex(view()); }
    bool isNull() const { return isZero(view()); }

    friend bool operator==(const FixedBytes &, const FixedBytes &) = default;
    friend auto operator<=>(const FixedBytes &, const FixedBytes &) = default;
};

template <typename Tag, std::size_t N> std::size_t qHash(const FixedBytes<Tag, N> &id, std::size_t seed = 0)
{
    return qHashBits(id.bytes.data(), N, seed);
}

// For std::unordered_map: the ids are random or hashes, so eight bytes of them will do.
struct FixedBytesHash {
    template <typename Tag, std::size_t N> std::size_t operator()(const FixedBytes<Tag, N> &id) const
    {
        static_assert(N >= sizeof(std::size_t));
        std::size_t h = 0;
        std::memcpy(&h, id.bytes.data(), sizeof h);
        return h;
    }
};

using Sha256 = FixedBytes<struct Sha256Tag, 32>; // a digest, of what the name of the variable says
using ChunkHash = FixedBytes<struct ChunkHashTag, 32>; // SHA-256 of a chunk's plain bytes
using ObjectHash = FixedBytes<struct ObjectHashTag, 32>; // SHA-256 of a sealed object's bytes as stored
using PackId = FixedBytes<struct PackIdTag, 16>; // random
using LibraryId = FixedBytes<struct LibraryIdTag, 16>; // random
using AccountId = FixedBytes<struct AccountIdTag, 16>; // random
using ModelId = FixedBytes<struct ModelIdTag, 16>; // random; the same for all revisions of a model
using CheckpointId = FixedBytes<struct CheckpointIdTag, 16>; // random; the same for all parts of one
using DoomId = FixedBytes<struct DoomIdTag, 16>; // random
using PresenceId = FixedBytes<struct PresenceIdTag, 16>; // random, or a revision's own id
using RevisionId = FixedBytes<struct RevisionIdTag, 16>; // random
using SessionId = FixedBytes<struct SessionIdTag, 16>; // random; one run of a store
using ComputerId = FixedBytes<struct ComputerIdTag, 16>; // random; one registry on one computer
using EpochId = FixedBytes<struct EpochIdTag, 8>; // SHA-256(M_e)[0..8)

// The name of a blob on an account: "f/3a/…", at most 120 ASCII characters of
// [a-z0-9/._-], never with ".", ".." or an empty part. See isValidBlobName.
struct BlobName {
    QString value;
    BlobName() = default;
    explicit BlobName(QString v)
        : value(std::move(v))
    {
    }
    friend bool operator==(const BlobName &, const BlobName &) = default;
    friend auto operator<=>(const BlobName &a, const BlobName &b) { return a.value.compare(b.value) <=> 0; }
};
inline std::size_t qHash(const BlobName &name, std::size_t seed = 0) { return qHash(name.value, seed); }
bool isValidBlobName(const BlobName &name);

} // namespace mf
