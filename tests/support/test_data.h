// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace mf {

// The absolute path of a file or folder below tests/data. Where the checkout lies is known to this function alone: what
// the compiler is told of a test is the same in every checkout, so that ccache finds it.
QString testData(const QString &name);

} // namespace mf
