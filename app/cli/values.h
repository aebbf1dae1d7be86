// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// From the words of a command line to values.

#include "app/cli/command_table.h"
#include "core/base/result.h"
#include "core/registry/records.h"

#include <optional>
#include <utility>

namespace mf::cli {

class ParsedArguments;

// Invalid "MF-USAGE-VALUE" if the word is not what the table asks for; `where` names it ("--lose", "PATH").
Result<> checkValue(Value kind, const std::vector<const char *> &choices, const QString &where, const QString &word);

// "path=/a=b" -> {"path", "/a=b"}. Keys are words of [a-z0-9-].
std::optional<std::pair<QString, QString>> settingFrom(const QString &word);

// "3+1"; 1 to 254 pieces, 0 to 254 spare ones, 255 together at most.
std::optional<Protection> erasureFrom(const QString &word);

// --lose, --copies or --erasure; nothing if none is given.
std::optional<Protection> protectionFrom(const ParsedArguments &arguments);

// "10-19" -> offset 10, length 10; "10-" -> length -1: to the end.
struct ByteRange {
    qint64 offset = 0;
    qint64 length = -1;
    friend bool operator==(const ByteRange &, const ByteRange &) = default;
};
std::optional<ByteRange> rangeFrom(const QString &word);

// "a,b" -> {"a", "b"}; nothing if a name is empty or there twice.
std::optional<QStringList> accountsFrom(const QString &word);

// {"+a", "-b"}: what a model's tags become. Sorted, each once.
QStringList changedTags(const QStringList &tags, const QStringList &changes);

} // namespace mf::cli
