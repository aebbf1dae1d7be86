// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/providers/provider.h"

#include <functional>
#include <vector>

namespace mf {

// What every Provider must do, one case for each promise of provider.h. A case gets an account
// that holds no blob; settle() lets the time of its listing lag pass. Called from a Qt Test
// function; a failure is reported there.
struct ContractCase {
    const char *name;
    void (*run)(Provider &provider, const std::function<void()> &settle);
};

const std::vector<ContractCase> &contractCases();

} // namespace mf
