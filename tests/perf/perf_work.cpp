// SPDX-License-Identifier: GPL-3.0-or-later
// Small fixed pieces of what the program does all day, for count.py: perf_work WORK TIMES does one so often, after
// preparing it once; without arguments the names are listed.
#include "core/crypto/aead.h"
#include "core/crypto/sha256.h"
#include "core/distributor/fetch.h"
#include "core/distributor/objects/manifest.h"
#include "core/distributor/store.h"
#include "core/packing/erasure.h"
#include "core/packing/pack.h"
#include "tests/registry/registry_fixture.h"
#include "tests/simulation/perform.h"
#include "tests/simulation/world.h"
#include "tests/support/weights.h"

#include <QCoreApplication>

#include <cstdio>
#include <cstdlib>

using namespace mf;

namespace {

constexpr qsizetype kChunk = Chunker::kTarget;
constexpr qsizetype kModel = 4 * kChunk;

QByteArray weights(WeightKind kind, qsizetype size)
{
    QByteArray bytes(size, '\0');
    const auto block = static_cast<std::size_t>(bytesInBlock(kind));
    WeightSource(kind, 0.02, 1).fill(mutableViewOf(bytes).first(static_cast<std::size_t>(size) / block * block));
    return bytes;
}

SecretKey someKey()
{
    std::array<std::uint8_t, 32> bytes;
    bytes.fill(7);
    return SecretKey(bytes);
}

void need(bool right, const char *what)
{
    if (!right)
        qFatal("%s", what);
}

void cut(int times)
{
    const QByteArray model = weights(WeightKind::Random, kModel);
    const SecretKey gear = someKey();
    for (int i = 0; i < times; ++i) {
        Chunker chunker(model.size(), {}, gear);
        while (!chunker.isDone())
            (void)chunker.next(viewOf(model).subspan(static_cast<std::size_t>(chunker.position())));
    }
}

void hash(int times)
{
    const std::vector<QByteArray> chunks(8, weights(WeightKind::Random, kChunk));
    std::vector<ByteView> views;
    for (const QByteArray &chunk : chunks)
        views.push_back(viewOf(chunk));
    std::vector<Sha256> digests(views.size());
    for (int i = 0; i < times; ++i)
        sha256Many(views, digests);
}

void encode(int times, WeightKind kind, ElementKind element)
{
    const QByteArray chunk = weights(kind, kChunk);
    ChunkCodec codec;
    for (int i = 0; i < times; ++i)
        need(bool(codec.encode(chunk, element, true)), "it cannot be encoded");
}

void decode(int times, WeightKind kind, ElementKind element)
{
    ChunkCodec codec;
    const auto encoded = codec.encode(weights(kind, kChunk), element, false);
    need(bool(encoded), "it cannot be encoded");
    QByteArray plain(kChunk, '\0');
    for (int i = 0; i < times; ++i)
        need(bool(codec.decode(encoded->codec, viewOf(encoded->bytes), mutableViewOf(plain))), "it does not decode");
}

// A whole pack of 2 + 1, sealed; and its records opened.
struct Pack {
    KeyRing ring { LibraryId(), someKey() };
    std::vector<Record> records;
    std::vector<QByteArray> encoded;

