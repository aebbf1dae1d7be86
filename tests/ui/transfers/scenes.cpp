// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/transfers/scenes.h"

#include "ui/transfers/limits_popup.h"
#include "ui/transfers/speed_panel.h"
#include "ui/transfers/transfer_status.h"
#include "ui/transfers/transfer_view.h"
#include "ui/transfers/transfers_page.h"

#include <QLineEdit>
#include <QTabBar>

#include <cmath>

namespace mf::ui {
namespace {

constexpr QSize kUsual(980, 640);

using Change = std::function<void(FakeService &)>;
using Touch = std::function<void(TransfersPage &)>;

Scene page(const char *name, Change change, Touch touch = {}, QSize size = kUsual)
{
    const auto make = [change, touch](SceneDesk &desk) -> std::unique_ptr<QWidget> {
        if (change)
            change(desk.service);
        auto made = std::make_unique<TransfersPage>(desk.desk);
        if (touch)
            touch(*made);
        return made;
    };
    return { QLatin1StringView(name), make, size };
}

void select(TransfersPage &shown, int row)
{
    auto *list = shown.findChild<TransferView *>();
    list->setCurrentIndex(list->model()->index(row, 0));
}

void selectAccount(TransfersPage &shown, int row, int account)
{
    auto *list = shown.findChild<TransferView *>();
    list->setCurrentIndex(list->model()->index(account, 0, list->model()->index(row, 0)));
}

// Each priority, and a store whose accounts do whatever an account can do.
void prioritiesAndAccounts(FakeService &service)
{
    using Doing = AccountShare::Doing;
    service.setPriority(4, TransferPriority::High);
    service.setPriority(3, TransferPriority::Low);
    service.setRateLimit(3, 500'000);
    std::vector<ShareEntry> &shares = service.transfer(1)->shares;
    ShareEntry idle = shares.front();
    idle.name = QStringLiteral("Idle disk in the cellar with a name that is longer than there is room for");
    idle.doing = Doing::Nothing;
    idle.planned = 0;
    idle.bytesPerSecond = 0;
    ShareEntry both = shares.front();
    both.name = QStringLiteral("Mirror");
    both.planned = 0;
    both.received = both.sent / 3;
    shares.insert(shares.begin() + 3, { idle, both });
    for (ShareEntry &share : service.transfer(2)->shares)
        share.bytesPerSecond = share.doing == Doing::Receiving ? 1.2e6 : 0;
    service.transfer(2)->state = TransferEntry::State::Paused;
}

void openTab(TransfersPage &shown, TransferTab tab)
{
    shown.findChild<QTabBar *>()->setCurrentIndex(static_cast<int>(tab));
}

void endAll(FakeService &service)
{
    for (TransferEntry &transfer : service.shownTransfers)
        transfer.state = TransferEntry::State::Done;
}

// What every kind and state looks like, and what is longer than a row.
void everything(FakeService &service)
{
    using Kind = TransferEntry::Kind;
    using Stage = TransferEntry::State;
    std::vector<TransferEntry> &all = service.shownTransfers;
    TransferEntry one = all.front();
    for (const Kind kind : { Kind::Check, Kind::Protect, Kind::Collect, Kind::MoveAway }) {
        one.id = static_cast<TransferId>(all.size()) + 50;
        one.kind = kind;
        one.name = kind == Kind::MoveAway ? QStringLiteral("Backup stick")
            : kind == Kind::Protect       ? QStringLiteral("Phi-3.5-mini-instruct")
                                          : QString();
        one.state = kind == Kind::Collect ? Stage::Paused : Stage::Running;
        all.insert(all.begin() + 1, one);
    }
    TransferEntry &waiting = *service.transfer(3);
    waiting.error = Error(Error::Kind::Quota, QStringLiteral("MF-ROOM-NONE"),
        QStringLiteral("too little room: 3.4 GB is missing on Archive disk, Desk drive and Second disk together; free "
                       "some there, or add storage"));
    waiting.error->actions = { Error::Action::AddStorage };
    one = *service.transfer(6);
    one.id = 70;
    one.kind = Kind::Fetch;
    one.name = QStringLiteral("Qwen2.5-7B-Instruct");
    one.folder = QStringLiteral("/home/anna/models");
    one.outcome.clear();
    all.push_back(one);
    one.id = 71;
    one.state = Stage::Cancelled;
    all.push_back(one);
    one.id = 72;
    one.kind = Kind::Repair;
    one.state = Stage::Done;
    one.isWarning = true;
    one.outcome = QStringLiteral("3 fragments rebuilt, 9 could not be");
    all.push_back(one);
}

void drawGraph(TransfersPage &shown, FakeService &service)
{
    auto *panel = shown.findChild<SpeedPanel *>();
    for (int i = 0; i < 280; ++i) {
        service.shownTransfers[0].bytesPerSecond = 2.4e6 + 0.9e6 * std::sin(i / 9.0) + 3e5 * ((i * 7) % 5);
        service.shownTransfers[1].bytesPerSecond = i < 90 ? 0 : 1.1e6 + 4e5 * std::cos(i / 14.0);
        panel->sample();
    }
    panel->setOpen(true);
}

} // namespace

std::vector<Scene> transfersScenes()
{
    std::vector<Scene> scenes;
    scenes.push_back(page("transfers-full", {}));
    scenes.push_back(page("transfers-every-kind", everything));
    scenes.push_back(page("transfers-selected-waiting", everything, [](TransfersPage &shown) { select(shown, 6); }));
    scenes.push_back(
        page("transfers-narrow", everything, [](TransfersPage &shown) { select(shown, 0); }, { 660, 430 }));
    scenes.push_back(page("transfers-accounts", prioritiesAndAccounts, [](TransfersPage &shown) {
        auto *list = shown.findChild<TransferView *>();
        list->expand(list->model()->index(2, 0)); // it is paused
        selectAccount(shown, 1, 5);
    }));
    scenes.push_back(page("transfers-accounts-narrow", prioritiesAndAccounts,
        [](TransfersPage &shown) { selectAccount(shown, 1, 1); }, { 660, 430 }));
    scenes.push_back(page("transfers-folded", prioritiesAndAccounts,
        [](TransfersPage &shown) { shown.findChild<TransferView *>()->collapseAll(); }));
    scenes.push_back(page("transfers-empty", [](FakeService &service) { service.shownTransfers.clear(); }));
    scenes.push_back(
        page("transfers-none-failed", endAll, [](TransfersPage &shown) { openTab(shown, TransferTab::Failed); }));
    scenes.push_back(
        page("transfers-none-active", endAll, [](TransfersPage &shown) { openTab(shown, TransferTab::Active); }));
    scenes.push_back(page("transfers-no-match", {},
        [](TransfersPage &shown) { shown.search()->setText(QStringLiteral("nothing like it")); }));
    scenes.push_back(page("transfers-loading", [](FakeService &service) {
        service.shownTransfers.clear();
        service.shownState = Service::State::Opening;
    }));
    scenes.push_back(page("transfers-paused", [](FakeService &service) {
        service.shownPaused = true;
        for (TransferEntry &transfer : service.shownTransfers) {
            if (transfer.state == TransferEntry::State::Running)
                transfer.state = TransferEntry::State::Paused;
        }
    }));
    scenes.push_back(page("transfers-error", [](FakeService &service) {
        service.shownState = Service::State::Failed;
        service.shownFailure = Error(Error::Kind::Corrupt, QStringLiteral("MF-REGISTRY-CORRUPT"),
            QStringLiteral("The catalogue of this computer is damaged."));
    }));
    scenes.push_back(page("transfers-hundred", [](FakeService &service) { service.fillMany(6, 100); }));
    Scene graph;
    graph.name = QStringLiteral("transfers-graph");
    graph.size = kUsual;
    graph.make = [](SceneDesk &desk) -> std::unique_ptr<QWidget> {
        auto made = std::make_unique<TransfersPage>(desk.desk);
        drawGraph(*made, desk.service);
        return made;
    };
    scenes.push_back(std::move(graph));
    Scene status;
    status.name = QStringLiteral("transfers-status-bar");
    status.size = { 640, 32 };
    status.make = [](SceneDesk &desk) -> std::unique_ptr<QWidget> {
        desk.service.shownLimits = { 500'000, 2'000'000 };
        const auto owner = new TransfersPage(desk.desk, &desk.window); // the actions
        owner->hide();
        return std::make_unique<TransferStatus>(desk.desk);
    };
    scenes.push_back(std::move(status));
    Scene limits;
    limits.name = QStringLiteral("transfers-limits");
    limits.size = { 400, 140 };
    limits.make = [](SceneDesk &desk) -> std::unique_ptr<QWidget> {
        desk.service.shownLimits = { 500'000, 0 };
        return std::make_unique<LimitsPopup>(desk.service);
    };
    scenes.push_back(std::move(limits));
    Scene limit;
    limit.name = QStringLiteral("transfers-limit-of-one");
    limit.size = { 440, 150 };
    limit.make = [](SceneDesk &desk) -> std::unique_ptr<QWidget> {
        desk.service.transfer(1)->rateLimit = 750'000;
        return std::make_unique<TransferLimitPopup>(desk.service, std::vector<TransferId> { 1 });
    };
    scenes.push_back(std::move(limit));
    return scenes;
}

} // namespace mf::ui
