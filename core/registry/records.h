// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The values that go in and out of the registry.

#include "core/base/ids.h"
#include "core/packing/pack.h"

#include <QDateTime>
#include <QMap>
#include <QSet>
#include <QStringList>

#include <memory>

namespace mf {

// The user's choice for a model: k + m erasure coding, or copies (k = 1, m = copies - 1).
struct Protection {
    int k = 1; // 0: chosen per pack = clamp(domains with room - m, 1, 8)
    int m = 0; // how many domains may be lost
    Protection() = default;
    Protection(int kk, int mm)
        : k(kk)
        , m(mm)
    {
    }
    friend bool operator==(const Protection &, const Protection &) = default;
};

struct AccountRecord {
    AccountId id;
    QString name; // unique, the user's
    QString kind; // of the catalogue; empty: another computer's, not added to this one
    QMap<QString, QString> settings;
    QString domain; // failure domain; empty: none is named, and it fails alone
    qint64 upLimit = 0; // bytes/s; 0 = none
    qint64 downLimit = 0;
    int connections = 0; // 0 = as the provider likes
    qint64 capacity = 0; // use at most this many bytes; 0 = all there is
    bool retired = false;
    bool leaving = false; // somebody is giving it up: nothing new goes there, what lies there counts no more
    // as last seen
    std::optional<qint64> total;
    std::optional<qint64> used;
    QDateTime seen; // invalid: never
    QDateTime awaySince; // the first time it could not be reached since then; invalid: it could

