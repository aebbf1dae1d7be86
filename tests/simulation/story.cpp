// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/story.h"

#include "core/distributor/check.h"
#include "core/distributor/collect.h"
#include "core/distributor/evacuate.h"
#include "core/distributor/fetch.h"
#include "core/distributor/repair.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "core/distributor/model_state.h"
#include "tests/support/must.h"

#include <QDir>
#include <QFile>

#include <algorithm>

namespace mf::simulation {
namespace {

const std::vector<std::chrono::hours> kLags { {}, {}, std::chrono::hours(6), {}, std::chrono::hours(6) }; // of accounts
constexpr int kComputers = 3;
constexpr int kContents = 24;
constexpr int kNames = 6;
constexpr qsizetype kDiaryLines = 400;
constexpr std::chrono::hours kDay { 24 };

QByteArray noise(Dice &dice, int size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (char &byte : bytes)
        byte = static_cast<char>(dice.below(256));
    return bytes;
}

// An operation whose object ends with it, also when the power goes.
template <typename Operation, typename Request> auto perform(Engine &engine, Request request)
    -> decltype(std::declval<Operation &>().run())
{
    Operation operation(engine, std::move(request), nullptr);
    auto running = operation.run();
    co_return co_await running;
}

template <typename T> QString wordOf(const std::optional<Result<T>> &outcome)
{
    if (!outcome)
        return QStringLiteral("the power went");
    return *outcome ? QStringLiteral("done") : (*outcome).error().id;
}

} // namespace

Story::Story(quint32 seed)
    : m_world(seed, kLags, kComputers)
    , m_makesCopies(seed % 8 == 0)
{
    for (int i = 0; i < kContents; ++i)
        m_contents.push_back(noise(m_world.dice, 500 + m_world.dice.below(20'000)));
    m_contents.push_back(noise(m_world.dice, 2'600'000)); // more than one fragment's worth
}

void Story::tell(const QString &what)
{
    m_diary.append(m_world.clock.now().toString(Qt::ISODate) + QStringLiteral("  ") + what);
    if (m_diary.size() > kDiaryLines)
        m_diary.removeFirst();
}

void Story::broken(const QString &what)
{
    if (m_broken.isEmpty())
        m_broken = m_diary.join(u'\n') + QStringLiteral("\n=> ") + what;
}

// One operation in ten is hit by a power cut, one in eight by throttling.
void Story::chooseWeather(Computer &computer)
{
    if (m_world.dice.oneIn(10))
        computer.weather().callsLeft = m_world.dice.below(60);
    if (m_world.dice.oneIn(8))
        computer.weather().failOneIn = 10 + m_world.dice.below(30);
}

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
        const QByteArray &content
            = isLarge ? m_contents.back() : m_contents[static_cast<std::size_t>(m_world.dice.below(kContents))];
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
        for (const RevisionRecord &revision : *all) {
            if (promise.id == revision.id && revision.state == RevisionState::Live)
                promise.isRemoved = promise.isForgotten;
        }
    }
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
        const bool oneIsAway = placeThat(true) != nullptr;
        // A model's state is that of its newest revision; the older ones are promised as much.
        const bool allDone = (*repaired)->domainsMissing == 0 && (*repaired)->unreadablePacks == 0;
        if (allSafe && allDone && !oneIsAway)
            m_isWhole = true;
        how += QStringLiteral(", %1 rebuilt%2")
                   .arg((*repaired)->rebuilt)
                   .arg(allSafe ? QString() : QStringLiteral(", not all safe"));
    }
    tell(QStringLiteral("%1 repairs: %2").arg(computer.name(), how));
    for (const Promise &promise : m_promises) {
        // Another model may be of that name: one that was removed for ever, and was meant to be restored.
        if (unreadable.contains(promise.name) && !promise.isRemoved && !mayBePruned(promise))
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

Place *Story::placeThat(bool isAway)
{
    for (const auto &place : m_world.places) {
        if (!place->isDestroyed && place->isAway == isAway)
            return place.get();
    }
    return nullptr;
}

void Story::accountGoesAway()
{
    if (!m_isWhole || placeThat(true))
        return; // one at a time: every model survives the loss of one
    std::vector<Place *> there;
    for (const auto &place : m_world.places) {
        if (!place->isDestroyed)
            there.push_back(place.get());
    }
    Place *const place = there[static_cast<std::size_t>(m_world.dice.below(int(there.size())))];
    place->isAway = true;
    place->storage->setGone(true);
    m_isWhole = false;
    tell(place->record.name + QStringLiteral(" is away"));
}

void Story::accountComesBack()
{
    Place *const place = placeThat(true);
    if (!place)
        return;
    place->isAway = false;
    place->storage->setGone(false);
    tell(place->record.name + QStringLiteral(" is back"));
}

void Story::accountDies()
{
    Place *const place = placeThat(true); // one that is away does not come back
    if (!place)
        return;
    place->isDestroyed = true;
    place->isAway = false;
    tell(place->record.name + QStringLiteral(" is lost for good; a new account takes its place"));
    const Place &fresh = m_world.addPlace();
    for (const auto &computer : m_world.computers)
        computer->addAccount(fresh.record);
    Computer &first = *m_world.computers.front();
    const auto retired = first.run(removeAccount(first.engine(), place->record.id, true, nullptr));
    tell(QStringLiteral("retired: ") + wordOf(retired));
}

void Story::accountFills()
{
    Place *const place = placeThat(false);
    if (!place)
        return;
    const bool isFull = m_world.dice.oneIn(2);
    place->storage->setCapacity(isFull ? place->storage->used() + 1000 : -1);
    tell(place->record.name + (isFull ? QStringLiteral(" is full") : QStringLiteral(" has room")));
}

void Story::clockJumps()
{
    m_world.clock.jump(std::chrono::hours(m_world.dice.below(24 * 80) - 24 * 40));
    tell(QStringLiteral("the wall clock jumps"));
}

// The library keeps the last three of a model and those younger than 30 days. Some revisions are not ours to count:
// of a store that lost its power nobody can say.
bool Story::mayBePruned(const Promise &promise) const
{
    const bool isOld = m_world.clock.elapsed() - promise.age > std::chrono::hours(29 * 24);
    return isOld && std::any_of(m_promises.begin(), m_promises.end(), [&promise](const Promise &other) {
        // Revisions of one name are one model where they met, whatever their authors called it.
        const bool isSame = other.model == promise.model || other.name == promise.name;
        return isSame && &other > &promise; // in the order in which they were made
    });
}

std::optional<RevisionRecord> Story::find(Computer &computer, const RevisionId &id)
{
    const auto live = must(runTask(computer.engine().registry.revisionsIn(RevisionState::Live)));
    for (const RevisionRecord &revision : live) {
        if (revision.id == id)
            return revision;
    }
    return std::nullopt;
}

bool Story::readable(Computer &computer, const Promise &promise)
{
    const auto revision = find(computer, promise.id);
    if (!revision) {
        const auto standing = runTask(computer.engine().registry.standing(promise.id));
        broken(QStringLiteral("%1 does not know %2, stored %3; by the log it is %4")
                .arg(computer.name(), promise.name, promise.stored.toString(Qt::ISODate),
                    standing && standing->removed ? QStringLiteral("removed") : QStringLiteral("there")));
        return false;
    }
    FetchRequest request;
    request.model = revision->model.toHex(); // two models may be of one name
    request.revision = revision->number;
    const QString to = computer.path(QStringLiteral("out%1").arg(m_nextFile++));
    request.to = QFile::encodeName(to);
    const auto fetched = computer.run(perform<Fetch>(computer.engine(), std::move(request)));
    if (!fetched || !*fetched) {
        broken(QStringLiteral("%1 cannot fetch %2 (revision %3): %4")
                .arg(computer.name(), promise.name)
                .arg(revision->number)
                .arg((*fetched).error().message));
        return false;
    }
    for (auto it = promise.files.begin(); it != promise.files.end(); ++it) {
        QFile file(to + u'/' + it.key());
        if (!file.open(QIODevice::ReadOnly) || file.readAll() != it.value()) {
            broken(QStringLiteral("%1 fetched other bytes for %2 of %3").arg(computer.name(), it.key(), promise.name));
            return false;
        }
    }
    QDir(to).removeRecursively();
    return true;
}

void Story::verifyOne()
{
    std::vector<const Promise *> open;
    for (const Promise &promise : m_promises) {
        if (!promise.isRemoved && !mayBePruned(promise))
            open.push_back(&promise);
    }
    if (open.empty())
        return;
    Computer &computer = m_world.anyComputer();
    sync(computer);
    const Promise &promise = *open[static_cast<std::size_t>(m_world.dice.below(int(open.size())))];
    if (!find(computer, promise.id)) {
        // Only accounts that list late may hold the news of it: the others were full, away or throttled (seed 2213).
        m_world.clock.advance(*std::max_element(kLags.begin(), kLags.end()));
        sync(computer);
    }
    readable(computer, promise);
}

void Story::verifyAll(Computer &computer)
{
    sync(computer);
    for (const Promise &promise : m_promises) {
        if (!promise.isRemoved && !mayBePruned(promise) && !readable(computer, promise))
            return;
    }
}

void Story::act()
{
    const int what = m_world.dice.below(100);
    if (what < 30)
        storeSomething();
    else if (what < 40)
        removeSomething();
    else if (what < 47)
        restoreSomething();
    else if (what < 57)
        collect();
    else if (what < 67)
        repair();
    else if (what < 72)
        check(m_world.dice.oneIn(3));
    else if (what < 82)
        sync(m_world.anyComputer());
    else if (what < 87)
        accountGoesAway();
    else if (what < 93)
        accountComesBack();
    else if (what < 95)
        accountDies();
    else if (what < 98)
        accountFills();
    else
        clockJumps();
}

QString Story::run(int days)
{
    for (int day = 0; day < days && m_broken.isEmpty(); ++day) {
        const int acts = 1 + m_world.dice.below(3);
        for (int i = 0; i < acts && m_broken.isEmpty(); ++i) {
            act();
            m_world.clock.advance(std::chrono::minutes(1 + m_world.dice.below(8 * 60)));
        }
        if (m_broken.isEmpty())
            verifyOne();
        m_world.clock.advance(kDay / 2);
    }
    accountComesBack();
    for (const auto &computer : m_world.computers) {
        if (m_broken.isEmpty())
            verifyAll(*computer);
    }
    return m_broken;
}

} // namespace mf::simulation
