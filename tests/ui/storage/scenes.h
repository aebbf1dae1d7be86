// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/audit/scene.h"

namespace mf::ui {

std::vector<Scene> storageScenes();

// A second kind of account, with every type of field.
Service::AccountKind signInKind(); // with fields of every type
Service::AccountKind s3Kind(); // the program's own
Service::AccountKind webDavKind(); // likewise
// An account that wants a new password, among those that are shown; its name.
QString addSignedOut(SceneDesk &scene);
// Adds an account that only another computer has; its name.
QString addElsewhere(SceneDesk &scene);

} // namespace mf::ui
