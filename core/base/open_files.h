// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mf {

// Lets the process have as many open files as it may, at most 65,536. The usual 1,024 are meant for programs that call
// select(), which knows no more. First in main().
void allowManyOpenFiles();

} // namespace mf
