// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/pack_verdict.h"

namespace mf {
namespace {

// Whether enough was read, and none of it fits together.
bool isNoneFitting(const PackRecord &pack, const RestoredPack &restored, const std::vector<FragmentBlob> &blobs)
{
    std::set<int> usable;
    for (std::size_t number = 0; number < blobs.size(); ++number) {
        if (blobs[number].second.size() == fragmentSize(pack.shape.dataLength) && !restored.newer.contains(number))
            usable.insert(blobs[number].first);
    }
    return !restored.isWhole && std::ssize(usable) >= pack.shape.k;
}

} // namespace

PackVerdict judgePack(const KeyRing &ring, const PackRecord &pack, const std::vector<FragmentRead> &reads)
{
    PackVerdict verdict;
    std::vector<FragmentBlob> blobs;
    for (const FragmentRead &read : reads) {
        if (read.answer == FragmentAnswer::Bytes)
            blobs.emplace_back(read.place.index, read.bytes);
    }
    verdict.restored = restorePack(ring, pack, blobs);
    const RestoredPack &restored = verdict.restored;
    const bool noneFits = isNoneFitting(pack, restored, blobs);
    std::size_t next = 0; // blob
    for (const FragmentRead &read : reads) {
        if (read.answer == FragmentAnswer::Away)
            continue;
        FragmentState state = FragmentState::Missing;
        QString what = QStringLiteral("it is not there");
        if (read.answer == FragmentAnswer::Bytes) {
            const std::size_t number = next++;
            const auto bad = restored.bad.find(number);
            what = bad != restored.bad.end() ? bad->second : noneFits ? restored.why : QString();
            if (restored.newer.contains(number)) { // it says nothing that could be judged
                verdict.wrong.push_back(PackVerdict::Wrong { read.place, what, true });
                continue;
            }
            state = what.isEmpty() ? FragmentState::There : FragmentState::Damaged;
        }
        // Without the whole pack nothing is proven of what looks right.
        if (state != FragmentState::There || restored.isWhole)
            verdict.findings.emplace_back(pack.row, read.place.index, read.place.account, state);
        if (state != FragmentState::There)
            verdict.wrong.push_back(PackVerdict::Wrong { read.place, what });
    }
    return verdict;
}

} // namespace mf
