// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Short ways to call a codec in a test.

#include "core/packing/codec.h"
#include "tests/packing/sample_bytes.h"

#include <zstd.h>

namespace mf::sample {

inline QString idOf(const Result<> &result) { return result ? QString() : result.error().id; }

inline Encoded encoded(ChunkCodec &codec, const QByteArray &plain, ElementKind element)
{
    Result<Encoded> result = codec.encode(plain, element, true);
    if (!result)
        qFatal("encoding failed: %s", qPrintable(result.error().message));
    return *result;
}

// Decodes into `size` bytes; the bytes, or the error's id.
inline QByteArray decoded(ChunkCodec &codec, Codec number, const QByteArray &bytes, qsizetype size)
{
    QByteArray plain(size, '\xcc');
    const Result<> result = codec.decode(number, viewOf(bytes), mutableViewOf(plain));
    return result ? plain : result.error().id.toLatin1();
}

inline QByteArray zstdFrame(const QByteArray &plain)
{
    QByteArray frame(qsizetype(ZSTD_compressBound(size_t(plain.size()))), '\0');
    frame.truncate(
        qsizetype(ZSTD_compress(frame.data(), size_t(frame.size()), plain.constData(), size_t(plain.size()), 3)));
    return frame;
}

} // namespace mf::sample
