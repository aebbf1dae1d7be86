// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

#include <QStringList>

namespace mf {

// What a computer lists.
inline QStringList modelNames(Engine &engine)
{
    QStringList names;
    for (const RevisionRecord &model : must(runTask(engine.registry.models(QString()))))
        names.append(model.name);
    return names;
}

} // namespace mf
