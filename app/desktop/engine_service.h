// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/asked.h"
#include "app/desktop/operations.h"
#include "app/desktop/saved_queue.h"
#include "app/library/library.h"
#include "core/registry/library_view.h"
#include "ui/common/service.h"

#include <QElapsedTimer>
#include <QTimer>

#include <set>
#include <unordered_map>

namespace mf {

// The library of the program: core's library, what its registry tells, and a queue of transfers.
//
// What is shown is read from the registry after everything that may have changed it, and every minute together with a
// look at the accounts: one that is back lets the transfers that wait try at once. What other computers did is taken in
// (syncLibrary) at the start, on refresh() and now and then, while no transfer runs.
class EngineService final : public ui::Service
{
    Q_OBJECT
public:
    EngineService(LibraryOptions options, Clock &clock);
    ~EngineService() override; // stops what runs; it goes on next time

    void open(); // once

    State state() const override { return m_state; }
    std::optional<Error> failure() const override { return m_failure; }
    const std::vector<ui::ModelEntry> &models() const override { return m_models; }
    const std::vector<ui::AccountEntry> &accounts() const override { return m_accounts; }
    const std::vector<ui::TransferEntry> &transfers() const override { return m_transfers; }
    const std::vector<TrashEntry> &trash() const override { return m_trash; }
    const std::vector<ui::IssueEntry> &issues() const override { return m_issues; }
    const std::vector<ui::HistoryEntry> &history() const override { return m_history; }
    ui::SpeedLimits limits() const override { return m_limits; }
    bool isPaused() const override { return m_queue->isPaused(); }

    Task<Result<ui::ModelDetails>> details(ModelId model) override;
    Task<Result<QByteArray>> preview(ModelId model, QString path, qint64 limit) override;
    Task<Result<ui::AccountLoss>> withoutAccount(AccountId account) override;
    Task<Result<std::vector<ModelId>>> modelsWithHash(QString beginning) override;
    Task<Result<std::vector<ui::FoundModel>>> scan(QStringList paths) override;
    Task<Result<ui::StorePlan>> plan(std::vector<ui::FoundModel> models, std::optional<Protection> protection,
        std::vector<AccountId> accounts) override;
    Task<Result<ui::RoomLeft>> roomLeft() override;
    Task<Result<std::optional<qint64>>> roomIn(QByteArray folder) override;

    Task<Result<QStringList>> createLibrary() override;
    Task<Result<>> openWithKit(QStringList words) override;
    QStringList kitWords() const override;
    Task<Result<>> saveKit(QByteArray path) override;
    bool isKitSaved() const override { return m_isKitSaved; }
    void noteKitSaved() override;
    Task<Result<>> recover() override;

    std::vector<AccountKind> kinds() const override;
    Task<Result<>> addAccount(AccountRecord draft, QByteArray secret) override;
    Task<Result<>> changeAccount(AccountRecord changed) override;
    Task<Result<>> signIn(AccountId account, QByteArray secret) override;
    Task<Result<>> testAccount(AccountId account) override;
    Task<Result<QString>> defaultDomain(AccountRecord draft) override;

    ui::TransferId store(ui::StoreOrder order) override;
    ui::TransferId fetch(ui::FetchOrder order) override;
    ui::TransferId check(std::vector<ModelId> models, bool deep) override;
    ui::TransferId repair(std::vector<ModelId> models) override;
    ui::TransferId protect(ModelId model, Protection protection) override;
    ui::TransferId freeSpace() override;
    ui::TransferId removeAccount(AccountId account, bool isLost) override;
    void pause(ui::TransferId transfer) override;
    void resume(ui::TransferId transfer) override;
    void retry(ui::TransferId transfer) override;
    void cancel(ui::TransferId transfer) override;
    void moveInQueue(ui::TransferId transfer, int position) override;
    void setPriority(ui::TransferId transfer, TransferPriority priority) override;
    void setRateLimit(ui::TransferId transfer, qint64 bytesPerSecond) override;
    void startNow(ui::TransferId transfer) override;
    void clearEnded() override;
    void setPaused(bool paused) override;
    void setLimits(ui::SpeedLimits limits) override;

    Task<Result<>> moveToTrash(std::vector<ModelId> models) override;
    Task<Result<>> restore(TrashEntry entry) override;
    Task<Result<>> deleteForever(std::vector<TrashEntry> entries) override;

    void refresh() override;

private:
    using Stops = TransferQueue::Stops;

    // ---- the library itself (engine_service.cpp)
    Task<void> openNow();
    Task<Result<>> attach();
    void detach();
    void setState(State state, std::optional<Error> failure = {});
    Task<Result<QStringList>> createNow();
    Task<Result<>> openWithKitNow(SecretKey recovery);
    Task<Result<>> saveKitNow(QByteArray path);
    Task<Result<>> recoverNow();
    Task<void> keepKitSaved();
    Task<void> tick();

