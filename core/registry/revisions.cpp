// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/revisions.h"

#include "core/registry/blob.h"
#include "core/registry/model_search.h"
#include "core/registry/trash.h"

namespace mf {

namespace {

// The model's row; makes it with the first revision.
Result<qint64> modelRow(Connection &db, const RevisionRecord &revision)
{
    Statement query = db.prepare("SELECT id FROM model WHERE uid = ?");
    query.bind(revision.model);
    if (query.next())
        return query.number(0);
    if (query.failed())
        return query.error();
    // One of that name in the trash goes on with it.
    Statement trashed = db.prepare("SELECT id FROM model WHERE name = ? AND current IS NULL ORDER BY id LIMIT 1");
    trashed.bind(revision.name);
    if (trashed.next())
        return trashed.number(0);
    if (trashed.failed())
        return trashed.error();
    return db.prepare("INSERT INTO model(uid, tags) VALUES(?, ?)")
        .bind(revision.model, packTexts(revision.tags))
        .insert();
}

struct Standing {
    qint64 model = 0;
    RevisionState state = RevisionState::Storing;
};

Result<Standing> standingOf(Connection &db, RevisionRow revision)
{
    Statement query = db.prepare("SELECT model, state FROM revision WHERE id = ?");
    query.bind(revision);
    if (!query.next())
        return query.failed() ? query.error() : revisionUnknown(revision);
    Standing standing;
    standing.model = query.number(0);
    standing.state = static_cast<RevisionState>(query.small(1));
    return standing;
}

bool isShown(RevisionState state) { return state == RevisionState::Live || state == RevisionState::Held; }

// Whether a stored revision is Live or Trashed is what the log says, and it may have said so meanwhile.
Result<RevisionState> stateByLog(Connection &db, const RevisionRecord &revision)
{
    if (revision.state != RevisionState::Live && revision.state != RevisionState::Trashed)
        return revision.state;
    const auto standing = standingInLog(db, revision.id);
    if (!standing)
        return standing.error();
    return standing->removed ? RevisionState::Trashed : RevisionState::Live;
}

// Points the model at its current revision: this one if it has just become live, else the newest live one.
Result<> chooseCurrent(Connection &db, qint64 model, std::optional<RevisionRow> newlyLive)
{
    if (newlyLive) {
        const auto done = db.prepare("UPDATE model SET current = ? WHERE id = ?").bind(*newlyLive, model).run();
        if (!done)
            return done;
    } else {
        const auto done
            = db.prepare("UPDATE model SET current = (SELECT id FROM revision WHERE model = ? AND state IN (2, 4)"
                         " ORDER BY number DESC LIMIT 1) WHERE id = ? AND NOT EXISTS (SELECT 1 FROM revision"
                         " WHERE revision.id = current AND state IN (2, 4))")
                  .bind(model, model)
                  .run();
        if (!done)
            return done;
    }
    const auto done = db.prepare("UPDATE model SET name = (SELECT name FROM revision WHERE revision.id = current)"
                                 " WHERE id = ? AND current IS NOT NULL")
                          .bind(model)
                          .run();
    if (!done)
        return done;
    return indexModel(db, model);
}

} // namespace

Error revisionUnknown(RevisionRow row)
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-REVISION-UNKNOWN"),
        QStringLiteral("The registry knows no revision %1; it was dropped meanwhile").arg(row));
}

Result<RevisionRow> beginRevision(Connection &db, const RevisionRecord &revision)
{
    Statement twin = db.prepare("SELECT id FROM revision WHERE uid = ?");
    twin.bind(revision.id);
    if (twin.next()) {
        return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-REVISION-EXISTS"),
            QStringLiteral("Revision %1 of \"%2\" is in the registry already").arg(revision.id.toHex(), revision.name));
    }
    if (twin.failed())
        return twin.error();
    const auto model = modelRow(db, revision);
    if (!model)
        return model.error();
    return db
        .prepare("INSERT INTO revision(uid, model, number, asked, name, state, created, k, m, bytes, stored, uploaded,"
                 " files, format, family, architecture, quantization, parameters, context, license, manifest,"
                 " session, metadata) VALUES(?, ?, (SELECT COALESCE(MAX(number), 0) + 1 FROM revision WHERE model = ?),"
                 " (SELECT COALESCE(MAX(number), 0) + 1 FROM revision WHERE model = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                 "?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(revision.id, *model, *model, *model, revision.name, RevisionState::Storing, revision.created,
            revision.protection.k, revision.protection.m, revision.bytes, revision.storedBytes, revision.uploadedBytes,
            revision.files, revision.facts.format, revision.facts.family, revision.facts.architecture,
            revision.facts.quantization, revision.facts.parameters, revision.facts.contextLength,
            revision.facts.license, revision.manifest, revision.session, packMap(revision.metadata))
        .insert();
}

