// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/task.h"
#include "core/distributor/trash.h"
#include "core/providers/form_field.h"
#include "ui/common/snapshots.h"

#include <QObject>

namespace mf::ui {

// The library as the window sees it. The program's is app/desktop/engine_service.h, that of tests
// tests/ui/fake_service.h.
//
// What it shows is kept up to date by itself; a const reference is good until control returns to the event loop.
// Signals come at most 4 times a second for what moves. Everything here belongs to the event loop's thread and nothing
// waits.
class Service : public QObject
{
    Q_OBJECT
public:
    enum class State { Opening, Ready, None, Failed }; // None: there is no library yet

    virtual State state() const = 0;
    virtual std::optional<Error> failure() const = 0; // of Failed

    virtual const std::vector<ModelEntry> &models() const = 0; // by name
    virtual const std::vector<AccountEntry> &accounts() const = 0; // by name
    virtual const std::vector<TransferEntry> &transfers() const
        = 0; // running and queued ones in their order, those of a higher priority first, then ended ones
    virtual const std::vector<TrashEntry> &trash() const = 0;
    virtual const std::vector<IssueEntry> &issues() const = 0; // worst first
    virtual const std::vector<HistoryEntry> &history() const = 0; // newest first
    virtual SpeedLimits limits() const = 0;
    virtual bool isPaused() const = 0; // all transfers are

    // ---- questions
    virtual Task<Result<ModelDetails>> details(ModelId model) = 0;
    // A text or JSON file of a model, at most its first `limit` bytes.
    virtual Task<Result<QByteArray>> preview(ModelId model, QString path, qint64 limit) = 0;
    virtual Task<Result<AccountLoss>> withoutAccount(AccountId account) = 0;
    // Those with a file whose SHA-256, or a word of whose name, begins so; at least 4 hex digits.
    virtual Task<Result<std::vector<ModelId>>> modelsWithHash(QString beginning) = 0;
    virtual Task<Result<std::vector<FoundModel>>> scan(QStringList paths) = 0;
    virtual Task<Result<StorePlan>> plan(
        std::vector<FoundModel> models, std::optional<Protection> protection, std::vector<AccountId> accounts)
        = 0;
    // What still fits on all accounts, by a trial placement with the protection that a store has by default.
    virtual Task<Result<RoomLeft>> roomLeft() = 0;
    // Of the folder's disk; nothing: unknown.
    virtual Task<Result<std::optional<qint64>>> roomIn(QByteArray folder) = 0;

    // ---- the library
    // Makes one; the 24 words of its recovery kit.
    virtual Task<Result<QStringList>> createLibrary() = 0;
    virtual Task<Result<>> openWithKit(QStringList words) = 0; // accounts are added next
    virtual QStringList kitWords() const = 0; // empty: no library is open
    virtual Task<Result<>> saveKit(QByteArray path) = 0;
    virtual bool isKitSaved() const = 0; // and read back by the user: noteKitSaved; a file alone proves nothing
    virtual void noteKitSaved() = 0;
    virtual Task<Result<>> recover() = 0; // after openWithKit and the accounts

    // ---- accounts
    struct AccountKind {
        QString id;
        QString title;
        std::vector<FormField> fields;
        std::vector<FormPreset> presets;
    };
    virtual std::vector<AccountKind> kinds() const = 0;
    // draft: kind, name, settings, domain ("": by default) and limits. Tested by writing, reading, listing and
    // deleting: an Error's parameter "step" says what failed (AddAccountPanel). Whoever stops waiting for the answer
    // cancels it, and nothing of the account stays.
    virtual Task<Result<>> addAccount(AccountRecord draft, QByteArray secret) = 0;
    virtual Task<Result<>> changeAccount(AccountRecord changed) = 0; // by id; settings: those that change
    // A new password or key, which is tried first. Cancelled as addAccount is.
    virtual Task<Result<>> signIn(AccountId account, QByteArray secret) = 0;
    virtual Task<Result<>> testAccount(AccountId account) = 0;
    // The failure domain that a folder would get, for the form.
    virtual Task<Result<QString>> defaultDomain(AccountRecord draft) = 0;

    // ---- transfers; each shows up in transfers()
    virtual TransferId store(StoreOrder order) = 0;
    virtual TransferId fetch(FetchOrder order) = 0;
    virtual TransferId check(std::vector<ModelId> models, bool deep) = 0; // none: all
    virtual TransferId repair(std::vector<ModelId> models) = 0; // none: all
    virtual TransferId protect(ModelId model, Protection protection) = 0;
    virtual TransferId freeSpace() = 0; // collect
    virtual TransferId removeAccount(AccountId account, bool isLost)
        = 0; // moves what lies there away first, unless lost
    virtual void pause(TransferId transfer) = 0;
    virtual void resume(TransferId transfer) = 0;
    virtual void retry(TransferId transfer) = 0; // a failed or cancelled one
    virtual void cancel(TransferId transfer) = 0;
    // To that place among those that are not ended, 0 the first; but always among those of its priority.
    virtual void moveInQueue(TransferId transfer, int position) = 0;
    virtual void setPriority(TransferId transfer, TransferPriority priority) = 0; // last of those that have it already
    virtual void setRateLimit(TransferId transfer, qint64 bytesPerSecond) = 0; // its own; 0: none
    virtual void startNow(TransferId transfer) = 0; // what may not run beside it waits again
    virtual void clearEnded() = 0;
    virtual void setPaused(bool paused) = 0; // all of them
    virtual void setLimits(SpeedLimits limits) = 0;

    // ---- trash
    virtual Task<Result<>> moveToTrash(std::vector<ModelId> models) = 0;
    virtual Task<Result<>> restore(TrashEntry entry) = 0;
    virtual Task<Result<>> deleteForever(std::vector<TrashEntry> entries) = 0; // what is in the trash, nothing else

    virtual void refresh() = 0; // looks at the accounts and the log anew

signals:
    void stateChanged();
    void modelsChanged();
    void accountsChanged();
    void transfersChanged(); // some came, went or changed their state or order
    void transferMoved(qint64 transfer); // its progress
    void trashChanged();
    void issuesChanged();
    void historyChanged();
    void limitsChanged(); // and isPaused()
};

} // namespace mf::ui
