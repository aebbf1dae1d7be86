// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// tar: where the files in it lie, so that they are cut as they would be by themselves. Formats: POSIX.1-1988 ustar,
// POSIX.1-2001 pax (size), GNU (long names, sizes in base 256). Not compressed ones: nothing is to be found in those.

#include "core/formats/byte_source.h"

#include <QString>

#include <vector>

namespace mf {

// A regular file with content.
struct TarMember {
    QString name; // as much of it as its own header block has: enough to tell what it is
    qint64 offset = 0; // of its first byte
    qint64 length = 0; // > 0
};

inline constexpr std::size_t kTarBlock = 512;
inline constexpr std::size_t kMostTarMembers = 4'096; // a seek each; what comes after them is not looked at

// True if these first 512 bytes of a file are a tar's: a header whose checksum is right.
bool looksLikeTar(ByteView head);

// The members in the order of their places, as far as the headers are sound and lie within the file. Reads one block
// for each member. Never fails: what cannot be read says only that there are no more members.
std::vector<TarMember> readTar(const ByteSource &source);

} // namespace mf
