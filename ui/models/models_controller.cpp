// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/models_controller.h"

#include "ui/common/words.h"
#include "ui/models/model_columns.h"

#include <QClipboard>
#include <QGuiApplication>

#include <algorithm>

namespace mf::ui {

ModelsController::ModelsController(Desk &desk, QWidget *asker)
    : m_desk(desk)
    , m_asker(asker)
{
    addActions();
    addTrashActions();
    connect(&desk.service, &Service::trashChanged, this, &ModelsController::update);
    update();
}

QAction *ModelsController::add(const QString &id, const QString &text, const QKeySequence &keys, const QString &icon,
    void (ModelsController::*act)())
{
    QAction *action = m_desk.actions.add(id, tr("Models"), text, keys, icon);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut); // this page's alone: it is disabled on the others
    connect(action, &QAction::triggered, this, act);
    return action;
}

void ModelsController::addActions()
{
    using Self = ModelsController;
    add(QStringLiteral("model.download"), tr("Download…"), QKeySequence(Qt::CTRL | Qt::Key_D),
        QStringLiteral("download"), &Self::download);
    add(QStringLiteral("model.check"), tr("Check Now"), QKeySequence(Qt::CTRL | Qt::Key_R),
        QStringLiteral("stethoscope"), &Self::check);
    add(QStringLiteral("model.checkDeep"), tr("Check by Reading All"), {}, {}, &Self::checkDeep);
    add(QStringLiteral("model.repair"), tr("Repair"), {}, QStringLiteral("wrench"), &Self::repair);
    add(QStringLiteral("model.protect"), tr("Change Protection…"), {}, QStringLiteral("shield"), &Self::protect);
    add(QStringLiteral("model.copyName"), tr("Copy Name"), {}, QStringLiteral("copy"), &Self::copyName);
    add(QStringLiteral("model.copySha256"), tr("Copy SHA-256"), {}, {}, &Self::copySha256);
    add(QStringLiteral("model.trash"), tr("Move to Trash"), QKeySequence(Qt::Key_Delete), QStringLiteral("trash-2"),
        &Self::moveToTrash);
}

void ModelsController::addTrashActions()
{
    using Self = ModelsController;
    add(QStringLiteral("trash.restore"), tr("Restore"), {}, QStringLiteral("undo-2"), &Self::restoreChosen);
    add(QStringLiteral("trash.deleteForever"), tr("Delete Forever…"), QKeySequence(Qt::SHIFT | Qt::Key_Delete),
        QStringLiteral("trash-2"), &Self::deleteChosen);
    add(QStringLiteral("trash.empty"), tr("Empty Trash…"), {}, {}, &Self::emptyTrash);
    QAction *view
        = m_desk.actions.add(QStringLiteral("view.trash"), tr("Models"), tr("Trash"), {}, QStringLiteral("trash-2"));
    view->setCheckable(true);
    connect(view, &QAction::toggled, this, [this](bool shown) {
        m_showsTrash = shown;
        update();
        emit trashToggled(shown);
    });
    QAction *undo = m_desk.actions.add(QStringLiteral("edit.undo"), tr("Models"), tr("Undo"),
        QKeySequence(Qt::CTRL | Qt::Key_Z), QStringLiteral("undo-2"));
    connect(undo, &QAction::triggered, this, &Self::undo);
}

void ModelsController::choose(std::vector<ModelEntry> models)
{
    m_chosen = std::move(models);
    update();
}

void ModelsController::chooseTrash(std::vector<TrashEntry> entries)
{
    m_chosenTrash = std::move(entries);
    update();
}

void ModelsController::setPageShown(bool shown)
{
    m_isPageShown = shown;
    update();
}

QString ModelsController::whyNot() const
{
    if (!m_isPageShown)
        return tr("This is for the Models page.");
    if (m_showsTrash)
        return tr("The trash is shown: restore a model first.");
    return m_chosen.empty() ? tr("Select a model first.") : QString();
}

QString ModelsController::whyNotOne() const
{
    if (const QString why = whyNot(); !why.isEmpty())
        return why;
    if (m_chosen.size() > 1)
        return tr("This is for one model at a time.");
    if (m_chosen.front().state == ModelState::Storing)
        return tr("“%1” is still being stored.").arg(m_chosen.front().name);
    return {};
}

