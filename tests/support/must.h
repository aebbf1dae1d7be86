// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QtGlobal>

namespace mf {

// The value of what a test only needs and does not look at; ends the program, saying why, where there is none.
template <typename T> T must(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().message));
    return std::move(*result);
}

inline void must(const Result<> &result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().message));
}

} // namespace mf
