// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/overview_tab.h"

#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/common/words.h"
#include "ui/models/model_columns.h"
#include "ui/models/small_widgets.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr std::size_t kMostAccounts = 8;

// Something of this model is not there as it should be.
bool isIll(const ModelDetails::MapRow &row)
{
    using Cell = ModelDetails::MapRow::Cell;
    return row.isAway || std::any_of(row.cells.begin(), row.cells.end(), [](Cell cell) {
        return cell == Cell::Missing || cell == Cell::Damaged;
    });
}

void tint(QWidget *label, Token token)
{
    QPalette palette = label->palette();
    const QColor colour = Theme::colour(token);
    if (palette.color(QPalette::WindowText) == colour)
        return;
    palette.setColor(QPalette::WindowText, colour);
    label->setPalette(palette);
}

} // namespace

OverviewTab::OverviewTab(QWidget *parent)
    : QScrollArea(parent)
    , m_body(new QWidget)
    , m_icon(new QLabel)
    , m_state(new QLabel)
    , m_sentence(new QLabel)
    , m_strip(new StripWidget)
    , m_waiting(new QLabel)
    , m_map(new FragmentMap)
    , m_more(new QLabel)
    , m_grid(new QGridLayout)
{
    setObjectName(QStringLiteral("models.overview"));
    setAccessibleName(tr("Overview of the model"));
    setFrameShape(NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_icon->setObjectName(QStringLiteral("models.stateIcon"));
    m_state->setObjectName(QStringLiteral("models.state"));
    m_sentence->setObjectName(QStringLiteral("models.sentence"));
    m_sentence->setWordWrap(true);
    m_waiting->setObjectName(QStringLiteral("models.waiting"));
    m_waiting->setWordWrap(true);
    m_waiting->hide();
    m_strip->setObjectName(QStringLiteral("models.strip"));
    m_map->setObjectName(QStringLiteral("models.map"));
    m_map->hide();
    m_more->setObjectName(QStringLiteral("models.moreAccounts"));
    m_more->hide();
    QFont strong = m_state->font();
    strong.setWeight(QFont::DemiBold);
    m_state->setFont(strong);

    for (QLabel *label : { m_state, m_sentence, m_waiting, m_more })
        alignLeading(label);

    auto *state = new QHBoxLayout;
    state->setSpacing(8);
    state->addWidget(m_icon);
    state->addWidget(m_state, 1);
    auto *column = new QVBoxLayout(m_body);
    column->setContentsMargins(0, 12, 8, 12);
    column->setSpacing(8);
    column->addLayout(state);
    column->addWidget(m_sentence);
    column->addWidget(m_strip);
    column->addWidget(m_waiting);
    column->addWidget(m_map);
    column->addWidget(m_more);
    column->addSpacing(8);
    m_grid->setHorizontalSpacing(16);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(1, 1);
    column->addLayout(m_grid);
    column->addStretch(1);
    setWidget(m_body);
    m_body->setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
}

OverviewTab::Fact &OverviewTab::fact(std::size_t at)
{
    while (m_facts.size() <= at) {
        const Fact made { new QLabel, new QLabel };
        made.value->setWordWrap(true);
        made.value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        made.value->setTextFormat(Qt::PlainText);
        alignLeading(made.title, Qt::AlignTop);
        alignLeading(made.value, Qt::AlignTop);
        const int row = static_cast<int>(m_facts.size());
        m_grid->addWidget(made.title, row, 0);
        m_grid->addWidget(made.value, row, 1);
        m_facts.push_back(made);
    }
    return m_facts[at];
}

void OverviewTab::setEntry(const ModelEntry &model, const QDateTime &now)
{
    m_entry = model;
    m_now = now;
    m_state->setText(stateLook(model, now).label);
    m_icon->setAccessibleName(stateName(model.state));
    m_sentence->setText(stateSentence(model, now));
    m_strip->setEntry(model);
    const double ratio
        = model.bytes > 0 ? static_cast<double>(model.uploadedBytes) / static_cast<double>(model.bytes) : 0;
    const std::vector<std::pair<QString, QString>> facts = {
        { tr("Size"), sizeWords(model.bytes) },
        { tr("On accounts"),
            ratio > 0 ? tr("%1 (%2 ×)").arg(sizeWords(model.uploadedBytes), QLocale().toString(ratio, 'f', 2))
                      : sizeWords(model.uploadedBytes) },
        { tr("Protection"), protectionWords(model.protection) },
        { tr("Format"), formatOrOther(model.facts.format) },
        { tr("Architecture"), model.facts.architecture },
        { tr("Quantization"), model.facts.quantization },
        { tr("Parameters"), parameterWords(model.facts.parameters) },
        { tr("Context length"), columnText(ModelColumn::Context, model, now) },
        { tr("License"), model.facts.license },
        { tr("Stored"), columnText(ModelColumn::Stored, model, now) },
        { tr("Last checked"), columnText(ModelColumn::Checked, model, now) },
        { tr("Files"), QLocale().toString(model.files) },
        { tr("Tags"), model.tags.join(QStringLiteral(", ")) },
    };
    std::size_t used = 0;
    for (const auto &[title, value] : facts) {
        if (value.isEmpty())
            continue;
        const Fact &shown = fact(used++);
        shown.title->setText(title);
        shown.value->setText(value);
    }
    for (std::size_t i = 0; i < m_facts.size(); ++i) {
        m_facts[i].title->setHidden(i >= used);
        m_facts[i].value->setHidden(i >= used);
    }
    paintState();
}

void OverviewTab::setDetails(const ModelDetails &details)
{
    FragmentMap::Rows rows = details.map;
    const auto all = static_cast<qint64>(rows.size());
    if (rows.size() > kMostAccounts) {
        std::stable_partition(rows.begin(), rows.end(), isIll);
        rows.resize(kMostAccounts);
        const auto more = all - static_cast<qint64>(kMostAccounts);
        m_more->setText(tr("and %1").arg(countWords(more, tr("more account"), tr("more accounts"))));
    }
    m_more->setHidden(all == static_cast<qint64>(rows.size()));
    m_map->setRows(std::move(rows));
    m_map->setHidden(all == 0);
    m_waiting->hide();
}

void OverviewTab::setWaiting(const QString &words)
{
    m_map->hide();
    m_more->hide();
    m_waiting->setText(words);
    m_waiting->setHidden(words.isEmpty());
}

void OverviewTab::paintState()
{
    const StateLook look = stateLook(m_entry, m_now);
    m_icon->setPixmap(iconPixmap(look.icon, look.colour, 16, devicePixelRatioF()));
    tint(m_state, look.colour);
    tint(m_waiting, Token::MutedText);
    tint(m_more, Token::MutedText);
    for (const Fact &one : m_facts)
        tint(one.title, Token::MutedText);
}

void OverviewTab::changeEvent(QEvent *event)
{
    QScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_entry.id.isNull())
        paintState();
}

} // namespace mf::ui
