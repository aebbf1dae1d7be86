// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/story.h"

#include "core/distributor/fetch.h"
#include "tests/simulation/perform.h"
#include "tests/support/must.h"

#include <QDir>
#include <QFile>

#include <algorithm>

namespace mf::simulation {
namespace {

const std::vector<std::chrono::hours> kLags { {}, {}, std::chrono::hours(6), {}, std::chrono::hours(6) }; // of accounts
constexpr int kComputers = 3;
constexpr int kContents = 24; // and a large one
constexpr qsizetype kDiaryLines = 400;
constexpr std::chrono::hours kDay { 24 };

QByteArray noise(Dice &dice, int size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (char &byte : bytes)
        byte = static_cast<char>(dice.below(256));
    return bytes;
}

} // namespace

Story::Story(quint32 seed)
    : m_world(seed, kLags, kComputers)
    , m_makesCopies(seed % 8 == 0)
    , m_sharesAccounts(seed % 3 == 0)
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

void Story::clockJumps()
{
    m_world.clock.jump(std::chrono::hours(m_world.dice.below(24 * 80) - 24 * 40));
    tell(QStringLiteral("the wall clock jumps"));
}

// The promise that computers know is one that was made.
void Story::comparePromises(Computer &computer)
{
    for (const Promise &promise : m_promises) {
        const auto revision = find(computer, promise.id);
        if (revision && !promise.losses.contains(revision->protection.m))
            broken(QStringLiteral("%1 thinks that %2 survives the loss of %3")
                    .arg(computer.name(), promise.name)
                    .arg(revision->protection.m));
    }
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
    const QString wrong = wrongIn(to, promise, true);
    if (!wrong.isEmpty()) {
        broken(QStringLiteral("%1 fetched %2: %3").arg(computer.name(), promise.name, wrong));
        return false;
    }
    QDir(to).removeRecursively();
    return true;
}

QString Story::wrongIn(const QString &folder, const Promise &promise, bool isWhole) const
{
    for (auto it = promise.files.begin(); it != promise.files.end(); ++it) {
        QFile file(folder + u'/' + it.key());
        if (!isWhole && !file.exists())
            continue;
        if (!file.open(QIODevice::ReadOnly) || file.readAll() != it.value())
            return it.key() + QStringLiteral(" has other bytes");
    }
    return {};
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
    Computer &computer = anyThatLacksNothing();
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
    comparePromises(computer);
    if (!computer.lacks().empty()) {
        addWhatLacks(computer);
        sync(computer);
    }
    for (const Promise &promise : m_promises) {
        if (!promise.isRemoved && !mayBePruned(promise) && !readable(computer, promise))
            return;
    }
}

void Story::act()
{
    const int what = m_world.dice.below(100);
    if (what < 27)
        storeSomething();
    else if (what < 28)
        accountIsAdded();
    else if (what < 37)
        removeSomething();
    else if (what < 43)
        restoreSomething();
    else if (what < 52)
        collect();
    else if (what < 61)
        repair();
    else if (what < 65)
        check(m_world.dice.oneIn(3));
    else if (what < 72)
        sync(m_world.anyComputer());
    else if (what < 77)
        accountGoesAway();
    else if (what < 83)
        accountComesBack();
    else if (what < 85)
        accountDies();
    else if (what < 87)
        accountIsGivenUp();
    else if (what < 90)
        accountFills();
    else if (what < 94)
        fetchSomething();
    else if (what < 97)
        protectSomething();
    else if (what < 98)
        recoverComputer();
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
