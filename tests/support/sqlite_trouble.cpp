// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sqlite_trouble.h"

#include <dlfcn.h>
#include <sqlite3.h>

#include <atomic>
#include <cstring>

namespace mf {
namespace {

std::atomic<int> steps = 0;
std::atomic<int> failing = 0; // 0: none
std::atomic<bool> lasts = false;

} // namespace

void SqliteTrouble::begin(int number, bool isLasting)
{
    sqlite3_initialize(); // so that the program itself needs the library, and RTLD_NEXT finds it
    steps = 0;
    lasts = isLasting;
    failing = number;
}

int SqliteTrouble::end()
{
    failing = 0;
    return steps;
}

} // namespace mf

// NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): SQLite's names
extern "C" int sqlite3_step(sqlite3_stmt *statement)
{
    using Step = int (*)(sqlite3_stmt *);
    static const auto real = reinterpret_cast<Step>(dlsym(RTLD_NEXT, "sqlite3_step"));
    // What SQLite does inside of a step (its text index) asks sqlite3_reset() how it went, and would be deceived.
    static thread_local bool isInside = false;
    const char *const text = sqlite3_sql(statement);
    if (isInside || (text && std::strncmp(text, "ROLLBACK", 8) == 0))
        return real(statement);
    const int number = ++mf::steps;
    const int failing = mf::failing;
    if (failing > 0 && (number == failing || (mf::lasts && number > failing)))
        return SQLITE_IOERR;
    isInside = true;
    const int result = real(statement);
    isInside = false;
    return result;
}
