// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What a drop or the clipboard holds, judged by names alone: looking at a file may take minutes on a dead network
// share.

#include <QMimeData>
#include <QStringList>

namespace mf::ui {

struct DropContents {
    QStringList paths; // of this computer, absolute, as textOfPath gives them
    QString problem; // why some or all of it cannot be taken; "": all can
};
DropContents contentsOf(const QMimeData &data);
// Of what a command line named: paths as they are to be, and links among them.
DropContents contentsOf(const QStringList &given);

// "Drop to store 1 model (x.gguf)", "Drop to look inside this folder", …; "" for nothing.
QString dropSentence(const QStringList &paths);

} // namespace mf::ui
