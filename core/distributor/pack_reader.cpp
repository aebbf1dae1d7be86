// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/pack_reader.h"

#include "core/base/all_of.h"
#include "core/crypto/aead.h"
#include "core/distributor/fragment_read.h"
#include "core/distributor/holding.h"
#include "core/distributor/registry_contradiction.h"
#include "core/packing/erasure.h"
#include "core/packing/pack_layout.h"

#include <algorithm>
#include <chrono>

namespace mf {
namespace {

constexpr qint64 kColumn = qint64(2) << 20; // bytes of each fragment read by one request
constexpr std::size_t kColumnsAtOnce = 4;
// A request is late when it takes this many times what the others would.
constexpr double kLate = 4.0;
// … or this many times what was expected of the slowest that is asked.
constexpr double kLateForItself = 2.0;
// A data fragment needs no decoding: it is taken unless another comes so much sooner.
constexpr double kDecoding = 0.02; // s
constexpr std::chrono::milliseconds kSoonestHedge { 40 };
constexpr std::chrono::milliseconds kLatestHedge { 15'000 };

Error notWhatItSays(const QString &what)
{
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-FRAGMENT-CORRUPT"), what);
}

// The same range of these rows, out of what there is of k others; none if it cannot be had.
std::map<int, QByteArray> rebuiltSlices(
    int k, const std::map<int, QByteArray> &have, const std::vector<int> &wanted, qint64 bytes)
{
    std::vector<ErasureRow> rows;
    for (const auto &[row, slice] : have) {
        if (static_cast<int>(rows.size()) < k)
            rows.emplace_back(row, viewOf(slice));
    }
    std::map<int, QByteArray> rebuilt;
    for (const int row : wanted) {
        QByteArray &slice = rebuilt[row];
        slice.resize(bytes);
        if (!rebuildRow(k, rows, row, mutableViewOf(slice)))
            return {};
    }
    return rebuilt;
}

} // namespace

void ReadStats::note(Damage damage)
{
    const auto isSame = [&damage](const Damage &d) {
        return d.pack == damage.pack && d.fragment == damage.fragment && d.accountId == damage.accountId;
    };
    if (std::none_of(damages.begin(), damages.end(), isSame))
        damages.push_back(std::move(damage));
}

PackReader::PackReader(Engine &engine, PackRecord pack, ReadStats &stats)
    : m_engine(engine)
    , m_pack(std::make_shared<const PackRecord>(std::move(pack)))
    , m_stats(stats)
{
    auto offsets = std::make_shared<std::vector<qint64>>();
    qint64 at = recordOffset(m_pack->records, 0);
    for (const Record &record : m_pack->records) {
        offsets->push_back(at);
        at += record.encodedLength + qint64(Aead::kTag);
    }
    m_offsets = std::move(offsets);
    const auto fragments = static_cast<std::size_t>(m_pack->shape.fragments);
    m_rows.resize(fragments, nullptr);
    m_twins.resize(fragments);
    m_bad.resize(fragments, false);
    m_refused.resize(fragments);
    // What waits in the holding folder is nearest, and as long as it waits there is nothing else.
    for (std::size_t i = 0; m_pack->held && engine.holding && i < static_cast<std::size_t>(m_pack->shape.k); ++i)
        m_rows[i] = &engine.holding->account();
    const auto add = [&](const FragmentPlace &place) {
        const auto i = static_cast<std::size_t>(place.index);
        if (place.index < 0 || i >= fragments)
            return;
        Account *account = engine.accounts.find(place.account);
        if (!account || account->record().retired)
            return;
        if (!m_rows[i])
            m_rows[i] = account;
        else
            m_twins[i].push_back(account);
    };
    for (const FragmentPlace &place : m_pack->fragments) {
        if (place.acknowledged)
            add(place);
    }
    if (std::count_if(m_rows.begin(), m_rows.end(), [](const Account *a) { return a != nullptr; }) >= m_pack->shape.k)
        return;
    // Too few without them: what was missing may be back, and what is damaged may hold what is wanted.
    for (const FragmentPlace &place : m_pack->fragments) {
        if (place.state == FragmentState::Missing || place.state == FragmentState::Damaged)
            add(place);
    }
}

std::vector<PackReader::Column> PackReader::columnsFor(const std::vector<WantedRecord> &wanted) const
{
    const qint64 length = m_pack->shape.dataLength;
    const auto k = static_cast<std::size_t>(m_pack->shape.k);
    std::vector<Column> columns(static_cast<std::size_t>((length + kColumn - 1) / kColumn));
    for (std::size_t c = 0; c < columns.size(); ++c) {
        columns[c].needed.resize(k, false);
        columns[c].range.begin = length; // empty until something is wanted
    }
    for (const WantedRecord &want : wanted) {
        qint64 at = (*m_offsets)[want.record];
        const qint64 end = at + m_pack->records[want.record].encodedLength + qint64(Aead::kTag);
        while (at < end) {
            const qint64 row = at / length;
            const qint64 within = at % length;
            const qint64 c = within / kColumn;
            const qint64 stop = std::min({ end, (row + 1) * length, row * length + (c + 1) * kColumn });
            Column &column = columns[static_cast<std::size_t>(c)];
            column.needed[static_cast<std::size_t>(row)] = true;
            column.range.begin = std::min(column.range.begin, within);
            column.range.end = std::max(column.range.end, stop - row * length);
            at = stop;
        }
    }
    std::erase_if(columns, [](const Column &column) { return column.range.isEmpty(); });
    return columns;
}

// Seconds until the row's account would have delivered so much.
double PackReader::expectedOf(int row, qint64 bytes) const
{
    Account *account = m_rows[static_cast<std::size_t>(row)];
    const double withQueue = account->receiving().expected(bytes, m_engine.clock).count();
    return withQueue > 0 ? withQueue : account->speed().expected(bytes).count();
}

// Fragments that can be asked, quickest first.
std::vector<int> PackReader::rowsByPreference(qint64 bytes) const
{
    std::vector<int> rows;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i] && !m_bad[i])
            rows.push_back(static_cast<int>(i));
    }
    const auto cost = [this, bytes](int row) {
        const double expected = expectedOf(row, bytes);
        return row < m_pack->shape.k ? expected : expected + kDecoding;
    };
    std::sort(
        rows.begin(), rows.end(), [&cost](int a, int b) { return std::pair(cost(a), a) < std::pair(cost(b), b); });
    return rows;
}

