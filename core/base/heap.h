// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mf {

// Has the C library give the buffers of megabytes that are freed back to the system, whatever sizes came before.
// Once, at the beginning of a program. Without it glibc raises its own threshold to 32 MiB after the first large
// buffers and keeps later ones in the arenas of every thread: storing 2 GB of GGUF took up to 458 MB that way
// instead of 210 MB, and twice the time in the kernel; 8 GB onto a slow disk 370 MB instead of 270 MB.
void boundHeap();

} // namespace mf
