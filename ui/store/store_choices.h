// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshots.h"

class QSettings;

namespace mf::ui {

// How to store, as far as it was said.
struct StoreChoices {
    std::optional<Protection> protection; // k = 0: as fits; nothing: by the table of ux.md 2.9
    std::vector<AccountId> accounts; // empty: all
    friend bool operator==(const StoreChoices &, const StoreChoices &) = default;
};

// "Remember these choices". Nothing: none are.
std::optional<StoreChoices> rememberedChoices(const QSettings &memory);
void rememberChoices(QSettings &memory, const StoreChoices &choices);
void forgetChoices(QSettings &memory);

} // namespace mf::ui
