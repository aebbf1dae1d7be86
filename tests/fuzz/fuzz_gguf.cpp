// SPDX-License-Identifier: GPL-3.0-or-later
// The GGUF reader on any bytes. The first byte says how much longer than the bytes the file claims to be.
#include "core/formats/gguf.h"
#include "core/formats/model_file.h"

#include <cstdlib>

using namespace mf;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    const ByteView head(data + 1, size - 1);
    const qint64 claimed = static_cast<qint64>(head.size()) + (qint64 { data[0] } << (data[0] & 31));
    const MemorySource source(head, claimed);
    if (const auto header = readGguf(source)) {
        qint64 end = 0;
        for (const auto &tensor : header->tensors) {
            if (tensor.length < 0 || tensor.offset < end || tensor.elements < 0)
                std::abort();
            end = tensor.offset + tensor.length;
        }
        if (!header->tensors.empty() && end > 0 && header->dataEnd > claimed)
            std::abort();
        for (const auto &entry : header->entries) {
            if (entry.type == GgufType::Array)
                (void)readGgufArray(source, entry, entry.count / 2, 3);
        }
    }
    const auto file = readModelFile(source, QStringLiteral("x.gguf"));
    for (const auto &region : file.regions) {
        if (region.block <= 0 || region.length <= 0 || region.length % region.block != 0
            || region.offset + region.length > claimed)
            std::abort();
    }
    return 0;
}
