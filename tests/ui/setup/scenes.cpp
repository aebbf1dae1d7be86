// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/setup/scenes.h"

#include "ui/setup/kit_dialog.h"
#include "ui/setup/welcome_dialog.h"

#include <QLineEdit>
#include <QPushButton>

namespace mf::ui {
namespace {

constexpr QSize kDialog { 660, 480 };

void click(QWidget &dialog, const char *name) { dialog.findChild<QPushButton *>(QLatin1String(name))->click(); }

std::unique_ptr<QWidget> welcome(SceneDesk &scene)
{
    WelcomeDialog *dialog = WelcomeDialog::open(scene.desk, nullptr);
    dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    return std::unique_ptr<QWidget>(dialog);
}

void makeNew(SceneDesk &scene)
{
    scene.service.shownState = Service::State::None;
    scene.service.shownAccounts.clear();
    scene.service.shownModels.clear();
    scene.service.shownKitSaved = false;
}

std::unique_ptr<QWidget> words(SceneDesk &scene, int filled)
{
    makeNew(scene);
    auto dialog = welcome(scene);
    click(*dialog, "setup.recover");
    for (int i = 0; i < filled; ++i)
        dialog->findChild<QLineEdit *>(QStringLiteral("recover.word%1").arg(i + 1))
            ->insert(scene.service.shownWords[i]);
    return dialog;
}

std::unique_ptr<QWidget> library(SceneDesk &scene, bool look)
{
    scene.memory.setValue(QStringLiteral("setup/recovering"), true);
    auto dialog = welcome(scene);
    if (look)
        click(*dialog, "setup.primary");
    return dialog;
}

} // namespace

std::vector<Scene> setupScenes()
{
    return {
        { QStringLiteral("setup-welcome"),
            [](SceneDesk &scene) {
                makeNew(scene);
                return welcome(scene);
            },
            kDialog },
        { QStringLiteral("setup-kit"),
            [](SceneDesk &scene) {
                makeNew(scene);
                auto dialog = welcome(scene);
                click(*dialog, "setup.setUp");
                dialog->findChild<QLineEdit *>(QStringLiteral("kit.typed"))->setText(QStringLiteral("zebra"));
                return dialog;
            },
            kDialog },
        { QStringLiteral("setup-kit-saved"),
            [](SceneDesk &scene) {
                scene.service.shownKitSaved = false;
                scene.prompts.saveFile = QStringLiteral("/mnt/disk1/ModelFloat/ModelFloat recovery kit.txt");
                auto dialog = welcome(scene);
                click(*dialog, "kit.save");
                return dialog;
            },
            kDialog },
        { QStringLiteral("setup-kit-preparing"),
            [](SceneDesk &scene) {
                makeNew(scene);
                scene.service.answersNever = true;
                auto dialog = welcome(scene);
                click(*dialog, "setup.setUp");
                return dialog;
            },
            kDialog },
        { QStringLiteral("setup-kit-error"),
            [](SceneDesk &scene) {
                makeNew(scene);
                scene.service.fails = Error(Error::Kind::Unauthorised, QStringLiteral("MF-KEYCHAIN"),
                    QStringLiteral("the keychain of this computer did not take the key: unlock it"));
                auto dialog = welcome(scene);
                click(*dialog, "setup.setUp");
                return dialog;
            },
            kDialog },
        { QStringLiteral("setup-storage-empty"),
            [](SceneDesk &scene) {
                scene.service.shownAccounts.clear();
                return welcome(scene);
            },
            kDialog },
        { QStringLiteral("setup-storage"),
            [](SceneDesk &scene) {
                scene.service.shownAccounts.resize(2);
                return welcome(scene);
            },
            kDialog },
        { QStringLiteral("setup-storage-form"),
            [](SceneDesk &scene) {
                scene.service.shownAccounts.clear();
                auto dialog = welcome(scene);
                click(*dialog, "setup.addAccount");
                return dialog;
            },
            kDialog },
        { QStringLiteral("setup-done"),
            [](SceneDesk &scene) {
                auto dialog = welcome(scene);
                click(*dialog, "setup.primary");
                return dialog;
            },
            kDialog },
        { QStringLiteral("setup-words"), [](SceneDesk &scene) { return words(scene, 9); }, kDialog },
        { QStringLiteral("setup-words-error"),
            [](SceneDesk &scene) {
                auto dialog = words(scene, 24);
                Error wrong(Error::Kind::Invalid, QStringLiteral("MF-KIT-WORD"), QStringLiteral("word 7 is wrong"));
                wrong.parameters.insert(QStringLiteral("position"), QStringLiteral("7"));
                wrong.parameters.insert(QStringLiteral("near"), QStringLiteral("zebra"));
                scene.service.fails = wrong;
                click(*dialog, "setup.primary");
                return dialog;
            },
            kDialog },
        { QStringLiteral("setup-library"), [](SceneDesk &scene) { return library(scene, false); }, kDialog },
        { QStringLiteral("setup-library-looking"),
            [](SceneDesk &scene) {
                scene.service.answersNever = true;
                return library(scene, true);
            },
            kDialog },
        { QStringLiteral("setup-library-found"), [](SceneDesk &scene) { return library(scene, true); }, kDialog },
        { QStringLiteral("setup-library-error"),
            [](SceneDesk &scene) {
                scene.service.fails = Error(Error::Kind::NotFound, QStringLiteral("MF-LIBRARY-NOT-FOUND"),
                    QStringLiteral("there is no library on these accounts"));
                return library(scene, true);
            },
            kDialog },
        { QStringLiteral("kit-dialog"),
            [](SceneDesk &scene) {
                scene.service.shownKitSaved = false;
                KitDialog *dialog = KitDialog::open(scene.desk, nullptr);
                dialog->setAttribute(Qt::WA_DeleteOnClose, false);
                return std::unique_ptr<QWidget>(dialog);
            },
            { 640, 440 } },
    };
}

} // namespace mf::ui
