// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/fragment_survey.h"

#include "core/base/all_of.h"
#include "core/base/log.h"
#include "core/packing/pack_layout.h"

#include <algorithm>
#include <limits>

namespace mf {
namespace {

// So few names are asked for one by one; for more, the whole account is listed.
constexpr std::size_t kFewNames = 64;
constexpr std::size_t kNamesAtOnce = 8;
constexpr qsizetype kFolder = 5; // "f/xx/"

// The first 12 digits of the keyed name, 5 bits each; nothing else has that form.
std::optional<quint64> keyOf(const QString &name)
{
    constexpr qsizetype kDigits = 12;
    if (name.size() < kFolder + kDigits)
        return std::nullopt;
    quint64 key = 0;
    for (qsizetype i = kFolder; i < kFolder + kDigits; ++i) {
        const char16_t c = name.at(i).unicode();
        quint64 digit = 0;
        if (c >= u'a' && c <= u'z')
            digit = c - u'a';
        else if (c >= u'2' && c <= u'7')
            digit = 26U + (c - u'2');
        else
            return std::nullopt;
        key = key << 5 | digit;
    }
    return key;
}

using Found = Registry::FoundFragment;
using Sought = std::vector<Registry::SoughtPack>;

Task<Result<std::optional<Found>>> askFor(Engine &engine, Account *account, Registry::SoughtPack pack, int index)
{
    const QString name = fragmentName(engine.ring, pack.id, index).value;
    const qint64 size = fragmentSize(pack.dataLength);
    std::optional<Found> found;
    if (!account->provider().traits().listsImmediately) { // what is not listed yet can be read all the same
        const BlobName blob(name);
        const Range last(size - 1, 1);
        const auto byte = co_await account->provider().get(blob, last);
        const bool isAbsent = !byte
            && (byte.error().id == QStringLiteral("MF-BLOB-MISSING")
                || byte.error().id == QStringLiteral("MF-BLOB-RANGE"));
        if (!byte && !isAbsent)
            co_return byte.error();
        if (byte)
            found = Found(pack.row, index, size);
        co_return found;
    }
    const auto listed = co_await listAll(account->provider(), name);
    if (!listed)
        co_return listed.error();
    if (listed->size() == 1 && listed->front().name.value == name && listed->front().size == size)
        found = Found(pack.row, index, size);
    co_return found;
}

Task<Result<>> askForEach(Engine &engine, Account *account, Sought packs)
{
    std::vector<Task<Result<std::optional<Found>>>> tasks;
    for (const Registry::SoughtPack &pack : packs) {
        for (int i = 0; i < pack.fragments; ++i)
            tasks.push_back(askFor(engine, account, pack, i));
    }
    const auto results = co_await allOf(std::move(tasks), kNamesAtOnce);
    std::vector<Found> found;
    for (const auto &result : results) {
        if (!result)
            co_return result.error();
        if (*result)
            found.push_back(**result);
    }
    co_return co_await engine.registry.noteFragments(account->id(), std::move(found));
}

Task<Result<>> lookThrough(Engine &engine, Account *account, Sought packs, std::shared_ptr<const FragmentNames> names)
{
    QString cursor;
    for (qsizetype pages = 0;; ++pages) {
        if (pages >= kMostPages)
            co_return Error(Error::Kind::Corrupt, QStringLiteral("MF-LIST-ENDLESS"),
                QStringLiteral("the list of what lies on %1 does not end").arg(account->name()));
        const QString prefix = QStringLiteral("f/");
        const auto page = co_await account->provider().list(prefix, cursor);
        if (!page)
            co_return page.error();
        std::vector<Found> found;
        for (const BlobInfo &blob : page->blobs) {
            for (const FragmentNames::Match &match : names->find(blob.name.value)) {
                const Registry::SoughtPack &pack = packs[match.number];
                const qint64 size = fragmentSize(pack.dataLength);
                if (blob.size == size && fragmentName(engine.ring, pack.id, match.index) == blob.name)
                    found.emplace_back(pack.row, match.index, size);
            }
        }
        if (!found.empty()) {
            const auto noted = co_await engine.registry.noteFragments(account->id(), std::move(found));
            if (!noted)
                co_return noted.error();
        }
        if (page->next.isEmpty())
            co_return Result<>();
        cursor = page->next;
    }
}

Task<Result<>> surveyOne(Engine &engine, Account *account)
{
    const auto packs = co_await engine.registry.packsSought(account->id(), std::numeric_limits<int>::max());
    if (!packs)
        co_return packs.error();
    if (packs->empty())
        co_return Result<>();
    std::size_t count = 0;
    for (const Registry::SoughtPack &pack : *packs)
        count += static_cast<std::size_t>(pack.fragments);
    Result<> looked;
    if (count <= kFewNames) {
        looked = co_await askForEach(engine, account, *packs);
    } else {
        auto compute = [ring = engine.ring, packs = *packs] {
            FragmentNames names(ring);
            for (std::size_t i = 0; i < packs.size(); ++i)
                names.add(packs[i].id, i, packs[i].fragments);
            names.sort();
            return std::make_shared<const FragmentNames>(std::move(names));
        };
        auto names = co_await onPool(engine.cpu, compute);
        looked = co_await lookThrough(engine, account, *packs, std::move(names));
    }
    if (!looked)
        co_return looked.error();
    const Traits traits = account->provider().traits();
    const auto lag = traits.listsImmediately ? std::chrono::seconds(0) : traits.listingLag;
    co_return co_await engine.registry.noteSurveyed(account->id(), packs->back().number, engine.clock.now(), lag);
}

} // namespace

void FragmentNames::add(const PackId &pack, std::size_t number, int count)
{
    for (int i = 0; i < count; ++i) {
        Entry entry;
        entry.key = keyOf(fragmentName(m_ring, pack, i).value).value_or(0);
        entry.what = quint64(number) << 8 | quint64(i);
        m_entries.push_back(entry);
    }
}

void FragmentNames::sort() { std::sort(m_entries.begin(), m_entries.end()); }

std::vector<FragmentNames::Match> FragmentNames::find(const QString &blobName) const
{
    std::vector<Match> matches;
    Entry wanted;
    const auto key = keyOf(blobName);
    if (!key)
        return matches;
    wanted.key = *key;
    const auto [begin, end] = std::equal_range(m_entries.begin(), m_entries.end(), wanted);
    for (auto it = begin; it != end; ++it)
        matches.emplace_back(static_cast<std::size_t>(it->what >> 8), static_cast<int>(it->what & 0xff));
    return matches;
}

int mostFragmentsOf(const PackShape &shape)
{
    constexpr int kFurther = 4;
    return std::min(shape.fragments + kFurther, kMostFragments);
}

Task<Result<>> surveyFragments(Engine &engine)
{
    std::vector<Task<Result<>>> tasks;
    std::vector<Account *> accounts;
    for (Account *account : engine.accounts.verified()) {
        if (account->record().retired)
            continue;
        accounts.push_back(account);
        tasks.push_back(surveyOne(engine, account));
    }
    const std::size_t atOnce = tasks.size();
    const auto results = co_await allOf(std::move(tasks), atOnce);
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (results[i])
            continue;
        if (results[i].error().id.startsWith(QStringLiteral("MF-REGISTRY")))
            co_return results[i].error();
        logWarning("survey", accounts[i]->name() + QStringLiteral(": ") + results[i].error().message);
    }
    co_return Result<>();
}

Task<Result<>> surveyPacksInNeed(Engine &engine, RevisionRow revision)
{
    std::vector<AccountId> away;
    for (const auto &account : engine.accounts.all()) {
        if (!account->isVerified())
            away.push_back(account->id());
    }
    const auto needs = co_await engine.registry.packsInNeed(revision, std::move(away), 0);
    if (!needs)
        co_return needs.error();
    if (needs->empty())
        co_return Result<>();
    std::vector<PackRow> packs;
    packs.reserve(needs->size());
    for (const PackNeed &need : *needs)
        packs.push_back(need.pack);
    const auto sought = co_await engine.registry.seekPacks(std::move(packs));
    if (!sought)
        co_return sought.error();
    co_return co_await surveyFragments(engine);
}

} // namespace mf