void ModelsController::update()
{
    const auto set = [this](const char *id, const QString &why) {
        Actions::disable(m_desk.actions[QString::fromLatin1(id)], why);
    };
    const auto is = [](ModelState state) { return [state](const ModelEntry &model) { return model.state == state; }; };
    const QString none = whyNot();
    const QString one = whyNotOne();
    const auto storing = std::find_if(m_chosen.begin(), m_chosen.end(), is(ModelState::Storing));
    const bool allStoring = std::all_of(m_chosen.begin(), m_chosen.end(), is(ModelState::Storing));
    const bool anyRepair = std::any_of(m_chosen.begin(), m_chosen.end(), needsRepair);

    set("model.download", one);
    set("model.protect", one);
    set("model.copyName", none);
    set("model.copySha256", one);
    const QString check = none.isEmpty() && allStoring ? tr("A model is checked once it is stored.") : none;
    set("model.check", check);
    set("model.checkDeep", check);
    set("model.repair", none.isEmpty() && !anyRepair ? tr("Nothing is missing here that could be repaired.") : none);
    set("model.trash",
        none.isEmpty() && storing != m_chosen.end()
            ? tr("“%1” is still being stored. Cancel its transfer instead.").arg(storing->name)
            : none);

    const QString trash
        = !m_isPageShown || !m_showsTrash ? tr("This is for the trash: choose Trash first.") : QString();
    const QString chosen = trash.isEmpty() && m_chosenTrash.empty() ? tr("Select a model in the trash first.") : trash;
    set("trash.restore", chosen);
    set("trash.deleteForever", chosen);
    set("trash.empty", trash.isEmpty() && m_desk.service.trash().empty() ? tr("The trash is empty.") : trash);

    set("edit.undo", m_undo.empty() ? tr("There is nothing to undo.") : QString());
    m_desk.actions[QStringLiteral("edit.undo")]->setText(m_undo.empty() ? tr("Undo") : tr("Undo Move to Trash"));
}

std::vector<ModelId> ModelsController::chosenIds() const
{
    std::vector<ModelId> ids;
    ids.reserve(m_chosen.size());
    for (const ModelEntry &model : m_chosen)
        if (model.state != ModelState::Storing)
            ids.push_back(model.id);
    return ids;
}

void ModelsController::download()
{
    const ModelEntry model = m_chosen.front();
    emit asksToDownload(model);
}

void ModelsController::protect()
{
    const ModelEntry model = m_chosen.front();
    emit asksToProtect(model);
}

void ModelsController::check() { m_desk.service.check(chosenIds(), false); }

void ModelsController::checkDeep() { m_desk.service.check(chosenIds(), true); }

void ModelsController::repair()
{
    std::vector<ModelId> ids;
    for (const ModelEntry &model : m_chosen)
        if (needsRepair(model))
            ids.push_back(model.id);
    m_desk.service.repair(std::move(ids));
}

void ModelsController::copyName()
{
    QStringList names;
    for (const ModelEntry &model : m_chosen)
        names.append(model.name);
    QGuiApplication::clipboard()->setText(names.join(u'\n'));
    m_desk.toaster.show(names.size() == 1 ? tr("Name copied.") : tr("Names copied."));
}

void ModelsController::copySha256() { m_scope.start(copySha256Of(m_chosen.front())); }

Task<void> ModelsController::copySha256Of(ModelEntry model)
{
    const auto details = co_await m_desk.service.details(model.id);
    if (!details) {
        emit failed(tr("The SHA-256 of “%1” could not be looked up").arg(model.name), details.error().message);
        co_return;
    }
    // Several files as sha256sum prints them.
    QStringList lines;
    for (const ModelDetails::File &file : details->files)
        lines.append(
            details->files.size() == 1 ? file.sha256 : QString(file.sha256 + QStringLiteral("  ") + file.path));
    QGuiApplication::clipboard()->setText(lines.join(u'\n'));
    m_desk.toaster.show(tr("SHA-256 copied."));
}

