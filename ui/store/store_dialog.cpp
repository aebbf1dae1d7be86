// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/store_dialog.h"

#include "core/base/path_text.h"
#include "ui/common/account_domains.h"
#include "ui/common/words.h"
#include "ui/store/done_toast.h"
#include "ui/store/drop_target.h"
#include "ui/store/found_table.h"
#include "ui/store/plan_table.h"
#include "ui/store/protection_choices.h"
#include "ui/store/protection_question.h"
#include "ui/store/store_command.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTreeView>

#include <algorithm>

namespace mf::ui {
namespace {

// Of a letter and of a line of text: so large a dialog is at first.
constexpr int kLetters = 108;
constexpr int kLines = 42;
const QString kSize = QStringLiteral("store/size");
const QString kFolder = QStringLiteral("store/folder");

QString storeWords(int count)
{
    return count == 1 ? StoreDialog::tr("Store 1 Model")
        : count > 1   ? StoreDialog::tr("Store %1 Models").arg(QLocale().toString(count))
                      : StoreDialog::tr("Store Models");
}

} // namespace

StoreDialog *StoreDialog::openOne(const QWidget *parent)
{
    const QWidgetList all = QApplication::topLevelWidgets();
    for (QWidget *widget : all) {
        auto *dialog = qobject_cast<StoreDialog *>(widget);
        if (dialog && dialog->isVisible() && dialog->parentWidget() == parent)
            return dialog;
    }
    return nullptr;
}

StoreDialog *StoreDialog::open(Desk &desk, QWidget *parent, const QStringList &paths)
{
    StoreDialog *dialog = openOne(parent);
    if (dialog) {
        dialog->addPaths(paths);
        dialog->raise();
        dialog->activateWindow();
        return dialog;
    }
    dialog = new StoreDialog(desk, parent);
    dialog->addPaths(paths);
    dialog->show();
    return dialog;
}

StoreDialog::~StoreDialog()
{
    delete m_area; // the lists in it look at the controller, which goes before the children do
}

void StoreDialog::begin()
{
    m_drop = new DropTarget(this);
    connect(m_drop, &DropTarget::dropped, this, [this](const QStringList &paths) {
        m_refusal = {};
        m_controller.addPaths(paths);
        tellTrouble();
    });
    connect(m_drop, &DropTarget::refused, this, [this](const QString &why) {
        m_refusal = { tr("That can’t be stored."), why };
        tellTrouble();
    });
    connect(&m_controller, &StoreController::missed, this, [this](const QString &model) {
        m_refusal = { tr("That is not what is missing."), tr("“%1” still lacks the same parts.").arg(isolated(model)) };
        tellTrouble();
    });
    connect(m_message, &InlineMessage::closed, this, [this] { m_refusal = {}; });
    connect(&m_controller, &StoreController::foundChanged, this, &StoreDialog::showFound);
    connect(&m_controller, &StoreController::chosenChanged, this, [this] {
        showName();
        showButtons();
    });
    connect(&m_controller, &StoreController::planChanged, this, &StoreDialog::showPlan);
    connect(m_found->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &StoreDialog::showFindParts);
    connect(m_question, &ProtectionQuestion::chosen, &m_controller, &StoreController::setProtection);
    connect(m_question, &ProtectionQuestion::advancedChanged, this, &StoreDialog::chooseAdvanced);
    connect(&m_desk.service, &Service::accountsChanged, this, [this] {
        showFound();
        showPlan();
    });
    connect(&m_desk.service, &Service::modelsChanged, this, &StoreDialog::showName);
    m_question->setAdvancedNote(tr("Only the accounts that are checked below take part."));
    if (const auto remembered = rememberedChoices(m_desk.memory)) {
        m_remember->setChecked(true);
        m_controller.propose(*remembered);
        if (!remembered->accounts.empty() || (remembered->protection && remembered->protection->k > 0))
            m_question->setAdvanced(true);
    }
    showFound();
    showPlan();
    const QSize size = m_desk.memory.value(kSize).toSize();
    m_size
        = size.isValid() ? size : QSize(fontMetrics().averageCharWidth() * kLetters, fontMetrics().height() * kLines);
    resize(m_size);
    m_fitted = this->size();
}

void StoreDialog::done(int result)
{
    if (size() != m_fitted)
        m_desk.memory.setValue(kSize, size());
    m_controller.rest();
    m_tasks.cancelAll();
    QDialog::done(result);
    if (result != Accepted)
        deleteLater();
}

void StoreDialog::changeEvent(QEvent *event)
{
    QDialog::changeEvent(event);
    if ((event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) && m_plan)
        fitLists();
}

void StoreDialog::showEvent(QShowEvent *event)
{
    QDialog::showEvent(event);
    fitLists(); // only now the style has told all sizes
    fitHeight();
    if (m_controller.found().empty())
        m_empty->isVisible() ? m_empty->setFocus() : m_cancel->setFocus();
    else
        m_found->setFocus();
}

void StoreDialog::showFound()
{
    const bool isEmpty = m_controller.paths().isEmpty();
    m_empty->setVisible(isEmpty);
    m_area->setVisible(!isEmpty);
    m_remember->setVisible(!isEmpty);
    m_copy->setVisible(!isEmpty);
    m_looking->setVisible(m_controller.isLooking());
    m_found->setVisible(!m_controller.found().empty());
    showFindParts();
    const bool canPlan = !m_controller.found().empty() && !m_desk.service.accounts().empty();
    m_question->setVisible(canPlan);
    m_plan->setVisible(canPlan);
    fitLists();
    showTotal();
    showName();
    showButtons();
    tellTrouble();
    fitHeight();
}

void StoreDialog::showName()
{
    const QString name = m_controller.name();
    m_nameRow->setVisible(m_controller.mayName());
    if (m_name->text() != name)
        m_name->setText(name);
    const std::vector<ModelEntry> &models = m_desk.service.models();
    const auto same = std::find_if(models.begin(), models.end(),
        [wanted = name.trimmed()](const ModelEntry &model) { return !wanted.isEmpty() && model.name == wanted; });
    m_nameNote->setVisible(same != models.end());
    if (same != models.end())
        m_nameNote->setText(
            tr("Your library has a model of this name. This becomes its revision %1.").arg(same->revision + 1));
}

void StoreDialog::showPlan()
{
    const std::vector<AccountEntry> &accounts = m_desk.service.accounts();
    const auto &plan = m_controller.plan();
    const StoreChoices &choices = m_controller.choices();
    if (choices.protection)
        m_question->show(choices.protection);
    else
        m_question->show(plan ? std::optional(Protection(0, plan->protection.m)) : std::nullopt);
    const int most = plan ? plan->mostLosses : qMax(0, domainsOf(accounts) - 1);
    m_question->allow(most, most + 1);
    m_question->setAside(accountsWords(accounts));
    if (plan && !m_controller.planError()) {
        const auto taking = std::count_if(plan->accounts.begin(), plan->accounts.end(),
            [](const StorePlan::PerAccount &account) { return account.bytes > 0; });
        m_question->setConsequence(consequenceWords(plan->protection, static_cast<int>(taking)));
    } else {
        m_question->setConsequence({});
    }
    fitLists();
    showTotal();
    showButtons();
    tellTrouble();
    tellLacking();
    fitHeight();
}

void StoreDialog::showTotal()
{
    const QString total = totalWords();
    m_total->setText(total);
    m_total->setVisible(!total.isEmpty());
}

QString StoreDialog::totalWords() const
{
    const auto &plan = m_controller.plan();
    if (m_controller.planError() || m_controller.found().empty() || m_controller.isLooking()
        || m_desk.service.accounts().empty())
        return {};
    if (!plan)
        return m_controller.isPlanning() ? tr("Working out what goes where…") : m_controller.whyNot();
    const QString total = sizeWords(plan->bytes);
    const QString uploaded = sizeWords(plan->uploadedBytes);
    if (plan->storedBytes < plan->bytes)
        return tr("In all %1, about %2 after compression, %3 with what protects it. Encrypted before it leaves this "
                  "computer.")
            .arg(total, sizeWords(plan->storedBytes), uploaded);
    return tr("In all %1, %2 with what protects it. Encrypted before it leaves this computer.").arg(total, uploaded);
}

void StoreDialog::showButtons()
{
    const int count = m_controller.chosenCount();
    const QString why = m_controller.whyNot();
    setWindowTitle(storeWords(count));
    m_store->setText(storeWords(count));
    m_store->setEnabled(why.isEmpty());
    m_store->setToolTip(why);
    m_copy->setEnabled(count > 0);
}

void StoreDialog::tellTrouble()
{
    const auto say = [this](InlineMessage::Kind kind, const QString &title, const QString &text, bool isClosable) {
        const QString all = title + u'\n' + text;
        if (all == m_told && m_message->isVisibleTo(this))
            return false;
        m_told = all;
        m_message->tell(kind, title, text, isClosable);
        return true;
    };
    const auto addStorage = [this] {
        QPushButton *button = m_message->addButton(tr("Add Storage…"));
        button->setObjectName(QStringLiteral("store.addStorage"));
        connect(button, &QPushButton::clicked, this, [this] { emit asksFor(QStringLiteral("storage"), {}); });
    };
    const auto tryAgain = [this](void (StoreController::*again)()) {
        QPushButton *button = m_message->addButton(tr("Try Again"));
        button->setObjectName(QStringLiteral("store.tryAgain"));
        connect(button, &QPushButton::clicked, &m_controller, again);
    };
    if (const auto &error = m_controller.lookError()) {
        if (say(InlineMessage::Kind::Bad, tr("These files could not be looked at:"), error->message, false))
            tryAgain(&StoreController::lookAgain);
    } else if (m_desk.service.accounts().empty()) {
        if (say(InlineMessage::Kind::Warning, tr("Add a place to store models."),
                tr("ModelFloat spreads each model over your own accounts. Add at least one."), false))
            addStorage();
    } else if (const auto &planError = m_controller.planError()) {
        if (say(InlineMessage::Kind::Bad, tr("It can’t be stored like this:"), planError->message, false)) {
            tryAgain(&StoreController::planAgain);
            const auto &actions = planError->actions;
            if (std::find(actions.begin(), actions.end(), Error::Action::AddStorage) != actions.end())
                addStorage();
        }
    } else if (!m_refusal.why.isEmpty()) {
        say(InlineMessage::Kind::Info, m_refusal.title, m_refusal.why, true);
    } else {
        m_told.clear();
        m_message->hide();
    }
}

void StoreDialog::tellLacking()
{
    const QString lacking = m_controller.lackingWords();
    const auto &plan = m_controller.plan();
    const QString warnings = plan && !m_controller.planError() ? plan->warnings.join(u'\n') : QString();
    if (m_controller.isPlanning() && !m_toldLacking.isEmpty())
        return; // until it is known better
    const QString text = lacking.isEmpty() ? warnings : lacking;
    if (text == m_toldLacking)
        return;
    m_toldLacking = text;
    m_lacking->setVisible(!text.isEmpty());
    if (text.isEmpty())
        return;
    const bool isBad = !lacking.isEmpty();
    m_lacking->tell(isBad ? InlineMessage::Kind::Bad : InlineMessage::Kind::Warning,
        isBad ? tr("There is not enough room.") : QString(), text, false);
    if (isBad) {
        QPushButton *button = m_lacking->addButton(tr("Add Storage…"));
        button->setObjectName(QStringLiteral("store.addStorage"));
        connect(button, &QPushButton::clicked, this, [this] { emit asksFor(QStringLiteral("storage"), {}); });
    }
}

void StoreDialog::chooseAdvanced(bool on)
{
    // Accounts that were left out stay visible as such; the boxes come and go.
    m_planTable->setChoosing(on);
    fitLists();
}

void StoreDialog::copyCommand()
{
    QApplication::clipboard()->setText(storeCommand(m_controller.orders(), m_desk.service.accounts()));
    m_desk.toaster.show(tr("Command copied."));
}

void StoreDialog::store()
{
    if (!m_controller.whyNot().isEmpty())
        return;
    if (m_remember->isChecked()) {
        StoreChoices choices = m_controller.choices();
        choices.protection = m_controller.orders().front().protection;
        rememberChoices(m_desk.memory, choices);
    } else {
        forgetChoices(m_desk.memory);
    }
    const int count = m_controller.store();
    toastOf(m_desk, this, tr("Storing %1.").arg(countWords(count, tr("model"), tr("models"))));
    accept();
}

Task<void> StoreDialog::chooseFiles()
{
    const QString title = tr("Choose Models");
    const QStringList files = co_await m_desk.prompts.chooseFiles(this, title);
    if (!files.isEmpty())
        m_desk.memory.setValue(kFolder, QFileInfo(files.front()).path());
    m_controller.addPaths(files);
}

Task<void> StoreDialog::chooseFolder()
{
    const QString title = tr("Choose a Folder with Models");
    const QString start = m_desk.memory.value(kFolder, QDir::homePath()).toString();
    const QString folder = co_await m_desk.prompts.chooseFolder(this, title, start);
    if (folder.isEmpty())
        co_return;
    m_desk.memory.setValue(kFolder, folder);
    m_controller.addPaths(QStringList(folder));
}

void StoreDialog::showFindParts()
{
    const FoundModel *const torn = incomplete();
    m_findParts->setVisible(torn);
    m_findParts->setText(torn && torn->missing.size() > 1 ? tr("Find Parts…") : tr("Find Part…"));
}

const FoundModel *StoreDialog::incomplete() const
{
    const std::vector<FoundModel> &found = m_controller.found();
    const auto at = static_cast<std::size_t>(m_found->currentIndex().row());
    if (m_found->currentIndex().isValid() && at < found.size() && !found[at].missing.isEmpty())
        return &found[at];
    const auto first
        = std::find_if(found.begin(), found.end(), [](const FoundModel &model) { return !model.missing.isEmpty(); });
    return first == found.end() ? nullptr : &*first;
}

// What is chosen is looked at together with all else: a part joins its model.
Task<void> StoreDialog::findParts()
{
    const FoundModel *const first = incomplete();
    if (!first)
        co_return;
    const FoundModel model = *first; // the list may change meanwhile
    const QString title = model.missing.size() == 1
        ? tr("Find %1").arg(model.missing.front().section(u'/', -1))
        : tr("Find the %1 missing parts of “%2”").arg(model.missing.size()).arg(model.name);
    const QStringList files = co_await m_desk.prompts.chooseFiles(this, title);
    m_refusal = {};
    m_controller.addParts(model, files);
    tellTrouble();
}

} // namespace mf::ui
