// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/registry_copy.h"

#include "core/registry/accounts.h"
#include "core/registry/age.h"
#include "core/registry/identity.h"
#include "core/registry/packs.h"

#include <QFile>

namespace mf {

namespace {

constexpr std::size_t kRecordsAtOnce = 250'000; // put into the chunk index together, sorted

// What refers to a row comes after it.
const QStringList &kLibrary()
{
    static const QStringList tables { QStringLiteral("model"), QStringLiteral("revision"), QStringLiteral("file"),
        QStringLiteral("list"), QStringLiteral("tensors"), QStringLiteral("pack"), QStringLiteral("relied"),
        QStringLiteral("leaf"), QStringLiteral("segment"), QStringLiteral("segment_parent"), QStringLiteral("head"),
        QStringLiteral("covered"), QStringLiteral("cover"), QStringLiteral("checkpoint"), QStringLiteral("doom"),
        QStringLiteral("doom_pack"), QStringLiteral("doom_fragment"), QStringLiteral("doom_object"),
        QStringLiteral("doom_end"), QStringLiteral("logged_pack"), QStringLiteral("logged_index"),
        QStringLiteral("session"), QStringLiteral("session_index"), QStringLiteral("presence"),
        QStringLiteral("absence"), QStringLiteral("revision_event"), QStringLiteral("index_taken"),
        QStringLiteral("superseded"), QStringLiteral("retired"), QStringLiteral("told_account") };
    return tables;
}

Result<> executeAll(Connection &db, std::initializer_list<const char *> statements)
{
    for (const char *statement : statements) {
        const auto done = db.execute(QString::fromLatin1(statement));
        if (!done)
            return done;
    }
    return {};
}

Error unfit(const QString &why)
{
    return Error(Error::Kind::Unsupported, QStringLiteral("MF-REGISTRY-COPY"),
        QStringLiteral("a copy of the registry is of no use here: %1; everything is read from the accounts instead")
            .arg(why));
}

Result<> checkCopy(Connection &db)
{
    Statement sound = db.prepareOnce(QStringLiteral("PRAGMA copy.quick_check(1)"));
    const bool isSound = sound.next() && sound.text(0) == QStringLiteral("ok");
    if (!isSound)
        return unfit(QStringLiteral("it is damaged"));
    const auto here = db.number(QStringLiteral("PRAGMA main.user_version"));
    const auto there = db.number(QStringLiteral("PRAGMA copy.user_version"));
    if (!here || !there || *here != *there)
        return unfit(QStringLiteral("another version of ModelFloat made it"));
    const auto same = db.number(QStringLiteral("SELECT COUNT(*) FROM copy.meta c JOIN main.meta m ON m.key = c.key"
                                               " AND m.value = c.value WHERE c.key = 'library'"));
    if (!same || *same != 1)
        return unfit(QStringLiteral("it is of another library"));
    const auto known = db.number(QStringLiteral("SELECT (SELECT COUNT(*) FROM main.pack) + (SELECT COUNT(*) FROM"
                                                " main.revision) + (SELECT COUNT(*) FROM main.segment)"));
    if (!known)
        return known.error();
    if (*known > 0)
        return unfit(QStringLiteral("this computer knows the library already"));
    return {};
}

// Where chunks lie is keyed by a secret of each computer.
Result<> indexChunks(Connection &db, ChunkIndex &chunks)
{
    std::vector<PackRow> rows;
    {
        Statement query = db.prepareOnce(QStringLiteral("SELECT id FROM pack WHERE state IN (1, 2) ORDER BY id"));
        while (query.next())
            rows.push_back(query.number(0));
        if (query.failed())
            return query.error();
    }
    std::vector<std::vector<Record>> directories;
    std::vector<std::pair<PackRow, const std::vector<Record> *>> packs;
    std::size_t records = 0;
    Statement query = db.prepare("SELECT dir FROM pack WHERE id = ?");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        query.bind(rows[i]);
        if (!query.next())
            return query.failed() ? query.error() : packUnknown(QStringLiteral("pack %1").arg(rows[i]));
        auto directory = readDirectory(db, query.bytes(0));
        if (!directory)
            return directory.error();
        records += directory->size();
        directories.push_back(std::move(*directory));
        if (records < kRecordsAtOnce && i + 1 < rows.size())
            continue;
        const std::size_t first = i + 1 - directories.size();
        for (std::size_t d = 0; d < directories.size(); ++d)
            packs.emplace_back(rows[first + d], &directories[d]);
        const auto added = chunks.addAll(packs);
        if (!added)
            return added;
        packs.clear();
        directories.clear();
        records = 0;
    }
    return {};
}

Result<> takeOver(Connection &db, ChunkIndex &chunks)
{
    const auto fits = checkCopy(db);
    if (!fits)
        return fits;
    for (const QString &table : kLibrary()) {
        const auto done = db.execute(QStringLiteral("INSERT INTO main.%1 SELECT * FROM copy.%1").arg(table));
        if (!done)
            return done;
    }
    const auto done = executeAll(db,
        { // Fragments on accounts that are not known here yet are looked for when they are.
            "INSERT INTO main.fragment(pack, n, account, state, bytes, proven) SELECT f.pack, f.n, a.id, f.state, "
            "f.bytes,"
            " f.proven FROM copy.fragment f JOIN copy.account c ON c.id = f.account JOIN main.account a ON a.uid = "
            "c.uid",
            "UPDATE pack SET sought = id",
            // What was not shown yet when the copy was made is found in the log; what is there is not read again.
            "UPDATE segment SET taken = 0", "UPDATE account SET retired = 1 WHERE uid IN (SELECT account FROM retired)",
            "INSERT INTO model_search(rowid, name, family, quantization, tags, files)"
            " SELECT rowid, name, family, quantization, tags, files FROM copy.model_search" });
    if (!done)
        return done;
    const auto elsewhere = addAccountsElsewhere(db);
    if (!elsewhere)
        return elsewhere;
    // Thirty days begin when this computer sees something.
    const auto age = readAge(db);
    if (!age)
        return age.error();
    for (const char *table : { "absence", "revision_event", "session", "doom" }) {
        const auto aged = db.execute(
            QStringLiteral("UPDATE %1 SET age = %2").arg(QString::fromLatin1(table)).arg(age->calendar.count()));
        if (!aged)
            return aged;
    }
    const auto indexed = indexChunks(db, chunks);
    if (!indexed)
        return indexed;
    const auto clock = db.number(QStringLiteral("SELECT COALESCE(MAX(lamport), 0) FROM segment"));
    if (!clock)
        return clock.error();
    return witness(db, static_cast<quint64>(*clock));
}

} // namespace

