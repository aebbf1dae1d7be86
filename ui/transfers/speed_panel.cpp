// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/speed_panel.h"

#include "ui/common/icons.h"
#include "ui/common/words.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QStyle>
#include <QToolButton>

namespace mf::ui {
namespace {

const QString kOpenKey = QStringLiteral("transfers/graphOpen");
const QString kSpanKey = QStringLiteral("transfers/graphSeconds");

} // namespace

SpeedPanel::SpeedPanel(Desk &desk, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_open(new QToolButton(this))
    , m_upIcon(new QLabel(this))
    , m_up(new QLabel(this))
    , m_downIcon(new QLabel(this))
    , m_down(new QLabel(this))
    , m_span(new QComboBox(this))
    , m_graph(new SpeedGraph(m_history, this))
{
    m_open->setObjectName(QStringLiteral("transfers.graphOpen"));
    m_open->setText(tr("Speed"));
    m_open->setAutoRaise(true);
    m_open->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_span->setObjectName(QStringLiteral("transfers.graphSpan"));
    m_span->setAccessibleName(tr("Time that the speed graph shows"));
    m_span->addItem(tr("1 minute"), 60);
    m_span->addItem(tr("5 minutes"), 300);
    m_span->addItem(tr("30 minutes"), 1'800);
    m_upIcon->setAccessibleName(tr("Upload"));
    m_downIcon->setAccessibleName(tr("Download"));
    m_up->setObjectName(QStringLiteral("transfers.up"));
    m_down->setObjectName(QStringLiteral("transfers.down"));

    auto *row = new QHBoxLayout;
    row->setSpacing(4);
    row->addWidget(m_open);
    row->addSpacing(8);
    row->addWidget(m_upIcon);
    row->addWidget(m_up);
    row->addSpacing(12);
    row->addWidget(m_downIcon);
    row->addWidget(m_down);
    row->addStretch();
    row->addWidget(m_span);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(row);
    column->addWidget(m_graph);

    connect(m_open, &QToolButton::clicked, this, [this] { setOpen(!isOpen()); });
    connect(m_span, &QComboBox::currentIndexChanged, this, [this] {
        m_graph->setSpan(m_span->currentData().toInt());
        m_desk.memory.setValue(kSpanKey, m_graph->span());
    });
    const int known = m_span->findData(m_desk.memory.value(kSpanKey, 300).toInt());
    m_span->setCurrentIndex(known < 0 ? 1 : known);
    setOpen(m_desk.memory.value(kOpenKey, false).toBool());
    refreshIcons();
    if (Theme *theme = Theme::instance())
        connect(theme, &Theme::changed, this, &SpeedPanel::refreshIcons);
    tell();
    m_timer.setInterval(1'000);
    connect(&m_timer, &QTimer::timeout, this, &SpeedPanel::sample);
    m_timer.start();
}

void SpeedPanel::sample()
{
    m_history.add(ratesOf(m_desk.service.transfers()));
    if (!isVisible())
        return;
    tell();
    m_graph->advance();
}

void SpeedPanel::setOpen(bool open)
{
    m_open->setAccessibleName(open ? tr("Hide the speed graph") : tr("Show the speed graph"));
    m_open->setToolTip(m_open->accessibleName());
    m_open->setIcon(icon(open ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right")));
    m_graph->setVisible(open);
    m_span->setVisible(open);
    m_graph->setSpan(m_graph->span());
    m_desk.memory.setValue(kOpenKey, open);
}

void SpeedPanel::tell()
{
    const Rates now = ratesOf(m_desk.service.transfers());
    m_up->setText(rateWords(now.up));
    m_up->setAccessibleName(tr("Upload %1").arg(rateWords(now.up)));
    m_down->setText(rateWords(now.down));
    m_down->setAccessibleName(tr("Download %1").arg(rateWords(now.down)));
}

void SpeedPanel::refreshIcons()
{
    const int size = style()->pixelMetric(QStyle::PM_SmallIconSize, nullptr, this);
    m_upIcon->setPixmap(iconPixmap(QStringLiteral("upload"), Token::Info, size, devicePixelRatioF()));
    m_downIcon->setPixmap(iconPixmap(QStringLiteral("download"), Token::Ok, size, devicePixelRatioF()));
}

} // namespace mf::ui
