// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What a ModelFloat of a later version might have written.

#include "core/crypto/aead.h"
#include "core/crypto/sealed_object.h"
#include "core/crypto/sha256.h"
#include "core/distributor/objects/cbor.h"
#include "core/distributor/objects/segment.h"
#include "core/packing/fragment.h"

namespace mf {

// An object of version 2 that says nothing else.
inline QByteArray newerObject(const KeyRing &ring, QByteArrayView type)
{
    Cbor map = Cbor::object();
    map["v"] = 2U;
    const QByteArray plain = toCbor(map);
    const QByteArray sealed = sealObject(ring, type, ring.library().view(), viewOf(plain));
    return type == "library" ? ring.library().toByteArray() + sealed : sealed;
}

// The same fragment, its header of version 2.
inline QByteArray newerFragment(const KeyRing &ring, QByteArray blob)
{
    const SecretKey key = KeyRing::headerKey(ring.newest().master);
    const QByteArray aad = "mf1 fragment";
    Aead::Nonce nonce;
    std::copy_n(viewOf(blob).begin(), nonce.size(), nonce.begin());
    QByteArray plain(kFragmentHeaderPlain, '\0');
    const ByteView head = viewOf(blob).first(std::size_t(kFragmentHeaderSize)).subspan(nonce.size());
    if (!Aead(key).open(nonce, viewOf(aad), head, mutableViewOf(plain)))
        qFatal("no fragment of this library");
    plain[4] = '\x02';
    const Sha256 mac = hmacSha256(key.view(), viewOf(plain));
    std::copy_n(mac.bytes.begin(), nonce.size(), nonce.begin());
    const MutableBytes out = mutableViewOf(blob);
    std::copy(nonce.begin(), nonce.end(), out.begin());
    Aead(key).seal(
        nonce, viewOf(aad), viewOf(plain), out.subspan(nonce.size(), std::size_t(kFragmentHeaderSize) - nonce.size()));
    return blob;
}

// The fragment of a pack of k = 1, the pack's footer of version 2.
inline QByteArray newerPack(const KeyRing &ring, const QByteArray &blob)
{
    const auto header = openFragmentHeader(ring, viewOf(blob));
    if (!header || header->k != 1)
        qFatal("no whole pack of this library");
    QByteArray data = blob.mid(kFragmentHeaderSize, header->dataLength);
    Aead aead(KeyRing::derive(ring.newest().master, header->salt, "pack", header->pack.view()).key);
    const Aead::Nonce nonce = Aead::counter((quint64(1) << 32) + 1);
    const QByteArray aad = "mf1 footer" + header->pack.toByteArray();
    const MutableBytes sealed = mutableViewOf(data).subspan(header->payloadLength - 32U, 32);
    QByteArray footer(16, '\0');
    if (!aead.open(nonce, viewOf(aad), sealed, mutableViewOf(footer)))
        qFatal("no footer");
    footer[12] = '\x02';
    aead.seal(nonce, viewOf(aad), viewOf(footer), sealed);
    return makeFragment(ring, *header, viewOf(data));
}

} // namespace mf
