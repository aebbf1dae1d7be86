// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the page decides about a transfer, without widgets.

#include "ui/common/snapshots.h"
#include "ui/common/theme.h"

#include <optional>

namespace mf::ui {

// Every transfer is in All and in exactly one of the others.
enum class TransferTab { All, Active, Waiting, Done, Failed };
constexpr int kTransferTabs = static_cast<int>(TransferTab::Failed) + 1;
bool belongsTo(const TransferEntry &transfer, TransferTab tab);

bool isEnded(const TransferEntry &transfer);
bool canPause(const TransferEntry &transfer);
bool canResume(const TransferEntry &transfer);
bool canCancel(const TransferEntry &transfer);
bool canRetry(const TransferEntry &transfer);
bool canStartNow(const TransferEntry &transfer);
bool canOpenFolder(const TransferEntry &transfer);
// Cancelling throws away more than a twentieth of what a store has put on the accounts.
bool asksBeforeCancel(const TransferEntry &transfer);

// Where a waiting transfer's trouble is mended: what the button says, and which page it leads to.
struct WaitRemedy {
    QString text;
    QString page;
    QString key;
};
std::optional<WaitRemedy> remedyOf(const TransferEntry &transfer);
QStringList remedyTexts(); // all there are, to reserve room

// The place among those that are not ended; -1: it has none.
int placeOf(const std::vector<TransferEntry> &transfers, TransferId id);
// The places of those of its priority, as it may be moved among them; empty (end <= begin): it has none.
struct Places {
    int begin = 0;
    int end = 0;
};
Places placesOf(const std::vector<TransferEntry> &transfers, TransferId id);

struct Rates {
    double up = 0;
    double down = 0;
};
bool goesUp(TransferEntry::Kind kind);
Rates ratesOf(const std::vector<TransferEntry> &transfers);

// What it is about: the model's name, or for several of them its title.
QString transferSubject(const TransferEntry &transfer);
QString transferIcon(const TransferEntry &transfer);
Token transferColour(const TransferEntry &transfer);
// How it stands before or behind others: an icon and its words; empty for what is usual.
QString priorityIcon(TransferPriority priority);
QString priorityWords(TransferPriority priority);
// The second line: state, how much of how much, when it ended.
QString transferLine(const TransferEntry &transfer, const QDateTime &now);
// What is said of it besides its title.
QString transferSpoken(const TransferEntry &transfer, const QDateTime &now);

} // namespace mf::ui