    // ---- what is shown (engine_service_models.cpp)
    void reload();
    Task<void> reloadNow();
    Task<Result<>> readAll();
    Task<void> showResult(); // before a command answers: whoever asked looks at once at what it did
    void showModels();
    void showPercents();
    void showIssues();
    Task<Result<ui::ModelDetails>> detailsNow(ModelId model);
    Task<Result<QByteArray>> previewNow(ModelId model, QString path, qint64 limit);
    Task<Result<ui::AccountLoss>> withoutNow(AccountId account);
    Task<Result<std::vector<ModelId>>> withHashNow(QString beginning);
    Task<Result<>> trashNow(std::vector<ModelId> models);
    Task<Result<>> deleteNow(std::vector<TrashEntry> entries);
    Task<Result<>> restoreNow(TrashEntry entry);
    const LibraryView::Model *model(const ModelId &id) const;
    // How commands are told of it: by name, or where that is not unique by id.
    void remember(QString kind, QString text); // in the history
    Task<void> rememberNow(QString kind, QString text);

    // ---- accounts (engine_service_accounts.cpp)
    void look();
    Task<void> lookNow();
    Task<Result<>> addAccountNow(AccountRecord draft, QByteArray secret, std::shared_ptr<Event> left);
    Task<Result<>> changeAccountNow(AccountRecord changed);
    Task<Result<>> signInNow(AccountId account, QByteArray secret, std::shared_ptr<Event> left);
    Task<Result<>> reopen(); // with what is kept now; whoever asks has the turn of everything
    Task<Result<>> testNow(AccountId account);
    Task<Result<QString>> domainNow(AccountRecord draft);
    Task<void> setLimitsNow(ui::SpeedLimits limits);

    // ---- transfers (engine_service_transfers.cpp)
    TransferQueue::Listener listener();
    void wakeTransfers(); // those that wait to try again
    Task<void> forgetTransfers(ui::StoreOrder order);
    void flushSoon();
    void flush();
    void hasEnded(const TransferQueue::Entry &entry);

    // ---- what goes into the queue, and what is kept of it (engine_service_orders.cpp)
    struct Work;
    Work workOf(const ui::StoreOrder &order) const;
    Work workOf(const ui::FetchOrder &order) const;
    Work workOf(const CheckOrder &order) const;
    Work workOf(const RepairOrder &order) const;
    Work workOf(const ProtectOrder &order) const;
    Work workOf(const CollectOrder &order) const;
    Work workOf(const RemovalOrder &order) const;
    ui::TransferId add(Work work, bool isPaused = false, TransferPriority priority = TransferPriority::Normal);
    ui::TransferId addOrder(
        TransferOrder order, bool isPaused = false, TransferPriority priority = TransferPriority::Normal);
    std::vector<NamedModel> named(const std::vector<ModelId> &models, QString &title) const;
    void syncSoon();
    void repairAsSet(); // what was read after a sync, where the settings say so
    Task<Result<>> restoreQueue();
    void saveQueue();
    Task<void> saveQueueNow(QByteArray bytes);

    Task<Result<std::vector<ui::FoundModel>>> scanNow(QStringList paths);
    Task<Result<ui::StorePlan>> planNow(
        std::vector<ui::FoundModel> models, std::optional<Protection> protection, std::vector<AccountId> accounts);
    Task<Result<ui::RoomLeft>> roomLeftNow();

    LibraryOptions m_options;
    Clock &m_clock;
    Pool m_pool { 2 }; // looking into files, asking disks: also without a library

    std::unique_ptr<Library> m_library; // null: none is open
    std::unique_ptr<LibraryView> m_view;
    State m_state = State::Opening;
    std::optional<Error> m_failure;
    bool m_isKitSaved = true;
    bool m_hasLooked = false; // at the accounts

    std::vector<LibraryView::Model> m_stored;
    std::unordered_map<ModelId, std::size_t, FixedBytesHash> m_places; // in m_stored
    std::vector<ui::ModelEntry> m_models;
    std::vector<ui::AccountEntry> m_accounts;
    std::vector<ui::TransferEntry> m_transfers;
    std::vector<TrashEntry> m_trash;
    std::vector<ui::IssueEntry> m_issues;
    std::vector<ui::HistoryEntry> m_history;
    std::map<AccountId, QString> m_accountNames;
    ui::SpeedLimits m_limits;

    std::map<ui::TransferId, TransferOrder> m_orders; // of all but housekeeping
    std::set<ui::TransferId> m_held; // while all are paused: those that stay so when all go on
    QTimer m_flush;
    QElapsedTimer m_sinceFlush;
    std::set<ui::TransferId> m_moved; // since the last flush
    std::set<ui::TransferId> m_unread; // stores that were done since the library was read last
    bool m_hasSynced = false; // since then
    std::set<ModelId> m_repairedBySync; // models: what a repair could not mend is not tried again at each sync
    bool m_haveTransfersChanged = false;
    bool m_isPausedShown = false;
    QByteArray m_savedQueue;
    bool m_hasRestored = false; // what an earlier run left
    bool m_isReloading = false;
    bool m_mustReload = false;
    bool m_isLooking = false;

    std::unique_ptr<TransferQueue> m_queue;
    TaskScope m_background; // these three work with the library and end before it
    TaskScope m_questions;
    TaskScope m_commands;
    TaskScope m_ticking;
};

Error noLibrary();

} // namespace mf