void ModelsController::moveToTrash()
{
    std::vector<TrashEntry> models; // a key that is held down asks more than once
    for (const ModelEntry &model : m_chosen) {
        if (model.state == ModelState::Storing || !m_onTheirWay.insert(model.id).second)
            continue;
        TrashEntry entry;
        entry.model = model.id;
        entry.name = model.name;
        models.push_back(std::move(entry));
    }
    if (!models.empty())
        m_scope.start(trash(std::move(models)));
}

Task<void> ModelsController::trash(std::vector<TrashEntry> models)
{
    std::vector<ModelId> ids;
    for (const TrashEntry &model : models)
        ids.push_back(model.model);
    const auto moved = co_await m_desk.service.moveToTrash(ids);
    for (const ModelId &id : ids)
        m_onTheirWay.erase(id);
    const bool isOne = models.size() == 1;
    const QString name = models.front().name;
    if (!moved) {
        emit failed(isOne ? tr("“%1” was not moved to Trash").arg(name) : tr("The models were not moved to Trash"),
            moved.error().message);
        co_return;
    }
    const auto count = static_cast<qint64>(models.size());
    m_undo = std::move(models);
    update();
    const QString text = isOne ? tr("“%1” moved to Trash.").arg(name)
                               : tr("%1 moved to Trash.").arg(countWords(count, tr("model"), tr("models")));
    const QPointer<ModelsController> self(this);
    const auto undoThis = [self] {
        if (self)
            self->undo();
    };
    m_desk.toaster.show(text, tr("Undo"), undoThis);
    emit succeeded();
}

void ModelsController::undo()
{
    if (m_undo.empty())
        return;
    std::vector<TrashEntry> entries = std::exchange(m_undo, {});
    m_desk.toaster.hide();
    update();
    m_scope.start(restore(std::move(entries)));
}

void ModelsController::forgetUndo(const TrashEntry &entry)
{
    std::erase_if(m_undo, [&entry](const TrashEntry &other) { return other.model == entry.model; });
}

void ModelsController::restoreChosen() { m_scope.start(restore(m_chosenTrash)); }

Task<void> ModelsController::restore(std::vector<TrashEntry> entries)
{
    for (const TrashEntry &entry : entries) {
        const auto restored = co_await m_desk.service.restore(entry);
        if (!restored) {
            emit failed(tr("“%1” could not be restored").arg(entry.name), restored.error().message);
            co_return;
        }
        forgetUndo(entry);
    }
    update();
    const auto count = static_cast<qint64>(entries.size());
    m_desk.toaster.show(count == 1
            ? tr("“%1” is back in your library.").arg(entries.front().name)
            : tr("%1 are back in your library.").arg(countWords(count, tr("model"), tr("models"))));
    emit succeeded();
}

void ModelsController::deleteChosen() { m_scope.start(deleteForever(m_chosenTrash)); }

void ModelsController::emptyTrash() { m_scope.start(deleteForever(m_desk.service.trash())); }

Task<void> ModelsController::deleteForever(std::vector<TrashEntry> entries)
{
    if (entries.empty())
        co_return;
    constexpr qsizetype kMostNames = 10;
    QStringList names;
    for (const TrashEntry &entry : entries)
        names.append(entry.name);
    QString title = tr("Delete “%1” forever?").arg(names.front());
    QString text = tr("Its fragments on your accounts are deleted. Nobody can bring it back.");
    QString button = tr("Delete Forever");
    if (names.size() > 1) {
        const QString count = countWords(names.size(), tr("Model"), tr("Models"));
        title = tr("Delete %1 Forever?").arg(count);
        button = tr("Delete %1 Forever").arg(count);
        QStringList lines = names.mid(0, kMostNames);
        if (names.size() > kMostNames)
            lines.append(tr("and %1 more").arg(names.size() - kMostNames));
        text = tr("Their fragments on your accounts are deleted. Nobody can bring them back.") + QStringLiteral("\n\n")
            + lines.join(u'\n');
    }
    QStringList choices = { tr("Keep"), button };
    const int choice = co_await m_desk.prompts.choose(m_asker, title, text, choices);
    if (choice != 1)
        co_return;
    const auto deleted = co_await m_desk.service.deleteForever(entries);
    if (!deleted) {
        emit failed(tr("Not everything was deleted"), deleted.error().message);
        co_return;
    }
    for (const TrashEntry &entry : entries)
        forgetUndo(entry);
    update();
    emit succeeded();
}

} // namespace mf::ui
