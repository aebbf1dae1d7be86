// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/limits_popup.h"

#include "ui/common/words.h"
#include "ui/transfers/rate_box.h"
#include "ui/transfers/transfer_rules.h"

#include <QFormLayout>
#include <QLabel>
#include <QScreen>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr int kMargin = 12;
constexpr int kGap = 4; // to what it is about

void dress(QFrame *popup, QLayout *fields, QLayout *presets)
{
    popup->setFrameShape(QFrame::StyledPanel);
    auto *column = new QVBoxLayout(popup);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->setSpacing(kMargin);
    column->addLayout(fields);
    column->addLayout(presets);
}

} // namespace

QString limitsWords(const SpeedLimits &limits)
{
    QStringList parts;
    if (limits.up > 0)
        parts.append(QStringLiteral("↑ ") + rateWords(static_cast<double>(limits.up)));
    if (limits.down > 0)
        parts.append(QStringLiteral("↓ ") + rateWords(static_cast<double>(limits.down)));
    return parts.isEmpty() ? LimitsPopup::tr("Limits off") : parts.join(QStringLiteral(" · "));
}

LimitsPopup::LimitsPopup(Service &service, QWidget *parent)
    : QFrame(parent, Qt::Popup)
    , m_service(service)
    , m_up(new RateBox(QStringLiteral("limits.up"), tr("Upload limit"), this))
    , m_down(new RateBox(QStringLiteral("limits.down"), tr("Download limit"), this))
{
    setObjectName(QStringLiteral("limits.popup"));
    setAccessibleName(tr("Speed limits"));
    auto *form = new QFormLayout;
    form->addRow(tr("&Upload:"), m_up);
    form->addRow(tr("&Download:"), m_down);
    const auto both = [this](qint64 rate) { m_service.setLimits({ rate, rate }); };
    dress(this, form, ratePresets(QStringLiteral("limits.preset"), both, this));
    for (RateBox *one : { m_up, m_down })
        connect(one, &RateBox::chosen, this, [this] { m_service.setLimits({ m_up->rate(), m_down->rate() }); });
    connect(&m_service, &Service::limitsChanged, this, &LimitsPopup::take);
    take();
}

void LimitsPopup::take()
{
    m_up->setRate(m_service.limits().up);
    m_down->setRate(m_service.limits().down);
}

TransferLimitPopup::TransferLimitPopup(Service &service, std::vector<TransferId> transfers, QWidget *parent)
    : QFrame(parent, Qt::Popup)
    , m_service(service)
    , m_transfers(std::move(transfers))
{
    setObjectName(QStringLiteral("transfer.limitPopup"));
    QString title = tr("Speed limit of each of %n transfers", nullptr, static_cast<int>(m_transfers.size()));
    auto *box = new RateBox(QStringLiteral("transfer.limitRate"), tr("Speed limit"), this);
    for (const TransferEntry &transfer : m_service.transfers()) {
        if (m_transfers.empty() || transfer.id != m_transfers.front())
            continue;
        box->setRate(transfer.rateLimit);
        if (m_transfers.size() == 1)
            title = tr("Speed limit of “%1”").arg(transferSubject(transfer));
    }
    setAccessibleName(title);
    auto *label = new QLabel(title, this);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    auto *form = new QFormLayout;
    form->addRow(label);
    form->addRow(tr("At &most:"), box);
    const auto choose = [this, box](qint64 rate) {
        box->setRate(rate);
        limitTo(rate);
    };
    dress(this, form, ratePresets(QStringLiteral("transfer.limitPreset"), choose, this));
    connect(box, &RateBox::chosen, this, [this, box] { limitTo(box->rate()); });
}

void TransferLimitPopup::limitTo(qint64 bytesPerSecond)
{
    for (const TransferId transfer : m_transfers)
        m_service.setRateLimit(transfer, bytesPerSecond);
}

void openPopup(QFrame *popup, const QRect &about)
{
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->adjustSize();
    const QRect room = popup->parentWidget()->screen()->availableGeometry();
    QRect place(about.bottomLeft() + QPoint(0, kGap), popup->size());
    if (place.bottom() > room.bottom())
        place.moveBottom(about.top() - kGap);
    place.moveRight(std::min(place.right(), room.right()));
    place.moveLeft(std::max(place.left(), room.left()));
    place.moveTop(std::max(place.top(), room.top()));
    popup->move(place.topLeft());
    popup->show();
    popup->setFocus();
    if (auto *first = popup->findChild<RateBox *>())
        first->setFocus();
}

} // namespace mf::ui
