// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/models/scenes.h"

#include "ui/models/models_page.h"
#include "ui/models/models_view.h"

#include <QLineEdit>
#include <QMenu>
#include <QTabWidget>
#include <QTreeView>

#include <algorithm>

namespace mf::ui {
namespace {

using Prepare = std::function<void(SceneDesk &)>;
using Then = std::function<void(SceneDesk &, ModelsPage &)>;

constexpr QSize kUsual(1180, 720);
constexpr QSize kSmall(720, 480);

Scene scene(const char *name, Prepare prepare, Then then, QSize size = kUsual)
{
    const auto make = [prepare = std::move(prepare), then = std::move(then)](SceneDesk &scene) {
        // What the window makes before its pages.
        scene.actions.add(QStringLiteral("store.open"), QStringLiteral("Models"), QStringLiteral("Store Model…"));
        if (prepare)
            prepare(scene);
        auto page = std::make_unique<ModelsPage>(scene.desk);
        if (then)
            then(scene, *page);
        return std::unique_ptr<QWidget>(std::move(page));
    };
    return Scene { QStringLiteral("models-") + QString::fromLatin1(name), make, size };
}

void choose(ModelsPage &page, const char *name) { page.reveal(QString::fromLatin1(name)); }

Then onTab(int tab, const char *model = "Qwen2.5-7B-Instruct")
{
    return [tab, model](SceneDesk &, ModelsPage &page) {
        choose(page, model);
        page.findChild<QTabWidget *>(QStringLiteral("models.tabs"))->setCurrentIndex(tab);
        if (auto *files = page.findChild<QTreeView *>(QStringLiteral("models.files")); files && tab == 3)
            files->setCurrentIndex(files->model()->index(1, 0));
    };
}

void addStates(SceneDesk &scene)
{
    ModelEntry once = scene.service.shownModels[1];
    once.id.bytes[0] = 100;
    once.name = QStringLiteral("TinyLlama-1.1B-Chat-v1.0");
    once.facts.format = QStringLiteral("safetensors");
    once.facts.quantization = QStringLiteral("BF16");
    once.state = ModelState::SingleCopy;
    once.protection = Protection(1, 0);
    once.spare = 0;
    once.tags = { QStringLiteral("chat"), QStringLiteral("small") };
    scene.service.shownModels.push_back(once);
    ModelEntry old = once;
    old.id.bytes[0] = 101;
    old.name
        = QStringLiteral("a model with a name so long that no column of any window on any screen could show all of it");
    old.state = ModelState::Unknown;
    old.protection = Protection(3, 2);
    old.proven = fakeNow().addDays(-41);
    scene.service.shownModels.push_back(old);
}

// As if the first account were gone, which takes something from every model.
Prepare losing(std::vector<ModelState> states)
{
    return [states = std::move(states)](SceneDesk &scene) {
        AccountLoss loss;
        loss.models = scene.service.shownModels;
        for (std::size_t i = 0; i < loss.models.size(); ++i) {
            ModelEntry &model = loss.models[i];
            if (model.state == ModelState::Storing)
                continue;
            model.state = states[i % states.size()];
            model.spare = model.state == ModelState::Reduced ? 1 : model.state == ModelState::AtRisk ? 0 : -3;
            std::fill(model.strip.begin(), model.strip.end(), static_cast<qint8>(model.spare));
            QStringList &names = model.state == ModelState::Reduced ? loss.reduced
                : model.state == ModelState::AtRisk                 ? loss.atRisk
                                                                    : loss.unreadable;
            names.append(model.name);
        }
        scene.service.shownLoss = loss;
    };
}

Then without(int tab)
{
    return [tab](SceneDesk &scene, ModelsPage &page) {
        onTab(tab)(scene, page);
        QMenu *menu = scene.actions[QStringLiteral("view.whatIf")]->menu();
        emit menu->aboutToShow();
        menu->actions().at(2)->trigger(); // the first account
    };
}

std::vector<Scene> whatIfScenes()
{
    using State = ModelState;
    const auto manyAccounts = [](SceneDesk &scene) {
        auto &map = scene.service.shownDetails.map;
        for (int i = 0; i < 12; ++i) {
            map.push_back(map.front());
            map.back().account = QStringLiteral("Bucket of project %1").arg(i + 1);
        }
    };
    return {
        scene("what-if", losing({ State::Reduced, State::AtRisk, State::Unreadable }), without(0)),
        scene("what-if-fragments", losing({ State::Reduced, State::AtRisk }), without(1)),
        scene(
            "what-if-harmless", [](SceneDesk &scene) { scene.service.shownLoss = {}; }, without(0)),
        scene(
            "what-if-waiting", [](SceneDesk &scene) { scene.service.answersNever = true; }, without(0)),
        scene(
            "what-if-failed",
            [](SceneDesk &scene) {
                scene.service.fails = Error(Error::Kind::Network, QStringLiteral("MF-ACCOUNT-AWAY"),
                    QStringLiteral("The library’s index could not be read. Try again."));
            },
            without(0)),
        scene("what-if-narrow", losing({ State::Reduced, State::AtRisk, State::Unreadable }), without(0), kSmall),
        scene("many-accounts", manyAccounts, onTab(0)),
        scene("fragments-many-accounts", manyAccounts, onTab(1)),
    };
}

std::vector<Scene> emptyScenes()
{
    return {
        scene("no-storage",
            [](SceneDesk &scene) {
                scene.service.shownModels.clear();
                scene.service.shownAccounts.clear();
                scene.service.shownIssues.clear();
            },
            {}),
        scene("no-models",
            [](SceneDesk &scene) {
                scene.service.shownModels.clear();
                scene.service.shownIssues.clear();
            },
            {}),
        scene("no-match", {},
            [](SceneDesk &, ModelsPage &page) { page.search()->setText(QStringLiteral("nothing like that")); }),
        scene(
            "opening",
            [](SceneDesk &scene) {
                scene.service.shownModels.clear();
                scene.service.shownIssues.clear();
                scene.service.shownState = Service::State::Opening;
            },
            [](SceneDesk &scene, ModelsPage &) { scene.clock.advance(std::chrono::milliseconds(400)); }),
        scene("failed",
            [](SceneDesk &scene) {
                scene.service.shownModels.clear();
                scene.service.shownIssues.clear();
                scene.service.shownState = Service::State::Failed;
                scene.service.shownFailure = Error(Error::Kind::Corrupt, QStringLiteral("MF-REGISTRY-CORRUPT"),
                    QStringLiteral("The catalogue file is damaged"));
            },
            {}),
    };
}

} // namespace

std::vector<Scene> modelsScenes()
{
    std::vector<Scene> scenes = {
        scene("full", {}, onTab(0)),
        scene("unreadable", {}, onTab(0, "Mistral-7B-Instruct-v0.3")),
        scene("nothing-chosen", [](SceneDesk &scene) { scene.service.shownIssues.clear(); }, {}),
        scene("fragments", {}, onTab(1)),
        scene("metadata", {}, onTab(2)),
        scene("files", {}, onTab(3)),
        scene("history", {}, onTab(4)),
        scene("several", {},
            [](SceneDesk &, ModelsPage &page) {
                page.findChild<QTreeView *>(QStringLiteral("models.list"))->selectAll();
            }),
        scene(
            "every-state", addStates, [](SceneDesk &, ModelsPage &page) { choose(page, "TinyLlama-1.1B-Chat-v1.0"); },
            QSize(1400, 800)),
        scene("by-account",
            [](SceneDesk &scene) {
                addStates(scene);
                scene.memory.setValue(QStringLiteral("models/grouping"), 1);
            },
            {}),
        scene("all-columns", {},
            [](SceneDesk &, ModelsPage &page) {
                auto *view = page.findChild<ModelsView *>(QStringLiteral("models.list"));
                for (int column = 1; column < kModelColumns; ++column)
                    view->setColumnShown(static_cast<ModelColumn>(column), true);
            }),
        scene(
            "details-failed",
            [](SceneDesk &scene) {
                scene.service.fails = Error(Error::Kind::Network, QStringLiteral("MF-ACCOUNT-AWAY"),
                    QStringLiteral("The computer is offline. Connect it and try again."));
            },
            onTab(0)),
        scene(
            "details-waiting", [](SceneDesk &scene) { scene.service.answersNever = true; },
            [](SceneDesk &scene, ModelsPage &page) {
                choose(page, "Phi-3.5-mini-instruct");
                scene.clock.advance(std::chrono::milliseconds(400));
            }),
        scene("narrow", {}, onTab(0), kSmall),
        scene("trash", {},
            [](SceneDesk &scene, ModelsPage &) { scene.actions[QStringLiteral("view.trash")]->setChecked(true); }),
        scene(
            "trash-empty", [](SceneDesk &scene) { scene.service.shownTrash.clear(); },
            [](SceneDesk &scene, ModelsPage &) { scene.actions[QStringLiteral("view.trash")]->setChecked(true); }),
    };
    for (auto &some : { whatIfScenes(), emptyScenes() })
        scenes.insert(scenes.end(), some.begin(), some.end());
    return scenes;
}

} // namespace mf::ui
