// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the window shows, as values: read once from core, never a reference into it. Sizes are bytes, times are UTC.

#include "core/base/error.h"
#include "core/base/rate_estimate.h"
#include "core/distributor/engine.h"
#include "core/distributor/model_state.h"
#include "core/distributor/shares.h"
#include "core/distributor/transfer_priority.h"
#include "core/registry/records.h"

#include <QStringList>

#include <optional>
#include <vector>

namespace mf::ui {

// A model that is stored, or being stored.
struct ModelEntry {
    ModelId id;
    QString name;
    ModelFacts facts; // format, family, architecture, quantization, …
    qint64 bytes = 0; // of its files
    qint64 uploadedBytes = 0; // on the accounts, with redundancy
    int files = 0;
    int revision = 0;
    QDateTime stored;
    QDateTime proven; // when it was last known to be all there; invalid: never
    Protection protection; // with the k that its packs came to
    ModelState state = ModelState::Unknown;
    int spare = 0; // further domains that may be lost; < 0: so many fragments are missing
    bool onThisComputer = false; // in the holding folder alone
    int percent = -1; // of the store that makes it; -1: none is under way
    QStringList tags;
    QString sha256; // hex, of its only file; "": it has several, or it is not known
    QStringList accounts; // names of those that hold a part of it
    // The worst spare in each of at most 64 equal runs of its packs, in order; empty: not known.
    std::vector<qint8> strip;
};

// What the details panel shows beside the entry.
struct ModelDetails {
    struct Fragment {
        qint64 pack = 0; // 1, 2, …
        int index = 0;
        QString account;
        FragmentState state = FragmentState::There;
        qint64 bytes = 0;
    };
    // What one account holds of each of at most 64 equal runs of packs.
    struct MapRow {
        enum class Cell : std::uint8_t { None, There, Missing, Damaged };
        QString account;
        bool isAway = false;
        std::vector<Cell> cells;
    };
    struct File {
        QString path;
        qint64 size = 0;
        QString sha256; // hex
    };
    struct Revision {
        int number = 0;
        RevisionState state = RevisionState::Live;
        QDateTime stored;
        qint64 bytes = 0;
    };
    ModelId model;
    std::vector<MapRow> map;
    std::vector<Fragment> fragments; // the first kMostFragments of them, those that are not there first
    qint64 fragmentCount = 0;
    static constexpr std::size_t kMostFragments = 2'000;
    QMap<QString, QString> metadata;
    std::vector<File> files;
    std::vector<Revision> history; // newest first
};

// An account. What it is called is unique.
struct AccountEntry {
    enum class Health { Connected, Connecting, Unreachable, SignIn, Full, AlmostFull, Stale, Newer };
    AccountId id;
    QString name;
    QString kind; // id of the catalogue: "folder"; "": another computer added it, and this one did not
    QString kindTitle; // "Folder"
    QString place; // what tells it from others of its kind: a path, an address
    QString domain;
    Health health = Health::Connecting;
    bool hasSecret = false; // a password or key, which can be given anew
    std::optional<Error> trouble;
    QDateTime awaySince;
    QDateTime seen;
    std::optional<qint64> total;
    std::optional<qint64> used; // by all that lies there
    qint64 ours = 0; // of it, ModelFloat's
    qint64 fragments = 0;
    qint64 capacity = 0; // at most so much is used; 0: all there is
    qint64 upLimit = 0; // bytes/s; 0: none
    qint64 downLimit = 0;

    bool isElsewhere() const { return kind.isEmpty(); } // what lies there is not known here
};

// What would become of the models without an account.
struct AccountLoss {
    QStringList unreadable; // names of models
    QStringList atRisk;
    QStringList reduced;
    int unharmed = 0;
    std::vector<ModelEntry> models; // all that are stored, as they would be
};

using TransferId = qint64; // of this run of the program

// What one account does for a transfer.
struct ShareEntry : AccountShare {
    QString name; // of the account
};

struct TransferEntry {
    enum class Kind { Store, Fetch, Check, Repair, Protect, Collect, MoveAway };
    enum class State { Queued, Running, Paused, Waiting, Failed, Done, Cancelled };
    TransferId id = 0;
    Kind kind = Kind::Store;
    QString name; // of the model or account; "": all models
    State state = State::Queued;
    TransferPriority priority = TransferPriority::Normal;
    qint64 rateLimit = 0; // bytes/s of its own; 0: none
    Progress progress;
    double bytesPerSecond = 0;
    TimeLeft left;
    std::vector<ShareEntry> shares; // by name; empty: no account moves fragments for it
    std::optional<Error> error; // why it failed or waits
    QDateTime ended; // Done, Failed, Cancelled
    QString outcome; // of one that is done: "12 fragments rebuilt"
    QString folder; // of a fetch that is done
    bool isWarning = false; // done, and not all that was asked: see outcome
};

// What could be stored yet.
struct RoomLeft {
    std::optional<qint64> bytes; // of models, before what protects them; nothing: no account knows its room
    int losses = 0; // so many accounts may then be lost
};

// Something that needs the user. One for each cause.
struct IssueEntry {
    enum class Severity { Note, Warning, Risk, Bad };
    // What would mend it, as the window offers it; the subject is what it is done to.
    enum class Remedy { None, Repair, Check, AddStorage, MoveAway, ShowAccount, ShowModel, Retry, SaveKit, SignIn };
    QString id; // the same as long as the cause is
    Severity severity = Severity::Warning;
    QString title;
    QString text;
    std::vector<Remedy> remedies; // the best first
    QString model;
    QString account;
    TransferId transfer = 0;
};

struct HistoryEntry {
    QDateTime when;
    QString kind; // "store", "fetch", "check", …
    QString text;
};

// Speed limits of all accounts together, bytes/s; 0: none.
struct SpeedLimits {
    qint64 up = 0;
    qint64 down = 0;
    friend bool operator==(const SpeedLimits &, const SpeedLimits &) = default;
};

// A model among files that were dropped.
struct FoundModel {
    QString name;
    ModelFacts facts;
    qint64 bytes = 0;
    qint64 storedBytes = 0; // about, after compression: from samples of it
    std::vector<QByteArray> paths; // as a StoreRequest takes them
    int files = 0;
    QString problem; // why it cannot be stored; "": it can
    QStringList missing; // parts that should be there
    bool isModel = true; // else other files: not stored unless asked
    bool isKnown = false; // a model of that name and size is in the library
};

struct StoreOrder {
    std::vector<QByteArray> paths;
    QString name; // empty: from the files
    std::optional<Protection> protection;
    std::vector<AccountId> accounts; // empty: all
};

// What storing would take, by the same placement that a store uses.
struct StorePlan {
    struct PerAccount {
        AccountId id;
        QString name;
        std::optional<qint64> room; // before
        qint64 bytes = 0;
    };
    Protection protection; // with the k that it comes to
    qint64 bytes = 0;
    qint64 storedBytes = 0; // about, after compression, before redundancy
    qint64 uploadedBytes = 0; // about, with redundancy
    std::vector<PerAccount> accounts;
    bool fits = true;
    qint64 lacking = 0; // bytes of room, if it does not fit
    int mostLosses = 0; // accounts that could be lost at most with these accounts
    QStringList warnings;
};

struct FetchOrder {
    ModelId model;
    QString name;
    QByteArray to; // folder, absolute
    bool overwrite = false;
};

} // namespace mf::ui
