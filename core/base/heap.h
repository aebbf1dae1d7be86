// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mf {

// Makes the process's heap one that all threads share and that gives back what it does not need: chunks of megabytes
// wander from the thread that reads them to the one that seals them, and a heap for each thread would keep as much
// again. First in main(), before there are threads. Does nothing where the C library is not glibc.
void keepHeapSmall();

} // namespace mf
