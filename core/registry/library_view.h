// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/pool.h"
#include "core/base/result.h"
#include "core/base/task.h"
#include "core/registry/records.h"

#include <memory>
#include <optional>

namespace mf {

// What a window shows of a registry, read beside it: by a connection of its own, on a thread of its own, so that
// neither waits for the other. Each answer is of one moment. It only reads, and ends before the registry does.
class LibraryView
{
public:
    // Of a registry that is open in this process. Errors as Registry's.
    static Task<Result<std::unique_ptr<LibraryView>>> open(QString path);
    ~LibraryView(); // waits for the worker

    struct Model {
        RevisionRecord revision; // the current one
        RevisionHealth health;
        std::vector<qint8> strip; // the worst spare in each of at most kRuns equal runs of its packs
        std::vector<AccountId> accounts; // with a fragment that is there, in the order of their names
        qint64 bytes = 0; // of those fragments
        std::optional<Sha256> sha256; // of its only file; nothing: it has several
    };
    static constexpr int kRuns = 64;
    // By name. without: accounts that count as lost.
    Task<Result<std::vector<Model>>> models(std::vector<AccountId> without);

    struct Fragment {
        qint64 pack = 0; // 1, 2, … of the revision
        int index = 0;
        AccountId account;
        FragmentState state = FragmentState::There;
        qint64 bytes = 0;
    };
    struct Fragments {
        qint64 packs = 0;
        std::vector<Fragment> list; // by pack and index
    };
    Task<Result<Fragments>> fragments(RevisionRow revision);

    struct Event {
        QDateTime when;
        QString kind;
        QString text;
    };
    Task<Result<std::vector<Event>>> events(int limit); // the newest first

private:
    class Reader;
    explicit LibraryView(QString path);
    template <typename F> auto read(F function); // function(Connection &) in a transaction on the worker

    std::unique_ptr<Reader> m_reader; // lives on the worker
    std::unique_ptr<Pool> m_worker; // ends first
};

} // namespace mf
