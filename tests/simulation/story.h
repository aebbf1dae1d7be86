// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/store.h"
#include "tests/simulation/world.h"

#include <QMap>

namespace mf::simulation {

// The truth, kept beside the library: what was reported stored, and by whom it was removed.
struct Promise {
    RevisionId id;
    ModelId model;
    QString name;
    QMap<QString, QByteArray> files;
    QList<int> losses; // how many accounts it shall survive; several, if nobody can say which promise came last
    QDateTime stored;
    Clock::Duration age { 0 }; // elapsed() when it was stored
    bool isRemoved = false; // or nobody can say: the power went while it was removed or restored
    bool isForgotten = false; // removed for ever; who restores it in time is lucky
};

// Sixty days of a library: people store, change, remove, restore, protect and fetch models on several computers;
// accounts go away, come back, fill up, are throttled, given up and die; the power fails, a disk dies. Whatever was
// reported stored comes back.
class Story
{
public:
    explicit Story(quint32 seed);

    // Empty: all promises were kept. Else what was broken, with the last things that had happened.
    QString run(int days);
    // The last things that happened.
    const QStringList &diary() const { return m_diary; }

private:
    void act();
    void storeSomething();
    void removeSomething();
    void restoreSomething();
    void fetchSomething();
    void protectSomething();
    void recoverComputer();
    void check(bool deep);
    void repair();
    void collect();
    void sync(Computer &computer);
    void accountGoesAway();
    void accountComesBack();
    void accountDies();
    void accountIsGivenUp();
    void accountIsAdded(); // one more, or where it was missing
    void accountFills();
    void clockJumps();

    bool readable(Computer &computer, const Promise &promise);
    void verifyOne();
    void verifyAll(Computer &computer);
    bool mayBePruned(const Promise &promise) const;
    // True if the revision is there for this computer, and live.
    std::optional<RevisionRecord> find(Computer &computer, const RevisionId &id);
    Place *placeThat(bool isAway);
    Place &anyPlaceThere();
    // To one computer and some of the others: those hear of it from the log.
    void newAccount();
    static void addWhatLacks(Computer &computer);
    // One that can look into all accounts that are there: only it must find every model.
    Computer &anyThatLacksNothing();
    // "" or what is wrong with the files that were fetched. `isWhole`: all of them must be there.
    QString wrongIn(const QString &folder, const Promise &promise, bool isWhole) const;
    void comparePromises(Computer &computer);

    void tell(const QString &what);
    void broken(const QString &what);
    void chooseWeather(Computer &computer);

    World m_world;
    std::vector<QByteArray> m_contents; // files that models are made of; some are in several
    std::vector<Promise> m_promises;
    QStringList m_diary;
    QString m_broken;
    bool m_isWhole = true; // nothing is missing that a repair would have to bring back
    int m_nextFile = 0;
    bool m_makesCopies = false; // of the registries, daily
    bool m_sharesAccounts = true; // each new account is added to all computers at once
};

} // namespace mf::simulation
