// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/registry_contradiction.h"

namespace mf {
namespace {

Error contradiction(const QString &what)
{
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-REGISTRY-CORRUPT"), what + QStringLiteral("; run `recover`"));
}

} // namespace

Error chunksDoNotAddUp(const QString &path)
{
    return contradiction(QStringLiteral("the registry’s list of chunks of %1 does not add up to its size").arg(path));
}

Error noSuchRecord()
{
    return contradiction(QStringLiteral("the registry names a record that its pack does not have"));
}

} // namespace mf
