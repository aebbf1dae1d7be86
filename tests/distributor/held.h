// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the tests of the holding folder look at.

#include "core/distributor/check.h"
#include "tests/support/engine_fixture.h"

#include <QDirIterator>

namespace mf {

inline const Holding::Limits kRoomy { 1'000'000'000, 0 };
inline const QString kModel = QStringLiteral("m");

inline QStringList heldFiles(const EngineFixture &fixture)
{
    QStringList files;
    for (const char *part : { "f", "meta" }) {
        QDirIterator it(
            fixture.path(QStringLiteral("holding/") + QLatin1String(part)), QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext())
            files << it.next();
    }
    return files;
}

inline qint64 heldBytes(const EngineFixture &fixture)
{
    qint64 bytes = 0;
    for (const QString &file : heldFiles(fixture))
        bytes += QFileInfo(file).size();
    return bytes;
}

// From now on these calls fail on every account.
inline void cutOff(EngineFixture &fixture, FaultyProvider::Method method, const QString &names)
{
    const Error error(Error::Kind::Network, QStringLiteral("MF-NET"), QStringLiteral("cut off"));
    for (int i = 0; i < fixture.accounts(); ++i)
        fixture.place(i).faulty->on(method).named(names).always().error(error);
}

inline QString why(const Error &error) { return error.id + QStringLiteral(": ") + error.message; }
template <typename T> QByteArray said(const Result<T> &result)
{
    return result ? QByteArray() : why(result.error()).toUtf8();
}

inline RevisionRecord current(EngineFixture &fixture, const QString &name = kModel)
{
    const auto revision = runTask(fixture.engine().registry.revision(name, 0));
    return revision ? *revision : RevisionRecord();
}

inline ModelHealth healthOf(EngineFixture &fixture, const QString &name = kModel)
{
    const auto health = runTask(modelHealth(fixture.engine(), current(fixture, name)));
    return health ? *health : ModelHealth();
}

inline int fragmentsOn(EngineFixture &fixture, int account)
{
    return static_cast<int>(fixture.place(account).memory->names().filter(QStringLiteral("f/")).size());
}

inline bool comesBack(EngineFixture &fixture, const QByteArray &bytes, const QString &to, const QString &model = kModel)
{
    const auto fetched = fixture.fetch(model, to);
    if (!fetched)
        qWarning("%s", said(fetched).constData());
    return fetched && readFile(fixture.path(to + u'/' + kModel)) == bytes;
}

} // namespace mf
