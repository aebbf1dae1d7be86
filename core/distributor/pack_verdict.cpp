// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/pack_verdict.h"

namespace mf {
namespace {

// What is wrong with what was read; empty: nothing, or nothing that could be proven.
QString wrongOf(const KeyRing &ring, const PackRecord &pack, const RestoredPack &restored, const QByteArray &used,
    const FragmentRead &read, bool noneFits)
{
    if (read.bytes.isSharedWith(used) || read.bytes == used) {
        const auto bad = restored.bad.find(read.place.index);
        if (bad != restored.bad.end())
            return bad->second;
        return noneFits ? restored.why : QString();
    }
    // A twin of the one that was used.
    if (!restored.isWhole || read.bytes == fragmentOf(ring, pack, restored.payload, read.place.index))
        return {};
    return QStringLiteral("its bytes are not those that were stored");
}

} // namespace

PackVerdict judgePack(const KeyRing &ring, const PackRecord &pack, const std::vector<FragmentRead> &reads)
{
    PackVerdict verdict;
    const std::map<int, QByteArray> blobs = blobsOf(reads);
    verdict.restored = restorePack(ring, pack, blobs);
    int usable = 0;
    for (const auto &[index, blob] : blobs)
        usable += blob.size() == fragmentSize(pack.shape.dataLength) && !verdict.restored.newer.contains(index) ? 1 : 0;
    const bool noneFits = !verdict.restored.isWhole && usable >= pack.shape.k;
    for (const FragmentRead &read : reads) {
        if (read.answer == FragmentAnswer::Away)
            continue;
        if (verdict.restored.newer.contains(read.place.index)) { // it says nothing that could be judged
            verdict.wrong.push_back(PackVerdict::Wrong { read.place, verdict.restored.bad.at(read.place.index) });
            continue;
        }
        FragmentState state = FragmentState::Missing;
        QString what = QStringLiteral("it is not there");
        if (read.answer == FragmentAnswer::Bytes) {
            what = wrongOf(ring, pack, verdict.restored, blobs.at(read.place.index), read, noneFits);
            state = what.isEmpty() ? FragmentState::There : FragmentState::Damaged;
        }
        // Without the whole pack nothing is proven of what looks right.
        if (state != FragmentState::There || verdict.restored.isWhole)
            verdict.findings.emplace_back(pack.row, read.place.index, read.place.account, state);
        if (state != FragmentState::There)
            verdict.wrong.push_back(PackVerdict::Wrong { read.place, what });
    }
    return verdict;
}

} // namespace mf
