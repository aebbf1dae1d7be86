// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/details_panel.h"

#include "ui/common/icons.h"
#include "ui/common/words.h"
#include "ui/models/details_tables.h"
#include "ui/models/files_tab.h"
#include "ui/models/fragments_tab.h"
#include "ui/models/model_columns.h"
#include "ui/models/overview_tab.h"
#include "ui/models/small_widgets.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QStackedWidget>
#include <QTabWidget>
#include <QToolButton>

#include <algorithm>
#include <numeric>

namespace mf::ui {
namespace {

enum Page { Nothing, One, Many };

// What the details were loaded for: when any of it changes, they are looked up again.
bool standsTheSame(const ModelEntry &a, const ModelEntry &b)
{
    return a.id == b.id && a.revision == b.revision && a.state == b.state && a.spare == b.spare && a.proven == b.proven
        && a.uploadedBytes == b.uploadedBytes && a.strip == b.strip && a.accounts == b.accounts;
}

QFont titleFont(QFont font)
{
    font.setPointSizeF(font.pointSizeF() + 2);
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

DetailsPanel::DetailsPanel(Desk &desk, QMenu *menu, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_pages(new QStackedWidget)
{
    setObjectName(QStringLiteral("models.details"));
    setAccessibleName(tr("Details of the model"));
    auto *nothing = new QLabel(tr("Select a model to see where its fragments are."));
    nothing->setObjectName(QStringLiteral("models.noDetails"));
    nothing->setAlignment(Qt::AlignCenter);
    nothing->setWordWrap(true);
    nothing->setForegroundRole(QPalette::PlaceholderText);
    m_pages->addWidget(nothing);
    m_pages->addWidget(makeOne(menu));
    m_pages->addWidget(makeMany());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 0, 0, 0);
    column->addWidget(m_pages);
}

QWidget *DetailsPanel::makeOne(QMenu *menu)
{
    auto *page = new QWidget;
    m_name = new ElidedLabel;
    m_name->setObjectName(QStringLiteral("models.detailsName"));
    m_name->setFont(titleFont(font()));
    m_facts = new QLabel;
    m_facts->setObjectName(QStringLiteral("models.detailsFacts"));
    m_facts->setWordWrap(true);
    m_facts->setForegroundRole(QPalette::PlaceholderText);
    alignLeading(m_facts);
    auto *more = new QToolButton;
    more->setObjectName(QStringLiteral("models.details.more"));
    more->setText(tr("More Actions"));
    more->setToolTip(tr("More actions"));
    more->setAccessibleName(tr("More actions"));
    more->setIcon(icon(QStringLiteral("ellipsis")));
    more->setToolButtonStyle(Qt::ToolButtonIconOnly);
    more->setPopupMode(QToolButton::InstantPopup);
    more->setFocusPolicy(Qt::StrongFocus);
    more->setMinimumSize(32, 24);
    more->setMenu(menu);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(
        buttonFor(m_desk.actions[QStringLiteral("model.download")], QStringLiteral("models.details.download")));
    buttons->addWidget(
        buttonFor(m_desk.actions[QStringLiteral("model.repair")], QStringLiteral("models.details.repair")));
    buttons->addWidget(more);
    buttons->addStretch(1);

    m_failure = new InlineMessage;
    m_failure->setObjectName(QStringLiteral("models.detailsFailure"));
    m_overview = new OverviewTab;
    m_fragments = new FragmentsTab(m_desk);
    m_files = new FilesTab(m_desk);
    for (FragmentMap *map : { m_overview->map(), m_fragments->map() })
        connect(map, &FragmentMap::chosen, this, &DetailsPanel::asksWithout);
    connect(m_fragments, &FragmentsTab::asksForAccount, this,
        [this](const QString &account) { emit asksFor(QStringLiteral("storage"), account); });
    m_tabs = new QTabWidget;
    m_tabs->setObjectName(QStringLiteral("models.tabs"));
    m_tabs->setAccessibleName(tr("Details"));
    m_tabs->tabBar()->setObjectName(QStringLiteral("models.tabBar"));
    m_tabs->tabBar()->setAccessibleName(tr("Kinds of details"));
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->addTab(m_overview, tr("Overview"));
    m_tabs->addTab(m_fragments, tr("Fragments"));
    m_tabs->addTab(makeMetadata(), tr("Metadata"));
    m_tabs->addTab(m_files, tr("Files"));
    m_tabs->addTab(makeHistory(), tr("History"));

    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_name);
    column->addWidget(m_facts);
    column->addSpacing(4);
    column->addLayout(buttons);
    column->addSpacing(4);
    column->addWidget(m_failure);
    column->addWidget(m_tabs, 1);
    return page;
}

QWidget *DetailsPanel::makeMany()
{
    auto *page = new QWidget;
    m_manyTitle = new QLabel;
    m_manyTitle->setObjectName(QStringLiteral("models.manyTitle"));
    m_manyTitle->setFont(titleFont(font()));
    m_manyTitle->setWordWrap(true);
    m_manyText = new QLabel;
    m_manyText->setObjectName(QStringLiteral("models.manyText"));
    m_manyText->setWordWrap(true);
    alignLeading(m_manyTitle);
    alignLeading(m_manyText);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_manyTitle);
    column->addWidget(m_manyText);
    column->addSpacing(8);
    for (const char *id : { "check", "repair", "trash" }) {
        const QString name = QString::fromLatin1(id);
        QPushButton *button
            = buttonFor(m_desk.actions[QStringLiteral("model.") + name], QStringLiteral("models.many.") + name);
        column->addWidget(button, 0, Qt::AlignLeft);
    }
    column->addStretch(1);
    return page;
}

QWidget *DetailsPanel::makeMetadata()
{
    auto *page = new QWidget;
    m_metadata = new TextTable({ tr("Key"), tr("Value") }, this);
    m_metadataTable = new PlainTable(
        m_metadata, TextTable::SortKey, 1, QStringLiteral("models.metadata"), tr("Metadata of the model"));
    auto *search = searchField(tr("Search metadata"), tr("Search metadata"), page);
    search->setObjectName(QStringLiteral("models.metadataSearch"));
    auto *copy = new QPushButton(tr("Copy Row"));
    copy->setObjectName(QStringLiteral("models.copyMetadata"));
    copy->setEnabled(false);
    m_noMetadata = new QLabel(tr("No header of this model could be read. The model itself is stored as it is."));
    m_noMetadata->setObjectName(QStringLiteral("models.noMetadata"));
    m_noMetadata->setWordWrap(true);
    alignLeading(m_noMetadata);
    m_noMetadata->hide();
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(search, 1);
    row->addWidget(copy);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    column->addLayout(row);
    column->addWidget(m_noMetadata);
    column->addWidget(m_metadataTable, 1);
    connect(search, &QLineEdit::textChanged, m_metadataTable->proxy(), &QSortFilterProxyModel::setFilterFixedString);
    connect(m_metadataTable->selectionModel(), &QItemSelectionModel::selectionChanged, copy,
        [this, copy] { copy->setEnabled(m_metadataTable->selectionModel()->hasSelection()); });
    connect(copy, &QPushButton::clicked, this, [this] {
        m_metadataTable->copy();
        m_desk.toaster.show(tr("Metadata copied."));
    });
    return page;
}

QWidget *DetailsPanel::makeHistory()
{
    auto *page = new QWidget;
    m_history = new TextTable({ tr("When"), tr("What") }, this);
    auto *table = new PlainTable(
        m_history, TextTable::SortKey, 1, QStringLiteral("models.history"), tr("History of the model"));
    connect(&m_desk.service, &Service::historyChanged, this, &DetailsPanel::showHistory);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 8, 0, 0);
    column->addWidget(table);
    return page;
}

