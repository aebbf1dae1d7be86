// SPDX-License-Identifier: GPL-3.0-or-later
// The safetensors reader, and the readers of what lies beside the weights, on any bytes.
#include "core/formats/hub_files.h"
#include "core/formats/model_file.h"
#include "core/formats/safetensors.h"

#include <cstdlib>

using namespace mf;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const ByteView bytes(data, size);
    const MemorySource source(bytes);
    if (const auto header = readSafetensors(source)) {
        qint64 end = header->dataStart;
        for (const auto &tensor : header->tensors) {
            if (tensor.length < 0 || tensor.offset != end)
                std::abort();
            end += tensor.length;
        }
        if (end != source.size())
            std::abort();
    }
    const auto file = readModelFile(source, QStringLiteral("x.safetensors"));
    for (const auto &region : file.regions) {
        if (region.block <= 0 || region.length <= 0 || region.offset + region.length > source.size())
            std::abort();
    }
    const QByteArray text = toByteArray(bytes);
    (void)readHubConfig(text);
    (void)licenseOfReadme(text);
    (void)chatTemplateOf(text);
    if (const auto names = readShardNames(text)) {
        for (const auto &name : *names) {
            if (name.contains(u'/') || name.contains(u'\\') || name.contains(QStringLiteral("..")) || name.isEmpty())
                std::abort();
        }
    }
    return 0;
}
