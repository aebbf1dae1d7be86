// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/health.h"

#include "core/registry/accounts.h"
#include "core/registry/domains.h"
#include "core/registry/log_segments.h"
#include "core/registry/revisions.h"

#include <QSet>

namespace mf {

namespace {

// A revision is kept while it is unconfirmed, live or in the trash: its packs are looked after.
#define MF_KEPT "r.state IN (1, 2, 3)"
// A pack that was deleted is expected nowhere: until collect forgets it, the registry has it.
#define MF_NOT_GONE                                                                                                    \
    "NOT EXISTS (SELECT 1 FROM doom_pack g JOIN doom_end h ON h.doom = g.doom AND h.kind = 2 WHERE g.pack = p.uid)"

// What is known of one pack, fragment by fragment.
struct PackLook {
    PackSpare survives;
    QSet<int> good; // indices
    QSet<int> damaged; // on accounts that are not lost
    QDateTime proven;
    bool neverProven = false; // since it was stored

    void add(int index, FragmentState state, const AccountDomains::Entry &account, const QDateTime &seen)
    {
        if (account.lost)
            return;
        if (state == FragmentState::There) {
            survives.add(index, account.domain);
            good.insert(index);
            if (!seen.isValid())
                neverProven = true;
            else if (!proven.isValid() || seen < proven)
                proven = seen;
        } else if (state == FragmentState::Damaged) {
            damaged.insert(index);
        }
    }
    qint64 onlyDamaged() const
    {
        QSet<int> left = damaged;
        left.subtract(good);
        return left.size();
    }
};

// Loads the domains; whether any dooms are known.
Result<bool> readyToLook(Connection &db, AccountDomains &domains)
{
    const auto loaded = domains.load();
    if (!loaded)
        return loaded.error();
    return anyDooms(db);
}

// dooms: some are known. What a doom takes does not count any more.
Result<PackLook> lookAt(Connection &db, const AccountDomains &domains, PackRow pack, const PackId &id, bool dooms)
{
    PackLook look;
    std::vector<std::pair<int, AccountId>> absent;
    if (dooms) {
        const auto doomed = isDoomed(db, id);
        if (!doomed)
            return doomed.error();
        if (*doomed)
            return look;
        auto fragments = doomedFragments(db, id);
        if (!fragments)
            return fragments.error();
        absent = std::move(*fragments);
    }
    Statement query = db.prepare("SELECT n, account, state, proven FROM fragment WHERE pack = ?");
    query.bind(pack);
    while (query.next()) {
        const auto *account = domains.find(query.number(1));
        if (account && std::ranges::find(absent, std::pair(query.small(0), account->id)) == absent.end())
            look.add(query.small(0), static_cast<FragmentState>(query.small(2)), *account, query.time(3));
    }
    if (query.failed())
        return query.error();
    return look;
}

struct PackHead {
    PackRow row = 0;
    int k = 1;
    int state = 0;
    PackId id;
    int losses = 0;
    qint64 bytes = 0;
};

// Of a revision, or (0) of all that are kept, with what is promised of each.
Result<std::vector<PackHead>> packHeads(Connection &db, RevisionRow revision)
{
    std::vector<PackHead> heads;
    Statement query = revision == 0
        ? db.prepare("SELECT x.pack, p.k, p.state, p.uid, MAX(r.m), p.k * p.data_len FROM relied x JOIN revision r ON "
                     "r.id = x.revision"
                     " AND " MF_KEPT " JOIN pack p ON p.id = x.pack GROUP BY x.pack ORDER BY x.pack")
        : db.prepare("SELECT y.pack, p.k, p.state, p.uid, MAX(r.m), p.k * p.data_len FROM relied y JOIN relied x ON "
                     "x.pack = y.pack"
                     " JOIN revision r ON r.id = x.revision AND " MF_KEPT " JOIN pack p ON p.id = y.pack"
                     " WHERE y.revision = ? GROUP BY y.pack ORDER BY y.pack");
    if (revision != 0)
        query.bind(revision);
    while (query.next()) {
        PackHead head;
        head.row = query.number(0);
        head.k = query.small(1);
        head.state = query.small(2);
        head.id = query.id<PackId>(3);
        head.losses = query.small(4);
        head.bytes = query.number(5);
        heads.push_back(head);
    }
    if (query.failed())
        return query.error();
    return heads;
}

} // namespace

Result<std::vector<ExpectedFragment>> expectedFragments(
    Connection &db, const AccountId &account, RevisionRow revision, PackRow after, int limit)
{
    const auto row = accountRow(db, account);
    if (!row)
        return row.error();
    std::vector<ExpectedFragment> expected;
    Statement query = revision == 0
        ? db.prepare("SELECT f.pack, p.uid, f.n, f.bytes, f.state FROM fragment f JOIN pack p ON p.id = f.pack"
                     " WHERE f.account = ? AND f.pack > ? AND p.state = 1 AND " MF_NOT_GONE " AND EXISTS (SELECT 1 FROM"
                     " relied x JOIN revision r ON r.id = x.revision WHERE x.pack = f.pack AND " MF_KEPT ")"
                     " ORDER BY f.pack LIMIT ?")
        : db.prepare("SELECT f.pack, p.uid, f.n, f.bytes, f.state FROM relied x JOIN fragment f ON f.pack = x.pack"
                     " JOIN pack p ON p.id = f.pack WHERE f.account = ? AND f.pack > ?"
                     " AND p.state = 1 AND " MF_NOT_GONE " AND x.revision = ? ORDER BY f.pack LIMIT ?");
    if (revision == 0)
        query.bind(*row, after, limit);
    else
        query.bind(*row, after, revision, limit);
    while (query.next()) {
        ExpectedFragment fragment;
        fragment.pack = query.number(0);
        fragment.id = query.id<PackId>(1);
        fragment.index = query.small(2);
        fragment.bytes = query.number(3);
        fragment.state = static_cast<FragmentState>(query.small(4));
        expected.push_back(fragment);
    }
    if (query.failed())
        return query.error();
    return expected;
}

Result<> noteFragments(Connection &db, std::span<const FragmentFinding> findings, const QDateTime &when)
{
    Statement there = db.prepare("UPDATE fragment SET state = 1, proven = ? WHERE pack = ? AND n = ? AND account ="
                                 " (SELECT id FROM account WHERE uid = ?) AND state <> 0");
    Statement other = db.prepare("UPDATE fragment SET state = ? WHERE pack = ? AND n = ? AND account ="
                                 " (SELECT id FROM account WHERE uid = ?) AND state <> 0");
    for (const FragmentFinding &finding : findings) {
        const auto done = finding.state == FragmentState::There
            ? there.bind(when, finding.pack, finding.index, finding.account).run()
            : other.bind(finding.state, finding.pack, finding.index, finding.account).run();
        if (!done)
            return done;
    }
    return {};
}

Result<std::vector<PackRow>> packsByProof(Connection &db, RevisionRow revision)
{
    std::vector<PackRow> packs;
    Statement query = revision == 0
        ? db.prepare("SELECT id FROM pack p WHERE state = 1 AND " MF_NOT_GONE " AND EXISTS (SELECT 1 FROM relied x"
                     " JOIN revision r ON r.id = x.revision WHERE x.pack = p.id AND " MF_KEPT ") ORDER BY checked_at,"
                     " id")
        : db.prepare("SELECT p.id FROM relied x JOIN pack p ON p.id = x.pack WHERE x.revision = ? AND p.state = 1"
                     " AND " MF_NOT_GONE " ORDER BY p.checked_at, p.id");
    if (revision != 0)
        query.bind(revision);
    while (query.next())
        packs.push_back(query.number(0));
    if (query.failed())
        return query.error();
    return packs;
}

Result<> notePackVerified(Connection &db, PackRow pack, const QDateTime &when)
{
    return db.prepare("UPDATE pack SET checked_at = ? WHERE id = ?").bind(when, pack).run();
}

namespace {

Result<RevisionHealth> oneHealth(Connection &db, RevisionRow revision, const AccountDomains &domains, bool dooms)
{
    int m = 0;
    RevisionHealth health;
    QDateTime created;
    {
        Statement query = db.prepare("SELECT m, created FROM revision WHERE id = ?");
        query.bind(revision);
        if (!query.next())
            return query.failed() ? query.error() : revisionUnknown(revision);
        m = query.small(0);
        created = query.time(1);
    }
    bool neverProven = false;
    Statement query
        = db.prepare("SELECT x.pack, COALESCE(p.k, 1), p.uid FROM relied x LEFT JOIN pack p ON p.id = x.pack"
                     " WHERE x.revision = ?");
    query.bind(revision);
    while (query.next()) {
        const int k = query.small(1);
        const auto look = lookAt(db, domains, query.number(0), query.id<PackId>(2), dooms);
        if (!look)
            return look.error();
        const int spare = look->survives.spare(k);
        health.spare = health.spare ? std::min(*health.spare, spare) : spare;
        health.k = std::max(health.k, k);
        const qint64 damaged = look->onlyDamaged();
        health.damaged += damaged;
        health.missing += std::max<qint64>(0, k + m - look->good.size() - damaged);
        neverProven = neverProven || look->neverProven;
        if (look->proven.isValid() && (!health.proven.isValid() || look->proven < health.proven))
            health.proven = look->proven;
    }
    if (query.failed())
        return query.error();
    if (!health.proven.isValid() || (neverProven && created < health.proven))
        health.proven = created;
    return health;
}

} // namespace

Result<std::vector<RevisionHealth>> healthOf(
    Connection &db, std::span<const RevisionRow> revisions, std::span<const AccountId> without)
{
    AccountDomains domains(db, without);
    const auto dooms = readyToLook(db, domains);
    if (!dooms)
        return dooms.error();
    std::vector<RevisionHealth> all;
    all.reserve(revisions.size());
    for (const RevisionRow revision : revisions) {
        auto health = oneHealth(db, revision, domains, *dooms);
        if (!health)
            return health.error();
        all.push_back(*health);
    }
    return all;
}

Result<std::vector<PackNeed>> packsInNeed(
    Connection &db, RevisionRow revision, std::span<const AccountId> without, int raiseTo)
{
    const auto heads = packHeads(db, revision);
    if (!heads)
        return heads.error();
    AccountDomains domains(db, without);
    const auto dooms = readyToLook(db, domains);
    if (!dooms)
        return dooms.error();
    std::vector<PackNeed> needs;
    for (const PackHead &head : *heads) {
        if (head.state != static_cast<int>(PackState::Complete))
            continue;
        const auto look = lookAt(db, domains, head.row, head.id, *dooms);
        if (!look)
            return look.error();
        PackNeed need;
        need.pack = head.row;
        need.losses = std::max(head.losses, raiseTo);
        need.bytes = head.bytes;
        if (look->survives.spare(head.k) >= need.losses && look->damaged.isEmpty())
            continue;
        if (*dooms) {
            const auto doomed = isDoomed(db, head.id);
            if (!doomed)
                return doomed.error();
            if (*doomed)
                continue;
        }
        needs.push_back(need);
    }
    return needs;
}

Result<int> lossesPromised(Connection &db, PackRow pack)
{
    Statement query
        = db.prepare("SELECT p.uid, MAX(r.m) FROM relied x JOIN revision r ON r.id = x.revision AND " MF_KEPT
                     " JOIN pack p ON p.id = x.pack WHERE x.pack = ? AND p.state = 1 GROUP BY x.pack");
    query.bind(pack);
    if (!query.next()) {
        if (query.failed())
            return query.error();
        return -1;
    }
    const auto doomed = isDoomed(db, query.id<PackId>(0));
    if (!doomed)
        return doomed.error();
    return *doomed ? -1 : query.small(1);
}

} // namespace mf
