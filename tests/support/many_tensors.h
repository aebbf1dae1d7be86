// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/engine_fixture.h"

#include <vector>

namespace mf {

// A safetensors file of tensors of so many bytes.
inline QByteArray tensorsOf(const std::vector<int> &sizes, quint32 seed)
{
    QByteArray header = "{";
    qint64 end = 0;
    for (const int size : sizes) {
        header += QStringLiteral(R"(%1"t%2":{"dtype":"U8","shape":[%3],"data_offsets":[%4,%5]})")
                      .arg(end > 0 ? QStringLiteral(",") : QString())
                      .arg(end)
                      .arg(size)
                      .arg(end)
                      .arg(end + size)
                      .toLatin1();
        end += size;
    }
    header += '}';
    while (header.size() % 8 != 0)
        header += ' ';
    QByteArray bytes(8, '\0');
    for (int i = 0; i < 8; ++i)
        bytes[i] = static_cast<char>(static_cast<quint64>(header.size()) >> (8 * i));
    return bytes + header + randomBytes(end, seed);
}

// So many that the list of the file's chunks goes into leaves.
inline QByteArray manyTensors(int count, quint32 seed)
{
    constexpr int kTensor = 3'000;
    return tensorsOf(std::vector<int>(static_cast<std::size_t>(count), kTensor), seed);
}

} // namespace mf
