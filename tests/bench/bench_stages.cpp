// SPDX-License-Identifier: GPL-3.0-or-later
// Each stage of a store and a fetch alone, on one core, over 64 MiB of a model in chunks of 1 MiB: bytes of the model a
// second. "ours" is what ModelFloat calls; "library" beside it is the primitive below, called with nothing around it:
// their quotient is what our code costs. At the end, what a store and a fetch would take on both cores if they were
// nothing but these primitives.

#define ZSTD_STATIC_LINKING_ONLY // ZSTD_c_literalCompressionMode
#include "core/base/heap.h"
#include "core/crypto/aead.h"
#include "core/crypto/sha256_pieces.h"
#include "core/packing/erasure.h"
#include "core/packing/pack.h"
#include "core/providers/folder/folder.h"
#include "tests/support/run_task.h"
#include "tests/support/weights.h"

#include <benchmark/benchmark.h>
#include <isa-l/erasure_code.h>
#include <openssl/evp.h>
#include <zstd.h>

#include <QCoreApplication>
#include <QTemporaryDir>

#include <fcntl.h>
#include <unistd.h>

#include <cmath>
#include <map>

using namespace mf;

namespace {

constexpr std::size_t kChunk = Chunker::kTarget;
constexpr std::size_t kChunks = 64;
constexpr std::size_t kModel = kChunks * kChunk;

// What a chunk holds, and what the chunker calls it.
struct Content {
    WeightKind kind = WeightKind::Random;
    ElementKind element = ElementKind::Bytes;
};

const std::array<std::pair<const char *, Content>, 6> kContents { {
    { "BF16", { WeightKind::BF16, ElementKind::BF16 } },
    { "F16", { WeightKind::F16, ElementKind::FP16 } },
    { "F32", { WeightKind::F32, ElementKind::FP32 } },
    { "F8_E4M3", { WeightKind::F8E4M3, ElementKind::FP8 } },
    { "Q4_K", { WeightKind::Q4_K, ElementKind::Bytes } },
    { "random", { WeightKind::Random, ElementKind::Bytes } },
} };

std::vector<QByteArray> chunksOf(const Content &content)
{
    WeightSource source(content.kind, 0.02, 1);
    std::vector<QByteArray> chunks;
    for (std::size_t i = 0; i < kChunks; ++i) {
        QByteArray chunk(static_cast<qsizetype>(kChunk), '\0');
        const auto block = static_cast<std::size_t>(bytesInBlock(content.kind));
        source.fill(mutableViewOf(chunk).first(kChunk / block * block));
        chunks.push_back(chunk);
    }
    return chunks;
}

std::vector<ByteView> viewsOf(const std::vector<QByteArray> &chunks)
{
    std::vector<ByteView> views;
    for (const QByteArray &chunk : chunks)
        views.push_back(viewOf(chunk));
    return views;
}

void countModel(benchmark::State &state)
{
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kModel));
}

SecretKey someKey()
{
    std::array<std::uint8_t, 32> bytes;
    bytes.fill(7);
    return SecretKey(bytes);
}

template <typename T> T valueOf(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().message));
    return std::move(*result);
}

// ---- cutting

void cutOurs(benchmark::State &state)
{
    std::vector<QByteArray> chunks = chunksOf({});
    QByteArray whole;
    for (const QByteArray &chunk : chunks)
        whole += chunk;
    const SecretKey gear = someKey();
    for (auto _ : state) {
        Chunker chunker(whole.size(), {}, gear);
        while (!chunker.isDone())
            benchmark::DoNotOptimize(chunker.next(viewOf(whole).subspan(static_cast<std::size_t>(chunker.position()))));
    }
    countModel(state);
}

// ---- hashing

