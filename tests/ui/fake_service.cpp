// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/fake_service.h"

#include "core/base/event.h"
#include "core/base/path_text.h"

#include <algorithm>

namespace mf::ui {
namespace {

// One more as long as it is there.
class Counted
{
public:
    explicit Counted(int &number)
        : m_number(number)
    {
        ++m_number;
    }
    Counted(const Counted &) = delete;
    Counted &operator=(const Counted &) = delete;
    ~Counted() { --m_number; }

private:
    int &m_number;
};

} // namespace

ModelEntry *FakeService::model(const QString &name)
{
    const auto found = std::find_if(
        shownModels.begin(), shownModels.end(), [&name](const ModelEntry &model) { return model.name == name; });
    return found == shownModels.end() ? nullptr : &*found;
}

TransferEntry *FakeService::transfer(TransferId id)
{
    const auto found = std::find_if(
        shownTransfers.begin(), shownTransfers.end(), [id](const TransferEntry &one) { return one.id == id; });
    return found == shownTransfers.end() ? nullptr : &*found;
}

Task<Result<>> FakeService::answered(QString call)
{
    calls.append(call);
    const Counted counted(open);
    if (answersNever) {
        Event never;
        co_await never;
    }
    if (fails)
        co_return *fails;
    co_return Result<>();
}

TransferId FakeService::added(TransferEntry::Kind kind, const QString &name, const QString &call)
{
    calls.append(call);
    TransferEntry transfer;
    transfer.id = ++m_lastTransfer;
    transfer.kind = kind;
    transfer.name = name;
    shownTransfers.push_back(transfer);
    emit transfersChanged();
    return transfer.id;
}

Task<Result<ModelDetails>> FakeService::details(ModelId model)
{
    const auto asked = co_await answered(QStringLiteral("details"));
    if (!asked)
        co_return asked.error();
    ModelDetails details = shownDetails;
    details.model = model;
    co_return details;
}

Task<Result<QByteArray>> FakeService::preview(ModelId, QString path, qint64 limit)
{
    const auto asked = co_await answered(QStringLiteral("preview ") + path);
    if (!asked)
        co_return asked.error();
    co_return shownPreview.left(limit);
}

Task<Result<AccountLoss>> FakeService::withoutAccount(AccountId)
{
    const auto asked = co_await answered(QStringLiteral("withoutAccount"));
    if (!asked)
        co_return asked.error();
    co_return shownLoss;
}

Task<Result<std::vector<ModelId>>> FakeService::modelsWithHash(QString beginning)
{
    const auto asked = co_await answered(QStringLiteral("modelsWithHash ") + beginning);
    if (!asked)
        co_return asked.error();
    std::vector<ModelId> found;
    for (auto file = shownHashes.begin(); file != shownHashes.end(); ++file) {
        if (file.key().startsWith(beginning))
            found.push_back(file.value());
    }
    co_return found;
}

Task<Result<std::vector<FoundModel>>> FakeService::scan(QStringList paths)
{
    const auto asked = co_await answered(QStringLiteral("scan ") + paths.join(u' '));
    if (!asked)
        co_return asked.error();
    co_return shownFound;
}

Task<Result<StorePlan>> FakeService::plan(
    std::vector<FoundModel> models, std::optional<Protection> protection, std::vector<AccountId>)
{
    const QString wanted = protection ? QStringLiteral("%1+%2").arg(protection->k).arg(protection->m) : QString();
    const auto asked = co_await answered(QStringLiteral("plan %1 %2").arg(models.size()).arg(wanted));
    if (!asked)
        co_return asked.error();
    StorePlan plan = shownPlan;
    if (protection)
        plan.protection.m = protection->m;
    co_return plan;
}

Task<Result<RoomLeft>> FakeService::roomLeft()
{
    ++roomAsked;
    if (answersNever) {
        Event never;
        co_await never;
    }
    if (fails)
        co_return *fails;
    co_return shownRoomLeft;
}

Task<Result<std::optional<qint64>>> FakeService::roomIn(QByteArray)
{
    const auto asked = co_await answered(QStringLiteral("roomIn"));
    if (!asked)
        co_return asked.error();
    co_return shownRoom;
}

Task<Result<QStringList>> FakeService::createLibrary()
{
    const auto asked = co_await answered(QStringLiteral("createLibrary"));
    if (!asked)
        co_return asked.error();
    shownState = State::Ready;
    emit stateChanged();
    co_return shownWords;
}

Task<Result<>> FakeService::openWithKit(QStringList words)
{
    const auto asked = co_await answered(QStringLiteral("openWithKit %1").arg(words.size()));
    if (!asked)
        co_return asked.error();
    shownState = State::Ready;
    emit stateChanged();
    co_return Result<>();
}

Task<Result<>> FakeService::saveKit(QByteArray path)
{
    const auto asked = co_await answered(QStringLiteral("saveKit ") + textOfPath(path));
    if (!asked)
        co_return asked.error();
    co_return Result<>();
}

void FakeService::noteKitSaved()
{
    calls.append(QStringLiteral("noteKitSaved"));
    shownKitSaved = true;
    emit issuesChanged();
}

Task<Result<>> FakeService::recover() { return answered(QStringLiteral("recover")); }

Task<Result<>> FakeService::addAccount(AccountRecord draft, QByteArray)
{
    lastDraft = draft;
    const auto asked = co_await answered(QStringLiteral("addAccount %1 %2").arg(draft.kind, draft.name));
    if (!asked)
        co_return asked.error();
    AccountEntry account = emptyAccount(shownAccounts.size() + 1);
    account.name = draft.name;
    account.domain = draft.domain;
    account.place = draft.settings.value(QStringLiteral("path"));
    shownAccounts.push_back(account);
    emit accountsChanged();
    co_return Result<>();
}

Task<Result<>> FakeService::changeAccount(AccountRecord changed)
{
    lastDraft = changed;
    return answered(QStringLiteral("changeAccount ") + changed.name);
}

// The secret is never noted.
Task<Result<>> FakeService::signIn(AccountId account, QByteArray secret)
{
    QString name;
    for (const AccountEntry &one : shownAccounts) {
        if (one.id == account)
            name = one.name;
    }
    return answered(QStringLiteral("signIn %1 with %2 bytes").arg(name).arg(secret.size()));
}

Task<Result<>> FakeService::testAccount(AccountId) { return answered(QStringLiteral("testAccount")); }

Task<Result<QString>> FakeService::defaultDomain(AccountRecord draft)
{
    const auto asked = co_await answered(QStringLiteral("defaultDomain"));
    if (!asked)
        co_return asked.error();
    co_return QString(QStringLiteral("disk of ") + draft.settings.value(QStringLiteral("path")));
}

TransferId FakeService::store(StoreOrder order)
{
    return added(TransferEntry::Kind::Store, order.name,
        QStringLiteral("store %1 paths as %2").arg(order.paths.size()).arg(order.name));
}
TransferId FakeService::fetch(FetchOrder order)
{
    return added(
        TransferEntry::Kind::Fetch, order.name, QStringLiteral("fetch %1 to %2").arg(order.name, textOfPath(order.to)));
}
TransferId FakeService::check(std::vector<ModelId> models, bool deep)
{
    return added(TransferEntry::Kind::Check, {},
        QStringLiteral("check %1%2").arg(models.size()).arg(deep ? QStringLiteral(" deep") : QString()));
}
TransferId FakeService::repair(std::vector<ModelId> models)
{
    return added(TransferEntry::Kind::Repair, {}, QStringLiteral("repair %1").arg(models.size()));
}
TransferId FakeService::protect(ModelId, Protection protection)
{
    return added(TransferEntry::Kind::Protect, {}, QStringLiteral("protect %1+%2").arg(protection.k).arg(protection.m));
}
TransferId FakeService::freeSpace() { return added(TransferEntry::Kind::Collect, {}, QStringLiteral("freeSpace")); }
TransferId FakeService::removeAccount(AccountId, bool isLost)
{
    return added(TransferEntry::Kind::MoveAway, {},
        QStringLiteral("removeAccount%1").arg(isLost ? QStringLiteral(" lost") : QString()));
}
void FakeService::pause(TransferId id)
{
    calls.append(QStringLiteral("pause %1").arg(id));
    if (TransferEntry *entry = transfer(id))
        entry->state = TransferEntry::State::Paused;
    emit transfersChanged();
}
void FakeService::resume(TransferId id)
{
    calls.append(QStringLiteral("resume %1").arg(id));
    if (TransferEntry *entry = transfer(id))
        entry->state = TransferEntry::State::Running;
    emit transfersChanged();
}
void FakeService::retry(TransferId id)
{
    calls.append(QStringLiteral("retry %1").arg(id));
    if (TransferEntry *entry = transfer(id))
        entry->state = TransferEntry::State::Queued;
    emit transfersChanged();
}
void FakeService::cancel(TransferId id)
{
    calls.append(QStringLiteral("cancel %1").arg(id));
    if (TransferEntry *entry = transfer(id))
        entry->state = TransferEntry::State::Cancelled;
    emit transfersChanged();
}
void FakeService::moveInQueue(TransferId id, int position)
{
    calls.append(QStringLiteral("moveInQueue %1 to %2").arg(id).arg(position));
}
void FakeService::setPriority(TransferId id, TransferPriority priority)
{
    calls.append(QStringLiteral("setPriority %1 to %2").arg(id).arg(static_cast<int>(priority)));
    const auto rank = [](const TransferEntry &one) { return one.ended.isValid() ? 3 : static_cast<int>(one.priority); };
    const auto found = std::ranges::find_if(shownTransfers, [id](const TransferEntry &one) { return one.id == id; });
    if (found == shownTransfers.end())
        return;
    found->priority = priority;
    std::rotate(found, found + 1, shownTransfers.end());
    std::ranges::stable_sort(shownTransfers, {}, rank);
    emit transfersChanged();
}
void FakeService::setRateLimit(TransferId id, qint64 bytesPerSecond)
{
    calls.append(QStringLiteral("setRateLimit %1 to %2").arg(id).arg(bytesPerSecond));
    if (TransferEntry *entry = transfer(id))
        entry->rateLimit = bytesPerSecond;
    emit transfersChanged();
}
void FakeService::startNow(TransferId id)
{
    calls.append(QStringLiteral("startNow %1").arg(id));
    if (TransferEntry *entry = transfer(id))
        entry->state = TransferEntry::State::Running;
    emit transfersChanged();
}
void FakeService::clearEnded()
{
    calls.append(QStringLiteral("clearEnded"));
    std::erase_if(shownTransfers, [](const TransferEntry &one) {
        return one.state == TransferEntry::State::Done || one.state == TransferEntry::State::Cancelled;
    });
    emit transfersChanged();
}
void FakeService::setPaused(bool paused)
{
    calls.append(paused ? QStringLiteral("pause all") : QStringLiteral("resume all"));
    shownPaused = paused;
    emit limitsChanged();
}
void FakeService::setLimits(SpeedLimits limits)
{
    calls.append(QStringLiteral("limits %1 %2").arg(limits.up).arg(limits.down));
    shownLimits = limits;
    emit limitsChanged();
}

Task<Result<>> FakeService::moveToTrash(std::vector<ModelId> models)
{
    const auto asked = co_await answered(QStringLiteral("moveToTrash %1").arg(models.size()));
    if (!asked)
        co_return asked.error();
    for (const ModelId &id : models) {
        for (const ModelEntry &model : shownModels) {
            if (model.id != id)
                continue;
            TrashEntry entry;
            entry.model = model.id;
            entry.name = model.name;
            entry.revisions = { model.revision };
            entry.removed = fakeNow();
            entry.until = fakeNow().addDays(30);
            shownTrash.push_back(std::move(entry));
        }
        std::erase_if(shownModels, [&id](const ModelEntry &model) { return model.id == id; });
    }
    emit modelsChanged();
    emit trashChanged();
    co_return Result<>();
}

Task<Result<>> FakeService::restore(TrashEntry entry)
{
    const auto asked = co_await answered(QStringLiteral("restore ") + entry.name);
    if (!asked)
        co_return asked.error();
    std::erase_if(shownTrash, [&entry](const TrashEntry &other) { return other.model == entry.model; });
    emit trashChanged();
    co_return Result<>();
}

Task<Result<>> FakeService::deleteForever(std::vector<TrashEntry> entries)
{
    QString names;
    for (const TrashEntry &entry : entries)
        names += u' ' + entry.name;
    const auto asked = co_await answered(QStringLiteral("deleteForever") + names);
    if (!asked)
        co_return asked.error();
    for (const TrashEntry &entry : entries)
        std::erase_if(shownTrash, [&entry](const TrashEntry &other) { return other.model == entry.model; });
    emit trashChanged();
    co_return Result<>();
}

void FakeService::refresh() { calls.append(QStringLiteral("refresh")); }

} // namespace mf::ui
