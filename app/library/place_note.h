// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"

#include <QByteArray>

namespace mf {

// For people who come upon the folder or bucket of an account: what it is, and that nothing in it may be touched. Lies
// there in plain text, beside the objects of core/README.md; no program reads it.
BlobName placeNoteName(); // "what-is-this-folder.txt"
QByteArray placeNote(); // UTF-8

} // namespace mf
