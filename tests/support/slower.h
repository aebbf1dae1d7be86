// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mf {

// Bounds on the time of our own work are so much wider in this build: sanitizers are slow.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MF_IS_SANITIZED
#endif
#endif
#ifdef MF_IS_SANITIZED
inline constexpr double kSlower = 5;
#undef MF_IS_SANITIZED
#else
inline constexpr double kSlower = 1;
#endif

} // namespace mf
