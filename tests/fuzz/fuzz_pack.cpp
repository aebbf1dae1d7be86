// SPDX-License-Identifier: GPL-3.0-or-later
// Directories, codecs, and packs whose keys the attacker has: behind the authentication
// lie parsers too, and another computer of the library may be the hostile one.
#include "core/crypto/aead.h"
#include "core/packing/pack_layout.h"

#include <cstdlib>

using namespace mf;

namespace {
constexpr std::size_t kMostPlain = 1 << 16;

void require(bool condition)
{
    if (!condition)
        std::abort();
}

struct Library {
    KeyRing ring { LibraryId(), SecretKey() };
    PackId pack;
    std::array<std::uint8_t, 32> salt {};
    DerivedKey key = KeyRing::derive(ring.newest().master, salt, "pack", pack.view());
};

// What decodes encodes to the same bytes again: there is one way to write each directory.
void fuzzDirectory(ByteView input)
{
    const Result<std::vector<Record>> records = decodeDirectory(input);
    if (!records)
        return;
    require(records->size() <= kMaxRecords);
    require(encodeDirectory(*records) == toByteArray(input));
    require(payloadLengthOf(*records) >= static_cast<qint64>(input.size()));
}

// What is said of a pack: k u8, fragments u8, bytes of a fragment u32, payload u32 (0: what its records take),
// directory. Where it is possible every record and the directory lie within the fragments.
void fuzzLayout(ByteView input)
{
    if (input.size() < 10)
        return;
    const Result<std::vector<Record>> records = decodeDirectory(input.subspan(10));
    if (!records)
        return;
    const PackShape shape(input[0], input[1], loadLe<std::uint32_t>(input.data() + 2));
    const std::uint32_t said = loadLe<std::uint32_t>(input.data() + 6);
    const qint64 payload = said == 0 ? payloadLengthOf(*records) : said;
    if (!checkPackLayout(shape, payload, *records))
        return;
    require(shape.k >= 1 && shape.k <= shape.fragments && shape.dataLength > 0);
    require(shape.capacity() <= kLargestCapacity);
    require(recordOffset(*records, records->size()) + static_cast<qint64>(Aead::kTag) + kFooterSize <= payload);
    require(payload <= shape.capacity());
}

void fuzzCodec(ByteView input)
{
    static ChunkCodec codec;
    static std::vector<std::uint8_t> plain(kMostPlain);
    if (input.size() < 3)
        return;
    const std::size_t size = loadLe<std::uint16_t>(input.data() + 1);
    (void)codec.decode(static_cast<Codec>(input[0]), input.subspan(3), MutableBytes(plain).first(size));
}

// The same bytes as something to store: they come back.
void fuzzEncoding(ByteView input)
{
    static ChunkCodec codec;
    if (input.empty())
        return;
    const auto element = static_cast<ElementKind>(input[0] % 5);
    const Result<Encoded> encoded = codec.encode(toByteArray(input.subspan(1)), element, true);
    require(bool(encoded));
}

// A payload under the right keys: length of the directory u16, directory, footer, records.
void fuzzPayload(ByteView input)
{
    static const Library library;
    if (input.size() < 18)
        return;
    const std::size_t length = std::min<std::size_t>(loadLe<std::uint16_t>(input.data()), input.size() - 18);
    const ByteView footer = input.subspan(2, 16);
    const ByteView directory = input.subspan(18, length);
    QByteArray payload = toByteArray(input.subspan(18 + length));
    const qsizetype records = payload.size();
    payload.resize(records + static_cast<qsizetype>(length + 16 + 32));
    const MutableBytes out = mutableViewOf(payload).subspan(static_cast<std::size_t>(records));
    const QByteArray id = library.pack.toByteArray();
    const QByteArray directoryAad = "mf1 directory" + id;
    const QByteArray footerAad = "mf1 footer" + id;
    Aead aead(library.key.key);
    aead.seal(Aead::counter(kDirectoryNonce), viewOf(directoryAad), directory, out.first(length + 16));
    // Half of them with the right footer, so that directories are reached.
    std::array<std::uint8_t, 16> fields {};
    std::copy(footer.begin(), footer.end(), fields.begin());
    if (footer[15] % 2 == 0) {
        storeLe<std::uint32_t>(fields.data(), static_cast<std::uint32_t>(records));
        storeLe<std::uint32_t>(fields.data() + 4, static_cast<std::uint32_t>(length));
        storeLe<std::uint32_t>(fields.data() + 12, 1);
    }
    aead.seal(Aead::counter(kFooterNonce), viewOf(footerAad), fields, out.subspan(length + 16));

    PackOpener opener(library.ring, library.pack, library.salt, library.key.commitment);
    require(opener.isValid());
    const Result<std::vector<Record>> found = opener.readDirectory(viewOf(payload));
    if (!found)
        return;
    std::vector<std::uint8_t> plain;
    for (std::size_t r = 0; r < found->size(); ++r) {
        const Record &record = (*found)[r];
        const auto at = static_cast<std::size_t>(recordOffset(*found, r));
        plain.resize(record.plainLength);
        // Nobody sealed it: it must not open.
        const Result<> opened
            = opener.openRecord(r, record, viewOf(payload).subspan(at, record.encodedLength + Aead::kTag), plain);
        require(!opened && isZero(plain));
    }
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const ByteView input(data + 1, size - 1);
    switch (data[0] % 5) {
    case 0:
        fuzzDirectory(input);
        break;
    case 1:
        fuzzCodec(input);
        break;
    case 2:
        fuzzEncoding(input);
        break;
    case 3:
        fuzzPayload(input);
        break;
    default:
        fuzzLayout(input);
    }
    return 0;
}
