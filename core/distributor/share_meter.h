// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/rate_estimate.h"
#include "core/distributor/shares.h"

#include <memory>

namespace mf {

// The shares of all attempts of a transfer together, with the speed of each account.
class ShareMeter
{
public:
    // What the operation tells. Other Shares than before are those of its next part or attempt: they add to what was.
    // True: an account is new.
    bool follow(const std::shared_ptr<const Shares> &shares);
    void sample(Clock::Duration now); // about once a second while it runs
    void stop(); // nothing moves any more

    qint64 bytes() const { return m_before + (m_shares ? m_shares->bytes() : 0); }
    const std::vector<AccountShare> &shown() const { return m_shown; } // as of the last of these calls

private:
    struct Row { // beside each of m_shown
        qint64 sentBefore = 0; // by what went before
        qint64 receivedBefore = 0;
        RateEstimate rate;
    };
    void update();

    std::shared_ptr<const Shares> m_shares; // null: nothing runs
    std::size_t m_known = 0; // accounts of m_shares
    qint64 m_before = 0;
    std::vector<AccountShare> m_shown;
    std::vector<Row> m_rows;
};

} // namespace mf
