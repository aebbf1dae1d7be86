// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/crypto/secret.h"

#include <QStringList>

namespace mf {

// The 24 words of a recovery kit: BIP-39's English list and encoding of 256 bits
// with an 8-bit checksum (github.com/bitcoin/bips, bip-0039), nothing else of it.
QStringList wordsOf(const SecretKey &recovery);

// Reads the words out of any text: case, numbering ("7. word"), punctuation and
// line breaks do not matter; first four letters of a word are enough. A whole kit
// file is accepted: lines that begin with '#' are skipped.
// Invalid "MF-KIT-WORD" naming the position of the first wrong word (parameter "position", from 1; a
// near word of the list in "near" if there is one, never what was typed), "MF-KIT-COUNT" (parameter
// "count"), "MF-KIT-CHECKSUM".
Result<SecretKey> recoveryFrom(const QString &text);

} // namespace mf
