// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"
#include "core/distributor/shares.h"
#include "core/packing/fragment.h"

namespace mf {

// What an account answered when it was asked for a fragment.
enum class FragmentAnswer {
    Bytes, // some; whether they are the right ones is for the caller to find out
    Missing, // the account is there, the fragment is not
    Away, // nothing that could be believed: the account is not there, or did not answer
};

struct FragmentRead {
    FragmentPlace place;
    FragmentAnswer answer = FragmentAnswer::Away;
    QByteArray bytes;
    QString why; // where there are none
    bool isNewer = false; // probeFragment: isNewerFragment
};

// What an error of Provider::get says of the blob.
FragmentAnswer answerOf(const Error &error);

// Whole fragments of a pack, all at once. Accounts that were not verified in this run are not asked: Away. An account
// is believed that a fragment is missing only if its marker can still be read. shares: told what each of them gave.
Task<std::vector<FragmentRead>> readFragments(
    Engine &engine, Shares &shares, PackId pack, std::vector<FragmentPlace> places);

// Whether a newer ModelFloat wrote it: such a fragment is not damaged, and never replaced.
bool isNewerFragment(const Result<FragmentHeader> &header);
Error newerFragment(); // Unsupported "MF-LIBRARY-NEWER"

// A small read that tells whether the right fragment lies there: its header.
Task<FragmentRead> probeFragment(Engine &engine, PackId pack, FragmentPlace place);

} // namespace mf