void hashOurs(benchmark::State &state, Sha256Engine engine)
{
    if (!isAvailable(engine)) {
        state.SkipWithError("this processor has no such engine");
        return;
    }
    const std::vector<QByteArray> chunks = chunksOf({});
    const std::vector<ByteView> views = viewsOf(chunks);
    std::vector<Sha256> digests(views.size());
    const auto atOnce = static_cast<std::size_t>(state.range(0));
    for (auto _ : state)
        for (std::size_t i = 0; i < views.size(); i += atOnce)
            sha256Many(std::span(views).subspan(i, atOnce), std::span(digests).subspan(i, atOnce), engine);
    countModel(state);
}

void hashLibrary(benchmark::State &state)
{
    const std::vector<QByteArray> chunks = chunksOf({});
    std::array<unsigned char, 32> digest;
    for (auto _ : state)
        for (const QByteArray &chunk : chunks)
            EVP_Digest(chunk.constData(), kChunk, digest.data(), nullptr, EVP_sha256(), nullptr);
    countModel(state);
}

// A file and its chunks, eight at once, as a store hashes them.
void hashFileAndChunks(benchmark::State &state, bool together)
{
    const std::vector<QByteArray> chunks = chunksOf({});
    const std::vector<ByteView> views = viewsOf(chunks);
    std::vector<Sha256> digests(views.size());
    constexpr std::size_t atOnce = 8;
    for (auto _ : state) {
        Sha256Pieces file(together);
        for (std::size_t i = 0; i < views.size(); i += atOnce)
            file.add(std::span(views).subspan(i, atOnce), std::span(digests).subspan(i, atOnce));
        benchmark::DoNotOptimize(file.finish());
    }
    countModel(state);
}

// ---- codecs

void encodeOurs(benchmark::State &state, const Content &content, bool verify)
{
    const std::vector<QByteArray> chunks = chunksOf(content);
    ChunkCodec codec;
    qsizetype kept = 0;
    for (auto _ : state) {
        kept = 0;
        for (const QByteArray &chunk : chunks)
            kept += valueOf(codec.encode(chunk, content.element, verify)).bytes.size();
    }
    countModel(state);
    state.counters["kept"] = double(kept) / double(kModel);
}

void decodeOurs(benchmark::State &state, const Content &content)
{
    ChunkCodec codec;
    std::vector<Encoded> encoded;
    for (const QByteArray &chunk : chunksOf(content))
        encoded.push_back(valueOf(codec.encode(chunk, content.element, false)));
    QByteArray plain(static_cast<qsizetype>(kChunk), '\0');
    for (auto _ : state)
        for (const Encoded &one : encoded)
            if (!codec.decode(one.codec, viewOf(one.bytes), mutableViewOf(plain)))
                qFatal("what was encoded does not decode");
    countModel(state);
}

// The high bytes of BF16, sign rotated away: the plane that zstd codes.
std::vector<QByteArray> highPlanes()
{
    std::vector<QByteArray> planes;
    QByteArray low(static_cast<qsizetype>(kChunk / 2), '\0');
    for (const QByteArray &chunk : chunksOf(kContents[0].second)) {
        QByteArray high(low.size(), '\0');
        planes::splitBF16(viewOf(chunk), mutableViewOf(high), mutableViewOf(low));
        planes.push_back(high);
    }
    return planes;
}

QByteArray frameOf(ZSTD_CCtx *context, const QByteArray &plane)
{
    QByteArray frame(static_cast<qsizetype>(ZSTD_compressBound(static_cast<std::size_t>(plane.size()))), '\0');
    frame.resize(static_cast<qsizetype>(ZSTD_compress2(context, frame.data(), static_cast<std::size_t>(frame.size()),
        plane.constData(), static_cast<std::size_t>(plane.size()))));
    return frame;
}

