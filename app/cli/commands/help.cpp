// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/builtin.h"
#include "app/cli/help.h"
#include "app/cli/suggest.h"

#include <algorithm>

namespace mf::cli {

Task<int> runHelp(CommandContext &context, const ParsedArguments &arguments)
{
    constexpr int kUsual = 80;
    constexpr int kMost = 100;
    const int width = context.output.width() == 0 ? kUsual : std::min(context.output.width(), kMost);
    const QString help = helpFor(arguments.arguments, context.kinds, width);
    if (help.isEmpty()) {
        QStringList known;
        for (const CommandSpec &command : commandTable())
            known << text(command.name);
        const QString name = arguments.arguments.join(u' ');
        const QString message = QStringLiteral("there is no command “%1”").arg(name) + suggestion(name, known);
        co_return context.output.fail(Error(Error::Kind::Invalid, QStringLiteral("MF-USAGE-COMMAND"), message));
    }
    context.output.bytes(help.toUtf8());
    co_return number(ExitCode::Done);
}

} // namespace mf::cli
