// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/stages.h"

namespace mf::bench {

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

SecretKey someKey()
{
    std::array<std::uint8_t, 32> bytes;
    bytes.fill(7);
    return SecretKey(bytes);
}

void countModel(benchmark::State &state)
{
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kModel));
}

} // namespace mf::bench
