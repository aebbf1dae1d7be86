// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/program/program.h"

#include <functional>
#include <vector>

namespace mf {

// What the program does when test_kill kills it: one command, and the state of a library from which it has everything
// to do. All have a model named "model", which is the file m.bin in the program's folder.
struct KillScenario {
    QString name;
    std::function<void(const Program &)> prepare; // up to the command; ends the test run if it cannot
    QStringList command;
    int exitCode = 0; // of the command when nothing kills it
    bool mayBeDone = false; // given again after it was killed at its end it finds nothing to do, and says so by failing
    bool replaces = false; // it may write anew what an account has: what was damaged, or on its way when it was killed
    int spare = 1; // accounts that may vanish in the end
    std::function<void(const Program &)> after = {}; // what to do or to look at before everything is compared
};

std::vector<KillScenario> killScenarios();

// The test fails unless the program ends with this exit code.
Program::Run mustRun(const Program &program, const QStringList &words, int exitCode = 0);

} // namespace mf
