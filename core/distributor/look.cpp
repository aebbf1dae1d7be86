// SPDX-License-Identifier: GPL-3.0-or-later
// The quick check: listings against the registry.
#include "core/base/all_of.h"
#include "core/base/log.h"
#include "core/distributor/check.h"

#include <algorithm>

namespace mf {
namespace {

constexpr int kPage = 4'096; // fragments per hop to the registry
constexpr std::size_t kProbesAtOnce = 8;

// What a listing said of an expected fragment.
enum class Listed : std::uint8_t { No, Yes, WrongSize };

// 40 bytes a fragment, so that an account of a large library fits into memory; its listing never has to.
struct Expected {
    quint64 key = 0; // of its name
    PackRow pack = 0;
    qint64 bytes = 0;
    PackId id;
    std::uint8_t index = 0;
    FragmentState state = FragmentState::There;
    Listed listed = Listed::No;
};

quint64 keyOf(const QString &name) { return qHash(QStringView(name), 0); }

class AccountLook
{
public:
    AccountLook(Engine &engine, Account *account, RevisionRow revision)
        : m_engine(engine)
        , m_account(account)
        , m_revision(revision)
    {
    }

    Task<Result<>> load()
    {
        PackRow after = 0;
        for (;;) {
            const auto page = co_await m_engine.registry.expectedFragments(m_account->id(), m_revision, after, kPage);
            if (!page)
                co_return page.error();
            if (page->empty())
                break;
            after = page->back().pack;
            auto name = [ring = m_engine.ring, fragments = *page] {
                std::vector<Expected> named;
                for (const ExpectedFragment &fragment : fragments) {
                    Expected expected;
                    expected.key = keyOf(fragmentName(ring, fragment.id, fragment.index).value);
                    expected.pack = fragment.pack;
                    expected.bytes = fragment.bytes;
                    expected.id = fragment.id;
                    expected.index = static_cast<std::uint8_t>(fragment.index);
                    expected.state = fragment.state;
                    named.push_back(expected);
                }
                return named;
            };
            const auto named = co_await onPool(m_engine.cpu, name);
            m_expected.insert(m_expected.end(), named.begin(), named.end());
        }
        std::ranges::sort(m_expected, {}, &Expected::key);
        for (const Expected &expected : m_expected)
            m_bytes += expected.bytes;
        co_return Result<>();
    }

    // Errors are those of the registry; what is wrong with the account becomes a warning.
    Task<Result<>> run()
    {
        if (m_expected.empty())
            co_return Result<>();
        const auto listed = co_await list();
        if (!listed) {
            warn(QStringLiteral("it could not be listed, so nothing is known of its fragments: ")
                + listed.error().message);
            co_return Result<>();
        }
        const qsizetype before = absent();
        if (before * 100 > static_cast<qsizetype>(m_expected.size())) {
            const auto again = co_await list();
            if (!again)
                warn(QStringLiteral("its listing could not be repeated: ") + again.error().message);
            else if (absent() < before)
                warn(QStringLiteral("its listing left out %1 fragments that it had when it was repeated")
                        .arg(before - absent()));
        }
        co_await probe();
        const auto verified = co_await m_account->verify(m_engine.ring);
        if (!verified) { // whatever it denied: it went away meanwhile
            warn(QStringLiteral("it went away during the check: ") + verified.error().message);
            co_return Result<>();
        }
        co_return co_await note();
    }

    qint64 bytes() const { return m_bytes; }
    qint64 fragments() const { return static_cast<qint64>(m_expected.size()); }
    LookResult &result() { return m_result; }

private:
    void warn(const QString &what) { m_result.warnings.append(m_account->name() + QStringLiteral(": ") + what); }

    // Known to be missing, or meant to come: nobody wonders that it is not listed.
    static bool isAbsent(const Expected &e)
    {
        return e.listed == Listed::No && e.state != FragmentState::Missing && e.state != FragmentState::Planned;
    }
    qsizetype absent() const { return std::count_if(m_expected.begin(), m_expected.end(), isAbsent); }

