// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/service.h"

#include <QStringList>

namespace mf::ui {

// A library that is what a test says, and notes what the window asks for in `calls` ("store 2 paths as x").
// After changing a list, emit its signal: emit service.modelsChanged().
class FakeService : public Service
{
    Q_OBJECT
public:
    // Six models, six accounts, five transfers: what the pictures in the design show. Without it everything is empty.
    void fill();
    // So many of each, for speed.
    void fillMany(int models, int transfers);

    State shownState = State::Ready;
    std::optional<Error> shownFailure;
    std::vector<ModelEntry> shownModels;
    std::vector<AccountEntry> shownAccounts;
    std::vector<TransferEntry> shownTransfers;
    std::vector<TrashEntry> shownTrash;
    std::vector<IssueEntry> shownIssues;
    std::vector<HistoryEntry> shownHistory;
    SpeedLimits shownLimits;
    bool shownPaused = false;
    bool shownKitSaved = true;
    QStringList shownWords; // 24 of them in fill()

    // What questions are answered with; `fails` answers all of them, and every command, with this error.
    std::optional<Error> fails;
    bool answersNever = false; // questions stay open
    int open = 0; // so many of them, whose askers still wait
    ModelDetails shownDetails;
    QByteArray shownPreview = "{}";
    AccountLoss shownLoss;
    QMap<QString, ModelId> shownHashes; // of files, whole
    std::vector<FoundModel> shownFound;
    StorePlan shownPlan;
    RoomLeft shownRoomLeft;
    int roomAsked = 0; // not in calls: pages ask it by themselves
    std::optional<qint64> shownRoom = qint64(100) << 30;
    std::vector<AccountKind> shownKinds;

    QStringList calls;
    AccountRecord lastDraft; // of addAccount and changeAccount

    ModelEntry *model(const QString &name);
    TransferEntry *transfer(TransferId id);

    State state() const override { return shownState; }
    std::optional<Error> failure() const override { return shownFailure; }
    const std::vector<ModelEntry> &models() const override { return shownModels; }
    const std::vector<AccountEntry> &accounts() const override { return shownAccounts; }
    const std::vector<TransferEntry> &transfers() const override { return shownTransfers; }
    const std::vector<TrashEntry> &trash() const override { return shownTrash; }
    const std::vector<IssueEntry> &issues() const override { return shownIssues; }
    const std::vector<HistoryEntry> &history() const override { return shownHistory; }
    SpeedLimits limits() const override { return shownLimits; }
    bool isPaused() const override { return shownPaused; }
    Task<Result<ModelDetails>> details(ModelId model) override;
    Task<Result<QByteArray>> preview(ModelId model, QString path, qint64 limit) override;
    Task<Result<AccountLoss>> withoutAccount(AccountId account) override;
    Task<Result<std::vector<ModelId>>> modelsWithHash(QString beginning) override;
    Task<Result<std::vector<FoundModel>>> scan(QStringList paths) override;
    Task<Result<StorePlan>> plan(
        std::vector<FoundModel> models, std::optional<Protection> protection, std::vector<AccountId> accounts) override;
    Task<Result<RoomLeft>> roomLeft() override;
    Task<Result<std::optional<qint64>>> roomIn(QByteArray folder) override;
    Task<Result<QStringList>> createLibrary() override;
    Task<Result<>> openWithKit(QStringList words) override;
    QStringList kitWords() const override { return shownWords; }
    Task<Result<>> saveKit(QByteArray path) override;
    bool isKitSaved() const override { return shownKitSaved; }
    void noteKitSaved() override;
    Task<Result<>> recover() override;
    std::vector<AccountKind> kinds() const override { return shownKinds; }
    Task<Result<>> addAccount(AccountRecord draft, QByteArray secret) override;
    Task<Result<>> changeAccount(AccountRecord changed) override;
    Task<Result<>> signIn(AccountId account, QByteArray secret) override;
    Task<Result<>> testAccount(AccountId account) override;
    Task<Result<QString>> defaultDomain(AccountRecord draft) override;
    TransferId store(StoreOrder order) override;
    TransferId fetch(FetchOrder order) override;
    TransferId check(std::vector<ModelId> models, bool deep) override;
    TransferId repair(std::vector<ModelId> models) override;
    TransferId protect(ModelId model, Protection protection) override;
    TransferId freeSpace() override;
    TransferId removeAccount(AccountId account, bool isLost) override;
    void pause(TransferId transfer) override;
    void resume(TransferId transfer) override;
    void retry(TransferId transfer) override;
    void cancel(TransferId transfer) override;
    void moveInQueue(TransferId transfer, int position) override;
    void setPriority(TransferId transfer, TransferPriority priority) override;
    void setRateLimit(TransferId transfer, qint64 bytesPerSecond) override;
    void startNow(TransferId transfer) override;
    void clearEnded() override;
    void setPaused(bool paused) override;
    void setLimits(SpeedLimits limits) override;
    Task<Result<>> moveToTrash(std::vector<ModelId> models) override;
    Task<Result<>> restore(TrashEntry entry) override;
    Task<Result<>> deleteForever(std::vector<TrashEntry> entries) override;
    void refresh() override;

private:
    void fillAccounts();
    void fillModels();
    void fillTransfers();
    void fillTrash();
    void fillIssues();
    void fillHistory();
    void fillDetails();
    void fillFound();
    void fillPlan();
    void fillLoss();
    void fillKinds();
    static AccountEntry emptyAccount(std::size_t number);
    Task<Result<>> answered(QString call);
    TransferId added(TransferEntry::Kind kind, const QString &name, const QString &call);
    TransferId m_lastTransfer = 100;
};

// The moment of fill(): 2026-11-20 14:00 UTC. Ages in the pictures are told from it.
QDateTime fakeNow();

} // namespace mf::ui
