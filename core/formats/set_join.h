// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/set_traits.h"

namespace mf {

// Joins groups of one set whose parts lie in several folders (model_set.h, the last rule). A folder that is a model as
// a whole takes the others in, else the one with most of the parts does. Returns what belongs to no group any more:
// files beside the parts whose names are taken already.
std::vector<std::size_t> joinScattered(std::span<const SetFile> files, std::vector<SetDraft> &drafts);

} // namespace mf
