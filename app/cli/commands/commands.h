// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The commands that work on a library.

#include "app/cli/context.h"
#include "app/cli/render_model.h"
#include "app/library/library.h"

namespace mf::cli {

Task<int> runInit(CommandContext &context, const ParsedArguments &arguments);
Task<int> runAccountAdd(CommandContext &context, const ParsedArguments &arguments);
Task<int> runAccountList(CommandContext &context, const ParsedArguments &arguments);
Task<int> runAccountTest(CommandContext &context, const ParsedArguments &arguments);
Task<int> runAccountSet(CommandContext &context, const ParsedArguments &arguments);
Task<int> runAccountSignIn(CommandContext &context, const ParsedArguments &arguments);
Task<int> runAccountRemove(CommandContext &context, const ParsedArguments &arguments);
Task<int> runAccountLost(CommandContext &context, const ParsedArguments &arguments);
Task<int> runStore(CommandContext &context, const ParsedArguments &arguments);
Task<int> runEstimate(CommandContext &context, const ParsedArguments &arguments);
Task<int> runList(CommandContext &context, const ParsedArguments &arguments);
Task<int> runShow(CommandContext &context, const ParsedArguments &arguments);
Task<int> runFetch(CommandContext &context, const ParsedArguments &arguments);
Task<int> runCat(CommandContext &context, const ParsedArguments &arguments);
Task<int> runCheck(CommandContext &context, const ParsedArguments &arguments);
Task<int> runRepair(CommandContext &context, const ParsedArguments &arguments);
Task<int> runProtect(CommandContext &context, const ParsedArguments &arguments);
Task<int> runKit(CommandContext &context, const ParsedArguments &arguments);
Task<int> runRekey(CommandContext &context, const ParsedArguments &arguments);
Task<int> runLimits(CommandContext &context, const ParsedArguments &arguments);
Task<int> runTag(CommandContext &context, const ParsedArguments &arguments);
Task<int> runSync(CommandContext &context, const ParsedArguments &arguments);
Task<int> runRecover(CommandContext &context, const ParsedArguments &arguments);
Task<int> runRemove(CommandContext &context, const ParsedArguments &arguments);
Task<int> runRestore(CommandContext &context, const ParsedArguments &arguments);
Task<int> runTrash(CommandContext &context, const ParsedArguments &arguments);
Task<int> runCollect(CommandContext &context, const ParsedArguments &arguments);
Task<int> runDemo(CommandContext &context, const ParsedArguments &arguments);

CommandMap libraryCommands();

// Opens the library that the command line names.
Task<Result<std::unique_ptr<Library>>> openLibrary(CommandContext &context);
LibraryOptions libraryOptions(const CommandContext &context);

// As lists show them, by what this computer knows.
Task<Result<std::vector<ModelView>>> modelViews(Engine &engine, std::vector<RevisionRecord> revisions);

// Absolute, as bytes; links in it are left alone.
QByteArray absolutePath(const QString &path);

// Writes the kit's words to a new file of mode 0600. AlreadyExists "MF-KIT-EXISTS".
Error kitExists(const QString &path);
Result<> writeKit(const QString &path, const QString &text);

} // namespace mf::cli
