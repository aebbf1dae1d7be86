// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/transfer_control.h"

#include "ui/common/words.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QMenu>
#include <QUrl>

#include <algorithm>
#include <array>
#include <map>

namespace mf::ui {
namespace {

QString id(const char *name) { return QStringLiteral("transfer.") + QLatin1StringView(name); }
const QString kPauseAll = QStringLiteral("transfers.pauseAll");
// By priority.
constexpr std::pair<TransferPriority, const char *> kPriorities[] = { { TransferPriority::High, "priorityHigh" },
    { TransferPriority::Normal, "priorityNormal" }, { TransferPriority::Low, "priorityLow" } };
const QString kClear = QStringLiteral("transfers.clear");

} // namespace

TransferControl::TransferControl(Desk &desk, QWidget *window, QObject *parent)
    : QObject(parent)
    , m_desk(desk)
    , m_window(window)
{
    makeActions();
    connect(&m_desk.service, &Service::transfersChanged, this, &TransferControl::refresh);
    connect(&m_desk.service, &Service::limitsChanged, this, &TransferControl::refresh);
    refresh();
}

void TransferControl::makeActions()
{
    const QString group = tr("Transfers");
    Actions &actions = m_desk.actions;
    const auto add = [&](const char *name, const QString &text, const QKeySequence &keys, const char *iconName) {
        return actions.add(id(name), group, text, keys, QLatin1StringView(iconName));
    };
    const auto on = [this](QAction *action, auto act) { connect(action, &QAction::triggered, this, act); };
    on(add("pause", tr("Pause or Resume"), Qt::Key_Space, "pause"), [this] { toggle(); });
    on(add("resume", tr("Resume"), {}, "play"), [this] { forEach(canResume, &Service::resume); });
    on(add("startNow", tr("Start Now"), {}, "skip-forward"), [this] { forEach(canStartNow, &Service::startNow); });
    const std::array texts { tr("High Priority"), tr("Normal Priority"), tr("Low Priority") };
    for (const auto &[priority, name] : kPriorities) {
        QAction *action = add(name, texts[static_cast<std::size_t>(priority)], {}, "");
        action->setCheckable(true);
        on(action, [this, wanted = priority] { setPriority(wanted); });
    }
    on(add("limit", tr("Limit Speed…"), {}, "gauge"), [this] {
        std::vector<TransferId> ids;
        for (const TransferEntry &transfer : entries()) {
            if (!isEnded(transfer))
                ids.push_back(transfer.id);
        }
        emit asksForLimit(ids);
    });
    on(add("retry", tr("Retry"), {}, "rotate-ccw"), [this] { forEach(canRetry, &Service::retry); });
    on(add("cancel", tr("Cancel…"), {}, "x"), [this] { m_scope.start(cancel(entries())); });
    on(add("up", tr("Move Up"), Qt::ALT | Qt::Key_Up, "arrow-up"), [this] { move(Way::Up); });
    on(add("down", tr("Move Down"), Qt::ALT | Qt::Key_Down, "arrow-down"), [this] { move(Way::Down); });
    on(add("top", tr("Move to Top"), Qt::ALT | Qt::Key_Home, ""), [this] { move(Way::Top); });
    on(add("bottom", tr("Move to Bottom"), Qt::ALT | Qt::Key_End, ""), [this] { move(Way::Bottom); });
    on(add("showModel", tr("Show Model"), {}, "boxes"), [this] {
        const std::vector<TransferEntry> all = entries();
        if (!all.empty())
            emit showsModel(all.front().name);
    });
    on(add("openFolder", tr("Open Folder"), {}, "folder-open"), [this] { openFolder(); });
    on(add("copyError", tr("Copy Error"), {}, "copy"), [this] { copyError(); });
    // A key that types or presses elsewhere is theirs only while the list has the focus.
    for (QAction *action : rowActions())
        action->setShortcutContext(Qt::WidgetShortcut);

    QAction *all
        = actions.add(kPauseAll, group, tr("Pause All"), Qt::CTRL | Qt::SHIFT | Qt::Key_P, QStringLiteral("pause"));
    all->setCheckable(true);
    on(all, [this](bool paused) { m_desk.service.setPaused(paused); });
    on(actions.add(kClear, group, tr("Clear Done"), {}, QStringLiteral("list-x")),
        [this] { m_desk.service.clearEnded(); });
}

std::vector<QAction *> TransferControl::rowActions() const
{
    std::vector<QAction *> row;
    for (const char *name : { "pause", "up", "down", "top", "bottom" })
        row.push_back(m_desk.actions[id(name)]);
    return row;
}

void TransferControl::fillMenu(QMenu &menu) const
{
    for (const char *name : { "pause", "retry", "startNow", "priority", "", "top", "up", "down", "bottom", "", "limit",
             "", "showModel", "openFolder", "copyError", "", "cancel" }) {
        if (QLatin1StringView(name) == QLatin1StringView("priority")) {
            QMenu *priorities = menu.addMenu(tr("Priority"));
            priorities->setObjectName(QStringLiteral("transfers.priorityMenu"));
            priorities->setToolTipsVisible(true);
            for (const auto &[priority, action] : kPriorities)
                priorities->addAction(m_desk.actions[id(action)]);
        } else if (*name) {
            menu.addAction(m_desk.actions[id(name)]);
        } else {
            menu.addSeparator();
        }
    }
}

void TransferControl::choose(std::vector<TransferId> ids)
{
    m_chosen = std::move(ids);
    refresh();
}

std::vector<TransferEntry> TransferControl::entries() const
{
    std::vector<TransferEntry> found;
    for (const TransferId wanted : m_chosen) {
        for (const TransferEntry &transfer : m_desk.service.transfers()) {
            if (transfer.id == wanted)
                found.push_back(transfer);
        }
    }
    return found;
}

void TransferControl::refresh()
{
    const std::vector<TransferEntry> all = entries();
    const auto set = [&](const char *name, bool can, const QString &why) {
        Actions::disable(m_desk.actions[id(name)],
            all.empty() ? tr("Select a transfer first.")
                : can   ? QString()
                        : why);
    };
    const auto any = [&all](auto can) { return std::any_of(all.begin(), all.end(), can); };
    const QString ended = tr("It has ended.");
    set("pause", any(canPause) || any(canResume), ended);
    set("resume", any(canResume), tr("It is not paused."));
    set("retry", any(canRetry), tr("Only a failed or cancelled transfer can be tried again."));
    set("cancel", any(canCancel), ended);
    set("limit", any(canCancel), ended);
    set("startNow", any(canStartNow),
        any([](const TransferEntry &one) { return one.state == TransferEntry::State::Running; })
            ? tr("It runs already.")
            : ended);
    const std::vector<TransferEntry> &known = m_desk.service.transfers();
    const TransferId front = all.empty() ? 0 : all.front().id;
    const TransferId back = all.empty() ? 0 : all.back().id;
    const bool isFirst = placeOf(known, front) <= placesOf(known, front).begin;
    const bool isLast = placeOf(known, back) >= placesOf(known, back).end - 1;
    const QString first = placeOf(known, front) < 0 ? ended : tr("It is the first one of its priority.");
    const QString behind = placeOf(known, back) < 0 ? ended : tr("It is the last one of its priority.");
    set("up", !isFirst, first);
    set("top", !isFirst, first);
    set("down", !isLast, behind);
    set("bottom", !isLast, behind);
    for (const auto &[priority, name] : kPriorities) {
        set(name, any(canCancel), ended);
        const bool isIt = !all.empty()
            && std::ranges::all_of(all, [wanted = priority](const auto &one) { return one.priority == wanted; });
        m_desk.actions[id(name)]->setChecked(isIt);
    }
    set("showModel",
        all.size() == 1 && !all.front().name.isEmpty() && all.front().kind != TransferEntry::Kind::MoveAway,
        tr("It is not about one model."));
    set("openFolder", any(canOpenFolder), tr("Only a finished download has a folder."));
    set("copyError", any([](const TransferEntry &one) { return one.error.has_value(); }), tr("There is no error."));

    const bool isPaused = m_desk.service.isPaused();
    QAction *pauseAll = m_desk.actions[kPauseAll];
    pauseAll->setChecked(isPaused);
    pauseAll->setText(isPaused ? tr("Resume All") : tr("Pause All"));
    const bool isAnyDone = std::any_of(
        known.begin(), known.end(), [](const TransferEntry &one) { return belongsTo(one, TransferTab::Done); });
    Actions::disable(m_desk.actions[kClear], isAnyDone ? QString() : tr("No transfer is done."));
}

void TransferControl::forEach(bool (*can)(const TransferEntry &), void (Service::*act)(TransferId))
{
    for (const TransferEntry &transfer : entries()) {
        if (can(transfer))
            (m_desk.service.*act)(transfer.id);
    }
}

void TransferControl::toggle()
{
    const std::vector<TransferEntry> all = entries();
    if (std::any_of(all.begin(), all.end(), canPause))
        forEach(canPause, &Service::pause);
    else
        forEach(canResume, &Service::resume);
}

Task<void> TransferControl::cancel(std::vector<TransferEntry> transfers)
{
    for (const TransferEntry &transfer : transfers) {
        if (!canCancel(transfer))
            continue;
        if (asksBeforeCancel(transfer)) {
            const QString title = tr("Cancel storing “%1”?").arg(transfer.name);
            const QString text = tr("%1 is already on your accounts and will be deleted. You can also pause and go on "
                                    "later.")
                                     .arg(sizeWords(transfer.progress.bytes));
            const QStringList choices { tr("Keep Storing"), tr("Pause"), tr("Cancel and Delete Fragments") };
            const int choice = co_await m_desk.prompts.choose(m_window, title, text, choices);
            if (choice == 1)
                m_desk.service.pause(transfer.id);
            if (choice != 2)
                continue;
        }
        m_desk.service.cancel(transfer.id);
        if (transfer.kind == TransferEntry::Kind::Fetch) {
            const QString kept = transfer.progress.bytes > 0
                ? tr("Download cancelled. %1 is kept so that you can resume.").arg(sizeWords(transfer.progress.bytes))
                : tr("Download cancelled.");
            m_desk.toaster.show(kept, tr("Resume"),
                [service = &m_desk.service, cancelled = transfer.id] { service->retry(cancelled); });
        }
    }
}

// Among those of their priority: those that are chosen keep their order, and move as far as the first or last of them.
void TransferControl::move(Way way)
{
    std::vector<TransferEntry> all = entries();
    std::erase_if(all, isEnded);
    const bool isBackwards = way == Way::Down || way == Way::Bottom;
    if (isBackwards)
        std::ranges::reverse(all);
    std::map<TransferPriority, int> done; // so many stand where they belong
    for (const TransferEntry &transfer : all) {
        // Told anew, as each move changes them.
        const std::vector<TransferEntry> &known = m_desk.service.transfers();
        const Places places = placesOf(known, transfer.id);
        const int place = placeOf(known, transfer.id);
        const int before = done[transfer.priority]++;
        const int first = places.begin + before;
        const int last = places.end - 1 - before;
        int target = place;
        switch (way) {
        case Way::Up:
            target = std::max(first, place - 1);
            break;
        case Way::Top:
            target = first;
            break;
        case Way::Down:
            target = std::min(last, place + 1);
            break;
        case Way::Bottom:
            target = last;
            break;
        }
        if (place >= 0 && target != place)
            m_desk.service.moveInQueue(transfer.id, target);
    }
}

void TransferControl::setPriority(TransferPriority priority)
{
    for (const TransferEntry &transfer : entries()) {
        if (!isEnded(transfer) && transfer.priority != priority)
            m_desk.service.setPriority(transfer.id, priority);
    }
    refresh(); // a click on what is checked already has taken the mark away
}

void TransferControl::moveBefore(TransferId moving, TransferId before)
{
    const std::vector<TransferEntry> &all = m_desk.service.transfers();
    const int place = placeOf(all, moving);
    const Places places = placesOf(all, moving);
    if (place < 0)
        return;
    int target = before == 0 ? places.end : placeOf(all, before);
    if (target < 0)
        return;
    if (target > place)
        --target; // it leaves a gap behind
    target = std::clamp(target, places.begin, places.end - 1);
    if (target != place)
        m_desk.service.moveInQueue(moving, target);
}

void TransferControl::copyError()
{
    QStringList lines;
    for (const TransferEntry &transfer : entries()) {
        if (transfer.error)
            lines.append(transferTitle(transfer) + QStringLiteral(": ") + transfer.error->message
                + QStringLiteral(" (%1)").arg(transfer.error->id));
    }
    QGuiApplication::clipboard()->setText(lines.join(u'\n'));
    m_desk.toaster.show(tr("Error copied."));
}

void TransferControl::openFolder()
{
    for (const TransferEntry &transfer : entries()) {
        if (canOpenFolder(transfer))
            QDesktopServices::openUrl(QUrl::fromLocalFile(transfer.folder));
    }
}

} // namespace mf::ui
