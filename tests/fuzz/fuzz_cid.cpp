// SPDX-License-Identifier: GPL-3.0-or-later
// CIDs in any text, and from any bytes: what can be read can be written and read again.
#include "core/formats/cid.h"
#include "core/formats/model_name.h"

#include <cstdlib>

using namespace mf;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes = toByteArray({ data, size });
    const QString text = QString::fromUtf8(bytes);
    if (const auto cid = Cid::parse(text); cid && !(Cid::parse(cid->toString()) == cid))
        std::abort();
    if (const auto cid = Cid::fromBytes({ data, size }); cid && cid->bytes() != bytes)
        std::abort();
    const auto name = splitModelFileName(text);
    (void)nameOfPart(text, name.part);
    (void)modelFamily(name.extension, { name.stem, name.base });
    return 0;
}
