// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/test_data.h"

namespace mf {

QString testData(const QString &name) { return QStringLiteral(MF_TEST_DATA "/") + name; }

} // namespace mf
