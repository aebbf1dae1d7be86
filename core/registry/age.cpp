// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/age.h"

#include "core/registry/blob.h"

namespace mf {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongestJump = std::chrono::hours(24);

struct Look {
    Registry::Age age;
    milliseconds wall { 0 };
    milliseconds elapsed { 0 };
    QByteArray boot; // empty: there was none yet
};

Result<Look> lastLook(Connection &db)
{
    Look look;
    Statement query = db.prepare("SELECT calendar, certain, wall, elapsed, boot FROM age");
    if (query.next()) {
        look.age.calendar = milliseconds(query.number(0));
        look.age.certain = milliseconds(query.number(1));
        look.wall = milliseconds(query.number(2));
        look.elapsed = milliseconds(query.number(3));
        look.boot = query.bytes(4);
    }
    if (query.failed())
        return query.error();
    return look;
}

} // namespace

Result<Registry::Age> readAge(Connection &db)
{
    const auto look = lastLook(db);
    if (!look)
        return look.error();
    return look->age;
}

Result<Registry::Age> noteTime(Connection &db, const QDateTime &now, milliseconds elapsed, const QByteArray &boot)
{
    const auto last = lastLook(db);
    if (!last)
        return last.error();
    const milliseconds wall(now.toMSecsSinceEpoch());
    Registry::Age age = last->age;
    if (!last->boot.isEmpty()) {
        const milliseconds jumped = std::clamp(wall - last->wall, milliseconds(0), kLongestJump);
        const bool isSameBoot = boot == last->boot && elapsed >= last->elapsed;
        // After another boot: the time since then has passed for certain, if the wall clock does not deny it.
        const milliseconds proven = isSameBoot ? elapsed - last->elapsed : std::min(elapsed, jumped);
        age.certain += proven;
        age.calendar += std::max(proven, jumped);
    }
    const auto done = db.prepare("INSERT INTO age(id, calendar, certain, wall, elapsed, boot) VALUES(1, ?, ?, ?, ?, ?)"
                                 " ON CONFLICT(id) DO UPDATE SET calendar = excluded.calendar, certain ="
                                 " excluded.certain, wall = excluded.wall, elapsed = excluded.elapsed,"
                                 " boot = excluded.boot")
                          .bind(age.calendar.count(), age.certain.count(), wall.count(), elapsed.count(),
                              boot.isEmpty() ? QByteArrayLiteral("?") : boot)
                          .run();
    if (!done)
        return done.error();
    return age;
}

} // namespace mf
