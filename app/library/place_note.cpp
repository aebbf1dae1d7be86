// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/place_note.h"

namespace mf {

BlobName placeNoteName() { return BlobName(QStringLiteral("what-is-this-folder.txt")); }

QByteArray placeNote()
{
    return "What is this folder?\n"
           "\n"
           "It belongs to ModelFloat, a program that keeps AI models on several storage\n"
           "accounts at once. What lies here are encrypted parts of such models. Please do\n"
           "not change, move, rename or delete anything: a model loses some of its\n"
           "protection with each part that is gone.\n"
           "\n"
           "To free this place, remove the account in ModelFloat (Storage, Remove Account);\n"
           "it moves everything to other accounts first.\n"
           "\n"
           "If ModelFloat is lost, nothing else is: with the recovery kit (24 words) and\n"
           "enough of the accounts it gets everything back, on any computer. The format is\n"
           "open, and restore.py, which comes with ModelFloat, reads it without the program.\n";
}

} // namespace mf
