// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mf {

// Which of several transfers goes first.
enum class TransferPriority { High, Normal, Low };

} // namespace mf