void zstdLibrary(benchmark::State &state, bool back)
{
    const std::vector<QByteArray> planes = highPlanes();
    ZSTD_CCtx *const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, ZSTD_minCLevel());
    ZSTD_CCtx_setParameter(context, ZSTD_c_literalCompressionMode, ZSTD_ps_enable);
    ZSTD_DCtx *const decoder = ZSTD_createDCtx();
    std::vector<QByteArray> frames;
    for (const QByteArray &plane : planes)
        frames.push_back(frameOf(context, plane));
    QByteArray out(static_cast<qsizetype>(ZSTD_compressBound(kChunk)), '\0');
    const auto room = static_cast<std::size_t>(out.size());
    for (auto _ : state) {
        for (std::size_t i = 0; i < planes.size(); ++i) {
            const QByteArray &in = back ? frames[i] : planes[i];
            const auto size = static_cast<std::size_t>(in.size());
            benchmark::DoNotOptimize(back ? ZSTD_decompressDCtx(decoder, out.data(), room, in.constData(), size)
                                          : ZSTD_compress2(context, out.data(), room, in.constData(), size));
        }
    }
    countModel(state);
    ZSTD_freeCCtx(context);
    ZSTD_freeDCtx(decoder);
}

// ---- sealing

void sealOurs(benchmark::State &state)
{
    const std::vector<QByteArray> chunks = chunksOf({});
    Aead aead(someKey());
    QByteArray sealed(static_cast<qsizetype>(kChunk + Aead::kTag), '\0');
    for (auto _ : state)
        for (std::size_t i = 0; i < chunks.size(); ++i)
            aead.seal(Aead::counter(i), {}, viewOf(chunks[i]), mutableViewOf(sealed));
    countModel(state);
}

void openOurs(benchmark::State &state)
{
    const std::vector<QByteArray> chunks = chunksOf({});
    Aead aead(someKey());
    std::vector<QByteArray> sealed;
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        sealed.emplace_back(static_cast<qsizetype>(kChunk + Aead::kTag), '\0');
        aead.seal(Aead::counter(i), {}, viewOf(chunks[i]), mutableViewOf(sealed.back()));
    }
    QByteArray plain(static_cast<qsizetype>(kChunk), '\0');
    for (auto _ : state)
        for (std::size_t i = 0; i < sealed.size(); ++i)
            if (!aead.open(Aead::counter(i), {}, viewOf(sealed[i]), mutableViewOf(plain)))
                qFatal("what was sealed does not open");
    countModel(state);
}

void sealLibrary(benchmark::State &state)
{
    const std::vector<QByteArray> chunks = chunksOf({});
    const std::array<unsigned char, 32> key {};
    const std::array<unsigned char, 12> nonce {};
    std::array<unsigned char, 16> tag;
    QByteArray sealed(static_cast<qsizetype>(kChunk), '\0');
    auto *const out = reinterpret_cast<unsigned char *>(sealed.data());
    EVP_CIPHER_CTX *const context = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nullptr, key.data(), nonce.data());
    int written = 0;
    for (auto _ : state) {
        for (const QByteArray &chunk : chunks) {
            EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, nonce.data());
            EVP_EncryptUpdate(context, out, &written, reinterpret_cast<const unsigned char *>(chunk.constData()),
                static_cast<int>(kChunk));
            EVP_EncryptFinal_ex(context, out, &written);
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, tag.data());
        }
    }
    countModel(state);
    EVP_CIPHER_CTX_free(context);
}

// A whole pack of raw chunks, 2 + 1: records sealed, directory, padding, parity, headers, trailers.
void packOurs(benchmark::State &state)
{
    LibraryId library;
    const KeyRing ring(library, someKey());
    const PackShape shape = fullShape(2, 1);
    const std::vector<QByteArray> chunks = chunksOf({});
    std::vector<Record> records;
    std::vector<QByteArray> encoded;
    for (const QByteArray &chunk : chunks) {
        Record record;
        record.hash = ChunkHash(sha256(viewOf(chunk)).view());
        record.plainLength = record.encodedLength = static_cast<std::uint32_t>(chunk.size());
        std::vector<Record> more = records;
        more.push_back(record);
        if (payloadLengthOf(more) > shape.capacity())
            break;
        records = std::move(more);
        encoded.push_back(chunk);
    }
    for (auto _ : state)
        benchmark::DoNotOptimize(sealPack(ring, {}, {}, shape, records, encoded));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(encoded.size() * kChunk));
}

