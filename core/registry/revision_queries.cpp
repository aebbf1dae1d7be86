// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/revisions.h"

#include "core/registry/blob.h"
#include "core/registry/model_names.h"
#include "core/registry/model_search.h"

namespace mf {

namespace {

// What readRow expects, in this order.
#define MF_REVISION_COLUMNS                                                                                            \
    "SELECT r.id, r.uid, m.uid, COALESCE(m.name, r.name), r.number, r.state, r.created, r.k, r.m, r.bytes, r.stored,"  \
    " r.uploaded, r.files, r.format, r.family, r.architecture, r.quantization, r.parameters, r.context, r.license,"    \
    " r.manifest, r.session, m.tags, r.metadata FROM revision r JOIN model m ON m.id = r.model "

Result<RevisionRecord> readRow(Connection &db, Statement &query)
{
    RevisionRecord r;
    r.row = query.number(0);
    r.id = query.id<RevisionId>(1);
    r.model = query.id<ModelId>(2);
    r.name = query.text(3);
    r.number = query.small(4);
    r.state = static_cast<RevisionState>(query.small(5));
    r.created = query.time(6);
    r.protection = Protection(query.small(7), query.small(8));
    r.bytes = query.number(9);
    r.storedBytes = query.number(10);
    r.uploadedBytes = query.number(11);
    r.files = query.small(12);
    r.facts.format = query.text(13);
    r.facts.family = query.text(14);
    r.facts.architecture = query.text(15);
    r.facts.quantization = query.text(16);
    r.facts.parameters = query.number(17);
    r.facts.contextLength = query.number(18);
    r.facts.license = query.text(19);
    r.manifest = query.id<ObjectHash>(20);
    r.session = query.id<SessionId>(21);
    const auto tags = unpackTexts(query.bytes(22));
    const auto metadata = unpackMap(query.bytes(23));
    if (!tags || !metadata)
        return db.corrupt(QStringLiteral("what a model says of itself cannot be read"));
    r.tags = *tags;
    r.metadata = *metadata;
    if (query.failed())
        return query.error();
    return r;
}

Result<std::vector<RevisionRecord>> readRows(Connection &db, Statement &query)
{
    std::vector<RevisionRecord> records;
    while (query.next()) {
        auto record = readRow(db, query);
        if (!record)
            return record.error();
        records.push_back(std::move(*record));
    }
    if (query.failed())
        return query.error();
    return records;
}

// The only live model whose id begins with these hex digits.
std::optional<qint64> modelWithId(Connection &db, const QString &digits)
{
    constexpr qsizetype kFewestDigits = 8;
    if (digits.size() < kFewestDigits || QByteArray::fromHex(digits.toLatin1()).size() * 2 < digits.size() - 1)
        return std::nullopt;
    Statement query
        = db.prepare("SELECT id FROM model WHERE current IS NOT NULL AND substr(lower(hex(uid)), 1, ?) = ? LIMIT 2");
    query.bind(static_cast<qint64>(digits.size()), digits.toLower());
    std::optional<qint64> found;
    while (query.next()) {
        if (found)
            return std::nullopt;
        found = query.number(0);
    }
    return found;
}

// A whole id comes from a program, and the person knows the name.
std::optional<Error> noMoreThere(Connection &db, const QString &id)
{
    Statement query = db.prepare("SELECT name FROM model WHERE current IS NULL AND lower(hex(uid)) = ?");
    query.bind(id.toLower());
    if (!query.next())
        return std::nullopt;
    const QString name = query.text(0);
    return Error(Error::Kind::NotFound, QStringLiteral("MF-MODEL-UNKNOWN"),
        QStringLiteral("“%1” is not in the library any more; the trash shows what can be restored").arg(name))
        .of(name);
}

// The row of the live model that a name means; see resolveName.
Result<qint64> findModel(Connection &db, const QString &name)
{
    std::vector<NamedRow> models;
    Statement query = db.prepare("SELECT id, name FROM model WHERE current IS NOT NULL ORDER BY current DESC");
    while (query.next())
        models.emplace_back(query.number(0), query.text(1));
    if (query.failed())
        return query.error();
    auto row = resolveName(models, name);
    if (row || row.error().kind != Error::Kind::NotFound)
        return row;
    if (const auto byId = modelWithId(db, name))
        return *byId;
    if (auto gone = noMoreThere(db, name))
        return std::move(*gone);
    return row;
}

Error numberUnknown(Connection &db, qint64 model, const QString &name, int number)
{
    QStringList numbers;
    Statement query
        = db.prepare("SELECT number FROM revision WHERE model = ? AND state IN (2, 4) ORDER BY number DESC LIMIT 20");
    query.bind(model);
    while (query.next())
        numbers << query.text(0);
    return Error(Error::Kind::NotFound, QStringLiteral("MF-REVISION-UNKNOWN"),
        QStringLiteral("\"%1\" has no revision %2; it has %3")
            .arg(name, QString::number(number), numbers.join(QStringLiteral(", "))))
        .of(name);
}

} // namespace

Result<RevisionRecord> readRevision(Connection &db, RevisionRow row)
{
    Statement query = db.prepare(MF_REVISION_COLUMNS "WHERE r.id = ?");
    query.bind(row);
    if (!query.next())
        return query.failed() ? query.error() : revisionUnknown(row);
    return readRow(db, query);
}

Result<std::vector<RevisionRecord>> revisionsIn(Connection &db, RevisionState state)
{
    Statement query = db.prepare(MF_REVISION_COLUMNS "WHERE r.state = ? ORDER BY r.id");
    query.bind(state);
    return readRows(db, query);
}

Result<std::vector<RevisionRecord>> readHistory(Connection &db, const ModelId &model)
{
    Statement query = db.prepare(MF_REVISION_COLUMNS "WHERE m.uid = ? AND r.state IN (2, 3, 4) ORDER BY r.number DESC");
    query.bind(model);
    return readRows(db, query);
}

Result<RevisionRecord> findRevision(Connection &db, const QString &name, int number)
{
    const auto model = findModel(db, name);
    if (!model)
        return model.error();
    if (number == 0) {
        Statement query = db.prepare(MF_REVISION_COLUMNS "WHERE r.id = (SELECT current FROM model WHERE id = ?)");
        query.bind(*model);
        if (!query.next())
            return query.failed() ? query.error() : db.corrupt(QStringLiteral("a model lacks its current revision"));
        return readRow(db, query);
    }
    // Of that model first, else of another one of its name (see resolveName).
    Statement query = db.prepare(MF_REVISION_COLUMNS
        "WHERE m.name = (SELECT name FROM model WHERE id = ?) AND r.number = ? AND r.state IN (2, 4)"
        " ORDER BY r.model = ? DESC, r.id DESC LIMIT 1");
    query.bind(*model, number, *model);
    if (!query.next())
        return query.failed() ? query.error() : numberUnknown(db, *model, name, number);
    return readRow(db, query);
}

Result<std::vector<RevisionRecord>> searchModels(Connection &db, const QString &search)
{
    const SearchFilter filter = searchFilter(search);
    const QString sql = QStringLiteral(MF_REVISION_COLUMNS "WHERE m.current = r.id") + filter.condition
        + QStringLiteral(" ORDER BY m.name COLLATE NOCASE, m.name, m.id");
    Statement query = db.prepareOnce(sql);
    query.bindAll(filter.values);
    return readRows(db, query);
}

} // namespace mf
