// SPDX-License-Identifier: GPL-3.0-or-later
// Fragments from an account, and headers sealed by somebody who has the library's keys.
#include "core/crypto/aead.h"
#include "core/crypto/sha256.h"
#include "core/packing/fragment.h"

#include <algorithm>
#include <cstdlib>

using namespace mf;

namespace {
void require(bool condition)
{
    if (!condition)
        std::abort();
}

// The plain header's fields from the input, sealed as sealFragmentHeader does.
QByteArray sealed(const KeyRing &ring, ByteView input)
{
    std::array<std::uint8_t, kFragmentHeaderPlain> plain {};
    std::copy_n(input.begin(), std::min(input.size(), plain.size()), plain.begin());
    const SecretKey key = KeyRing::headerKey(ring.newest().master);
    const Sha256 mac = hmacSha256(key.view(), plain);
    Aead::Nonce nonce;
    std::copy_n(mac.bytes.begin(), nonce.size(), nonce.begin());
    QByteArray head(kFragmentHeaderSize, '\0');
    const MutableBytes out = mutableViewOf(head);
    std::copy(nonce.begin(), nonce.end(), out.begin());
    const QByteArray aad = "mf1 fragment";
    Aead(key).seal(nonce, viewOf(aad), plain, out.subspan(nonce.size()));
    return head;
}

void fuzzSealed(const KeyRing &ring, ByteView input)
{
    const QByteArray head = sealed(ring, input);
    const Result<FragmentHeader> header = openFragmentHeader(ring, viewOf(head));
    if (!header)
        return;
    require(header->k >= 1 && header->index < 255);
    require(header->payloadLength <= std::uint64_t(header->k) * header->dataLength);
    // What opens is sealed to the same bytes again.
    QByteArray again(kFragmentHeaderSize, '\0');
    sealFragmentHeader(ring, *header, mutableViewOf(again));
    require(again == head);
}

void fuzzBlocks(ByteView input)
{
    if (input.size() < 4)
        return;
    const std::size_t length = std::min<std::size_t>(loadLe<std::uint32_t>(input.data()), input.size() - 4);
    const ByteView data = input.subspan(4, length);
    const ByteView trailer = input.subspan(4 + length);
    for (const int block : damagedBlocks(data, trailer))
        require(block >= 0 && static_cast<std::size_t>(block) * kCrcBlock < data.size());
}

void fuzzSizes(ByteView input)
{
    if (input.size() < 10)
        return;
    const auto payload = static_cast<qint64>(loadLe<std::uint64_t>(input.data()) % (std::uint64_t(1) << 32));
    const int k = 1 + input[8] % 64;
    const int m = input[9] % 64;
    const PackShape shape = shapeFor(payload, k, m);
    require(shape.capacity() >= payload && shape.fragments == shape.k + m);
    require(fragmentDataCapacity(fragmentSize(payload)) == payload);
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const KeyRing ring { LibraryId(), SecretKey() };
    if (size == 0)
        return 0;
    const ByteView input(data + 1, size - 1);
    switch (data[0] % 4) {
    case 0:
        require(!openFragmentHeader(ring, input)); // nobody can have sealed it
        break;
    case 1:
        fuzzSealed(ring, input);
        break;
    case 2:
        fuzzBlocks(input);
        break;
    default:
        fuzzSizes(input);
    }
    return 0;
}
