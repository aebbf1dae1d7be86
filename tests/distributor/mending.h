// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the tests of repair do and look at.

#include "core/distributor/repair.h"
#include "tests/support/must.h"
#include "tests/support/stored_packs.h"

#include <set>

namespace mf {

inline const QString kMended = QStringLiteral("m"); // the model

// Stores it; returns its bytes.
inline QByteArray storeModel(EngineFixture &fixture, Protection protection, qint64 size = 3'000'000)
{
    const QByteArray bytes = randomBytes(size, 21);
    must(fixture.store(fixture.write(kMended, bytes), protection));
    return bytes;
}

inline RepairResult repairAll(EngineFixture &fixture)
{
    Repair repair(fixture.engine(), RepairRequest(), nullptr);
    return must(runTask(repair.run()));
}

inline CheckResult checkAll(EngineFixture &fixture, bool deep)
{
    CheckRequest request;
    request.deep = deep;
    Check check(fixture.engine(), request, nullptr);
    return must(runTask(check.run()));
}

inline CheckResult deepCheck(EngineFixture &fixture) { return checkAll(fixture, true); }

inline bool comesBack(EngineFixture &fixture, const QByteArray &bytes)
{
    static int number = 0;
    const QString to = QStringLiteral("back%1").arg(++number);
    return fixture.fetch(kMended, to) && readFile(fixture.path(to + u'/' + kMended)) == bytes;
}

// No domain holds two fragments of a pack.
inline bool isSpread(EngineFixture &fixture, int accounts)
{
    std::set<std::pair<PackId, QString>> holders;
    StoredPacks packs(fixture, accounts);
    return std::all_of(packs.all().begin(), packs.all().end(), [&](const StoredPacks::Stored &stored) {
        return holders.insert(std::pair(stored.header.pack, fixture.place(stored.account).record.domain)).second;
    });
}

} // namespace mf
