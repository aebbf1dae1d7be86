// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/store/scenes.h"

#include "ui/store/download_dialog.h"
#include "ui/store/drop_target.h"
#include "ui/store/protect_dialog.h"
#include "ui/store/protection_question.h"
#include "ui/store/store_dialog.h"

#include <QApplication>
#include <QDragEnterEvent>
#include <QLabel>
#include <QMimeData>
#include <QUrl>
#include <QVBoxLayout>

namespace mf::ui {
namespace {

using Made = std::unique_ptr<QWidget>;
const QStringList kPaths { QStringLiteral("/home/anna/Models") };
constexpr QSize kStoreSize(760, 640);
constexpr QSize kSmallSize(720, 480);

Made store(SceneDesk &desk, const QStringList &paths = kPaths)
{
    if (desk.service.shownPlan.protection == Protection(3, 1)) // three of the accounts take part
        desk.service.shownPlan.protection = Protection(2, 1);
    return Made(StoreDialog::open(desk.desk, nullptr, paths));
}

// What can be found of all kinds, one of each.
void findAllKinds(FakeService &service)
{
    FoundModel whole = service.shownFound[0];
    FoundModel known = service.shownFound[1];
    known.isKnown = true;
    FoundModel missing = known;
    missing.isKnown = false;
    missing.name = QStringLiteral("Llama-3.3-70B-Instruct");
    missing.paths = { "/home/anna/Llama-3.3-70B-Instruct" };
    missing.missing = { QStringLiteral("model-00003-of-00004.safetensors") };
    FoundModel locked = whole;
    locked.name = QStringLiteral("gemma-3-27b-it-Q8_0.gguf");
    locked.paths = { "/home/anna/gemma-3-27b-it-Q8_0.gguf" };
    locked.problem = QStringLiteral("cannot read /home/anna/gemma-3-27b-it-Q8_0.gguf: permission denied");
    locked.facts = ModelFacts();
    FoundModel pickle = whole;
    pickle.name = QStringLiteral("bert-base-uncased");
    pickle.paths = { "/home/anna/bert-base-uncased" };
    pickle.facts.format = QStringLiteral("pickle");
    pickle.facts.architecture = QStringLiteral("bert");
    pickle.facts.quantization = QStringLiteral("F32");
    pickle.facts.parameters = 110'000'000;
    pickle.bytes = 440'000'000;
    service.shownFound = { whole, known, missing, pickle, locked, service.shownFound[2] };
}

void onlyOne(FakeService &service) { service.shownFound.resize(1); }

Made noRoom(SceneDesk &desk)
{
    desk.service.shownPlan.fits = false;
    desk.service.shownPlan.lacking = 812'000'000;
    return store(desk);
}

Made advanced(SceneDesk &desk)
{
    Made dialog = store(desk);
    dialog->findChild<ProtectionQuestion *>()->setAdvanced(true);
    static_cast<StoreDialog &>(*dialog).controller().setAccounts(
        { desk.service.shownAccounts[0].id, desk.service.shownAccounts[2].id, desk.service.shownAccounts[4].id });
    static_cast<StoreDialog &>(*dialog).controller().setProtection(Protection(2, 1));
    desk.service.shownPlan.protection = Protection(2, 1);
    desk.clock.advance(std::chrono::seconds(1));
    return dialog;
}

Made unknownFails(SceneDesk &desk)
{
    desk.service.fails = Error(Error::Kind::NotFound, QStringLiteral("MF-SOURCE-GONE"),
        QStringLiteral("/media/stick/Models is not there any more; is the stick plugged in?"));
    return store(desk);
}

Made tooFew(SceneDesk &desk)
{
    Made dialog = store(desk);
    desk.service.fails = Error(Error::Kind::Invalid, QStringLiteral("MF-PLACE-DOMAINS"),
        QStringLiteral("to lose any 2 accounts takes 3 independent ones, and there are 2: add 1 more, or lose fewer"))
                             .offering(Error::Action::AddStorage);
    static_cast<StoreDialog &>(*dialog).controller().planAgain();
    return dialog;
}

Made download(SceneDesk &desk, const QString &name)
{
    desk.memory.setValue(QStringLiteral("download/folder"), QStringLiteral("/home/anna/Downloads"));
    return Made(DownloadDialog::open(desk.desk, nullptr, *desk.service.model(name)));
}

Made protect(SceneDesk &desk, const Protection &asked)
{
    auto *dialog = ProtectDialog::open(desk.desk, nullptr, *desk.service.model(QStringLiteral("Qwen2.5-7B-Instruct")));
    auto *question = dialog->findChild<ProtectionQuestion *>();
    question->setAdvanced(asked.k > 0);
    question->show(asked);
    emit question->chosen(asked);
    return Made(dialog);
}

Made overlay(const QStringList &paths)
{
    auto window = std::make_unique<QWidget>();
    auto *rows = new QVBoxLayout(window.get());
    auto *text = new QLabel(QStringLiteral("What the page shows stays to be seen a little."));
    rows->addWidget(text);
    rows->addStretch();
    window->resize(kSmallSize);
    window->show();
    new DropTarget(window.get());
    QMimeData data;
    QList<QUrl> urls;
    for (const QString &path : paths)
        urls.append(path.startsWith(u'/') ? QUrl::fromLocalFile(path) : QUrl(path));
    data.setUrls(urls);
    QDragEnterEvent enter(QPoint(9, 9), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(text, &enter);
    return window;
}

} // namespace

std::vector<Scene> storeScenes()
{
    const QString phi = QStringLiteral("Phi-3.5-mini-instruct");
    const QString models = QStringLiteral("/home/anna/Qwen2.5-3B-Instruct-Q6_K.gguf");
    return {
        { QStringLiteral("store-empty"), [](SceneDesk &desk) { return store(desk, {}); }, kStoreSize },
        { QStringLiteral("store-looking"),
            [](SceneDesk &desk) {
                desk.service.answersNever = true;
                return store(desk);
            },
            kStoreSize },
        { QStringLiteral("store-two-models"), [](SceneDesk &desk) { return store(desk); }, kStoreSize },
        { QStringLiteral("store-one-model"),
            [](SceneDesk &desk) {
                onlyOne(desk.service);
                return store(desk);
            },
            kStoreSize },
        { QStringLiteral("store-all-kinds"),
            [](SceneDesk &desk) {
                findAllKinds(desk.service);
                return store(desk);
            },
            kStoreSize },
        { QStringLiteral("store-no-room"), noRoom, kStoreSize },
        { QStringLiteral("store-advanced"), advanced, kStoreSize },
        { QStringLiteral("store-cannot-look"), unknownFails, kStoreSize },
        { QStringLiteral("store-too-few-accounts"), tooFew, kStoreSize },
        { QStringLiteral("store-no-accounts"),
            [](SceneDesk &desk) {
                desk.service.shownAccounts.clear();
                return store(desk);
            },
            kStoreSize },
        { QStringLiteral("store-narrow"), noRoom, kSmallSize },
        { QStringLiteral("download"), [phi](SceneDesk &desk) { return download(desk, phi); }, QSize(560, 340) },
        { QStringLiteral("download-no-room"),
            [phi](SceneDesk &desk) {
                desk.service.shownRoom = 1'000'000'000;
                return download(desk, phi);
            },
            QSize(560, 380) },
        { QStringLiteral("download-unreadable"),
            [](SceneDesk &desk) {
                desk.service.model(QStringLiteral("Mistral-7B-Instruct-v0.3"))->spare = -12;
                return download(desk, QStringLiteral("Mistral-7B-Instruct-v0.3"));
            },
            QSize(560, 420) },
        { QStringLiteral("protect-same"), [](SceneDesk &desk) { return protect(desk, Protection(0, 2)); },
            QSize(620, 340) },
        { QStringLiteral("protect-lower"), [](SceneDesk &desk) { return protect(desk, Protection(0, 1)); },
            QSize(620, 380) },
        { QStringLiteral("protect-other-pieces"), [](SceneDesk &desk) { return protect(desk, Protection(4, 1)); },
            QSize(620, 420) },
        { QStringLiteral("drop-models"),
            [models](
                SceneDesk &) { return overlay({ models, QStringLiteral("/home/anna/TinyLlama-1.1B.safetensors") }); },
            kSmallSize },
        { QStringLiteral("drop-folder"), [](SceneDesk &) { return overlay({ QStringLiteral("/home/anna/Models") }); },
            kSmallSize },
        { QStringLiteral("drop-refused"),
            [](SceneDesk &) { return overlay({ QStringLiteral("sftp://nas.example/models/x.gguf") }); }, kSmallSize },
    };
}

} // namespace mf::ui
