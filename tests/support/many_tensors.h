// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/engine_fixture.h"

namespace mf {

// A file of many tensors, so that its list of chunks goes into leaves.
inline QByteArray manyTensors(int count, quint32 seed)
{
    constexpr int kTensor = 3'000;
    QByteArray header = "{";
    for (int i = 0; i < count; ++i) {
        if (i > 0)
            header += ',';
        header += QStringLiteral(R"("t%1":{"dtype":"U8","shape":[%2],"data_offsets":[%3,%4]})")
                      .arg(i)
                      .arg(kTensor)
                      .arg(i * kTensor)
                      .arg((i + 1) * kTensor)
                      .toLatin1();
    }
    header += '}';
    while (header.size() % 8 != 0)
        header += ' ';
    QByteArray bytes(8, '\0');
    for (int i = 0; i < 8; ++i)
        bytes[i] = static_cast<char>(static_cast<quint64>(header.size()) >> (8 * i));
    return bytes + header + randomBytes(qint64(count) * kTensor, seed);
}

} // namespace mf
