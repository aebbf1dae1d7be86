// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

namespace mf {

void wipe(MutableBytes bytes); // overwrites, never optimised away

// 32 secret bytes: not printable, wiped when destroyed.
class SecretKey
{
public:
    static constexpr std::size_t kSize = 32;
    SecretKey() = default;
    // Precondition: bytes.size() == 32.
    explicit SecretKey(ByteView bytes);
    SecretKey(const SecretKey &) = default;
    SecretKey &operator=(const SecretKey &) = default;
    ~SecretKey();
    ByteView view() const { return m_bytes; }
    friend bool operator==(const SecretKey &a, const SecretKey &b); // constant time

private:
    std::array<std::uint8_t, kSize> m_bytes{};
};

// From the operating system; ends the program if that has none (it never fails
// after boot on the platforms we run on).
void fillRandom(MutableBytes bytes);
template <typename Id> Id randomId()
{
    Id id;
    fillRandom(id.bytes);
    return id;
}
SecretKey randomKey();

// True if equal, in time that depends on the length alone.
bool equalConstantTime(ByteView a, ByteView b);

} // namespace mf
