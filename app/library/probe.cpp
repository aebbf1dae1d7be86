// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/probe.h"

#include "core/base/log.h"
#include "core/base/timeout.h"
#include "core/crypto/secret.h"

#include <algorithm>

namespace mf {
namespace {

using namespace std::chrono_literals;

constexpr qint64 kProbeBytes = 4'096;
constexpr auto kTidyWithin = 10s;

Error failedAt(const char *step, Error error)
{
    error.parameters.insert(QStringLiteral("step"), QString::fromLatin1(step));
    return error;
}

Task<Result<>> tryOut(Provider &provider, BlobName name)
{
    QByteArray bytes(kProbeBytes, Qt::Uninitialized);
    fillRandom(mutableViewOf(bytes));
    const auto put = co_await provider.put(name, bytes);
    if (!put)
        co_return failedAt("write", put.error());
    const Range whole;
    const auto back = co_await provider.get(name, whole);
    if (!back)
        co_return failedAt("read", back.error());
    if (*back != bytes)
        co_return failedAt("compare",
            Error(Error::Kind::Corrupt, QStringLiteral("MF-ACCOUNT-LIES"),
                QStringLiteral("the account gives back other bytes than were written; do not use it")));
    const auto listed = co_await listAll(provider, name.value);
    if (!listed)
        co_return failedAt("list", listed.error());
    const bool isListed = std::any_of(listed->begin(), listed->end(),
        [&name](const BlobInfo &blob) { return blob.name == name && blob.size == kProbeBytes; });
    if (!isListed && provider.traits().listsImmediately)
        co_return failedAt("list",
            Error(Error::Kind::Unsupported, QStringLiteral("MF-ACCOUNT-UNLISTED"),
                QStringLiteral("the account does not list what was just written there; without that nothing can be "
                               "checked or recovered: allow listing, and take away what caches its answers")));
    const auto removed = co_await provider.remove(name);
    if (!removed)
        co_return failedAt("remove", removed.error());
    co_return Result<>();
}

Task<Result<>> removeAll(Provider &provider, std::vector<BlobName> names)
{
    std::vector<Task<Result<>>> tasks;
    for (const BlobName &name : names)
        tasks.push_back(provider.remove(name));
    const std::size_t atOnce = tasks.size();
    auto removing = allOf(std::move(tasks), atOnce);
    const auto removed = co_await removing;
    for (const Result<> &one : removed) {
        if (!one)
            co_return one.error();
    }
    co_return Result<>();
}

} // namespace

BlobName probeName()
{
    const SecretKey random = randomKey();
    return BlobName(QString(QStringLiteral("meta/probe-") + toBase32(random.view()).left(16)));
}

Task<Result<>> probe(Provider &provider, Clock &clock, BlobName name)
{
    const auto tried = co_await tryOut(provider, name);
    if (!tried) {
        std::vector<BlobName> names(1, name);
        co_await tidyUp(provider, clock, std::move(names));
    }
    co_return tried;
}

Task<void> tidyUp(Provider &provider, Clock &clock, std::vector<BlobName> names)
{
    if (names.empty())
        co_return;
    auto tidying = within(clock, kTidyWithin, removeAll(provider, std::move(names)));
    const auto tidied = co_await tidying;
    if (!tidied)
        logWarning("account", QStringLiteral("what was tried out may be left behind: no answer"));
    else if (!*tidied)
        logWarning("account", QStringLiteral("what was tried out may be left behind: ") + tidied->error().message);
}

} // namespace mf
