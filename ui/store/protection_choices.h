// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What a protection means, in words and numbers, for the dialogs that ask for one (ux.md 2.9).

#include "ui/common/snapshots.h"

namespace mf::ui {

// How many bytes leave for each byte stored. Precondition: k >= 1.
double overheadOf(const Protection &protection);
QString overheadWords(const Protection &protection); // "1.33 ×"

// "3 + 1 · takes 1.33 × · any one of these 4 accounts can disappear". resolved: with its k; accounts: that take part,
// 0: not said.
QString consequenceWords(const Protection &resolved, int accounts);

// "You have 5 accounts in 4 independent places"
QString accountsWords(const std::vector<AccountEntry> &accounts);

// What changing the protection of a model comes to.
struct ProtectionChange {
    Protection after; // with its k
    qint64 bytesBefore = 0; // on the accounts
    qint64 bytesAfter = 0;
    qint64 uploaded = 0; // about
    qint64 freed = 0; // in the end
    bool isSame = false;
    bool isLower = false; // fewer accounts may be lost than before
    int room = 0; // how many accounts could be lost at most with this many pieces
};
// asked: k = 0 keeps the model's number of pieces.
ProtectionChange changeOf(const ModelEntry &model, const Protection &asked, int domains);

} // namespace mf::ui
