// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace mf {

constexpr std::size_t kKitWordCount = 2048;
constexpr std::size_t kKitWordLongest = 8; // letters

// In alphabetical order, lower-case ASCII, of 3 to 8 letters; no two share their first four.
extern const std::array<std::string_view, kKitWordCount> kKitWords;

} // namespace mf
