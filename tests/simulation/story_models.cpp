// SPDX-License-Identifier: GPL-3.0-or-later
// What people do with models.
#include "tests/simulation/story.h"

#include "core/distributor/check.h"
#include "core/distributor/collect.h"
#include "core/distributor/fetch.h"
#include "core/distributor/model_state.h"
#include "core/distributor/protect.h"
#include "core/distributor/repair.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/simulation/perform.h"
#include "tests/support/must.h"

#include <QDir>
#include <QFile>

#include <algorithm>

namespace mf::simulation {
namespace {

constexpr int kNames = 6;

} // namespace

void Story::storeSomething()
{
    Computer &computer = m_world.anyComputer();
    Promise promise;
    promise.name = QStringLiteral("model%1").arg(m_world.dice.below(kNames));
    const QString folder = computer.path(QStringLiteral("in%1").arg(m_nextFile++));
    QDir().mkpath(folder);
    const int files = 1 + m_world.dice.below(4);
    for (int i = 0; i < files; ++i) {
        const QString name = QStringLiteral("part%1.bin").arg(i);
        const bool isLarge = m_world.dice.oneIn(25);
        const QByteArray &content = isLarge
            ? m_contents.back()
            : m_contents[static_cast<std::size_t>(m_world.dice.below(int(m_contents.size()) - 1))];
        promise.files.insert(name, content);
        QFile file(folder + u'/' + name);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write");
    }
    StoreRequest request;
    request.paths.push_back(QFile::encodeName(folder));
    request.name = promise.name;
    const Protection choices[] = { Protection(0, 1), Protection(0, 2), Protection(1, 1), Protection(2, 1) };
    request.protection = choices[m_world.dice.below(4)];
    promise.losses.append(request.protection->m);
    chooseWeather(computer);
    const auto stored = computer.run(perform<Store>(computer.engine(), std::move(request)));
    tell(QStringLiteral("%1 stores %2: %3").arg(computer.name(), promise.name, wordOf(stored)));
    QDir(folder).removeRecursively();
    if (!stored || !*stored)
        return;
    if ((*stored)->reducedPacks > 0)
        m_isWhole = false;
    const auto revision = runTask(computer.engine().registry.revision(promise.name, 0));
    if (!revision) {
        broken(QStringLiteral("%1 was reported stored and is not known").arg(promise.name));
        return;
    }
    promise.id = revision->id;
    promise.model = revision->model;
    promise.stored = m_world.clock.now();
    promise.age = m_world.clock.elapsed();
    if ((*stored)->unchanged)
        return;
    m_promises.push_back(std::move(promise));
}

void Story::removeSomething()
{
    Computer &computer = m_world.anyComputer();
    const QString name = QStringLiteral("model%1").arg(m_world.dice.below(kNames));
    const auto known = runTask(computer.engine().registry.revision(name, 0));
    if (!known || known->name != name)
        return;
    const bool isForever = m_world.dice.oneIn(4);
    chooseWeather(computer);
    const auto removed = computer.run(removeModel(computer.engine(), known->model.toHex(), 0, isForever));
    tell(QStringLiteral("%1 removes %2%3: %4")
            .arg(computer.name(), name, isForever ? QStringLiteral(" for ever") : QString(), wordOf(removed)));
    // After it: it may have learnt of further revisions, and removed them, too.
    const auto all = runTask(computer.engine().registry.history(known->model));
    for (Promise &promise : m_promises) {
        const bool isKnown = std::any_of(
            all->begin(), all->end(), [&promise](const RevisionRecord &revision) { return promise.id == revision.id; });
        // Of one that failed nobody can say; nor whether it still learns of others with the same name.
        if (isKnown || promise.model == known->model)
            promise.isRemoved = true;
        promise.isForgotten = promise.isForgotten || (promise.isRemoved && isForever);
    }
}

void Story::restoreSomething()
{
    Computer &computer = m_world.anyComputer();
    const auto trash = runTask(listTrash(computer.engine()));
    if (!trash || trash->empty())
        return;
    const TrashEntry entry = (*trash)[static_cast<std::size_t>(m_world.dice.below(int(trash->size())))];
    const auto before = must(runTask(computer.engine().registry.revisionsIn(RevisionState::Live)));
    chooseWeather(computer);
    const auto restored = computer.run(restoreModel(computer.engine(), entry.name));
    tell(QStringLiteral("%1 restores %2: %3").arg(computer.name(), entry.name, wordOf(restored)));
    if (!restored || !*restored)
        return;
    const auto now = runTask(computer.engine().registry.revision(entry.name, 0));
    if (!now) {
        broken(QStringLiteral("%1 was reported restored and is not known").arg(entry.name));
        return;
    }
    const auto all = runTask(computer.engine().registry.history(now->model));
    for (Promise &promise : m_promises) {
        // What was live here all the time was not restored: another one's removal of it may not have come here yet.
        const auto isThis = [&promise](const RevisionRecord &revision) {
            return promise.id == revision.id && revision.state == RevisionState::Live;
        };
        if (std::any_of(all->begin(), all->end(), isThis) && std::none_of(before.begin(), before.end(), isThis))
            promise.isRemoved = promise.isForgotten;
    }
}

// In bad weather: it may fail, and never gives other bytes.
void Story::fetchSomething()
{
    if (m_promises.empty())
        return;
    Computer &computer = m_world.anyComputer();
    const Promise &promise = m_promises[static_cast<std::size_t>(m_world.dice.below(int(m_promises.size())))];
    const auto revision = find(computer, promise.id);
    if (!revision)
        return;
    FetchRequest request;
    request.model = revision->model.toHex();
    request.revision = revision->number;
    const QString to = computer.path(QStringLiteral("out%1").arg(m_nextFile++));
    request.to = QFile::encodeName(to);
    computer.weather().callsLeft = m_world.dice.oneIn(2) ? m_world.dice.below(20) : -1;
    computer.weather().failOneIn = m_world.dice.oneIn(2) ? 2 + m_world.dice.below(10) : 0;
    const auto fetched = computer.run(perform<Fetch>(computer.engine(), std::move(request)));
    tell(QStringLiteral("%1 fetches %2: %3").arg(computer.name(), promise.name, wordOf(fetched)));
    const QString wrong = wrongIn(to, promise, fetched && *fetched);
    if (!wrong.isEmpty())
        broken(QStringLiteral("%1 fetched %2 in bad weather: %3").arg(computer.name(), promise.name, wrong));
    QDir(to).removeRecursively();
}

void Story::protectSomething()
{
    Computer &computer = m_world.anyComputer();
    const QString name = QStringLiteral("model%1").arg(m_world.dice.below(kNames));
    const auto known = runTask(computer.engine().registry.revision(name, 0));
    if (!known || known->name != name)
        return;
    ProtectRequest request;
    request.model = name;
    // One account may die: nothing is promised to survive less.
    const Protection choices[] = { Protection(0, 1), Protection(0, 2), Protection(1, 1), Protection(2, 1) };
    request.protection = choices[m_world.dice.below(4)];
    const int losses = request.protection.m;
    chooseWeather(computer);
    const auto done = computer.run(protectModel(computer.engine(), std::move(request), nullptr));
    tell(QStringLiteral("%1 protects %2 against the loss of %3: %4")
            .arg(computer.name(), name)
            .arg(losses)
            .arg(wordOf(done)));
    for (Promise &promise : m_promises) {
        if (promise.id == known->id)
            promise.losses.append(losses);
    }
    const auto now = find(computer, known->id);
    if (done && *done && now && now->protection.m != losses)
        broken(QStringLiteral("%1 reported %2 protected and knows another promise").arg(computer.name(), name));
}

void Story::check(bool deep)
{
    Computer &computer = m_world.anyComputer();
    CheckRequest request;
    request.deep = deep;
    chooseWeather(computer);
    const auto checked = computer.run(perform<Check>(computer.engine(), std::move(request)));
    tell(QStringLiteral("%1 checks: %2").arg(computer.name(), wordOf(checked)));
}

void Story::repair()
{
    Computer &computer = m_world.anyComputer();
    sync(computer);
    const auto lacks = computer.lacks();
    chooseWeather(computer);
    const auto repaired = computer.run(perform<Repair>(computer.engine(), RepairRequest()));
    QString how = wordOf(repaired);
    QStringList unreadable;
    if (repaired && *repaired) {
        bool allSafe = true;
        for (const ModelRepair &model : (*repaired)->models) {
            allSafe = allSafe && model.state == ModelState::Safe;
            if (model.state == ModelState::Unreadable)
                unreadable.append(model.name);
        }
        const bool someAreMissing = placeThat(true) || !lacks.empty();
        // A model's state is that of its newest revision; the older ones are promised as much.
        const bool allDone = (*repaired)->domainsMissing == 0 && (*repaired)->unreadablePacks == 0;
        if (allSafe && allDone && !someAreMissing)
            m_isWhole = true;
        how += QStringLiteral(", %1 rebuilt%2")
                   .arg((*repaired)->rebuilt)
                   .arg(allSafe ? QString() : QStringLiteral(", not all safe"));
    }
    tell(QStringLiteral("%1 repairs: %2").arg(computer.name(), how));
    for (const Promise &promise : m_promises) {
        // Another model may be of that name: one that was removed for ever, and was meant to be restored.
        if (unreadable.contains(promise.name) && lacks.empty() && !promise.isRemoved && !mayBePruned(promise))
            readable(computer, promise);
    }
}

void Story::collect()
{
    Computer &computer = m_world.anyComputer();
    if (!m_makesCopies)
        computer.skipCopy();
    chooseWeather(computer);
    const auto collected = computer.run(mf::collect(computer.engine()));
    tell(QStringLiteral("%1 collects: %2").arg(computer.name(), wordOf(collected)));
}

void Story::sync(Computer &computer)
{
    if (!m_makesCopies)
        computer.skipCopy();
    const auto synced = computer.run(syncLibrary(computer.engine()));
    tell(QStringLiteral("%1 syncs: %2").arg(computer.name(), wordOf(synced)));
}

} // namespace mf::simulation
