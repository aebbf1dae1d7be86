// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Storing beside deleting, on the real code: computers store models whose bytes are in a pack already, others have
// removed the model that the pack came from, and collect.

#include "tests/simulation/stage.h"

namespace mf::simulation {

// A rule that is left out, to show what it is for.
enum class Planted {
    None,
    NoWait, // a doom is carried out at once
    PartialListing, // a log that lacks a segment is evidence for a deletion
    ForeignPardon, // a pardon of one doom is taken for a pardon of the others, too
    DoomedHit, // storing takes no notice of dooms
};

struct Scene {
    std::vector<std::chrono::hours> lags; // how late each account lists what was written
    int collectors = 1;
    int storers = 1; // they are the first computers
    Planted planted = Planted::None;
    bool isPartial = false; // collectors cannot list the log any more once it names what is stored
    bool areDoomsOut = false; // each collector has doomed the pack, before it could see that another did
    int crashing = -1; // the computer that loses power once, and does everything again; -1: none
    int crashAfter = 0; // so many of its calls
};

// One race from its beginning to the day when nothing is under way any more: then every model that was reported stored
// must be whole for every computer.
Outcome play(const Scene &scene, const Chooser &choose);

} // namespace mf::simulation