    Pack()
    {
        for (int i = 0; i < 4; ++i) {
            encoded.push_back(weights(WeightKind::Random, kChunk));
            Record record;
            record.hash = ChunkHash(sha256(viewOf(encoded.back())).view());
            record.plainLength = record.encodedLength = static_cast<std::uint32_t>(kChunk);
            records.push_back(record);
        }
    }
    SealedPack seal() const
    {
        return sealPack(ring, {}, {}, shapeFor(payloadLengthOf(records), 2, 1), records, encoded);
    }
};

void seal(int times)
{
    const Pack pack;
    for (int i = 0; i < times; ++i)
        need(pack.seal().blobs.size() == 3, "it was not sealed");
}

void open(int times)
{
    const Pack pack;
    Aead aead(someKey());
    QByteArray sealed(kChunk + Aead::kTag, '\0');
    aead.seal(Aead::counter(1), {}, viewOf(pack.encoded.front()), mutableViewOf(sealed));
    QByteArray plain(kChunk, '\0');
    for (int i = 0; i < times; ++i)
        need(aead.open(Aead::counter(1), {}, viewOf(sealed), mutableViewOf(plain)), "it does not open");
}

void rebuild(int times)
{
    const QByteArray first = weights(WeightKind::Random, kChunk);
    const QByteArray second = weights(WeightKind::BF16, kChunk);
    QByteArray parity(kChunk, '\0');
    const std::array<ByteView, 2> data { viewOf(first), viewOf(second) };
    const std::array<MutableBytes, 1> out { mutableViewOf(parity) };
    encodeParity(2, data, 2, out);
    const std::vector<ErasureRow> have { { 1, data[1] }, { 2, viewOf(parity) } };
    QByteArray wanted(kChunk, '\0');
    for (int i = 0; i < times; ++i)
        need(bool(rebuildRow(2, have, 0, mutableViewOf(wanted))), "it is not rebuilt");
}

void manifest(int times)
{
    Manifest manifest;
    manifest.revision = RegistryFixture::revisionRecord(1, 1, QStringLiteral("Model-8B-Instruct"));
    for (quint32 i = 0; i < 200; ++i) {
        ManifestFile file;
        file.file.path = QStringLiteral("model-%1.safetensors").arg(i);
        file.file.sha256 = sha256Of(file.file.path);
        file.pieces = QByteArray(1000, 'x');
        manifest.files.push_back(std::move(file));
        manifest.packs.push_back(idOf<PackId>(i));
    }
    for (int i = 0; i < times; ++i)
        need(!encodeManifest(manifest).isEmpty(), "it is empty");
}

// Packs of forty chunks written down, then asked for.
void registry(int times)
{
    RegistryFixture registry;
    const auto accounts = registry.addAccounts(3);
    constexpr quint32 kPacks = 20;
    constexpr quint32 kChunks = 40;
    for (quint32 i = 0; i < kPacks * static_cast<quint32>(times); ++i) {
        std::vector<quint32> chunks;
        for (quint32 c = 0; c < kChunks; ++c)
            chunks.push_back(i * kChunks + c);
        registry.complete(RegistryFixture::packOf(i, chunks, 2, accounts));
        for (const quint32 chunk : chunks)
            need(registry.find(chunk).has_value(), "a chunk is not found");
    }
}

// Whole stores and fetches, what lies between the stages, too: in a world of one thread and one seed, where the same
// chunks are cut and the same calls made each time.
void store(int times, bool fetches)
{
    using simulation::perform;
    const QByteArray model = weights(WeightKind::BF16, kModel);
    simulation::World world(1, std::vector<std::chrono::hours>(3), 1);
    simulation::Computer &computer = *world.computers.front();
    for (int i = 0; i < times; ++i) {
        const QString name = QStringLiteral("model%1").arg(i);
        QFile file(computer.path(name));
        // Another model each time, at no cost that counts.
        const qsizetype turn = qsizetype(i) * kChunk / 2;
        const QByteArray bytes = model.sliced(turn) + model.first(turn);
        need(file.open(QIODevice::WriteOnly) && file.write(bytes) == kModel && file.flush(), "it cannot be written");
        StoreRequest request;
        request.paths.push_back(QFile::encodeName(file.fileName()));
        request.name = name;
        request.protection = Protection(2, 1);
        const auto stored = computer.run(perform<Store>(computer.engine(), std::move(request)));
        need(stored && *stored, "it was not stored");
        if (!fetches)
            continue;
        FetchRequest back;
        back.model = name;
        back.to = QFile::encodeName(computer.path(QStringLiteral("back")));
        const auto fetched = computer.run(perform<Fetch>(computer.engine(), std::move(back)));
        need(fetched && *fetched, "it does not come back");
    }
}

const std::vector<std::pair<std::string, std::function<void(int)>>> &works()
{
    static const std::vector<std::pair<std::string, std::function<void(int)>>> all {
        { "cut", cut },
        { "hash", hash },
        { "encode-bf16", [](int times) { encode(times, WeightKind::BF16, ElementKind::BF16); } },
        { "encode-f32", [](int times) { encode(times, WeightKind::F32, ElementKind::FP32); } },
        { "encode-fp8", [](int times) { encode(times, WeightKind::F8E4M3, ElementKind::FP8); } },
        { "encode-random", [](int times) { encode(times, WeightKind::Random, ElementKind::Bytes); } },
        { "decode-bf16", [](int times) { decode(times, WeightKind::BF16, ElementKind::BF16); } },
        { "seal", seal },
        { "open", open },
        { "rebuild", rebuild },
        { "manifest", manifest },
        { "registry", registry },
        { "store", [](int times) { store(times, false); } },
        { "store-and-fetch", [](int times) { store(times, true); } },
    };
    return all;
}

} // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): a tool: an exception ends it, and nobody calls it
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    for (const auto &[name, run] : works()) {
        if (argc == 1)
            std::puts(name.c_str());
        if (argc == 3 && name == argv[1]) {
            run(std::atoi(argv[2]));
            return 0;
        }
    }
    return argc == 1 ? 0 : 2;
}
