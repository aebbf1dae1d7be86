// SPDX-License-Identifier: GPL-3.0-or-later
// The tar reader on any bytes. Its checksum would keep a fuzzer out: each block gets the right one.
#include "core/formats/tar.h"

#include <cstdio>
#include <cstdlib>
#include <numeric>

using namespace mf;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    std::vector<std::uint8_t> bytes(data, data + size);
    for (std::size_t at = 0; at + kTarBlock <= size; at += kTarBlock) {
        const auto block = MutableBytes(bytes).subspan(at, kTarBlock);
        if (block[0] == 0)
            continue; // content
        std::fill_n(block.begin() + 148, 8, ' ');
        const unsigned sum = std::accumulate(block.begin(), block.end(), 0U);
        char text[8] {};
        std::snprintf(text, sizeof text, "%06o", sum);
        std::copy_n(text, sizeof text, block.begin() + 148);
    }
    const MemorySource source { ByteView(bytes) };
    qint64 end = 0;
    for (const TarMember &member : readTar(source)) {
        if (member.offset < end + qint64(kTarBlock) || member.length <= 0
            || member.length > source.size() - member.offset)
            std::abort();
        end = member.offset + member.length;
    }
    return 0;
}
