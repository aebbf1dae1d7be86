// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the cases of the contract are written with.

#include "core/providers/provider.h"
#include "tests/support/run_task.h"

#include <QRandomGenerator>
#include <QtTest>

namespace mf::contract {

inline BlobName named(const QString &text) { return BlobName(text); }

inline BlobName named(const char *text) { return BlobName(QString::fromLatin1(text)); }

// The same bytes for the same seed; all byte values.
inline QByteArray randomBytes(qsizetype size, quint32 seed)
{
    QByteArray bytes(size, Qt::Uninitialized);
    QRandomGenerator random(seed);
    for (char &byte : bytes)
        byte = static_cast<char>(random.generate());
    return bytes;
}

inline QStringList namesOf(Provider &provider, const QString &prefix)
{
    QStringList names;
    const auto blobs = runTask(listAll(provider, prefix));
    if (!blobs)
        return { QStringLiteral("failed: ") + blobs.error().message };
    for (const BlobInfo &blob : *blobs)
        names.append(blob.name.value);
    names.sort();
    return names;
}

} // namespace mf::contract

// For functions that return void and have a Provider &provider; a failure ends the case.
#define MF_PUT(blob, bytes)                                                                                            \
    do {                                                                                                               \
        const auto put = runTask(provider.put(blob, bytes));                                                           \
        QVERIFY2(put, put ? "" : qPrintable(put.error().message));                                                     \
        QCOMPARE(put->name, blob);                                                                                     \
        QCOMPARE(put->size, qint64((bytes).size()));                                                                   \
    } while (false)

#define MF_HOLDS(blob, bytes)                                                                                          \
    do {                                                                                                               \
        const auto held = runTask(provider.get(blob, Range()));                                                        \
        QVERIFY2(held, held ? "" : qPrintable(held.error().message));                                                  \
        QVERIFY(*held == (bytes));                                                                                     \
    } while (false)

#define MF_FAILS(task, expectedKind, expectedId)                                                                       \
    do {                                                                                                               \
        const auto failed = runTask(task);                                                                             \
        QVERIFY(!failed);                                                                                              \
        QCOMPARE(failed.error().kind, Error::Kind::expectedKind);                                                      \
        QCOMPARE(failed.error().id, QStringLiteral(expectedId));                                                       \
        QVERIFY(!failed.error().message.isEmpty());                                                                    \
    } while (false)
