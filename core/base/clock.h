// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"

#include <QDateTime>

#include <chrono>

namespace mf {

// The only source of time in core; tests use FakeClock (tests/support).
class Clock
{
public:
    using Duration = std::chrono::milliseconds;

    virtual ~Clock() = default;
    virtual QDateTime now() const = 0; // wall clock, UTC; may jump
    virtual Duration elapsed() const = 0; // monotonic, from an arbitrary start
    virtual Task<void> sleep(Duration interval) = 0;
};

class SystemClock final : public Clock
{
public:
    QDateTime now() const override;
    Duration elapsed() const override;
    Task<void> sleep(Duration interval) override;
};

} // namespace mf
