// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/account_words.h"
#include "app/cli/commands/commands.h"
#include "app/cli/run.h"
#include "core/base/heap.h"
#include "core/base/open_files.h"
#include "core/providers/catalogue.h"

#include <QCoreApplication>

int main(int argc, char **argv)
{
    mf::keepHeapSmall();
    mf::allowManyOpenFiles();
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("ModelFloat"));
    QCoreApplication::setApplicationVersion(QStringLiteral(MF_VERSION));
    return mf::cli::runCommandLine(argc, argv, mf::cli::kindHelpOf(mf::catalogue()), mf::cli::libraryCommands());
}
