// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes that another computer sealed are an index object or an Error; what is taken for one describes packs that
// can be, and is written and read back the same.
#include "core/crypto/sealed_object.h"
#include "core/distributor/objects/index_object.h"
#include "core/packing/pack_layout.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace mf;
    static const KeyRing ring { LibraryId(), SecretKey() };
    const QByteArray sealed = sealObject(ring, "index", ring.library().view(), ByteView(data, size));
    const auto index = openIndex(ring, viewOf(sealed));
    if (!index)
        return 0;
    for (const PackRecord &pack : index->packs) {
        if (!checkPackLayout(pack.shape, pack.payloadLength, pack.records))
            std::abort();
    }
    const QByteArray written = sealIndex(ring, *index);
    const auto again = openIndex(ring, viewOf(written));
    if (!again || again->packs.size() != index->packs.size() || again->supersedes != index->supersedes)
        std::abort();
    return 0;
}