QSize DetailsPanel::sizeHint() const
{
    return QSize(m_tabs->tabBar()->sizeHint().width() + 24, QWidget::sizeHint().height());
}

void DetailsPanel::setModels(const std::vector<ModelEntry> &models)
{
    if (models.size() == 1) {
        showOne(models.front());
        return;
    }
    m_scope.cancelAll();
    m_entry = {};
    m_isLoaded = false;
    if (models.size() > 1)
        showMany(models);
    m_pages->setCurrentIndex(models.empty() ? Nothing : Many);
}

void DetailsPanel::showMany(const std::vector<ModelEntry> &models)
{
    const qint64 bytes = std::accumulate(
        models.begin(), models.end(), qint64(0), [](qint64 sum, const ModelEntry &model) { return sum + model.bytes; });
    const auto ill = std::count_if(models.begin(), models.end(), needsRepair);
    m_manyTitle->setText(
        tr("%1 selected").arg(countWords(static_cast<qint64>(models.size()), tr("model"), tr("models"))));
    QStringList parts = { sizeWords(bytes) };
    if (ill > 0)
        parts.append(countWords(ill, tr("needs repair"), tr("need repair")));
    m_manyText->setText(parts.join(QStringLiteral(" · ")));
}

void DetailsPanel::showOne(const ModelEntry &model)
{
    const bool isSame = model.id == m_entry.id;
    const bool isFresh = isSame && standsTheSame(model, m_entry);
    m_entry = model;
    m_name->setWords(model.name);
    QStringList facts;
    const bool isKnown = model.state != ModelState::Storing || !model.facts.format.isEmpty();
    const QString format = isKnown ? formatOrOther(model.facts.format) : QString();
    for (const QString &fact : { model.facts.family, format, model.facts.quantization })
        if (!fact.isEmpty())
            facts.append(fact);
    facts.append(sizeWords(model.bytes));
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    m_overview->setEntry(model, m_desk.clock.now());
    m_pages->setCurrentIndex(One);
    if (isFresh)
        return;
    if (!isSame) {
        m_isLoaded = false;
        clearTabs();
    }
    reload();
}

