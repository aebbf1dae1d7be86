// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/store_plan.h"

#include "app/desktop/words.h"
#include "core/packing/fragment.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>
#include <limits>

namespace mf {
namespace {

constexpr qint64 kTried = qint64(4) << 40; // bytes that are placed for trial

struct Words {
    Q_DECLARE_TR_FUNCTIONS(mf::StorePlan)
};

// Full packs, as long as their fragments find domains of their own; how much they hold.
qint64 placeAll(std::vector<PlacementAccount> &places, const Protection &protection)
{
    for (qint64 bytes = 0;;) {
        std::vector<PlacementAccount> after = places;
        const auto placed = placePack(after, protection);
        if (!placed || !placed->sharedDomains.isEmpty())
            return bytes;
        bytes += placed->shape.capacity();
        places = std::move(after);
    }
}

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

ui::RoomLeft roomFor(std::vector<PlacementAccount> places)
{
    ui::RoomLeft left;
    const Protection asked = defaultProtection(places);
    left.losses = asked.m;
    qint64 all = 0;
    for (const PlacementAccount &place : places) {
        if (!place.room)
            return left; // as much as one likes, for all that is known
        all += std::min(*place.room, std::numeric_limits<qint64>::max() - all);
    }
    qint64 scale = 1; // large numbers are about: the trial is never long
    while (all / scale > kTried)
        scale *= 2;
    for (PlacementAccount &place : places)
        *place.room /= scale;
    qint64 fits = 0;
    for (;;) {
        const auto resolved = resolveProtection(places, asked);
        if (!resolved)
            break;
        fits += placeAll(places, *resolved);
        // What is full takes no part in the next round, of fewer pieces.
        const qint64 piece = fragmentSize(fullShape(resolved->k, resolved->m).dataLength);
        if (std::erase_if(places, [piece](const auto &place) { return *place.room < piece; }) == 0)
            break;
    }
    left.bytes = fits * scale;
    return left;
}

} // namespace mf
