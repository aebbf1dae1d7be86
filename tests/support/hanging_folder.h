// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace mf {

// A disk that stops answering: in a program that links this, open() of one folder, with which every operation of its
// account begins, does not come back until the disk answers again. Thread-safe.
namespace hanging {

void begin(const QString &folder);
void end();
int calls(); // that hang now

} // namespace hanging

} // namespace mf
