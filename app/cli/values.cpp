// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/values.h"

#include "app/cli/parse.h"
#include "app/cli/suggest.h"

#include <QRegularExpression>

#include <algorithm>
#include <limits>

namespace mf::cli {

namespace {

constexpr qint64 kMostPieces = 255; // rows of the erasure code

Error wrong(const QString &where, const QString &word, const QString &expected)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-USAGE-VALUE"),
        QStringLiteral("%1: “%2” is not %3").arg(where, word, expected));
}

// Digits only: QString::toLongLong would take spaces and signs.
std::optional<qint64> numberFrom(QStringView word)
{
    const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    if (word.isEmpty() || !std::all_of(word.begin(), word.end(), isDigit))
        return std::nullopt;
    bool good = false;
    const qint64 number = word.toLongLong(&good);
    return good ? std::optional<qint64>(number) : std::nullopt;
}

Result<> checkChoice(const std::vector<const char *> &choices, const QString &where, const QString &word)
{
    QStringList known;
    for (const char *choice : choices)
        known << text(choice);
    if (known.contains(word))
        return {};
    return wrong(where, word, QStringLiteral("one of ") + known.join(QStringLiteral(", ")) + suggestion(word, known));
}

Result<> demand(bool good, const QString &where, const QString &word, const QString &expected)
{
    if (good)
        return {};
    return wrong(where, word, expected);
}

} // namespace

Result<> checkValue(Value kind, const std::vector<const char *> &choices, const QString &where, const QString &word)
{
    switch (kind) {
    case Value::Choice:
        return checkChoice(choices, where, word);
    case Value::Count: {
        constexpr qint64 kMost = 1'000'000'000;
        const auto number = numberFrom(word);
        return demand(number && *number >= 1 && *number <= kMost, where, word, QStringLiteral("a number from 1 on"));
    }
    case Value::Copies: {
        const auto number = numberFrom(word);
        return demand(
            number && *number >= 1 && *number <= kMostPieces, where, word, QStringLiteral("a number from 1 to 255"));
    }
    case Value::Percent: {
        bool good = false;
        const double percent = word.toDouble(&good);
        return demand(good && percent > 0 && percent <= 100, where, word,
            QStringLiteral("a share in per cent, above 0 and at most 100"));
    }
    case Value::Setting:
        return demand(settingFrom(word).has_value(), where, word, QStringLiteral("of the form key=value"));
    case Value::Erasure:
        return demand(erasureFrom(word).has_value(), where, word,
            QStringLiteral("of the form K+M, such as 3+1, with at most 255 pieces"));
    case Value::Range:
        return demand(
            rangeFrom(word).has_value(), where, word, QStringLiteral("a range of bytes, such as 0-1023 or 1024-"));
    case Value::Accounts:
        return demand(accountsFrom(word).has_value(), where, word,
            QStringLiteral("a list of different account names with commas between"));
    case Value::Tag:
        return demand(word.size() > 1 && (word.startsWith(u'+') || word.startsWith(u'-')), where, word,
            QStringLiteral("+WORD or -WORD"));
    case Value::File:
    case Value::Folder:
    case Value::Path:
    case Value::Text:
    case Value::Model:
    case Value::Account:
    case Value::Kind:
        return demand(!word.isEmpty(), where, word, QStringLiteral("allowed: it is empty"));
    case Value::Command:
    case Value::None:
        break;
    }
    return {};
}

std::optional<std::pair<QString, QString>> settingFrom(const QString &word)
{
    static const QRegularExpression shape(
        QStringLiteral("\\A([a-z][a-z0-9-]*)=(.*)\\z"), QRegularExpression::DotMatchesEverythingOption);
    const auto match = shape.match(word);
    if (!match.hasMatch())
        return std::nullopt;
    return std::pair(match.captured(1), match.captured(2));
}

std::optional<Protection> erasureFrom(const QString &word)
{
    const qsizetype plus = word.indexOf(u'+');
    if (plus < 0)
        return std::nullopt;
    const auto k = numberFrom(QStringView(word).left(plus));
    const auto m = numberFrom(QStringView(word).mid(plus + 1));
    if (!k || !m || *k < 1 || *k > kMostPieces || *m > kMostPieces || *k + *m > kMostPieces)
        return std::nullopt;
    return Protection(static_cast<int>(*k), static_cast<int>(*m));
}

std::optional<Protection> protectionFrom(const ParsedArguments &arguments)
{
    if (arguments.has("lose"))
        return Protection(0, arguments.value("lose").toInt());
    if (arguments.has("copies"))
        return Protection(1, arguments.value("copies").toInt() - 1);
    if (arguments.has("erasure"))
        return erasureFrom(arguments.value("erasure"));
    return std::nullopt;
}

std::optional<ByteRange> rangeFrom(const QString &word)
{
    const qsizetype minus = word.indexOf(u'-');
    if (minus < 0)
        return std::nullopt;
    const auto first = numberFrom(QStringView(word).left(minus));
    if (!first)
        return std::nullopt;
    ByteRange range;
    range.offset = *first;
    if (minus == word.size() - 1)
        return range;
    const auto last = numberFrom(QStringView(word).mid(minus + 1));
    if (!last || *last < *first || *last - *first == std::numeric_limits<qint64>::max())
        return std::nullopt;
    range.length = *last - *first + 1;
    return range;
}

std::optional<QStringList> accountsFrom(const QString &word)
{
    QStringList names;
    for (const QString &part : word.split(u',')) {
        const QString name = part.trimmed();
        if (name.isEmpty() || names.contains(name))
            return std::nullopt;
        names << name;
    }
    return names;
}

QStringList changedTags(const QStringList &tags, const QStringList &changes)
{
    QStringList result = tags;
    for (const QString &change : changes) {
        const QString tag = change.mid(1);
        result.removeAll(tag);
        if (change.startsWith(u'+'))
            result << tag;
    }
    result.removeDuplicates();
    result.sort();
    return result;
}

} // namespace mf::cli