// ---- erasure

// The model as k + m rows of 1 MiB: bytes of data a second.
struct Rows {
    Rows(int k, int m)
    {
        for (int i = 0; i < k; ++i)
            data.push_back(chunksOf({})[static_cast<std::size_t>(i)]);
        for (int i = 0; i < m; ++i)
            parity.emplace_back(static_cast<qsizetype>(kChunk), '\0');
        for (QByteArray &row : parity)
            out.push_back(mutableViewOf(row));
        in = viewsOf(data);
    }
    std::vector<QByteArray> data;
    std::vector<QByteArray> parity;
    std::vector<ByteView> in;
    std::vector<MutableBytes> out;
};

void countRows(benchmark::State &state, int k)
{
    state.SetBytesProcessed(state.iterations() * k * static_cast<std::int64_t>(kChunk));
}

void parityOurs(benchmark::State &state, int k, int m)
{
    Rows rows(k, m);
    for (auto _ : state)
        encodeParity(k, rows.in, k, rows.out);
    countRows(state, k);
}

void rebuildOurs(benchmark::State &state, int k, int m)
{
    Rows rows(k, m);
    encodeParity(k, rows.in, k, rows.out);
    std::vector<ErasureRow> have;
    for (int i = 1; i < k; ++i)
        have.emplace_back(i, rows.in[static_cast<std::size_t>(i)]);
    have.emplace_back(k, viewOf(rows.parity.front()));
    QByteArray wanted(static_cast<qsizetype>(kChunk), '\0');
    for (auto _ : state)
        if (!rebuildRow(k, have, 0, mutableViewOf(wanted)))
            qFatal("not rebuilt");
    countRows(state, k);
}

void parityLibrary(benchmark::State &state, int k, int m)
{
    Rows rows(k, m);
    std::vector<unsigned char> matrix(static_cast<std::size_t>((k + m) * k));
    std::vector<unsigned char> tables(static_cast<std::size_t>(32 * k * m));
    gf_gen_cauchy1_matrix(matrix.data(), k + m, k);
    ec_init_tables(k, m, matrix.data() + k * k, tables.data());
    std::vector<unsigned char *> in;
    std::vector<unsigned char *> out;
    for (QByteArray &row : rows.data)
        in.push_back(reinterpret_cast<unsigned char *>(row.data()));
    for (QByteArray &row : rows.parity)
        out.push_back(reinterpret_cast<unsigned char *>(row.data()));
    for (auto _ : state)
        ec_encode_data(static_cast<int>(kChunk), k, m, tables.data(), in.data(), out.data());
    countRows(state, k);
}

// ---- files, on TMPDIR

class BenchFile
{
public:
    BenchFile()
        : m_folder(QDir::tempPath() + QStringLiteral("/bench-XXXXXX"))
        , m_descriptor(::open(qPrintable(m_folder.filePath(QStringLiteral("file"))), O_RDWR | O_CREAT, 0600))
    {
        writeAll(); // so that its pages are there
    }
    ~BenchFile() { ::close(m_descriptor); }
    BenchFile(const BenchFile &) = delete;
    BenchFile &operator=(const BenchFile &) = delete;

    void writeAll()
    {
        for (std::size_t i = 0; i < kChunks; ++i)
            if (::pwrite(m_descriptor, m_chunk.constData(), kChunk, static_cast<off_t>(i * kChunk)) != ssize_t(kChunk))
                qFatal("cannot write below %s", qPrintable(QDir::tempPath()));
    }
    void readAll()
    {
        for (std::size_t i = 0; i < kChunks; ++i)
            if (::pread(m_descriptor, m_chunk.data(), kChunk, static_cast<off_t>(i * kChunk)) != ssize_t(kChunk))
                qFatal("cannot read below %s", qPrintable(QDir::tempPath()));
    }

private:
    QTemporaryDir m_folder;
    int m_descriptor;
    QByteArray m_chunk = QByteArray(static_cast<qsizetype>(kChunk), 'x');
};

