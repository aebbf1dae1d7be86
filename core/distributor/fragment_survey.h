// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

// Names of fragments, and what each is; a few bytes for each, found by a blob's name.
class FragmentNames
{
public:
    explicit FragmentNames(const KeyRing &ring)
        : m_ring(ring)
    {
    }
    // `number` is the caller's, for fragments 0 … count - 1 of the pack.
    void add(const PackId &pack, std::size_t number, int count);
    void sort(); // after the last add()
    std::size_t size() const { return m_entries.size(); }

    struct Match {
        std::size_t number = 0;
        int index = 0;
        Match() = default;
        Match(std::size_t n, int i)
            : number(n)
            , index(i)
        {
        }
    };
    // Those whose name may be this one: the first 60 bits agree. The caller compares the whole.
    std::vector<Match> find(const QString &blobName) const;

private:
    struct Entry {
        quint64 key = 0; // of the name
        quint64 what = 0; // number << 8 | index
        friend bool operator<(const Entry &a, const Entry &b) { return a.key < b.key; }
    };
    KeyRing m_ring;
    std::vector<Entry> m_entries;
};

// How many fragments of a known pack to look for: repair and a raised protection add some after those that it began
// with, and another computer may have done so.
int mostFragmentsOf(const PackShape &shape);

// Looks on the verified accounts for fragments of the packs that were taken in, and notes them in the registry: their
// names follow from the packs' ids. An account that cannot be listed is looked through another time.
Task<Result<>> surveyFragments(Engine &engine);

// The same for packs that lack fragments by what the registry knows, of a revision or (0) of all: another computer may
// have repaired or moved them, which no log tells. Call when the accounts are ready.
Task<Result<>> surveyPacksInNeed(Engine &engine, RevisionRow revision);

} // namespace mf