// slowest: seconds that are expected of the slowest of those asked.
Clock::Duration PackReader::hedgeAfter(qint64 bytes, double slowest) const
{
    std::vector<double> expected;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i] && !m_bad[i])
            expected.push_back(m_rows[i]->speed().expected(bytes).count());
    }
    if (expected.empty())
        return kLatestHedge;
    std::sort(expected.begin(), expected.end());
    const double usual = expected[(expected.size() - 1) / 2];
    const double late = std::max(usual * kLate, slowest * kLateForItself);
    const auto wait = Clock::Duration(static_cast<qint64>(late * 1000));
    return std::clamp<Clock::Duration>(wait, kSoonestHedge, kLatestHedge);
}

Task<Result<QByteArray>> PackReader::readSlice(int row, Account *account, Interval range)
{
    const BlobName name = fragmentName(m_engine.ring, m_pack->id, row);
    // The header comes along with the beginning: what lies under a name is checked to be what it says.
    const bool withHeader = range.begin == 0;
    const qint64 skip = withHeader ? kFragmentHeaderSize : 0;
    const Range wanted(withHeader ? 0 : kFragmentHeaderSize + range.begin, skip + range.end - range.begin);
    TransferPace::Transfer receiving(account->receiving(), m_engine.clock, wanted.length);
    const auto begun = m_engine.clock.elapsed();
    const bool isHere = m_engine.holding && account == &m_engine.holding->account();
    auto asking = isHere ? account->provider().get(name, wanted) : m_stats.shares->get(*account, name, wanted);
    auto bytes = co_await asking;
    if (!bytes)
        co_return bytes.error();
    receiving.confirm();
    account->speed().note(wanted.length, m_engine.clock.elapsed() - begun);
    m_stats.network += bytes->size();
    if (withHeader) {
        const auto header = openFragmentHeader(m_engine.ring, viewOf(*bytes));
        if (!header)
            co_return header.error();
        if (header->pack != m_pack->id || header->index != row || header->k != m_pack->shape.k
            || header->dataLength != m_pack->shape.dataLength)
            co_return notWhatItSays(QStringLiteral("another fragment lies in its place"));
        bytes->remove(0, skip);
    }
    co_return bytes;
}