    // The log tells of it, and this computer does not know how to reach it: so it is one that cannot be reached.
    bool isElsewhere() const { return kind.isEmpty(); }
    // Equal for accounts that fail together.
    QString failureDomain() const { return domain.isEmpty() ? id.toHex() : domain; }
};

enum class PackClass : std::uint8_t { Data = 0, Metadata = 1 };
enum class PackState : std::uint8_t { Pending = 0, Complete = 1, Damaged = 2, Doomed = 3, Gone = 4 };

using PackRow = qint64; // row id of a pack, this registry's own
using PackSet = std::shared_ptr<const QSet<PackRow>>; // null: none

// Where a record's plain bytes were read, so that a resumed store can encode it again.
struct RecordSource {
    int file = 0; // index into the session's list of paths
    qint64 offset = 0;
    RecordSource() = default;
    RecordSource(int f, qint64 o)
        : file(f)
        , offset(o)
    {
    }
};

// What is committed before a pack's first byte leaves.
struct PendingPack {
    PackId id;
    PackClass packClass = PackClass::Data;
    PackShape shape;
    std::array<std::uint8_t, 32> salt {};
    Sha256 commitment;
    EpochId epoch;
    qint64 payloadLength = 0;
    std::vector<Record> records;
    std::vector<RecordSource> sources; // parallel to records; empty for metadata
    Sha256 digest;
    SessionId session;
    std::vector<AccountId> accounts; // by fragment index: where each is meant to go
    bool held = false; // its data fragments wait in the holding folder of this computer
};

// The numbers are the registry's.
enum class FragmentState : std::uint8_t {
    Planned = 0, // meant to go there
    There = 1, // acknowledged, and not found otherwise since
    Missing = 2, // the account is there, the fragment is not
    Damaged = 3, // what lies under its name is something else
};

struct FragmentPlace {
    int index = 0;
    AccountId account;
    bool acknowledged = false; // There
    FragmentState state = FragmentState::Planned;
    FragmentPlace() = default;
    FragmentPlace(int i, const AccountId &a, bool ack)
        : FragmentPlace(i, a, ack ? FragmentState::There : FragmentState::Planned)
    {
    }
    FragmentPlace(int i, const AccountId &a, FragmentState s)
        : index(i)
        , account(a)
        , acknowledged(s == FragmentState::There)
        , state(s)
    {
    }
};

// What a look at a fragment, or a read of it, told.
struct FragmentFinding {
    PackRow pack = 0;
    int index = 0;
    AccountId account;
    FragmentState state = FragmentState::There;
    FragmentFinding() = default;
    FragmentFinding(PackRow p, int i, const AccountId &a, FragmentState s)
        : pack(p)
        , index(i)
        , account(a)
        , state(s)
    {
    }
};

// A fragment that an account should hold.
struct ExpectedFragment {
    PackRow pack = 0;
    PackId id;
    int index = 0;
    qint64 bytes = 0; // of the blob
    FragmentState state = FragmentState::There;
};

// How the packs of a revision stand.
struct RevisionHealth {
    std::optional<int> spare; // as Registry::spare
    int k = 1; // the largest of its packs: what "chosen per pack" came to
    qint64 missing = 0; // fragments that the protection asks for and that nobody has
    qint64 damaged = 0; // fragments of which only damaged ones are known
    QDateTime proven; // when the fragment that was looked at longest ago was last known to be there
};

// A pack that is not as it should be.
struct PackNeed {
    PackRow pack = 0;
    int losses = 0; // of domains that it must tolerate: the most that a revision that uses it promises
    qint64 bytes = 0; // of its payload
};

// A pack as the registry knows it.
struct PackRecord {
    PackRow row = 0;
    PackId id;
    PackClass packClass = PackClass::Data;
    PackState state = PackState::Pending;
    PackShape shape;
    std::array<std::uint8_t, 32> salt {};
    Sha256 commitment;
    EpochId epoch;
    qint64 payloadLength = 0;
    std::vector<Record> records;
    std::vector<FragmentPlace> fragments;
    bool held = false; // fragments 0 … k-1 lie in the holding folder of this computer (too)
};

// A pack whose data fragments lie in the holding folder.
struct HeldPack {
    PackRow row = 0;
    PackId id;
    PackShape shape;
    PackState state = PackState::Pending;
    SessionId session;
    bool isNeeded = false; // a held revision relies on it
    qint64 bytes = 0;
};

// A pending pack with what a resume needs.
struct PendingRecord {
    PackRow row = 0;
    PendingPack pack;
    std::vector<FragmentPlace> fragments;
};

struct ChunkPlace {
    PackRow pack = 0;
    std::uint32_t record = 0;
    ChunkPlace() = default;
    ChunkPlace(PackRow p, std::uint32_t r)
        : pack(p)
        , record(r)
    {
    }
    friend bool operator==(const ChunkPlace &, const ChunkPlace &) = default;
};

// When a stored chunk counts as a hit (storage.md section 4): its pack is complete, undoomed, undamaged,
// of `packClass`, survives the loss of any `losses` domains (by its acknowledged fragments; with one in each
// domain: distinct domains - k >= losses) and lies only on `accounts` (empty: any account that is not retired).
// A retired account's fragments neither count nor stand in the way.
struct HitRules {
    PackClass packClass = PackClass::Data;
    int losses = 0;
    std::vector<AccountId> accounts;
    PackSet avoid; // nothing in these counts: they are about to be replaced
    std::vector<AccountId> lost; // not retired yet, but taken for lost: what lies there does not count either
};

// A complete pack, and what is needed of it. Kept: a revision that has not ended, in any state.
struct PackUse {
    PackRow row = 0;
    PackId id;
    PackClass packClass = PackClass::Data;
    EpochId epoch;
    PackShape shape;
    qint64 payloadLength = 0;
    qint64 bytes = 0; // of all its records, encoded
    qint64 usedBytes = 0; // of those that a kept revision uses
    bool isUsed = false; // a kept revision relies on it
    bool isDoomed = false;
    Protection asked; // m: the most that such a revision promises; k: what that one asked for, 0: whatever fits
};

// What a revision is about to promise.
struct RevisionPromise {
    RevisionId revision;
    Protection protection;
};

// Where the chunks of a revision can be had without some packs.
struct Relocation {
    std::vector<PackRow> packs; // that it would rely on
    qint64 left = 0; // chunks that no other pack has: theirs are still among `packs`
};

// A piece of a file: a chunk's place, a literal of at most 64 bytes, or a run of zeros.
struct Piece {
    enum class Kind : std::uint8_t { Chunk, Literal, Zeros };
    Kind kind = Kind::Chunk;
    ChunkPlace place;
    QByteArray literal;
    qint64 zeros = 0;
    static Piece chunk(ChunkPlace p)
    {
        Piece x;
        x.place = p;
        return x;
    }
    static Piece ofLiteral(QByteArray bytes)
    {
        Piece x;
        x.kind = Kind::Literal;
        x.literal = std::move(bytes);
        return x;
    }
    static Piece ofZeros(qint64 n)
    {
        Piece x;
        x.kind = Kind::Zeros;
        x.zeros = n;
        return x;
    }
};

// What a model file says of itself, as far as lists show it (core/formats finds it).
struct ModelFacts {
    QString format; // "gguf", "safetensors", "" for others
    QString family; // "Qwen"
    QString architecture; // "qwen2"
    QString quantization; // "Q4_K_M"
    qint64 parameters = 0; // 0: unknown
    qint64 contextLength = 0;
    QString license;
};

using RevisionRow = qint64;
using FileRow = qint64;

enum class RevisionState : std::uint8_t {
    Storing = 0, // not all is out; dropped or resumed
    Unconfirmed = 1, // logged, CONFIRM is still to come
    Live = 2, // shown
    Trashed = 3,
    Held = 4, // shown, but in the holding folder of this computer alone: no account could be reached
};

struct FileRecord {
    FileRow row = 0;
    QString path; // relative, '/' between parts, as stored
    qint64 size = 0;
    Sha256 sha256;
    bool executable = false;
    QDateTime modified;
    QString cid; // "" until asked for; with the profile in cidProfile
    QString cidProfile;
};

struct RevisionRecord {
    RevisionRow row = 0;
    RevisionId id;
    ModelId model;
    QString name; // the model's
    int number = 1;
    RevisionState state = RevisionState::Storing;
    QDateTime created;
    Protection protection; // as asked
    qint64 bytes = 0; // sum of file sizes
    qint64 storedBytes = 0; // encoded bytes of its chunks' first storage, before redundancy
    qint64 uploadedBytes = 0;
    int files = 0;
    ModelFacts facts;
    ObjectHash manifest;
    SessionId session;
    QStringList tags;
    QMap<QString, QString> metadata; // what `show` prints: "general.name" -> …
};

// A part of a model's tensor map: `cat --tensor` and the details view.
struct TensorRecord {
    QString name;
    QString type; // "Q4_K", "BF16"
    qint64 offset = 0; // in its file
    qint64 length = 0;
    QList<qint64> shape;
};

// A store or fetch that goes on next time.
struct TransferRecord {
    qint64 row = 0;
    QString kind; // "store", "fetch"
    QString model; // its name
    QByteArray request; // JSON: paths and options, enough to start it again
    SessionId session;
    QDateTime started;
    qint64 done = 0; // bytes
    qint64 total = 0;
};

// One fragment at one place.
struct FragmentKey {
    PackId pack;
    int index = 0;
    AccountId account;
    FragmentKey() = default;
    FragmentKey(const PackId &p, int i, const AccountId &a)
        : pack(p)
        , index(i)
        , account(a)
    {
    }
    friend bool operator==(const FragmentKey &, const FragmentKey &) = default;
};

// A doom or its end, as read from the log.
struct DoomRecord {
    DoomId id;
    ComputerId author;
    std::vector<PackId> packs; // with all their fragments
    std::vector<FragmentKey> fragments; // single ones
    QStringList objects; // blob names of other objects
    bool pardoned = false;
    bool gone = false;
    QDateTime firstSeen; // by this computer
};

} // namespace mf
