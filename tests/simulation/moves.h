// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Moving fragments, on the real code: computers give accounts up at the same time, beside others that collect and
// store.

#include "tests/simulation/stage.h"

namespace mf::simulation {

struct MoveScene {
    enum class Plot {
        TwoCopies, // of one fragment, on two accounts; each computer gives one of them up
        TwoFragments, // of one pack, on two accounts; each computer gives one of them up
        IntoWhatGoes, // one gives up the account that holds all, the other one that it may move there
        BesideStoring, // one gives up an account; one removes the model and collects; one stores the same bytes
    };
    Plot plot = Plot::TwoCopies;
    std::chrono::hours lag { 0 }; // of half of the accounts
    bool doomedCounts = false; // a rule that is left out: what another computer has doomed counts as there
    int crashing = -1; // the computer that loses power once, and does everything again; -1: none
    int crashAfter = 0; // so many of its calls
};

int computersIn(MoveScene::Plot plot);

// One race of movers. In the end every model that was reported stored must be whole for every computer, also for one
// that knows nothing but the accounts; and it can lose as many accounts as was promised.
Outcome play(const MoveScene &scene, const Chooser &choose);

} // namespace mf::simulation
