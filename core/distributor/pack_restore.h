// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/given_rows.h"

namespace mf {

// From some fragments of a pack back to all of it: what Repair, the deep check and a resumed store share. Pure
// functions on bytes, CPU-bound: on the pool.

struct RestoredPack {
    // Every record was opened and has its SHA-256, the directory is the registry's, the padding is what was sealed:
    // the rows have the payload that was stored. False: no combination of the fragments gives that.
    bool isWhole = false;
    DataRows rows; // where whole; of those that were given and are right it shares the memory
    // Blobs, by number, whose bytes are not those that were stored, with what is wrong. Where the pack is not whole:
    // those whose damage shows by itself (header, size, CRC).
    std::map<std::size_t, QString> bad;
    // Those of them that a newer ModelFloat wrote: they are not used, are not damaged, and must stay as they are.
    std::set<std::size_t> newer;
    // Not whole: a sentence without an end.
    QString why;
};

// Several blobs may be of one index (twins): each is judged by itself. Uses what is good of each, by the CRCs in 64 KiB
// blocks; where those are clean but a record does not open, tries every k of the fragments, within the bounds of
// rowSubsets.
RestoredPack restorePack(const KeyRing &ring, const PackRecord &pack, const std::vector<FragmentBlob> &blobs);

// The blob of any fragment of a restored pack, byte for byte as when it was stored (a further one: as it would have
// been). Precondition: the ring has the pack's epoch, which a restored pack proves.
QByteArray fragmentOf(const KeyRing &ring, const PackRecord &pack, const DataRows &rows, int index);

// Bytes in memory while so many fragments are restored and compared, and so many data rows that are missing rebuilt.
// One that turns out damaged is rebuilt on top of that.
qint64 restoreBytes(const PackShape &shape, int given, int missing);

} // namespace mf
