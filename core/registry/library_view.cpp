// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/library_view.h"

#include "core/registry/connection.h"
#include "core/registry/health.h"
#include "core/registry/revisions.h"
#include "core/registry/spread.h"

#include <algorithm>
#include <limits>
#include <map>

namespace mf {

namespace {

std::vector<qint8> stripOf(const std::vector<int> &spares)
{
    const std::size_t runs = std::min(spares.size(), std::size_t(LibraryView::kRuns));
    std::vector<qint8> strip(runs, std::numeric_limits<qint8>::max());
    for (std::size_t i = 0; i < spares.size(); ++i) {
        qint8 &run = strip[i * runs / spares.size()];
        const int shown = std::clamp<int>(spares[i], std::numeric_limits<qint8>::min(), run);
        run = static_cast<qint8>(shown);
    }
    return strip;
}

// Of the revisions that have one file.
Result<std::map<RevisionRow, Sha256>> readHashes(Connection &db)
{
    std::map<RevisionRow, Sha256> hashes;
    Statement query = db.prepare("SELECT revision, MAX(sha256) FROM file GROUP BY revision HAVING COUNT(*) = 1");
    while (query.next())
        hashes[query.number(0)] = query.id<Sha256>(1);
    if (query.failed())
        return query.error();
    return hashes;
}

Result<std::vector<LibraryView::Model>> readModels(Connection &db, const std::vector<AccountId> &without)
{
    auto revisions = searchModels(db, QString());
    if (!revisions)
        return revisions.error();
    const auto hashes = readHashes(db);
    if (!hashes)
        return hashes.error();
    std::vector<RevisionRow> rows;
    for (const RevisionRecord &revision : *revisions)
        rows.push_back(revision.row);
    const auto healths = healthOf(db, rows, without);
    if (!healths)
        return healths.error();
    std::vector<LibraryView::Model> models;
    models.reserve(revisions->size());
    for (RevisionRecord &revision : *revisions) {
        LibraryView::Model model;
        model.health = (*healths)[models.size()];
        const auto spares = sparesOf(db, revision.row, without);
        if (!spares)
            return spares.error();
        model.strip = stripOf(*spares);
        const auto spread = spreadOf(db, revision.row);
        if (!spread)
            return spread.error();
        for (const auto &entry : *spread) {
            model.bytes += entry.bytes;
            if (entry.count > entry.missing)
                model.accounts.push_back(entry.account);
        }
        const auto hash = hashes->find(revision.row);
        if (hash != hashes->end())
            model.sha256 = hash->second;
        model.revision = std::move(revision);
        models.push_back(std::move(model));
    }
    return models;
}

Result<LibraryView::Fragments> readFragments(Connection &db, RevisionRow revision)
{
    LibraryView::Fragments found;
    PackRow last = 0;
    Statement query = db.prepare("SELECT r.pack, f.n, a.uid, f.state, f.bytes FROM relied r"
                                 " LEFT JOIN fragment f ON f.pack = r.pack LEFT JOIN account a ON a.id = f.account"
                                 " WHERE r.revision = ? ORDER BY r.pack, f.n");
    query.bind(revision);
    while (query.next()) {
        if (query.number(0) != last)
            ++found.packs;
        last = query.number(0);
        if (query.isNull(1))
            continue;
        LibraryView::Fragment fragment;
        fragment.pack = found.packs;
        fragment.index = query.small(1);
        fragment.account = query.id<AccountId>(2);
        fragment.state = static_cast<FragmentState>(query.small(3));
        fragment.bytes = query.number(4);
        found.list.push_back(fragment);
    }
    if (query.failed())
        return query.error();
    return found;
}

Result<std::vector<LibraryView::Event>> readEvents(Connection &db, int limit)
{
    std::vector<LibraryView::Event> events;
    Statement query = db.prepare("SELECT at, kind, text FROM event ORDER BY id DESC LIMIT ?");
    query.bind(limit);
    while (query.next()) {
        LibraryView::Event event;
        event.when = query.time(0);
        event.kind = query.text(1);
        event.text = query.text(2);
        events.push_back(std::move(event));
    }
    if (query.failed())
        return query.error();
    return events;
}

} // namespace

// What lives on the worker.
class LibraryView::Reader
{
public:
    explicit Reader(QString path)
        : m_path(std::move(path))
    {
    }
    template <typename F> std::invoke_result_t<F &, Connection &> read(F &function)
    {
        const auto opened = open();
        if (!opened)
            return opened.error();
        const auto begun = m_connection->begin(false);
        if (!begun)
            return begun.error();
        auto result = function(*m_connection);
        m_connection->rollback(); // nothing was written
        return result;
    }
    Result<> open()
    {
        if (m_connection)
            return {};
        auto connection = std::make_unique<Connection>(m_path);
        const auto opened = connection->open();
        if (!opened)
            return opened;
        const auto only = connection->execute(QStringLiteral("PRAGMA query_only = ON"));
        if (!only)
            return only;
        m_connection = std::move(connection);
        return {};
    }
    void close() { m_connection.reset(); }

private:
    QString m_path;
    std::unique_ptr<Connection> m_connection;
};

namespace {

template <typename R, typename F> Task<std::invoke_result_t<F &, Connection &>> hop(Pool *worker, R *reader, F function)
{
    auto work = [reader, inner = std::move(function)]() mutable { return reader->read(inner); };
    auto result = co_await onPool(*worker, work);
    co_return result;
}

} // namespace

LibraryView::LibraryView(QString path)
    : m_reader(std::make_unique<Reader>(std::move(path)))
    , m_worker(std::make_unique<Pool>(1))
{
}

LibraryView::~LibraryView()
{
    auto close = [reader = m_reader.get()] { reader->close(); };
    submitTo(*m_worker, close);
    m_worker.reset();
}

template <typename F> auto LibraryView::read(F function)
{
    return hop(m_worker.get(), m_reader.get(), std::move(function));
}

Task<Result<std::unique_ptr<LibraryView>>> LibraryView::open(QString path)
{
    std::unique_ptr<LibraryView> view(new LibraryView(std::move(path)));
    auto work = [reader = view->m_reader.get()] { return reader->open(); };
    const auto opened = co_await onPool(*view->m_worker, work);
    if (!opened)
        co_return opened.error();
    co_return view;
}

Task<Result<std::vector<LibraryView::Model>>> LibraryView::models(std::vector<AccountId> without)
{
    return read([without = std::move(without)](Connection &db) { return readModels(db, without); });
}

Task<Result<LibraryView::Fragments>> LibraryView::fragments(RevisionRow revision)
{
    return read([revision](Connection &db) { return readFragments(db, revision); });
}

Task<Result<std::vector<LibraryView::Event>>> LibraryView::events(int limit)
{
    return read([limit](Connection &db) { return readEvents(db, limit); });
}

} // namespace mf