    Task<Result<>> list()
    {
        const QString prefix = QStringLiteral("f/");
        QString cursor;
        for (qsizetype page = 0; page < kMostPages; ++page) {
            const auto listed = co_await m_account->provider().list(prefix, cursor);
            if (!listed)
                co_return listed.error();
            for (const BlobInfo &blob : listed->blobs)
                mark(blob);
            if (listed->next.isEmpty())
                co_return Result<>();
            if (listed->next == cursor)
                break;
            cursor = listed->next;
        }
        co_return Error(
            Error::Kind::Internal, QStringLiteral("MF-LIST-ENDLESS"), QStringLiteral("its listing does not end"));
    }

    void mark(const BlobInfo &blob)
    {
        const quint64 key = keyOf(blob.name.value);
        for (auto it = std::ranges::lower_bound(m_expected, key, {}, &Expected::key);
            it != m_expected.end() && it->key == key; ++it) {
            // Listed twice, one right one is enough.
            if (it->listed != Listed::Yes)
                it->listed = blob.size == it->bytes ? Listed::Yes : Listed::WrongSize;
        }
    }

    // What is not listed is asked for: a listing may be late, cut short or wrong.
    Task<void> probe()
    {
        std::vector<std::size_t> which;
        for (std::size_t i = 0; i < m_expected.size(); ++i) {
            if (isAbsent(m_expected[i]))
                which.push_back(i);
        }
        std::size_t there = 0;
        std::size_t silent = 0;
        constexpr std::size_t kBatch = 256;
        for (std::size_t from = 0; from < which.size(); from += kBatch) {
            const std::size_t count = std::min(kBatch, which.size() - from);
            std::vector<Task<FragmentRead>> tasks;
            for (std::size_t i = from; i < from + count; ++i) {
                const Expected &expected = m_expected[which[i]];
                const FragmentPlace place(expected.index, m_account->id(), expected.state);
                tasks.push_back(probeFragment(m_engine, expected.id, place));
            }
            const auto reads = co_await allOf(std::move(tasks), kProbesAtOnce);
            for (std::size_t i = 0; i < reads.size(); ++i) {
                const std::size_t at = which[from + i];
                if (reads[i].answer == FragmentAnswer::Bytes)
                    ++there;
                if (reads[i].answer == FragmentAnswer::Away)
                    ++silent;
                m_probed.emplace_back(at, reads[i]);
            }
        }
        if (there > 0)
            warn(QStringLiteral("its listing leaves out %1 fragments that it has when asked for them").arg(there));
        if (silent > 0)
            warn(QStringLiteral("it lists %1 fragments no more and gave no answer about them; nothing is known of them")
                    .arg(silent));
    }

    // Presence is no proof against damage that was found by reading.
    static FragmentState stateOf(const Expected &expected)
    {
        if (expected.listed == Listed::WrongSize)
            return FragmentState::Damaged;
        return expected.state == FragmentState::Damaged ? FragmentState::Damaged : FragmentState::There;
    }

    void tell(const Expected &expected, FragmentState state, const QString &what)
    {
        if (state == FragmentState::There)
            return;
        const QString kind = state == FragmentState::Missing ? QStringLiteral("missing") : QStringLiteral("damaged");
        m_result.findings.append(QStringLiteral("%1: fragment %2 of pack %3 on %4%5")
                .arg(kind)
                .arg(expected.index)
                .arg(expected.id.toHex().left(8), m_account->name(),
                    what.isEmpty() ? QString() : QString(QStringLiteral(": ") + what)));
    }

    // What an interrupted repair was about to put here: it got here, or it did not.
    Task<Result<>> settle(Expected expected)
    {
        const QDateTime now = m_engine.clock.now();
        Registry &registry = m_engine.registry;
        if (expected.listed == Listed::Yes)
            co_return co_await registry.placeFragment(expected.pack, expected.index, m_account->id(), now);
        co_return co_await registry.dropPlanned(expected.pack, expected.index, m_account->id());
    }

