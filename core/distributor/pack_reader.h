// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/channel.h"
#include "core/distributor/engine.h"
#include "core/distributor/payload_slices.h"
#include "core/distributor/record_search.h"
#include "core/distributor/shares.h"

#include <map>
#include <memory>
#include <set>

namespace mf {

// A fragment that was not what it should be, met while reading.
struct Damage {
    QString account;
    PackId pack;
    int fragment = 0;
    QString what; // for people
    AccountId accountId;
    bool isMissing = false; // the account says that it has nothing of that name
};

// What reading cost and met; shared by all readers of one operation.
struct ReadStats {
    qint64 network = 0; // bytes received
    std::shared_ptr<Shares> shares = std::make_shared<Shares>(); // of them, which account gave how much
    int hedges = 0; // requests sent because another one was late
    int rebuilt = 0; // slices computed from other fragments
    std::vector<Damage> damages;
    QMap<QString, QString> unreachable; // account -> why
    void note(Damage damage);
};

// Where the plain bytes of chunks go. write() is called on a pool, from several threads.
class ChunkTarget
{
public:
    virtual ~ChunkTarget() = default;
    virtual Result<> write(qint64 offset, ByteView bytes) = 0;
};

// One record to read, and the places it goes to.
struct WantedRecord {
    std::uint32_t record = 0;
    bool isEncoded = false; // its places get the bytes as they were encoded, once the plain ones verified
    struct Place {
        std::shared_ptr<ChunkTarget> target;
        qint64 offset = 0;
    };
    std::vector<Place> places;
};

// Reads records of one pack from its fragments on the accounts.
//
// Works in columns: the same range of every fragment. A column needs the data fragments that hold
// wanted bytes; one whose account is slow, silent or gone is computed from any k others instead
// (hedging), so that neither a slow nor a lost account holds up the rest. Nothing is believed until
// AES-GCM and SHA-256 agree; if they do not, other combinations of fragments are tried, as many as
// rowSubsets gives: of one account for each fragment, then of all that have it. The culprit is named.
class PackReader
{
public:
    PackReader(Engine &engine, PackRecord pack, ReadStats &stats);

    // Delivers every wanted record to all its places, or fails "MF-PACK-UNREADABLE", naming the accounts: Corrupt if
    // too many fragments are known to be lost, Unauthorised or Network if accounts that could not be read may have
    // them. Records that were delivered stay delivered. delivered: plain bytes that became good, on the event loop.
    // Takes what it needs of Engine::buffers while it runs.
    Task<Result<>> read(std::vector<WantedRecord> wanted, std::function<void(qint64)> delivered);

private:
    struct Interval {
        qint64 begin = 0;
        qint64 end = 0;
        bool isEmpty() const { return begin >= end; }
    };
    struct Column {
        Interval range; // within a fragment's data
        std::vector<bool> needed; // by data row
    };
    struct Answer {
        int row = -1; // -1: the hedge timer
        Result<QByteArray> bytes;
        explicit Answer(int r, Result<QByteArray> b)
            : row(r)
            , bytes(std::move(b))
        {
        }
    };

    std::vector<Column> columnsFor(const std::vector<WantedRecord> &wanted) const;
    Task<Result<>> readColumn(Column column);
    Task<Result<QByteArray>> readSlice(int row, Account *account, Interval range);
    Task<void> answer(int row, Account *account, Interval range, Channel<Answer> &out);
    Task<void> hedgeTimer(Clock::Duration wait, Channel<Answer> &out);
    std::vector<int> rowsByPreference(qint64 bytes) const;
    double expectedOf(int row, qint64 bytes) const;
    Clock::Duration hedgeAfter(qint64 bytes, double slowest) const;
    Task<Error> unreadable();
    void noteBad(std::size_t row, Account *account, const Error &error);

    using Failed = std::vector<WantedRecord>;
    Task<Result<Failed>> openRecords(std::vector<WantedRecord> wanted, std::function<void(qint64)> delivered);
    Task<Result<>> openHard(WantedRecord wanted, std::function<void(qint64)> delivered);
    // What accounts gave of one record; parallel.
    struct Reads {
        std::vector<Account *> accounts;
        std::vector<FragmentParts> sources;
    };
    Task<void> readMore(std::vector<RecordSegment> segments, bool withTwins, Reads &reads);
    Task<Result<std::vector<QByteArray>>> readParts(int row, Account *account, std::vector<RecordSegment> segments);
    Task<FoundRecord> search(std::uint32_t record, std::vector<RecordSegment> segments, const Reads &reads);

    Engine &m_engine;
    std::shared_ptr<const PackRecord> m_pack;
    std::shared_ptr<const std::vector<qint64>> m_offsets; // of each record in the payload
    ReadStats &m_stats;
    std::vector<Account *> m_rows; // by fragment index; null: no account has it
    std::vector<std::vector<Account *>> m_twins; // by fragment index: further accounts that hold the same
    std::vector<bool> m_bad; // by fragment index: it is not used any more
    struct Refusal {
        Account *account = nullptr;
        Error error;
        Refusal(Account *a, Error e)
            : account(a)
            , error(std::move(e))
        {
        }
    };
    // By fragment index: why an account did not give it; of one that may yet have it, if there is such a one.
    std::vector<std::optional<Refusal>> m_refused;
    std::shared_ptr<PayloadSlices> m_slices; // what read() has got so far
};

} // namespace mf
