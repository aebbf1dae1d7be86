// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the tests of the formats share.

#include "core/base/bytes.h"
#include "tests/support/test_data.h"

#include <QFile>
#include <QtTest>

#include <nlohmann/json.hpp>

namespace mf {

inline nlohmann::json vectorFile(const char *name)
{
    QFile file(testData(QStringLiteral("vectors/") + QString::fromUtf8(name)));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("the test vectors %s are missing", name);
    return nlohmann::json::parse(file.readAll().toStdString());
}

inline QByteArray hexOf(const nlohmann::json &text)
{
    return QByteArray::fromHex(QByteArray::fromStdString(text.get<std::string>()));
}

inline QString textOf(const nlohmann::json &text) { return QString::fromStdString(text.get<std::string>()); }

// Byte i = (i * 31 + 7) mod 251: the generator of the vectors.
inline QByteArray generated(qint64 from, qsizetype length)
{
    QByteArray bytes(length, Qt::Uninitialized);
    for (qsizetype i = 0; i < length; ++i)
        bytes[i] = static_cast<char>(static_cast<std::uint8_t>(((from + i) % 251 * 31 + 7) % 251));
    return bytes;
}

// Most address space that this process ever had, so that a test sees memory taken for a count that cannot be.
inline qint64 peakAddressSpace()
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const auto &line : file.readAll().split('\n')) {
        if (line.startsWith("VmPeak:"))
            return line.mid(7).simplified().split(' ').first().toLongLong() * 1024;
    }
    return 0;
}

} // namespace mf