QStringList tablesOfTheLibrary()
{
    return kLibrary() + QStringList { QStringLiteral("fragment"), QStringLiteral("model_search") };
}

QStringList tablesOfThisComputer()
{
    return { QStringLiteral("meta"), QStringLiteral("setting"), QStringLiteral("account"), QStringLiteral("pending"),
        QStringLiteral("held"), QStringLiteral("held_for"), QStringLiteral("idx"), QStringLiteral("idx2"),
        QStringLiteral("deletion"), QStringLiteral("stray"), QStringLiteral("age"), QStringLiteral("survey"),
        QStringLiteral("transfer"), QStringLiteral("event") };
}

Result<> copyRegistry(Connection &db, const QString &to)
{
    QFile::remove(to);
    {
        QFile file(to); // SQLite takes an empty file, and keeps its permissions
        if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly)
            || !file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner))
            return Error(Error::Kind::Invalid, QStringLiteral("MF-REGISTRY-BACKUP"),
                QStringLiteral("The copy %1 of the registry cannot be written; check the folder's permissions")
                    .arg(to));
    }
    return db.prepareOnce(QStringLiteral("VACUUM main INTO ?")).bind(to).run();
}

Result<> reduceCopy(const QString &path)
{
    Connection db(path);
    const auto opened = db.open();
    if (!opened)
        return opened;
    return executeAll(db,
        { "PRAGMA foreign_keys = ON", "PRAGMA journal_mode = OFF", "BEGIN", "DELETE FROM idx", "DELETE FROM idx2",
            "DELETE FROM meta WHERE key <> 'library'", "DELETE FROM setting", "DELETE FROM transfer",
            "DELETE FROM event", "DELETE FROM pending", "DELETE FROM deletion", "DELETE FROM stray", "DELETE FROM age",
            "DELETE FROM survey", "DELETE FROM held", "DELETE FROM held_for",
            "DELETE FROM revision WHERE state NOT IN (2, 3)",
            "DELETE FROM model WHERE id NOT IN (SELECT model FROM revision)",
            ("UPDATE model SET current = (SELECT id FROM revision r WHERE r.model = model.id AND r.state = 2"
             " ORDER BY number DESC LIMIT 1) WHERE current NOT IN (SELECT id FROM revision)"),
            "DELETE FROM model_search WHERE rowid NOT IN (SELECT id FROM model)",
            "DELETE FROM pack WHERE state NOT IN (1, 2)", "DELETE FROM fragment WHERE state = 0",
            "UPDATE pack SET session = NULL, others = 1",
            "UPDATE account SET name = hex(uid), settings = x'', domain = '', total = NULL, used = NULL", "COMMIT",
            "VACUUM" });
}

Result<> adoptCopy(Connection &db, ChunkIndex &chunks, const QString &path)
{
    const auto attached = db.prepareOnce(QStringLiteral("ATTACH ? AS copy")).bind(path).run();
    if (!attached)
        return unfit(QStringLiteral("it is damaged"));
    auto done = db.begin(true);
    if (done) {
        done = takeOver(db, chunks);
        if (done)
            done = db.commit();
        if (!done)
            db.rollback();
    }
    const auto detached = db.execute(QStringLiteral("DETACH copy"));
    return done ? detached : done;
}

} // namespace mf