Result<> updateRevision(Connection &db, const RevisionRecord &revision)
{
    const auto before = standingOf(db, revision.row);
    if (!before)
        return before.error();
    const auto state = stateByLog(db, revision);
    if (!state)
        return state.error();
    const auto done
        = db.prepare("UPDATE revision SET name = ?, state = ?, created = ?, k = ?, m = ?, bytes = ?, stored = ?,"
                     " uploaded = ?, files = ?, format = ?, family = ?, architecture = ?, quantization = ?,"
                     " parameters = ?, context = ?, license = ?, manifest = ?, session = ?, metadata = ? WHERE id = ?")
              .bind(revision.name, *state, revision.created, revision.protection.k, revision.protection.m,
                  revision.bytes, revision.storedBytes, revision.uploadedBytes, revision.files, revision.facts.format,
                  revision.facts.family, revision.facts.architecture, revision.facts.quantization,
                  revision.facts.parameters, revision.facts.contextLength, revision.facts.license, revision.manifest,
                  revision.session, packMap(revision.metadata), revision.row)
              .run();
    if (!done)
        return done;
    const bool newlyLive = isShown(*state) && !isShown(before->state);
    return chooseCurrent(db, before->model, newlyLive ? std::optional(revision.row) : std::nullopt);
}

Result<> disownPacks(Connection &db, RevisionRow revision)
{
    return db.prepare("UPDATE pack SET session = NULL WHERE id IN (SELECT pack FROM relied WHERE revision = ?)")
        .bind(revision)
        .run();
}

Result<> dropRevision(Connection &db, RevisionRow revision)
{
    const auto standing = standingOf(db, revision);
    if (!standing)
        return standing.error();
    if (standing->state != RevisionState::Storing) {
        return Error(Error::Kind::Invalid, QStringLiteral("MF-REVISION-STATE"),
            QStringLiteral("Revision %1 is stored already: remove it instead of dropping it").arg(revision));
    }
    const auto done = db.prepare("DELETE FROM revision WHERE id = ?").bind(revision).run(); // its files follow
    if (!done)
        return done;
    return db.prepare("DELETE FROM model WHERE id = ? AND NOT EXISTS (SELECT 1 FROM revision WHERE model = ?)")
        .bind(standing->model, standing->model)
        .run();
}

Result<> setShown(Connection &db, const RevisionId &revision, bool shown)
{
    Statement query = db.prepare("SELECT id, model, state FROM revision WHERE uid = ?");
    query.bind(revision);
    if (!query.next()) {
        if (query.failed())
            return query.error();
        return {};
    }
    const RevisionRow row = query.number(0);
    const qint64 model = query.number(1);
    const auto state = static_cast<RevisionState>(query.small(2));
    const auto wanted = shown ? RevisionState::Live : RevisionState::Trashed;
    if (state == wanted || (state != RevisionState::Live && state != RevisionState::Trashed))
        return {};
    auto done = db.prepare("UPDATE revision SET state = ? WHERE id = ?").bind(wanted, row).run();
    if (!done)
        return done;
    return chooseNewest(db, model);
}

Result<> chooseNewest(Connection &db, qint64 model)
{
    const auto done = db.prepare("UPDATE model SET current = NULL WHERE id = ?").bind(model).run();
    if (!done)
        return done;
    return chooseCurrent(db, model, std::nullopt);
}

Result<> setTags(Connection &db, const ModelId &model, const QStringList &tags)
{
    Statement query = db.prepare("SELECT id FROM model WHERE uid = ?");
    query.bind(model);
    if (!query.next()) {
        if (query.failed())
            return query.error();
        return Error(Error::Kind::NotFound, QStringLiteral("MF-MODEL-UNKNOWN"),
            QStringLiteral("The registry knows no model %1; it was removed meanwhile").arg(model.toHex()));
    }
    const qint64 row = query.number(0);
    const auto done = db.prepare("UPDATE model SET tags = ? WHERE id = ?").bind(packTexts(tags), row).run();
    if (!done)
        return done;
    return indexModel(db, row);
}

Result<> notePacksRelied(Connection &db, RevisionRow revision, std::span<const PackRow> packs)
{
    const auto standing = standingOf(db, revision);
    if (!standing)
        return standing.error();
    Statement insert = db.prepare("INSERT INTO relied(revision, pack) VALUES(?, ?) ON CONFLICT DO NOTHING");
    for (const PackRow pack : packs) {
        const auto done = insert.bind(revision, pack).run();
        if (!done)
            return done;
    }
    return {};
}

Result<std::vector<PackRow>> packsRelied(Connection &db, RevisionRow revision)
{
    Statement query = db.prepare("SELECT pack FROM relied WHERE revision = ? ORDER BY pack");
    query.bind(revision);
    return query.numbers();
}

} // namespace mf
