// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/values.h"

#include "app/cli/parse.h"
#include "app/cli/suggest.h"

#include <QRegularExpression>

#include <algorithm>
#include <cmath>

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
        return demand(number && *number >= 1 && *number <= kMostPieces, where, word,
                      QStringLiteral("a number from 1 to 255"));
    }
    case Value::Setting:
        return demand(settingFrom(word).has_value(), where, word, QStringLiteral("of the form key=value"));
    case Value::Erasure:
        return demand(erasureFrom(word).has_value(), where, word,
                      QStringLiteral("of the form K+M, such as 3+1, with at most 255 pieces"));
    case Value::Range:
        return demand(rangeFrom(word).has_value(), where, word, QStringLiteral("a range of bytes, such as 0-1023 or 1024-"));
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
    static const QRegularExpression shape(QStringLiteral("\\A([a-z][a-z0-9-]*)=(.*)\\z"),
                                          QRegularExpression::DotMatchesEverythingOption);
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

std::optional<qint64> sizeFrom(const QString &word)
{
    if (word == QStringLiteral("none"))
        return 0;
    static const QRegularExpression shape(
        QStringLiteral("\\A([0-9]{1,19}(?:\\.[0-9]{1,9})?)\\s?(?:([kmgtp])(i)?)?b?\\z"),
        QRegularExpression::CaseInsensitiveOption);
    const auto match = shape.match(word);
    if (!match.hasMatch())
        return std::nullopt;
    const QString unit = match.captured(2).toLower();
    const int power = unit.isEmpty() ? 0 : 1 + static_cast<int>(QStringLiteral("kmgtp").indexOf(unit));
    const double bytes = std::round(match.captured(1).toDouble() * std::pow(match.captured(3).isEmpty() ? 1000.0 : 1024.0, power));
    constexpr double kMost = 9e18;
    if (bytes > kMost)
        return std::nullopt;
    return static_cast<qint64>(bytes);
}

std::optional<qint64> rateFrom(const QString &word)
{
    const QString perSecond = QStringLiteral("/s");
    return sizeFrom(word.endsWith(perSecond) ? word.chopped(perSecond.size()) : word);
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

bool matchesGlob(const QString &path, const QString &pattern)
{
    QString expression;
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const QChar c = pattern.at(i);
        if (c == u'*' && pattern.mid(i, 3) == QStringLiteral("**/")) {
            expression += QStringLiteral("(?:[^/]+/)*");
            i += 2;
        } else if (c == u'*' && pattern.mid(i, 2) == QStringLiteral("**")) {
            expression += QStringLiteral(".*");
            ++i;
        } else if (c == u'*') {
            expression += QStringLiteral("[^/]*");
        } else if (c == u'?') {
            expression += QStringLiteral("[^/]");
        } else if (c == u'[' && pattern.indexOf(u']', i + 2) > 0) {
            const qsizetype end = pattern.indexOf(u']', i + 2);
            QString set = pattern.mid(i + 1, end - i - 1);
            const bool isNegated = set.startsWith(u'!');
            set = set.mid(isNegated ? 1 : 0);
            set.replace(u'\\', QStringLiteral("\\\\")).replace(u'[', QStringLiteral("\\[")).replace(u'^', QStringLiteral("\\^"));
            expression += QStringLiteral("(?!/)[") + (isNegated ? QStringLiteral("^") : QString()) + set + u']';
            i = end;
        } else {
            expression += QRegularExpression::escape(QString(c));
        }
    }
    const QRegularExpression regular(QStringLiteral("\\A(?:") + expression + QStringLiteral(")\\z"),
                                     QRegularExpression::DotMatchesEverythingOption);
    if (!regular.isValid())
        return path == pattern;
    const bool nameOnly = !pattern.contains(u'/');
    return regular.match(path).hasMatch() || (nameOnly && regular.match(path.section(u'/', -1)).hasMatch());
}

} // namespace mf::cli