Task<void> PackReader::answer(int row, Account *account, Interval range, Channel<Answer> &out)
{
    auto bytes = co_await readSlice(row, account, range);
    out.push(Answer(row, std::move(bytes)));
}

Task<void> PackReader::hedgeTimer(Clock::Duration wait, Channel<Answer> &out)
{
    co_await m_engine.clock.sleep(wait);
    out.push(Answer(-1, QByteArray()));
}

// Says what is wrong, and goes on with a twin if there is one.
void PackReader::noteBad(std::size_t row, Account *account, const Error &error)
{
    const bool isAway = answerOf(error) == FragmentAnswer::Away;
    if (isAway) { // denied, signed out, not there: says nothing of the fragment
        m_stats.unreachable.insert(account->name(), error.message);
    } else {
        Damage damage;
        damage.account = account->name();
        damage.accountId = account->id();
        damage.pack = m_pack->id;
        damage.fragment = static_cast<int>(row);
        damage.what = error.message;
        damage.isMissing = error.id == QStringLiteral("MF-BLOB-MISSING");
        m_stats.note(std::move(damage));
    }
    if (isAway || !m_refused[row])
        m_refused[row] = Refusal(account, error);
    std::erase(m_twins[row], account);
    if (m_rows[row] != account)
        return; // a twin, or given up before
    if (m_twins[row].empty()) {
        m_bad[row] = true;
        return;
    }
    m_rows[row] = m_twins[row].back();
    m_twins[row].pop_back();
}

