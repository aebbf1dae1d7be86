// SPDX-License-Identifier: GPL-3.0-or-later
// What the Models page shows when: the list, what stands in its place, and what gives way where it is narrow.
#include "ui/models/details_panel.h"
#include "ui/models/filter_bar.h"
#include "ui/models/model_tree.h"
#include "ui/models/models_page.h"
#include "ui/models/issue_message.h"
#include "ui/models/models_view.h"
#include "ui/models/trash_view.h"
#include "ui/models/what_if.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSet>
#include <QStackedWidget>

namespace mf::ui {
namespace {

constexpr int kNarrow = 1100; // of the window: the details close by themselves
constexpr int kNarrowest = 900; // the filter boxes fold

} // namespace

void ModelsPage::showState()
{
    const bool isOpening = m_desk.service.state() == Service::State::Opening && m_list->entries().empty();
    if (isOpening != m_isOpening) {
        m_isOpening = isOpening;
        m_scope.cancelAll();
        m_opening->hide();
        if (isOpening)
            m_scope.start(noteOpening());
    }
    QSet<QString> quantizations;
    for (const ModelEntry &model : m_list->entries())
        if (!model.facts.quantization.isEmpty())
            quantizations.insert(model.facts.quantization);
    QStringList sorted(quantizations.begin(), quantizations.end());
    sorted.sort();
    m_filter->setQuantizations(sorted);

    if (m_controller->showsTrash()) {
        m_pages->setCurrentWidget(m_trash);
    } else if (m_tree->shown() > 0) {
        m_pages->setCurrentWidget(m_view);
    } else {
        if (!isOpening)
            showEmpty();
        else if (m_offer != Offer::None || m_pages->currentWidget() != m_empty)
            showOpening();
        m_pages->setCurrentWidget(m_empty);
    }
    Actions::disable(m_whatIfAction, m_desk.service.accounts().empty() ? tr("There is no account yet.") : QString());
    fitWidth();
}

void ModelsPage::showWhatIf()
{
    const AccountLoss *const loss = m_whatIf->loss();
    m_issue->setQuiet(m_whatIf->isOn());
    m_list->showAs(loss ? loss->models : std::vector<ModelEntry>());
    m_details->setLost(loss ? m_whatIf->account() : QString());
}

void ModelsPage::showOpening()
{
    m_offer = Offer::None;
    m_empty->tell({}, {}, {}); // a library that opens at once is not worth a word
}

Task<void> ModelsPage::noteOpening()
{
    co_await m_desk.clock.sleep(std::chrono::milliseconds(300));
    m_opening->show();
    const QString title = tr("Opening your library…");
    m_empty->tell(QStringLiteral("boxes"), title, {});
    co_await m_desk.clock.sleep(std::chrono::seconds(10));
    m_empty->tell(QStringLiteral("boxes"), title,
        tr("This takes longer after an unclean shutdown. Your models are not affected."));
}

void ModelsPage::showEmpty()
{
    const Service &service = m_desk.service;
    if (service.state() == Service::State::Failed) {
        m_offer = Offer::Again;
        const std::optional<Error> error = service.failure();
        m_empty->tell(QStringLiteral("octagon-x"), tr("Your library could not be opened"),
            tr("%1 (%2). Your models on the accounts are not affected.")
                .arg(error ? error->message : tr("Why is not known"), error ? error->id : QStringLiteral("MF")),
            tr("Try Again"));
    } else if (!m_list->entries().empty()) {
        m_offer = Offer::Clear;
        const QString text = m_filter->filter().text.trimmed();
        m_empty->tell(QStringLiteral("search-x"), tr("No models match"),
            text.isEmpty() ? tr("Nothing matches the current filters.")
                           : tr("Nothing matches “%1” with the current filters.").arg(text),
            tr("Clear Search and Filters"));
    } else if (service.accounts().empty()) {
        m_offer = Offer::AddStorage;
        m_empty->tell(QStringLiteral("database"), tr("Add a place to store models"),
            tr("ModelFloat spreads each model over your own accounts. Add at least one; three or more let you lose one "
               "without losing a model."),
            tr("Add Storage…"));
    } else {
        m_offer = Offer::Store;
        m_empty->tell(QStringLiteral("boxes"), tr("Drop a model here"),
            tr("Drag a GGUF or safetensors file, or a model folder, anywhere into this window."), tr("Store Model…"));
    }
}

void ModelsPage::emptyButton()
{
    switch (m_offer) {
    case Offer::AddStorage:
        emit asksFor(QStringLiteral("storage"), QString());
        return;
    case Offer::Store:
        m_desk.actions[QStringLiteral("store.open")]->trigger();
        return;
    case Offer::Clear:
        m_filter->clear();
        m_filter->search()->setFocus();
        return;
    case Offer::Again:
        m_desk.service.refresh();
        return;
    case Offer::None:
        return;
    }
}

QSize ModelsPage::minimumSizeHint() const
{
    const int letter = fontMetrics().averageCharWidth();
    return QSize(letter * 62, fontMetrics().height() * 20);
}

void ModelsPage::fitWidth()
{
    const int width = window()->width();
    const int others = m_header->sizeHint().width() - m_filter->sizeHint().width();
    const int room = contentsRect().width() - 2 * 16 - others;
    m_filter->setFolded(width < kNarrowest || m_filter->unfoldedWidth() > room);

    const bool isNarrow
        = width < kNarrow || contentsRect().width() - 32 < m_view->leastWidth() + m_details->sizeHint().width();
    if (isNarrow != m_isNarrow) {
        m_isNarrow = true; // whatever the action does now is not what the user chose
        m_detailsAction->setChecked(!isNarrow && m_desk.memory.value(QStringLiteral("models/details"), true).toBool());
        m_isNarrow = isNarrow;
    }
    showDetails(m_detailsAction->isChecked());
}

void ModelsPage::showDetails(bool wanted)
{
    Actions::disable(
        m_detailsAction, m_controller->showsTrash() ? tr("What is in the trash has no details.") : QString());
    // Nothing to choose, nothing to show beside it.
    m_details->setVisible(wanted && m_pages->currentWidget() == m_view);
}

void ModelsPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    fitWidth();
}

void ModelsPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    m_controller->setPageShown(true);
    fitWidth();
}

void ModelsPage::hideEvent(QHideEvent *event)
{
    Page::hideEvent(event);
    m_controller->setPageShown(false);
}

bool ModelsPage::eventFilter(QObject *watched, QEvent *event)
{
    // From the search field straight into what it found.
    if (watched == m_filter->search() && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if ((key == Qt::Key_Down || key == Qt::Key_Return) && m_pages->currentWidget() == m_view) {
            m_view->setFocus();
            return true;
        }
    }
    return Page::eventFilter(watched, event);
}

} // namespace mf::ui
