// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/registry/records.h"

namespace mf {

// The pieces of a part of a file as the bytes of list.runs. One item after the other, each led by
// varint(value << 2 | kind):
//
//   kind 0  chunks    value = how many, at least 1; then zigzag(pack - pack of the run before, at first 0),
//                     varint(first record). They lie in that pack one after the other.
//   kind 1  literal   value = its length, at most 64; then its bytes
//   kind 2  zeros     value = how many bytes
//
// varint: LEB128. A run of a pack takes about 5 bytes, however long it is.
constexpr qsizetype kLongestLiteral = 64;
constexpr std::size_t kMostPieces = 1 << 20; // of one part

Result<QByteArray> packRuns(const std::vector<Piece> &pieces); // Invalid "MF-LIST-INVALID"
std::optional<std::vector<Piece>> unpackRuns(const QByteArray &bytes);

} // namespace mf
