// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/window/scenes.h"

#include "ui/window/about_dialog.h"
#include "ui/window/main_window.h"
#include "ui/window/shortcut_sheet.h"

#include <QLineEdit>

#include <algorithm>
#include <memory>

namespace mf::ui {
namespace {

using Prepare = std::function<void(SceneDesk &)>;
using Then = std::function<void(MainWindow &)>;

constexpr QSize kUsual(1280, 740);
constexpr QSize kSmall(900, 600);
constexpr QSize kSmallest(720, 480);
constexpr QSize kWide(1720, 860);

std::unique_ptr<MainWindow> windowOf(SceneDesk &scene)
{
    return std::make_unique<MainWindow>(
        scene.service, scene.prompts, scene.memory, scene.clock, QStringLiteral("/nowhere"));
}

// page: its id; then: with the window as it was made.
Scene scene(const char *name, const char *page, QSize size, Prepare prepare = {}, Then then = {})
{
    const auto make = [page, prepare = std::move(prepare), then = std::move(then)](SceneDesk &scene) {
        scene.memory.setValue(QStringLiteral("window/page"), QString::fromLatin1(page));
        if (prepare)
            prepare(scene);
        auto window = windowOf(scene);
        if (then)
            then(*window);
        return std::unique_ptr<QWidget>(std::move(window));
    };
    return Scene { QStringLiteral("window-") + QString::fromLatin1(name), make, size };
}

void noIssues(SceneDesk &scene)
{
    for (ModelEntry &model : scene.service.shownModels) {
        model.state = ModelState::Safe;
        model.spare = model.protection.m;
        model.percent = -1;
        std::fill(model.strip.begin(), model.strip.end(), static_cast<qint8>(model.protection.m));
    }
    scene.service.shownTransfers.clear();
    scene.service.shownIssues.clear();
}

void noModels(SceneDesk &scene)
{
    noIssues(scene);
    scene.service.shownModels.clear();
}

void nothingAtAll(SceneDesk &scene)
{
    noModels(scene);
    scene.service.shownAccounts.clear();
    scene.service.shownTrash.clear();
    scene.service.shownHistory.clear();
}

void choose(MainWindow &window)
{
    for (Page *page : window.findChildren<Page *>())
        page->reveal(QStringLiteral("Qwen2.5-7B-Instruct"));
}

// The window that a dialog of it needs lives as long as the dialog does.
template <typename Dialog> Scene dialogScene(const char *name, QSize size, std::function<Dialog *(MainWindow &)> make)
{
    const auto made = [make = std::move(make)](SceneDesk &scene) {
        const std::shared_ptr<MainWindow> window = windowOf(scene);
        std::unique_ptr<QWidget> dialog(make(*window));
        QObject::connect(dialog.get(), &QObject::destroyed, [window] { });
        return dialog;
    };
    return Scene { QString::fromLatin1(name), made, size };
}

} // namespace

std::vector<Scene> windowScenes()
{
    return {
        scene("models", "models", kUsual, {}, choose),
        scene("models-small", "models", kSmall, {}, choose),
        scene("models-smallest", "models", kSmallest, {}, choose),
        scene("models-wide", "models", kWide, {}, choose),
        scene("transfers", "transfers", kUsual),
        scene("transfers-small", "transfers", kSmall),
        scene("transfers-smallest", "transfers", kSmallest),
        scene("storage", "storage", kUsual),
        scene("storage-small", "storage", kSmall),
        scene("storage-smallest", "storage", kSmallest),
        scene("activity", "activity", kUsual),
        scene("activity-small", "activity", kSmall),
        scene("activity-smallest", "activity", kSmallest),
        scene("calm", "models", kUsual, noIssues),
        scene("paused", "transfers", kUsual, [](SceneDesk &scene) { scene.service.shownPaused = true; }),
        scene("no-models", "models", kUsual, noModels),
        scene("no-models-smallest", "models", kSmallest, noModels),
        scene("nothing", "models", kSmall, nothingAtAll),
        scene("nothing-storage", "storage", kSmall, nothingAtAll),
        scene("nothing-activity", "activity", kSmall, nothingAtAll),
        dialogScene<AboutDialog>("about", QSize(460, 420), [](MainWindow &) { return new AboutDialog(nullptr); }),
        dialogScene<ShortcutSheet>("shortcuts", QSize(460, 560),
            [](MainWindow &window) { return new ShortcutSheet(window.actions(), nullptr); }),
        dialogScene<ShortcutSheet>("shortcuts-none", QSize(460, 560),
            [](MainWindow &window) {
                auto *sheet = new ShortcutSheet(window.actions(), nullptr);
                sheet->findChild<QLineEdit *>(QStringLiteral("shortcuts.search"))->setText(QStringLiteral("zzz"));
                return sheet;
            }),
    };
}

} // namespace mf::ui
