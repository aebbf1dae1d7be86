// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>
#include <vector>

namespace mf {

// What one pack survives: collects where its acknowledged fragments lie.
class PackSpare
{
public:
    // A twin (the same index on a second account) counts once, which errs on the safe side.
    void add(int index, int domain);
    // The largest number of domains such that after the loss of any so many k fragments remain;
    // negative if even now some are missing to k (storage.md section 4).
    int spare(int k) const;
    int fragments() const { return m_fragments; } // distinct ones
    void clear();

private:
    std::vector<int> m_indices;
    std::vector<std::pair<int, int>> m_domains; // domain, fragments in it
    int m_fragments = 0;
};

} // namespace mf