void readLibrary(benchmark::State &state)
{
    BenchFile file;
    for (auto _ : state)
        file.readAll();
    countModel(state);
}

void writeLibrary(benchmark::State &state)
{
    BenchFile file;
    for (auto _ : state)
        file.writeAll();
    countModel(state);
}

// The model as fragments of 16 MiB in an account that is a folder: each is a file of new pages, synced, and given its
// name.
class BenchFolder
{
public:
    BenchFolder()
        : m_folder(QDir::tempPath() + QStringLiteral("/bench-XXXXXX"))
    {
        AccountSettings settings;
        settings.insert(QStringLiteral("path"), m_folder.filePath(QStringLiteral("account")));
        auto made = folderKind().make(ProviderContext { m_clock, m_io }, settings, SecretText(), true);
        require(made);
        m_provider = std::move(*made);
        putAll(); // so that its pages are there
    }
    void putAll()
    {
        for (int i = 0; i < kFragments; ++i)
            require(runTask(m_provider->put(nameOf(i), m_fragment)));
    }
    void getAll()
    {
        for (int i = 0; i < kFragments; ++i)
            require(runTask(m_provider->get(nameOf(i), Range())));
    }
    void removeAll()
    {
        for (int i = 0; i < kFragments; ++i)
            require(runTask(m_provider->remove(nameOf(i))));
    }

private:
    static constexpr std::size_t kFragment = std::size_t(16) << 20;
    static constexpr int kFragments = int(kModel / kFragment);
    template <typename T> static void require(const Result<T> &result)
    {
        if (!result)
            qFatal("below %s: %s", qPrintable(QDir::tempPath()), qPrintable(result.error().message));
    }
    static BlobName nameOf(int i) { return BlobName(QStringLiteral("f/00/") + QString(52, QChar(u'a' + i))); }

    QTemporaryDir m_folder;
    SystemClock m_clock;
    Pool m_io { 1 };
    std::unique_ptr<Provider> m_provider;
    QByteArray m_fragment = QByteArray(static_cast<qsizetype>(kFragment), 'x');
};

void folderWriteOurs(benchmark::State &state)
{
    BenchFolder folder;
    for (auto _ : state) {
        state.PauseTiming();
        folder.removeAll();
        state.ResumeTiming();
        folder.putAll();
    }
    countModel(state);
}

void folderReadOurs(benchmark::State &state)
{
    BenchFolder folder;
    for (auto _ : state)
        folder.getAll();
    countModel(state);
}