void DetailsPanel::clearTabs()
{
    m_details = {};
    m_overview->setWaiting({});
    m_fragments->clear();
    m_metadata->setRows({});
    m_noMetadata->hide();
    m_files->clear();
    m_history->setRows({});
}

void DetailsPanel::reload()
{
    m_scope.cancelAll();
    m_failure->hide();
    m_scope.start(noteSlow());
    m_scope.start(load(m_entry.id));
}

Task<void> DetailsPanel::noteSlow()
{
    co_await m_desk.clock.sleep(std::chrono::milliseconds(300));
    if (!m_isLoaded)
        m_overview->setWaiting(tr("Looking up where its fragments are…"));
}

Task<void> DetailsPanel::load(ModelId id)
{
    const auto details = co_await m_desk.service.details(id);
    if (!details) {
        m_isLoaded = true;
        m_overview->setWaiting({});
        m_failure->tell(
            InlineMessage::Kind::Bad, tr("Its details could not be looked up"), details.error().message, false);
        QPushButton *again = m_failure->addButton(tr("Try Again"));
        again->setObjectName(QStringLiteral("models.detailsAgain"));
        connect(again, &QPushButton::clicked, this, &DetailsPanel::reload);
        co_return;
    }
    m_isLoaded = true;
    m_details = *details;
    m_overview->setDetails(m_details);
    m_fragments->setDetails(m_details);
    m_metadata->setRows(metadataRows(m_details));
    m_noMetadata->setHidden(!m_details.metadata.isEmpty());
    m_files->setDetails(m_details);
    showHistory();
}

void DetailsPanel::showHistory()
{
    if (!m_isLoaded || m_pages->currentIndex() != One)
        return;
    std::vector<TextTable::Row> rows
        = historyRows(m_details, m_entry.name, m_desk.service.history(), m_desk.clock.now());
    const auto isSame = [](const TextTable::Row &a, const TextTable::Row &b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(),
            [](const auto &one, const auto &other) { return one.text == other.text; });
    };
    const auto &shown = m_history->rows();
    if (!std::equal(rows.begin(), rows.end(), shown.begin(), shown.end(), isSame)) // else the selection stays
        m_history->setRows(std::move(rows));
}

void DetailsPanel::setLost(const QString &account)
{
    m_overview->map()->setLost(account);
    m_fragments->map()->setLost(account);
}

} // namespace mf::ui