    Task<Result<>> note()
    {
        std::vector<FragmentFinding> findings;
        const auto add = [&](const Expected &expected, FragmentState state, const QString &what) {
            findings.emplace_back(expected.pack, expected.index, m_account->id(), state);
            if (m_result.findings.size() < kMostFindings)
                tell(expected, state, what);
        };
        for (const Expected &expected : m_expected) {
            if (expected.state == FragmentState::Planned) {
                const auto settled = co_await settle(expected);
                if (!settled)
                    co_return settled.error();
            } else if (expected.listed != Listed::No) {
                const bool wrong = expected.listed == Listed::WrongSize;
                add(expected, stateOf(expected), wrong ? QStringLiteral("its size is wrong") : QString());
            } else if (expected.state == FragmentState::Missing) {
                tell(expected, FragmentState::Missing, QString()); // as before
            }
        }
        for (const auto &[at, read] : m_probed) {
            const Expected &expected = m_expected[at];
            if (read.answer == FragmentAnswer::Missing)
                add(expected, FragmentState::Missing, QString());
            else if (read.answer == FragmentAnswer::Bytes && !read.isNewer)
                add(expected, read.why.isEmpty() ? stateOf(expected) : FragmentState::Damaged, read.why);
        }
        const QDateTime now = m_engine.clock.now();
        constexpr std::size_t kBatch = kPage;
        for (std::size_t from = 0; from < findings.size(); from += kBatch) {
            const auto first = findings.begin() + static_cast<std::ptrdiff_t>(from);
            const auto count = static_cast<std::ptrdiff_t>(std::min(kBatch, findings.size() - from));
            std::vector<FragmentFinding> batch(first, first + count);
            const auto noted = co_await m_engine.registry.noteFragments(std::move(batch), now);
            if (!noted)
                co_return noted.error();
        }
        co_return Result<>();
    }

    Engine &m_engine;
    Account *m_account;
    RevisionRow m_revision;
    std::vector<Expected> m_expected; // by key
    std::vector<std::pair<std::size_t, FragmentRead>> m_probed; // by position in m_expected
    qint64 m_bytes = 0;
    LookResult m_result;
};

Task<Result<>> runOne(AccountLook &look, std::function<void(qint64)> done)
{
    const auto ran = co_await look.run();
    done(look.bytes());
    co_return ran;
}

Task<Result<LookResult>> lookAt(
    Engine &engine, std::vector<Account *> accounts, RevisionRow revision, LookProgress progress)
{
    LookResult all;
    std::vector<std::unique_ptr<AccountLook>> looks;
    qint64 total = 0;
    for (Account *account : accounts) {
        looks.push_back(std::make_unique<AccountLook>(engine, account, revision));
        const auto loaded = co_await looks.back()->load();
        if (!loaded)
            co_return loaded.error();
        total += looks.back()->bytes();
    }
    qint64 bytes = 0;
    const std::function<void(qint64)> done = [&bytes, total, &progress](qint64 more) {
        bytes += more;
        if (progress)
            progress(bytes, total);
    };
    std::vector<Task<Result<>>> tasks;
    tasks.reserve(looks.size());
    for (const auto &look : looks)
        tasks.push_back(runOne(*look, done));
    const std::size_t atOnce = tasks.size();
    const auto results = co_await allOf(std::move(tasks), atOnce);
    for (const auto &result : results) {
        if (!result)
            co_return result.error();
    }
    for (const auto &look : looks) {
        all.fragments += look->fragments();
        all.findings += look->result().findings;
        all.warnings += look->result().warnings;
    }
    co_return all;
}

} // namespace

Task<Result<LookResult>> lookAtAccounts(Engine &engine, RevisionRow revision, LookProgress progress)
{
    co_return co_await lookAt(engine, engine.accounts.verified(), revision, std::move(progress));
}

Task<Result<LookResult>> lookAtStaleAccounts(Engine &engine)
{
    auto accounts = engine.accounts.verified();
    std::erase_if(accounts, [](const Account *account) { return account->record().retired || !account->isStale(); });
    constexpr RevisionRow kAll = 0;
    const LookProgress nobody;
    co_return co_await lookAt(engine, std::move(accounts), kAll, nobody);
}

} // namespace mf