void registerAll()
{
    using benchmark::RegisterBenchmark;
    RegisterBenchmark("cut/ours", cutOurs);
    RegisterBenchmark("hash/ours/portable", hashOurs, Sha256Engine::Portable)->Arg(kChunks);
    RegisterBenchmark("hash/ours/SHA-NI", hashOurs, Sha256Engine::ShaNi)->Arg(4)->Arg(kChunks);
    RegisterBenchmark("hash/ours/AVX2", hashOurs, Sha256Engine::Avx2)->Arg(4)->Arg(kChunks);
    RegisterBenchmark("hash/ours/AVX-512", hashOurs, Sha256Engine::Avx512)->Arg(4)->Arg(kChunks);
    RegisterBenchmark("hash/library/one by one", hashLibrary);
    RegisterBenchmark("hash file and chunks/ours/together", hashFileAndChunks, true);
    RegisterBenchmark("hash file and chunks/ours/apart", hashFileAndChunks, false);
    for (const auto &[name, content] : kContents) {
        RegisterBenchmark((std::string("encode/ours/") + name).c_str(), encodeOurs, content, false);
        RegisterBenchmark((std::string("encode and verify/ours/") + name).c_str(), encodeOurs, content, true);
        RegisterBenchmark((std::string("decode/ours/") + name).c_str(), decodeOurs, content);
    }
    RegisterBenchmark("encode/library/BF16, its high plane", zstdLibrary, false);
    RegisterBenchmark("decode/library/BF16, its high plane", zstdLibrary, true);
    RegisterBenchmark("seal/ours", sealOurs);
    RegisterBenchmark("open/ours", openOurs);
    RegisterBenchmark("seal/library", sealLibrary);
    RegisterBenchmark("whole pack/ours/2+1", packOurs);
    for (const auto &[k, m] : { std::pair(2, 1), std::pair(4, 2), std::pair(5, 3) }) {
        const std::string shape = std::to_string(k) + '+' + std::to_string(m);
        RegisterBenchmark(("parity/ours/" + shape).c_str(), parityOurs, k, m);
        RegisterBenchmark(("parity/library/" + shape).c_str(), parityLibrary, k, m);
        RegisterBenchmark(("rebuild/ours/" + shape).c_str(), rebuildOurs, k, m);
    }
    RegisterBenchmark("folder read/ours", folderReadOurs)->UseRealTime();
    RegisterBenchmark("read/library", readLibrary);
    RegisterBenchmark("folder write/ours", folderWriteOurs)->UseRealTime();
    RegisterBenchmark("write/library", writeLibrary);
}

// ---- what it comes to

// Prints as ever, and remembers how long each row took.
class RememberingReporter : public benchmark::ConsoleReporter
{
public:
    using ConsoleReporter::ConsoleReporter;
    void ReportRuns(const std::vector<Run> &runs) override
    {
        for (const Run &run : runs) {
            const auto rate = run.counters.find("bytes_per_second");
            if (rate != run.counters.end())
                m_rates[run.benchmark_name()] = rate->second;
        }
        ConsoleReporter::ReportRuns(runs);
    }
    // Nanoseconds for a byte of the model; NaN if the row did not run.
    double costOf(const std::string &row) const
    {
        const auto rate = m_rates.find(row);
        return rate == m_rates.end() ? std::numeric_limits<double>::quiet_NaN() : 1e9 / rate->second;
    }

private:
    std::map<std::string, double> m_rates;
};

void printFloor(const char *what, double cost)
{
    if (!std::isnan(cost))
        std::printf("%-16s %.3f ns a byte: %.0f MB/s on two cores\n", what, cost, 2e3 / cost);
}

// 2 + 1 over three folders. kept: of a byte of the model, without parity.
void printFloors(const RememberingReporter &rows)
{
    const double chunks = std::min(rows.costOf("hash/ours/AVX-512/" + std::to_string(kChunks)),
        rows.costOf("hash/ours/SHA-NI/" + std::to_string(kChunks)));
    const double hashes = chunks + rows.costOf("hash/library/one by one"); // of chunks, and of the file
    const double read = rows.costOf("read/library");
    const double write = rows.costOf("write/library");
    const double seal = rows.costOf("seal/library");
    const double parity = rows.costOf("parity/library/2+1");
    const double encode = rows.costOf("encode/library/BF16, its high plane");
    const double decode = rows.costOf("decode/library/BF16, its high plane");
    constexpr double kept = 0.665; // BF16
    std::printf("\nnothing but the libraries' primitives:\n");
    printFloor("store, raw", read + hashes + seal + parity + 1.5 * write);
    printFloor("store, BF16", read + hashes + encode + decode + kept * (seal + parity + 1.5 * write));
    printFloor("fetch, raw", read + seal + hashes + write);
    printFloor("fetch, BF16", kept * (read + seal) + decode + hashes + write);
}

} // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): a tool: an exception ends it, and nobody calls it
int main(int argc, char **argv)
{
    keepHeapSmall();
    const QCoreApplication app(argc, argv);
    registerAll();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    RememberingReporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    printFloors(reporter);
    benchmark::Shutdown();
    return 0;
}
