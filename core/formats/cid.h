// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Content identifiers of IPFS: multihash, CID and its text forms.

#include "core/base/ids.h"
#include "core/base/varint.h"

namespace mf {

// A content identifier. Two are equal if codec and multihash are: the version and the text form are only spelling.
struct Cid {
    static constexpr std::uint64_t kRaw = 0x55;
    static constexpr std::uint64_t kDagPb = 0x70;
    static constexpr std::uint64_t kDagCbor = 0x71;

    int version = 1; // 0 only with kDagPb and SHA-256
    std::uint64_t codec = kRaw;
    QByteArray multihash;

    static Cid ofSha256(std::uint64_t codec, const Sha256 &digest, int version = 1);
    // All of `bytes` must be one CID.
    static std::optional<Cid> fromBytes(ByteView bytes);
    // base58btc for version 0 ("Qm…"); for version 1 any of base32, base58btc, base36, base16, base64, base64url with
    // its prefix. Surrounding text such as "ipfs://" is the caller's business.
    static std::optional<Cid> parse(QStringView text);

    QByteArray bytes() const;
    // "bafy…" for version 1, "Qm…" for version 0.
    QString toString() const;
    // The digest if the hash is SHA-256.
    std::optional<Sha256> sha256() const;

    friend bool operator==(const Cid &a, const Cid &b) { return a.codec == b.codec && a.multihash == b.multihash; }
};

// The other text forms of a version 1 CID, with their prefixes.
QString toBase58Text(const Cid &cid); // "z…"
QString toBase36Text(const Cid &cid); // "k…"

} // namespace mf
