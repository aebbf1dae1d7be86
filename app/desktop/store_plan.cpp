// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/store_plan.h"

#include "app/desktop/words.h"

#include <QCoreApplication>
#include <QSet>

namespace mf {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(mf::StorePlan)
};

} // namespace

ui::StorePlan planStore(
    std::vector<PlacementAccount> places, std::optional<Protection> asked, qint64 bytes, qint64 storedBytes)
{
    ui::StorePlan plan;
    plan.bytes = bytes;
    plan.storedBytes = storedBytes;
    plan.protection = asked.value_or(defaultProtection(places));
    QSet<QString> domains;
    for (const PlacementAccount &place : places) {
        ui::StorePlan::PerAccount line;
        line.id = place.id;
        line.name = place.name;
        line.room = place.room;
        plan.accounts.push_back(std::move(line));
        domains.insert(place.domain);
    }
    plan.mostLosses = std::max(0, static_cast<int>(domains.size()) - 1);
    if (places.empty()) {
        plan.fits = false;
        plan.lacking = storedBytes;
        plan.warnings.append(Words::tr("There is no account to store to."));
        return plan;
    }
    const auto trial = trialPlacement(places, plan.protection, storedBytes);
    if (!trial) {
        plan.fits = false;
        plan.lacking = trial.error().kind == Error::Kind::Quota ? storedBytes : 0;
        plan.warnings.append(sentence(trial.error().message));
        return plan;
    }
    plan.protection = trial->protection;
    for (std::size_t i = 0; i < plan.accounts.size(); ++i) {
        plan.accounts[i].bytes = trial->perAccount[i];
        plan.uploadedBytes += trial->perAccount[i];
    }
    plan.fits = trial->fits >= storedBytes;
    if (!plan.fits) { // with what protection adds
        const auto perByte
            = static_cast<double>(plan.protection.k + plan.protection.m) / std::max(1, plan.protection.k);
        plan.lacking = static_cast<qint64>(static_cast<double>(storedBytes - trial->fits) * perByte);
    }
    if (domains.size() < static_cast<qsizetype>(places.size()))
        plan.warnings.append(Words::tr("Some of these accounts fail together, and count as one."));
    return plan;
}

} // namespace mf
