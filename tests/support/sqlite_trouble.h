// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mf {

// Steps of SQLite's statements that fail as if the disk could not be read or written, wherever the registry is just
// then; but for ROLLBACK, which needs no disk. Linking this puts our sqlite3_step() before the library's, for the whole
// program (which must export it: ENABLE_EXPORTS). Thread-safe.
class SqliteTrouble
{
public:
    // Counts steps from 1 on again. The one with this number fails, and with lasts all that follow; 0: none does.
    static void begin(int failing, bool lasts);
    // No step fails from now on; how many there were.
    static int end();
};

} // namespace mf
