// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What setting up reads and says, without widgets.

#include "ui/common/service.h"

#include <optional>

namespace mf::ui {

constexpr int kKitWords = 24;
constexpr int kRecommendedAccounts = 3;

// The words in typed or pasted text, in lower case: numbers, punctuation and lines of a kit file that begin with '#'
// are left out.
QStringList kitWordsIn(const QString &text);
bool isSameWord(const QString &typed, const QString &word);
// The word, from 0, that an error of openWithKit is about.
std::optional<int> wrongWordOf(const Error &error);
// "Word 7 isn’t right. Did you mean “…”?", or the error's own words.
QString kitErrorWords(const Error &error);
// A kit does not belong where the models are; "": this path is well.
QString kitPlaceWarning(const QString &path, const std::vector<AccountEntry> &accounts);

// "1 of 3 recommended"
QString recommendedWords(std::size_t accounts);
// "Found your library: 6 models, last changed yesterday."
QString foundWords(const std::vector<ModelEntry> &models, const QDateTime &now);
// "4 of 6 models can be downloaded now."; "" if all can.
QString readableWords(const std::vector<ModelEntry> &models);

// Where setting up goes on.
enum class SetupPlace { Welcome, Kit, Storage, Words, Library, Done };
// isRecovering: a library was opened with its kit, and not yet found again.
SetupPlace setupPlace(const Service &service, bool isRecovering);

} // namespace mf::ui
