// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/set_join.h"

#include "core/formats/model_name.h"

#include <QMap>
#include <QSet>

#include <algorithm>
#include <tuple>

namespace mf {
namespace {

// The name of part 1 of the only set that the draft's files are parts of; "" if they are of several, or of none.
QString keyOf(std::span<const SetFile> files, const SetDraft &draft)
{
    QString key;
    for (const auto index : draft.counted) {
        const QString &name = files[index].name;
        if (splitModelFileName(name).parts == 0)
            return {};
        const QString one = nameOfPart(fileNameOf(name), 1);
        if (!key.isEmpty() && one != key)
            return {};
        key = one;
    }
    return key;
}

// They are of one model as far as can be told: no part is there twice, and they say the same of it.
bool belongTogether(std::span<const SetFile> files, const std::vector<SetDraft> &drafts, const std::vector<int> &those)
{
    QSet<QString> names;
    QString architecture;
    int folders = 0;
    for (const int i : those) {
        const SetDraft &draft = drafts[static_cast<std::size_t>(i)];
        folders += draft.isFolder ? 1 : 0;
        if (draft.kind != drafts[static_cast<std::size_t>(those.front())].kind)
            return false;
        for (const auto index : draft.counted) {
            const QString name = fileNameOf(files[index].name);
            const QString &own = files[index].model.traits.architecture;
            if (names.contains(name) || (!own.isEmpty() && !architecture.isEmpty() && own != architecture))
                return false;
            names.insert(name);
            architecture = own.isEmpty() ? architecture : own;
        }
    }
    return folders <= 1;
}

void takeIn(std::span<const SetFile> files, SetDraft &draft, const SetDraft &other, std::vector<std::size_t> &left)
{
    QSet<QString> names;
    for (const auto index : draft.files)
        names.insert(fileNameOf(files[index].name));
    for (const auto index : other.files) {
        const bool isTaken = names.contains(fileNameOf(files[index].name));
        (isTaken ? left : draft.files).push_back(index);
    }
    draft.counted.insert(draft.counted.end(), other.counted.begin(), other.counted.end());
    for (const auto index : other.counted) {
        const QString name = fileNameOf(files[index].name);
        draft.missingCount -= draft.missing.removeIf([&](const QString &one) { return fileNameOf(one) == name; });
    }
}

} // namespace

std::vector<std::size_t> joinScattered(std::span<const SetFile> files, std::vector<SetDraft> &drafts)
{
    QMap<QString, std::vector<int>> scattered;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        // Where not all that is missing is named, it is not known what would complete it.
        if (drafts[i].missing.isEmpty() || drafts[i].missingCount > drafts[i].missing.size())
            continue;
        if (const QString key = keyOf(files, drafts[i]); !key.isEmpty())
            scattered[key].push_back(static_cast<int>(i));
    }
    std::vector<std::size_t> left;
    std::vector<bool> isGone(drafts.size(), false);
    for (auto &those : scattered) {
        if (those.size() < 2 || !belongTogether(files, drafts, those))
            continue;
        std::ranges::sort(those, {}, [&](int i) {
            const SetDraft &draft = drafts[static_cast<std::size_t>(i)];
            return std::tuple(!draft.isFolder, -static_cast<qint64>(draft.counted.size()), i);
        });
        for (std::size_t i = 1; i < those.size(); ++i) {
            const auto other = static_cast<std::size_t>(those[i]);
            takeIn(files, drafts[static_cast<std::size_t>(those.front())], drafts[other], left);
            isGone[other] = true;
        }
    }
    std::vector<SetDraft> kept;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        if (!isGone[i])
            kept.push_back(std::move(drafts[i]));
    }
    drafts = std::move(kept);
    return left;
}

} // namespace mf
