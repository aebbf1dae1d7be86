// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/migrations.h"

#include "core/base/log.h"

#include <QFile>

namespace mf {

namespace {

// "MFRG": tells our files from other programs' databases. Also in the first step.
constexpr qint64 kApplicationId = 0x4d465247;

const MigrationStep kVersion1 = {
    "PRAGMA application_id = 1296454215",

    // library, computer, lamport, chunk key, note-…
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",

    "CREATE TABLE account(id INTEGER PRIMARY KEY, uid BLOB NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL,"
    " settings BLOB NOT NULL, domain TEXT NOT NULL, up_limit INTEGER NOT NULL, down_limit INTEGER NOT NULL,"
    " connections INTEGER NOT NULL, capacity INTEGER NOT NULL, retired INTEGER NOT NULL,"
    " total INTEGER, used INTEGER, seen INTEGER, away INTEGER)",
    "CREATE UNIQUE INDEX account_name ON account(name) WHERE retired = 0",

    // Rows are never used again: what still names a dropped pack must not meet another one.
    // dir: encodeDirectory(); last, so that the rest is read without it. indexed: hash of the index object.
    // session: of this computer's store that made it. others: taken in, not made by this registry. sought: its number
    // among those whose fragments are looked for.
    // checked_at: when it was last read and verified as a whole.
    "CREATE TABLE pack(id INTEGER PRIMARY KEY AUTOINCREMENT, uid BLOB NOT NULL UNIQUE, class INTEGER NOT NULL,"
    " k INTEGER NOT NULL, fragments INTEGER NOT NULL, data_len INTEGER NOT NULL, payload INTEGER NOT NULL,"
    " state INTEGER NOT NULL, dead INTEGER NOT NULL DEFAULT 0, checked_at INTEGER, salt BLOB NOT NULL,"
    " commitment BLOB NOT NULL, epoch BLOB NOT NULL, indexed BLOB, session BLOB, others INTEGER NOT NULL DEFAULT 0,"
    " sought INTEGER NOT NULL DEFAULT 0, dir BLOB NOT NULL)",
    "CREATE INDEX pack_sought ON pack(sought) WHERE sought > 0",
    "CREATE INDEX pack_unindexed ON pack(id) WHERE state = 1 AND indexed IS NULL",
    // sources: varint pairs (file, offset), one per record, or nothing
    "CREATE TABLE pending(pack INTEGER PRIMARY KEY REFERENCES pack ON DELETE CASCADE, session BLOB NOT NULL,"
    " digest BLOB NOT NULL, sources BLOB NOT NULL)",
    // Packs whose data fragments lie in the holding folder; bytes: of those.
    "CREATE TABLE held(pack INTEGER PRIMARY KEY REFERENCES pack ON DELETE CASCADE, bytes INTEGER NOT NULL)",
    // state: FragmentState. bytes: of the whole blob. proven: when it was last seen or read there; NULL: not since it
    // was put
    "CREATE TABLE fragment(pack INTEGER NOT NULL REFERENCES pack ON DELETE CASCADE, n INTEGER NOT NULL,"
    " account INTEGER NOT NULL REFERENCES account, state INTEGER NOT NULL, bytes INTEGER NOT NULL,"
    " proven INTEGER, PRIMARY KEY(pack, n, account)) WITHOUT ROWID",
    // h: 8 bytes of the chunk's hash keyed by the chunk key. loc: pack << 16 | record
    "CREATE TABLE idx(h INTEGER PRIMARY KEY, loc INTEGER NOT NULL)",
    "CREATE TABLE idx2(h INTEGER NOT NULL, loc INTEGER NOT NULL, PRIMARY KEY(h, loc)) WITHOUT ROWID",

    // name: of the current revision; NULL until there was one
    "CREATE TABLE model(id INTEGER PRIMARY KEY AUTOINCREMENT, uid BLOB NOT NULL UNIQUE, name TEXT,"
    " tags BLOB NOT NULL, current INTEGER)",
    "CREATE INDEX model_name ON model(name)",
    "CREATE TABLE revision(id INTEGER PRIMARY KEY AUTOINCREMENT, uid BLOB NOT NULL UNIQUE,"
    " model INTEGER NOT NULL REFERENCES model, number INTEGER NOT NULL, asked INTEGER NOT NULL, name TEXT NOT NULL, "
    "state INTEGER NOT NULL,"
    " created INTEGER, k INTEGER NOT NULL, m INTEGER NOT NULL, bytes INTEGER NOT NULL, stored INTEGER NOT NULL,"
    " uploaded INTEGER NOT NULL, files INTEGER NOT NULL, format TEXT NOT NULL, family TEXT NOT NULL,"
    " architecture TEXT NOT NULL, quantization TEXT NOT NULL, parameters INTEGER NOT NULL,"
    " context INTEGER NOT NULL, license TEXT NOT NULL, manifest BLOB NOT NULL, session BLOB NOT NULL,"
    " metadata BLOB NOT NULL)",
    // asked: the number that its author gave it; two computers may give the same
    "CREATE UNIQUE INDEX revision_number ON revision(model, number)",
    "CREATE INDEX revision_unsettled ON revision(state) WHERE state <> 2",
    "CREATE TABLE file(id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " revision INTEGER NOT NULL REFERENCES revision ON DELETE CASCADE, path TEXT NOT NULL, size INTEGER NOT NULL,"
    " sha256 BLOB NOT NULL, executable INTEGER NOT NULL, modified INTEGER, cid TEXT NOT NULL,"
    " cid_profile TEXT NOT NULL)",
    "CREATE UNIQUE INDEX file_path ON file(revision, path)",
    "CREATE INDEX file_hash ON file(sha256)",
    "CREATE TABLE list(file INTEGER NOT NULL REFERENCES file ON DELETE CASCADE, part INTEGER NOT NULL,"
    " runs BLOB NOT NULL, PRIMARY KEY(file, part)) WITHOUT ROWID",
    "CREATE TABLE tensors(file INTEGER PRIMARY KEY REFERENCES file ON DELETE CASCADE, entries BLOB NOT NULL)",
    "CREATE TABLE relied(revision INTEGER NOT NULL REFERENCES revision ON DELETE CASCADE, pack INTEGER NOT NULL,"
    " PRIMARY KEY(revision, pack)) WITHOUT ROWID",
    "CREATE INDEX relied_pack ON relied(pack)",
    // The accounts that a held revision may go to; none: any.
    "CREATE TABLE held_for(revision INTEGER NOT NULL REFERENCES revision ON DELETE CASCADE, account BLOB NOT NULL,"
    " PRIMARY KEY(revision, account)) WITHOUT ROWID",
    // The revision's leaves: loc as in idx.
    "CREATE TABLE leaf(revision INTEGER NOT NULL REFERENCES revision ON DELETE CASCADE, loc INTEGER NOT NULL,"
    " PRIMARY KEY(revision, loc)) WITHOUT ROWID",
    // rowid: the model's, of its current revision
    "CREATE VIRTUAL TABLE model_search USING fts5(name, family, quantization, tags, files,"
    " tokenize = \"unicode61 remove_diacritics 2\", prefix = '2 3')",

    "CREATE TABLE segment(id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE,"
    " author BLOB NOT NULL, lamport INTEGER NOT NULL, seen INTEGER, taken INTEGER NOT NULL, events BLOB NOT NULL)",
    "CREATE INDEX segment_to_take ON segment(lamport, hash) WHERE taken = 0",
    "CREATE TABLE segment_parent(parent BLOB NOT NULL, child BLOB NOT NULL, PRIMARY KEY(parent, child)) WITHOUT ROWID",
    "CREATE TABLE head(hash BLOB PRIMARY KEY) WITHOUT ROWID",
    // Segments that a whole checkpoint covers; they have no rows in segment any more. cover: what the parts of a
    // checkpoint that is not whole yet say of it.
    "CREATE TABLE covered(hash BLOB PRIMARY KEY, name TEXT NOT NULL UNIQUE) WITHOUT ROWID",
    "CREATE TABLE cover(checkpoint BLOB NOT NULL, hash BLOB NOT NULL, name TEXT NOT NULL,"
    " PRIMARY KEY(checkpoint, hash)) WITHOUT ROWID",
    "CREATE TABLE checkpoint(segment BLOB PRIMARY KEY, id BLOB NOT NULL, part INTEGER NOT NULL,"
    " parts INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE doom(id BLOB PRIMARY KEY, author BLOB NOT NULL, seen INTEGER, age INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE doom_pack(pack BLOB NOT NULL, doom BLOB NOT NULL, PRIMARY KEY(pack, doom)) WITHOUT ROWID",
    "CREATE TABLE doom_fragment(pack BLOB NOT NULL, n INTEGER NOT NULL, account BLOB NOT NULL, doom BLOB NOT NULL,"
    " PRIMARY KEY(pack, n, account, doom)) WITHOUT ROWID",
    "CREATE TABLE doom_object(name TEXT NOT NULL, doom BLOB NOT NULL, PRIMARY KEY(name, doom)) WITHOUT ROWID",
    // kind: 1 pardon, 2 gone. May be known before the doom itself: logs merge in any order.
    "CREATE TABLE doom_end(doom BLOB NOT NULL, kind INTEGER NOT NULL, author BLOB NOT NULL,"
    " PRIMARY KEY(doom, kind, author)) WITHOUT ROWID",

    // Deletions of this computer. certain: its age when all accounts had the doom. decided: nothing stops it any more.
    "CREATE TABLE deletion(doom BLOB PRIMARY KEY, certain INTEGER NOT NULL, decided INTEGER NOT NULL) WITHOUT ROWID",
    // What the revision events of the log (revision_event) name.
    "CREATE TABLE logged_pack(revision BLOB NOT NULL, segment BLOB NOT NULL, pack BLOB NOT NULL,"
    " PRIMARY KEY(revision, segment, pack)) WITHOUT ROWID",
    "CREATE INDEX logged_pack_name ON logged_pack(pack)",
    "CREATE TABLE logged_index(revision BLOB NOT NULL, segment BLOB NOT NULL, hash BLOB NOT NULL,"
    " PRIMARY KEY(revision, segment, hash)) WITHOUT ROWID",
    // Blobs that look like fragments and that nothing names, since when they are known (age, calendar).
    "CREATE TABLE stray(account BLOB NOT NULL, name TEXT NOT NULL, bytes INTEGER NOT NULL, age INTEGER NOT NULL,"
    " PRIMARY KEY(account, name)) WITHOUT ROWID",
    // One row: see core/registry/age.h
    "CREATE TABLE age(id INTEGER PRIMARY KEY, calendar INTEGER NOT NULL, certain INTEGER NOT NULL,"
    " wall INTEGER NOT NULL, elapsed INTEGER NOT NULL, boot BLOB NOT NULL)",

    // What stores others (and this computer) have under way. seen: when this computer last saw it advance. ended: 1 by its
    // author, 2 because a checkpoint is silent about it. segment: the last one that told of it.
    "CREATE TABLE session(id BLOB PRIMARY KEY, author BLOB NOT NULL, seen INTEGER, age INTEGER NOT NULL,"
    " ended INTEGER NOT NULL, segment BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE session_index(session BLOB NOT NULL, hash BLOB NOT NULL, PRIMARY KEY(session, hash)) WITHOUT ROWID",
    // Presences that restores gave to a revision (its own id is the first), and those taken away by a trash.
    "CREATE TABLE presence(revision BLOB NOT NULL, id BLOB NOT NULL, PRIMARY KEY(revision, id)) WITHOUT ROWID",
    "CREATE TABLE absence(revision BLOB NOT NULL, id BLOB NOT NULL, forever INTEGER NOT NULL, seen INTEGER,"
    " age INTEGER NOT NULL, PRIMARY KEY(revision, id, forever)) WITHOUT ROWID",
    // What the log says of each revision; the newest by (lamport, segment) holds.
    "CREATE TABLE revision_event(revision BLOB NOT NULL, lamport INTEGER NOT NULL, segment BLOB NOT NULL,"
    " manifest BLOB NOT NULL, age INTEGER NOT NULL, PRIMARY KEY(revision, lamport, segment)) WITHOUT ROWID",
    // Index objects, and those that say all that they said.
    "CREATE TABLE superseded(hash BLOB PRIMARY KEY, newer BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE index_taken(hash BLOB PRIMARY KEY) WITHOUT ROWID",
    // Up to which pack.sought an account was looked through; waiting, since: where its listings lag.
    "CREATE TABLE survey(account BLOB PRIMARY KEY, settled INTEGER NOT NULL, waiting INTEGER NOT NULL,"
    " since INTEGER) WITHOUT ROWID",
    "CREATE TABLE retired(account BLOB PRIMARY KEY) WITHOUT ROWID",

    "CREATE TABLE transfer(id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, model TEXT NOT NULL,"
    " request BLOB NOT NULL, session BLOB NOT NULL, started INTEGER, done INTEGER NOT NULL, total INTEGER NOT NULL)",
    "CREATE TABLE event(id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER, kind TEXT NOT NULL, text TEXT NOT NULL)",
};

const MigrationStep kVersion2 = {
    // Accounts that the log tells of, whether they were added here or not.
    "CREATE TABLE told_account(account BLOB PRIMARY KEY, name TEXT NOT NULL, domain TEXT NOT NULL) WITHOUT ROWID",
};

const std::array<MigrationStep, 2> kSteps = { kVersion1, kVersion2 };

Result<> backUp(Connection &db, int version)
{
    // A name of its own until it is whole: a backup that was cut off must not look like one.
    const QString path = backupPath(db.path(), version);
    const QString unfinished = path + QStringLiteral(".part");
    QFile::remove(unfinished);
    const auto copied = db.prepareOnce(QStringLiteral("VACUUM INTO ?")).bind(unfinished).run();
    if (!copied)
        return copied;
    QFile::remove(path);
    if (!QFile::rename(unfinished, path)) {
        return Error(Error::Kind::Internal, QStringLiteral("MF-REGISTRY-BACKUP"),
            QStringLiteral("The backup %1 cannot be written; check the folder's permissions").arg(path));
    }
    return {};
}

Result<> runStep(Connection &db, const MigrationStep &step, int version)
{
    for (const char *statement : step) {
        const auto done = db.execute(QString::fromLatin1(statement));
        if (!done)
            return done;
    }
    return db.execute(QStringLiteral("PRAGMA user_version = %1").arg(version));
}

} // namespace

std::span<const MigrationStep> migrationSteps() { return kSteps; }

QString backupPath(const QString &path, int version) { return path + QStringLiteral(".version-%1").arg(version); }

Result<> checkVersion(Connection &db, std::span<const MigrationStep> steps)
{
    const auto version = db.number(QStringLiteral("PRAGMA user_version"));
    if (!version)
        return version.error();
    const auto application = db.number(QStringLiteral("PRAGMA application_id"));
    if (!application)
        return application.error();
    const auto tables = db.number(QStringLiteral("SELECT COUNT(*) FROM sqlite_master"));
    if (!tables)
        return tables.error();
    const bool fresh = *version == 0 && *tables == 0;
    if (!fresh && (*version <= 0 || *application != kApplicationId))
        return db.corrupt(QStringLiteral("it is another program's database"));
    if (*version > static_cast<qint64>(steps.size())) {
        return Error(Error::Kind::Unsupported, QStringLiteral("MF-REGISTRY-NEWER"),
            QStringLiteral("The registry %1 was made by a newer ModelFloat (version %2, this one knows %3); "
                           "install the newer one")
                .arg(db.path())
                .arg(*version)
                .arg(steps.size()));
    }
    return {};
}

Result<> migrate(Connection &db, std::span<const MigrationStep> steps)
{
    const auto read = db.number(QStringLiteral("PRAGMA user_version"));
    if (!read)
        return read.error();
    const auto from = static_cast<std::size_t>(*read);
    if (from > 0 && from < steps.size()) {
        const auto kept = backUp(db, static_cast<int>(from));
        if (!kept)
            return kept;
    }
    for (std::size_t version = from + 1; version <= steps.size(); ++version) {
        const auto begun = db.begin(true);
        if (!begun)
            return begun;
        auto done = runStep(db, steps[version - 1], static_cast<int>(version));
        if (done)
            done = db.commit();
        if (!done) {
            db.rollback();
            return done;
        }
        if (from > 0)
            logInfo("registry", QStringLiteral("raised to version %1").arg(version));
    }
    return {};
}

} // namespace mf
