// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mf {

// Makes the process's heap one that all threads share, and in which the buffers of packs are used again. First in
// main(), before there are threads. Does nothing where the C library is not glibc.
void keepHeapSmall();

// What is not in use goes back to the system: some milliseconds for each 100 MiB, on whatever thread. When long work
// has come to its end.
void giveHeapBack();

} // namespace mf
