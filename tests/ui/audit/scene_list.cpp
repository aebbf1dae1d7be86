// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/audit/scene_list.h"

#ifdef MF_SCENES_OF_common
#include "tests/ui/common/scenes.h"
#endif
#ifdef MF_SCENES_OF_models
#include "tests/ui/models/scenes.h"
#endif
#ifdef MF_SCENES_OF_store
#include "tests/ui/store/scenes.h"
#endif
#ifdef MF_SCENES_OF_transfers
#include "tests/ui/transfers/scenes.h"
#endif
#ifdef MF_SCENES_OF_storage
#include "tests/ui/storage/scenes.h"
#endif
#ifdef MF_SCENES_OF_activity
#include "tests/ui/activity/scenes.h"
#endif
#ifdef MF_SCENES_OF_setup
#include "tests/ui/setup/scenes.h"
#endif
#ifdef MF_SCENES_OF_window
#include "tests/ui/window/scenes.h"
#endif

namespace mf::ui {

std::vector<Scene> allScenes()
{
    std::vector<Scene> all;
    const auto add = [&all](std::vector<Scene> scenes) {
        for (Scene &scene : scenes)
            all.push_back(std::move(scene));
    };
#ifdef MF_SCENES_OF_common
    add(commonScenes());
#endif
#ifdef MF_SCENES_OF_models
    add(modelsScenes());
#endif
#ifdef MF_SCENES_OF_store
    add(storeScenes());
#endif
#ifdef MF_SCENES_OF_transfers
    add(transfersScenes());
#endif
#ifdef MF_SCENES_OF_storage
    add(storageScenes());
#endif
#ifdef MF_SCENES_OF_activity
    add(activityScenes());
#endif
#ifdef MF_SCENES_OF_setup
    add(setupScenes());
#endif
#ifdef MF_SCENES_OF_window
    add(windowScenes());
#endif
    return all;
}

} // namespace mf::ui
