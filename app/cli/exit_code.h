// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

namespace mf::cli {

// The exit status of the program: a contract with scripts (see --help).
enum class ExitCode {
    Done = 0,
    Failed = 1,
    Usage = 2,
    NotFound = 3,
    Reduced = 4, // readable, but below its protection
    Unreadable = 5, // cannot be read back
    SignIn = 6,
    NoRoom = 7, // or too few failure domains
    Interrupted = 130,
};

inline int number(ExitCode code) { return static_cast<int>(code); }

// By the id where that says more than the kind.
ExitCode exitCodeOf(const Error &error);

} // namespace mf::cli
