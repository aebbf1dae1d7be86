// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/share_meter.h"

#include <algorithm>

namespace mf {

using Doing = AccountShare::Doing;

bool ShareMeter::follow(const std::shared_ptr<const Shares> &shares)
{
    if (shares != m_shares) {
        stop();
        m_shares = shares;
        for (AccountShare &share : m_shown) { // it gets another try
            share.doing = Doing::Nothing;
            share.why.reset();
        }
    } else if (!m_shares || m_shares->size() == m_known) {
        return false; // by far the most calls
    }
    const std::size_t before = m_shown.size();
    update();
    return m_shown.size() != before;
}

void ShareMeter::sample(Clock::Duration now)
{
    const std::vector<AccountShare> before = m_shown;
    update();
    for (std::size_t i = 0; i < m_shown.size(); ++i) {
        AccountShare &share = m_shown[i];
        m_rows[i].rate.sample(now, share.sent + share.received);
        share.bytesPerSecond = m_rows[i].rate.bytesPerSecond();
        // Between two fragments it does nothing for a moment: that is not worth a word.
        if (share.doing != Doing::Nothing || i >= before.size())
            continue;
        if (share.sent > before[i].sent)
            share.doing = Doing::Sending;
        else if (share.received > before[i].received)
            share.doing = Doing::Receiving;
    }
}

void ShareMeter::stop()
{
    if (m_shares)
        update();
    m_before = bytes();
    m_shares.reset();
    for (std::size_t i = 0; i < m_shown.size(); ++i) {
        AccountShare &share = m_shown[i];
        share.bytesPerSecond = 0;
        if (share.doing == Doing::Sending || share.doing == Doing::Receiving)
            share.doing = Doing::Nothing;
        m_rows[i].rate.pause();
        m_rows[i].sentBefore = share.sent;
        m_rows[i].receivedBefore = share.received;
    }
}

void ShareMeter::update()
{
    if (!m_shares)
        return;
    m_known = m_shares->size();
    for (AccountShare &fresh : m_shares->list()) {
        const auto known = std::find_if(m_shown.begin(), m_shown.end(),
            [&fresh](const AccountShare &share) { return share.account == fresh.account; });
        const auto i = static_cast<std::size_t>(known - m_shown.begin());
        if (known == m_shown.end()) {
            m_shown.emplace_back();
            m_rows.emplace_back();
        }
        fresh.sent += m_rows[i].sentBefore;
        fresh.received += m_rows[i].receivedBefore;
        if (fresh.planned > 0)
            fresh.planned += m_rows[i].sentBefore + m_rows[i].receivedBefore;
        fresh.bytesPerSecond = m_shown[i].bytesPerSecond;
        m_shown[i] = std::move(fresh);
    }
}

} // namespace mf