Task<Result<>> PackReader::readColumn(Column column)
{
    const qint64 bytes = column.range.end - column.range.begin;
    const int k = m_pack->shape.k;
    std::map<int, QByteArray> have;
    std::set<int> asked;
    std::map<int, Account *> askedOf;
    Channel<Answer> answers(m_rows.size() * 2 + 2);
    TaskScope requests; // those that are not needed any more end with it

    const auto ask = [&](int row) {
        asked.insert(row);
        askedOf[row] = m_rows[static_cast<std::size_t>(row)];
        requests.start(answer(row, askedOf[row], column.range, answers));
    };
    const auto neededRows = [&] {
        std::vector<int> rows;
        for (int row = 0; row < k; ++row) {
            if (column.needed[static_cast<std::size_t>(row)] && !have.contains(row))
                rows.push_back(row);
        }
        return rows;
    };
    // Starts the best one that was not asked yet.
    const auto askAnother = [&] {
        for (const int row : rowsByPreference(bytes)) {
            if (!asked.contains(row)) {
                ask(row);
                return true;
            }
        }
        return false;
    };

    // All wanted data fragments, if their accounts are not worse than others; else the best k of all.
    const std::vector<int> preferred = rowsByPreference(bytes);
    const std::vector<int> wantedRows = neededRows();
    const auto rank
        = [&preferred](int row) { return std::find(preferred.begin(), preferred.end(), row) - preferred.begin(); };
    const auto best = std::min<std::ptrdiff_t>(k, std::ssize(preferred)); // a row that nobody has ranks behind them all
    const bool direct = std::all_of(wantedRows.begin(), wantedRows.end(), [&](int row) { return rank(row) < best; });
    std::vector<int> first = wantedRows;
    if (!direct)
        first.assign(preferred.begin(), preferred.begin() + best);
    double slowest = 0;
    for (const int row : first)
        slowest = std::max(slowest, expectedOf(row, bytes));
    for (const int row : first)
        ask(row);
    const Clock::Duration patience = hedgeAfter(bytes, slowest);
    requests.start(hedgeTimer(patience, answers));
    std::size_t failed = 0;

    for (;;) {
        if (neededRows().empty() || static_cast<int>(have.size()) >= k)
            break;
        if (asked.size() - failed - have.size() == 0 && !askAnother()) {
            const Error error = co_await unreadable();
            co_return error;
        }
        co_await answers.ready();
        auto next = answers.pop();
        if (next->row < 0) { // late: ask as many others as it takes to do without the late ones
            for (const int row : asked) {
                if (!have.contains(row))
                    m_rows[static_cast<std::size_t>(row)]->speed().noteLate(bytes, patience);
            }
            for (int missing = k - static_cast<int>(have.size()); missing > 0 && askAnother(); --missing)
                ++m_stats.hedges;
            requests.start(hedgeTimer(patience * 2, answers));
            continue;
        }
        if (next->bytes) {
            have.emplace(next->row, std::move(*next->bytes));
            continue;
        }
        const auto i = static_cast<std::size_t>(next->row);
        const Error error = next->bytes.error();
        if (m_rows[i] == askedOf[next->row] && !m_bad[i])
            noteBad(i, m_rows[i], error);
        if (m_rows[i] != askedOf[next->row]) { // another account has the same
            asked.erase(next->row);
            if (!m_bad[i])
                ask(next->row);
            continue;
        }
        ++failed;
        // One that cannot be had directly needs k others.
        while (static_cast<int>(asked.size() - failed) < k && askAnother()) { }
    }

    const std::vector<int> toRebuild = neededRows();
    if (!toRebuild.empty()) {
        auto rebuild = [have, toRebuild, bytes, k] { return rebuiltSlices(k, have, toRebuild, bytes); };
        auto rebuilt = co_await onPool(m_engine.cpu, rebuild);
        if (rebuilt.empty()) {
            const Error error = co_await unreadable();
            co_return error;
        }
        m_stats.rebuilt += static_cast<int>(toRebuild.size());
        have.merge(rebuilt);
    }
    for (auto &[row, slice] : have) {
        if (row < k && column.needed[static_cast<std::size_t>(row)])
            m_slices->add(row * m_pack->shape.dataLength + column.range.begin, std::move(slice));
    }
    co_return Result<>();
}

Task<Result<>> PackReader::read(std::vector<WantedRecord> wanted, std::function<void(qint64)> delivered)
{
    const auto layout = checkPackLayout(m_pack->shape, m_pack->payloadLength, m_pack->records);
    if (!layout)
        co_return layout.error();
    for (const WantedRecord &want : wanted) {
        if (want.record >= m_pack->records.size())
            co_return noSuchRecord();
    }
    std::vector<Column> columns = columnsFor(wanted);
    qint64 network = 0;
    qint64 buffers = 0;
    for (const Column &column : columns) {
        const qint64 length = column.range.end - column.range.begin;
        const auto rows = std::count(column.needed.begin(), column.needed.end(), true);
        network += rows * length;
        // Besides them, those that stand in for one that is missing, and the chunks that are being opened. More packs
        // under way at a time than this allows made a fetch slower, by the fresh memory that it took.
        buffers += (rows + 2) * length;
    }
    if (!m_pack->held)
        co_await m_stats.shares->admit(network);
    auto lease = co_await m_engine.buffers.acquire(buffers);
    m_slices = std::make_shared<PayloadSlices>();
    std::vector<Task<Result<>>> tasks;
    tasks.reserve(columns.size());
    for (Column &column : columns)
        tasks.push_back(readColumn(std::move(column)));
    const auto results = co_await allOf(std::move(tasks), kColumnsAtOnce);
    for (const auto &result : results) {
        if (!result)
            co_return result.error();
    }
    const auto failed = co_await openRecords(std::move(wanted), delivered);
    m_slices.reset();
    lease.release();
    if (!failed)
        co_return failed.error();
    for (const WantedRecord &want : *failed) {
        const auto opened = co_await openHard(want, delivered);
        if (!opened)
            co_return opened.error();
    }
    co_return Result<>();
}

} // namespace mf
