// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes are a manifest or an Error; what is taken for a manifest is written and read back the same, and none of
// its paths leaves a folder.
#include "core/base/path_text.h"
#include "core/distributor/objects/manifest.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace mf;
    const ByteView bytes(data, size);
    const auto manifest = decodeManifest(bytes);
    if (manifest) {
        for (const ManifestFile &file : manifest->files) {
            if (!checkRelativePath(file.file.path))
                std::abort();
        }
        const QByteArray written = encodeManifest(*manifest);
        const auto again = decodeManifest(viewOf(written));
        if (!again || again->files.size() != manifest->files.size() || encodeManifest(*again) != written)
            std::abort();
    }
    const auto pieces = parsePieces(bytes);
    if (pieces) {
        QByteArray written;
        for (const ContentPiece &piece : *pieces)
            appendPiece(written, piece);
        if (written != toByteArray(bytes))
            std::abort();
    }
    return 0;
}
