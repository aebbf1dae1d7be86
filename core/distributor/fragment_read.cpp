// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/fragment_read.h"

#include "core/base/all_of.h"

namespace mf {
namespace {

Task<FragmentRead> readOne(Engine &engine, Shares &shares, PackId pack, FragmentPlace place, Range range)
{
    FragmentRead read;
    read.place = place;
    Account *account = engine.accounts.find(place.account);
    if (!account || !account->isVerified()) {
        read.why = account && account->trouble() ? account->trouble()->message
                                                 : QStringLiteral("the account could not be opened");
        co_return read;
    }
    const BlobName name = fragmentName(engine.ring, pack, place.index);
    auto bytes = co_await shares.get(*account, name, range);
    if (bytes) {
        read.answer = FragmentAnswer::Bytes;
        read.bytes = std::move(*bytes);
        co_return read;
    }
    read.answer = answerOf(bytes.error());
    read.why = bytes.error().message;
    co_return read;
}

} // namespace

bool isNewerFragment(const Result<FragmentHeader> &header)
{
    return !header && header.error().id == QStringLiteral("MF-FRAGMENT-VERSION");
}

Error newerFragment()
{
    return Error(Error::Kind::Unsupported, QStringLiteral("MF-LIBRARY-NEWER"),
        QStringLiteral("a part of this library is written by a newer ModelFloat; update this one"));
}

FragmentAnswer answerOf(const Error &error)
{
    if (error.id == QStringLiteral("MF-BLOB-MISSING"))
        return FragmentAnswer::Missing;
    // Shorter than the range, or not what it was when it was put: there is something, and it is wrong.
    if (error.kind == Error::Kind::Corrupt || error.id == QStringLiteral("MF-BLOB-RANGE"))
        return FragmentAnswer::Bytes;
    return FragmentAnswer::Away;
}

Task<std::vector<FragmentRead>> readFragments(
    Engine &engine, Shares &shares, PackId pack, std::vector<FragmentPlace> places)
{
    std::vector<Task<FragmentRead>> tasks;
    const Range whole;
    tasks.reserve(places.size());
    for (const FragmentPlace &place : places)
        tasks.push_back(readOne(engine, shares, pack, place, whole));
    const std::size_t atOnce = tasks.size();
    auto reads = co_await allOf(std::move(tasks), atOnce);
    for (FragmentRead &read : reads) {
        if (read.answer != FragmentAnswer::Missing)
            continue;
        Account *account = engine.accounts.find(read.place.account);
        const auto verified = co_await account->verify(engine.ring);
        if (verified)
            continue;
        read.answer = FragmentAnswer::Away;
        read.why = verified.error().message;
    }
    co_return reads;
}

Task<FragmentRead> probeFragment(Engine &engine, PackId pack, FragmentPlace place)
{
    const Range head(0, kFragmentHeaderSize);
    Shares nobodys; // too little to be told
    FragmentRead read = co_await readOne(engine, nobodys, pack, place, head);
    if (read.answer == FragmentAnswer::Bytes) {
        const auto header = openFragmentHeader(engine.ring, viewOf(read.bytes));
        read.isNewer = isNewerFragment(header);
        if (!header)
            read.why = header.error().message;
        else if (header->pack != pack || header->index != place.index)
            read.why = QStringLiteral("another fragment lies in its place");
    }
    co_return read;
}

} // namespace mf
