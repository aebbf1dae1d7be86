// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/ids.h"

#include <QList>

#include <algorithm>

namespace mf {

bool isValidBlobName(const BlobName &name)
{
    constexpr qsizetype kLongest = 120;
    if (name.value.isEmpty() || name.value.size() > kLongest)
        return false;
    const auto allowed = [](QChar c) {
        const char16_t u = c.unicode();
        return (u >= u'a' && u <= u'z') || (u >= u'0' && u <= u'9') || u == u'/' || u == u'.' || u == u'_' || u == u'-';
    };
    if (!std::all_of(name.value.begin(), name.value.end(), allowed))
        return false;
    const auto parts = QStringView(name.value).split(u'/');
    return std::none_of(
        parts.begin(), parts.end(), [](QStringView part) { return part.isEmpty() || part.startsWith(u'.'); });
}

} // namespace mf
