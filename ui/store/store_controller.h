// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "ui/common/service.h"
#include "ui/store/store_choices.h"

#include <QMap>

namespace mf::ui {

// What the store dialog decides, without widgets: what is looked at, what of it is to be stored and how, what that
// takes, and whether it can be done. Looks and plans are asked for anew when what they depend on changes; an answer to
// an older question never arrives.
class StoreController final : public QObject
{
    Q_OBJECT
public:
    StoreController(Service &service, Clock &clock, QObject *parent = nullptr);

    // Looks at these, too. All paths together, for a part of a model may come later.
    void addPaths(const QStringList &paths);
    // The same with files of which some should be what `model` lacks; missed() tells if none is.
    void addParts(const FoundModel &model, const QStringList &files);
    const QStringList &paths() const { return m_paths; }
    void lookAgain();
    bool isLooking() const { return m_isLooking; }
    const std::optional<Error> &lookError() const { return m_lookError; }
    const std::vector<FoundModel> &found() const { return m_found; }

    bool canChoose(std::size_t row) const; // it can be read
    bool isChosen(std::size_t row) const;
    void choose(std::size_t row, bool yes);
    int chosenCount() const;
    bool mayName() const { return chosenCount() == 1; }
    QString name() const; // of the only one chosen; "" for more
    void setName(const QString &name);

    const StoreChoices &choices() const { return m_choices; }
    void setProtection(const Protection &protection);
    void setAccounts(std::vector<AccountId> accounts); // empty: all
    // What was remembered: gives way where the accounts do not allow it any more.
    void propose(const StoreChoices &choices);
    int losses() const; // how many accounts may be lost; -1: not known yet

    bool isPlanning() const { return m_isPlanning; }
    // The last answer, also while a newer one is being asked for; nothing: none, or nothing is chosen.
    const std::optional<StorePlan> &plan() const { return m_plan; }
    const std::optional<Error> &planError() const { return m_planError; }
    void planAgain();

    QString whyNot() const; // why it cannot be stored now; "": it can
    QString lackingWords() const; // "0.8 GB more is needed. …"; "": there is room
    std::vector<StoreOrder> orders() const;
    // Gives all orders. Precondition: whyNot() is empty. How many.
    int store();
    void rest(); // asks nothing any more

signals:
    void foundChanged(); // or whether it is being looked at
    void chosenChanged();
    void planChanged(); // or whether one is being made
    void missed(const QString &model); // none of the files of addParts() was a part of it

private:
    enum class Pause { None, Short };
    struct Sought {
        QString model;
        QStringList parts;
    };
    Task<void> look(QStringList paths);
    void judgeSought();
    Task<void> makePlan(Pause pause);
    void replan(Pause pause);
    void noteAccounts();
    QString keyOf(const FoundModel &model) const;

    Service &m_service;
    Clock &m_clock;
    QStringList m_paths;
    std::vector<FoundModel> m_found;
    QMap<QString, bool> m_saidOf; // what the user chose or not, by keyOf: holds when all is looked at again
    QMap<QString, QString> m_names; // that the user gave, the same way
    std::optional<Sought> m_sought; // what the next look is expected to find
    std::optional<Error> m_lookError;
    bool m_isLooking = false;
    StoreChoices m_choices;
    bool m_isProposal = false; // the choices are remembered ones
    std::optional<StorePlan> m_plan;
    std::optional<Error> m_planError;
    bool m_isPlanning = false;
    QStringList m_accounts; // as the last plan saw them
    TaskScope m_planning;
    TaskScope m_looking;
};

} // namespace mf::ui
