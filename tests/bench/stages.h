// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The rows of bench_stages, and what they measure over: 64 MiB of a model in chunks of 1 MiB.

#include "core/base/bytes.h"
#include "core/crypto/secret.h"
#include "core/packing/chunker.h"
#include "tests/support/weights.h"

#include <benchmark/benchmark.h>

#include <QByteArray>

#include <array>
#include <utility>
#include <vector>

namespace mf::bench {

inline constexpr std::size_t kChunk = Chunker::kTarget;
inline constexpr std::size_t kChunks = 64;
inline constexpr std::size_t kModel = kChunks * kChunk;

// What a chunk holds, and what the chunker calls it.
struct Content {
    WeightKind kind = WeightKind::Random;
    ElementKind element = ElementKind::Bytes;
};

inline constexpr std::array<std::pair<const char *, Content>, 6> kContents { {
    { "BF16", { WeightKind::BF16, ElementKind::BF16 } },
    { "F16", { WeightKind::F16, ElementKind::FP16 } },
    { "F32", { WeightKind::F32, ElementKind::FP32 } },
    { "F8_E4M3", { WeightKind::F8E4M3, ElementKind::FP8 } },
    { "Q4_K", { WeightKind::Q4_K, ElementKind::Bytes } },
    { "random", { WeightKind::Random, ElementKind::Bytes } },
} };

// The model: kChunks chunks, the same at each call.
std::vector<QByteArray> chunksOf(const Content &content);
std::vector<ByteView> viewsOf(const std::vector<QByteArray> &chunks);
SecretKey someKey();

// What a row says: bytes of the model a second.
void countModel(benchmark::State &state);

// Each registers the rows of its file; bench_stages shows them in this order.
void addChunkRows(); // cutting, hashing, codecs
void addPackRows(); // sealing, opening, whole packs, parity
void addFileRows(); // files and folders, on TMPDIR

} // namespace mf::bench
