// SPDX-License-Identifier: GPL-3.0-or-later
// What storing and downloading would take.
#include "app/desktop/engine_service.h"

#include "app/desktop/found_models.h"
#include "app/desktop/store_plan.h"
#include "core/base/path_text.h"
#include "core/distributor/ready_accounts.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <filesystem>

namespace mf {

Task<Result<std::vector<ui::FoundModel>>> EngineService::scan(QStringList paths)
{
    return asked(m_questions, scanNow(std::move(paths)));
}

Task<Result<std::vector<ui::FoundModel>>> EngineService::scanNow(QStringList paths)
{
    auto find = [paths] { return findModels(paths); };
    auto found = co_await onPool(m_pool, find);
    for (ui::FoundModel &model : found) {
        model.isKnown = std::any_of(m_stored.begin(), m_stored.end(), [&model](const LibraryView::Model &stored) {
            return stored.revision.name == model.name && stored.revision.bytes == model.bytes;
        });
    }
    co_return found;
}

Task<Result<ui::StorePlan>> EngineService::plan(
    std::vector<ui::FoundModel> models, std::optional<Protection> protection, std::vector<AccountId> accounts)
{
    return asked(m_questions, planNow(std::move(models), protection, std::move(accounts)));
}

Task<Result<ui::StorePlan>> EngineService::planNow(
    std::vector<ui::FoundModel> models, std::optional<Protection> protection, std::vector<AccountId> accounts)
{
    if (!m_library)
        co_return noLibrary();
    qint64 bytes = 0;
    qint64 stored = 0;
    for (const ui::FoundModel &model : models) {
        bytes += model.bytes;
        stored += model.storedBytes;
    }
    auto places = placementAccounts(m_library->accounts(), accounts);
    // None can be reached: it would wait here, and go where it could. Not all were asked yet, just after a start: the
    // first that answers is no reason to propose that the model lie there alone.
    if (places.empty() || !m_hasLooked)
        places = plannedAccounts(m_library->accounts(), accounts);
    auto make = [places, protection, bytes, stored] { return planStore(places, protection, bytes, stored); };
    auto plan = co_await onPool(m_pool, make);
    co_return plan;
}

Task<Result<ui::RoomLeft>> EngineService::roomLeft() { return asked(m_questions, roomLeftNow()); }

Task<Result<ui::RoomLeft>> EngineService::roomLeftNow()
{
    if (!m_library)
        co_return noLibrary();
    const auto places = placementAccounts(m_library->accounts(), {});
    auto find = [places] { return roomFor(places); };
    const auto room = co_await onPool(m_pool, find);
    co_return room;
}

namespace {

std::optional<qint64> roomAt(const QByteArray &folder)
{
    QString path = QFile::decodeName(folder);
    while (!QFileInfo::exists(path) && path.size() > 1)
        path = QFileInfo(path).path();
    std::error_code failed; // not by QStorageInfo: it knows only what the list of mounts names
    const auto disk = std::filesystem::space(QFile::encodeName(path).toStdString(), failed);
    return failed ? std::nullopt : std::optional(static_cast<qint64>(disk.available));
}

Task<Result<std::optional<qint64>>> roomNow(Pool &pool, QByteArray folder)
{
    auto ask = [folder] { return roomAt(folder); };
    const auto room = co_await onPool(pool, ask);
    co_return room;
}

} // namespace

Task<Result<std::optional<qint64>>> EngineService::roomIn(QByteArray folder)
{
    return asked(m_questions, roomNow(m_pool, std::move(folder)));
}

} // namespace mf
