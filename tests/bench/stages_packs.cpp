// SPDX-License-Identifier: GPL-3.0-or-later
// Sealing and opening, whole packs, parity and what is rebuilt from it.
#include "core/crypto/aead.h"
#include "core/crypto/sha256.h"
#include "core/packing/erasure.h"
#include "core/packing/pack.h"
#include "tests/bench/stages.h"

#include <isa-l/erasure_code.h>
#include <openssl/evp.h>

namespace mf::bench {
namespace {

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
        : data(chunksOf({}))
    {
        data.resize(static_cast<std::size_t>(k));
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

} // namespace

void addPackRows()
{
    using benchmark::RegisterBenchmark;
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
}

} // namespace mf::bench
