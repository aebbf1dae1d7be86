// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto/key_ring.h"
#include "core/registry/records.h"

#include <map>
#include <set>

namespace mf {

// From some fragments of a pack back to all of it: what Repair, the deep check and a resumed store share. Pure
// functions on bytes, CPU-bound: on the pool.

struct RestoredPack {
    // Every record was opened and has its SHA-256, the directory is the registry's, the padding is what was sealed:
    // the payload, k * dataLength bytes, is the one that was stored. False: no combination of the fragments gives that.
    bool isWhole = false;
    QByteArray payload;
    // Fragments whose bytes are not those that were stored, with what is wrong. Where the pack is not whole: those
    // whose damage shows by itself (header, size, CRC).
    std::map<int, QString> bad;
    // Those of them that a newer ModelFloat wrote: they are not used, are not damaged, and must stay as they are.
    std::set<int> newer;
    // Not whole: a sentence without an end.
    QString why;
};

// blobs: whole fragments by index, as an account gave them. Uses what is good of each, by the CRCs in 64 KiB blocks;
// where those are clean but a record does not open, tries every k of the fragments.
RestoredPack restorePack(const KeyRing &ring, const PackRecord &pack, const std::map<int, QByteArray> &blobs);

// The blob of any fragment of a restored pack, byte for byte as when it was stored (a further one: as it would have
// been). Precondition: the ring has the pack's epoch, which a restored pack proves.
QByteArray fragmentOf(const KeyRing &ring, const PackRecord &pack, const QByteArray &payload, int index);

// Bytes in memory while `count` fragments are restored and compared.
qint64 restoreBytes(const PackShape &shape, int count);

// More combinations of fragments than this are not tried; each costs the decoding of a record.
constexpr std::size_t kMostSubsets = 5'000;

struct RowSubsets {
    std::vector<std::vector<int>> subsets; // of k rows each, in the order of the rows
    bool isAll = true;
    QString noneVerifies() const; // a sentence without an end that says of how many it is true
};

// The k-element subsets of the rows, to be tried one after the other: all of them where there are at most
// kMostSubsets, which is so with up to 14 rows, and with up to 32 where no more than three are spare. Of more, that
// many different ones, drawn evenly and the same each time: a part that lies at the front of an order would have all
// of them contain a bad first row. They miss what could be had only where nearly as many rows are bad as may be: of
// 8 + 8, with six bad ones never, with seven in one case of 80, with eight in 60 %.
// Precondition: 1 <= k <= rows.size().
RowSubsets rowSubsets(const std::vector<int> &rows, int k);

} // namespace mf
