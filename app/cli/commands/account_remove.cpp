// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/commands.h"
#include "app/cli/layout.h"
#include "app/cli/render_account.h"
#include "app/cli/render_model.h"
#include "core/distributor/evacuate.h"

#include <QJsonArray>

namespace mf::cli {
namespace {

Task<Result<AccountView>> viewOfAccount(Library &library, AccountId id)
{
    const auto records = co_await library.registry().accounts();
    if (!records)
        co_return records.error();
    const auto use = co_await library.registry().accountUse();
    if (!use)
        co_return use.error();
    AccountView view;
    for (const AccountRecord &record : *records) {
        if (record.id == id)
            view.record = record;
    }
    view.state = view.record.retired ? AccountState::Retired : AccountState::Connected;
    view.total = view.record.total;
    view.used = view.record.used;
    for (const auto &used : *use) {
        if (used.account == id) {
            view.ours = used.bytes;
            view.fragments = used.fragments;
        }
    }
    co_return view;
}

QString removedText(const QString &name, const RemovedAccount &removed)
{
    QString text;
    if (removed.moved > 0)
        text += QStringLiteral("%1 moved to other accounts.\n").arg(counted(removed.moved, "fragment", "fragments"));
    if (removed.isRetired)
        text
            += QStringLiteral("%1 is given up; its own files there (the log and the like) may be deleted.\n").arg(name);
    else
        text += QStringLiteral("%1 is not given up yet. Later: account remove %1\n").arg(name);
    for (const QString &sentence : removed.waiting)
        text += QStringLiteral("Waiting: %1\n").arg(printable(sentence));
    if (!removed.harmed.isEmpty())
        text += QStringLiteral("Less protected now: %1. `repair` makes up for it.\n")
                    .arg(printable(removed.harmed.join(QStringLiteral(", "))));
    return text;
}

} // namespace

Task<int> runAccountRemove(CommandContext &context, const ParsedArguments &arguments)
{
    const QString name = arguments.argument(0);
    const bool isForced = arguments.has("force");
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const auto record = co_await (*library)->account(name);
    if (!record)
        co_return context.output.fail(record.error());
    if (record->retired)
        co_return context.output.fail(Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-UNKNOWN"),
            QStringLiteral("the account %1 was given up already").arg(name)));
    const AccountId id = record->id;
    auto removing = removeAccount((*library)->engine(), id, isForced, nullptr);
    const auto removed = co_await removing;
    if (!removed)
        co_return context.output.fail(removed.error());
    if (removed->isRetired) {
        const auto forgotten = co_await (*library)->forgetSecret(id);
        if (!forgotten)
            co_return context.output.fail(forgotten.error());
    }
    const auto view = co_await viewOfAccount(**library, id);
    if (!view)
        co_return context.output.fail(view.error());
    QJsonObject json = accountsJson(std::vector<AccountView>(1, *view));
    json.insert(QStringLiteral("moved"), removed->moved);
    json.insert(QStringLiteral("waiting"), QJsonArray::fromStringList(removed->waiting));
    json.insert(QStringLiteral("harmed"), QJsonArray::fromStringList(removed->harmed));
    context.output.result(json, removedText(name, *removed));
    co_return number(removed->isRetired ? ExitCode::Done : ExitCode::Failed);
}

Task<int> runAccountLost(CommandContext &context, const ParsedArguments &arguments)
{
    const QString name = arguments.argument(0);
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    Registry &registry = (*library)->registry();
    const auto record = co_await (*library)->account(name);
    if (!record)
        co_return context.output.fail(record.error());
    if (!arguments.has("what-if"))
        co_return context.output.fail(Error(Error::Kind::Invalid, QStringLiteral("MF-USAGE-VALUE"),
            QStringLiteral("`account lost %1 --what-if` says what would become of the models; an account that is lost "
                           "for good is given up by `account remove %1 --force`")
                .arg(name)));
    if (record->isElsewhere())
        co_return context.output.fail(Error(Error::Kind::Unsupported, QStringLiteral("MF-ACCOUNT-ELSEWHERE"),
            QStringLiteral(
                "what lies on %1 is not known here: another computer added it; ask there, or add it here, too")
                .arg(name))
                .at(name));
    const auto models = co_await modelsWithout((*library)->engine(), record->id);
    if (!models)
        co_return context.output.fail(models.error());
    QJsonArray array;
    TextTable table({ TextTable::Column(QStringLiteral("MODEL"), TextTable::Align::Left, true),
        TextTable::Column(QStringLiteral("WOULD BE")) });
    for (const ModelWithout &model : *models) {
        std::vector<AccountId> without(1, record->id);
        const auto health = co_await registry.health(model.revision.row, std::move(without));
        if (!health)
            co_return context.output.fail(health.error());
        const ModelView view = modelView(model.revision, health->k, model.spare);
        array.append(QJsonObject { { QStringLiteral("name"), model.revision.name },
            { QStringLiteral("state"), stateWord(view.state) }, { QStringLiteral("spare"), view.spare } });
        table.addRow({ model.revision.name, stateText(view.state, view.spare) });
    }
    const QString text
        = models->empty() ? QStringLiteral("No model is stored.\n") : table.toText(context.output.width());
    context.output.result(QJsonObject { { QStringLiteral("models"), array } }, text);
    co_return number(ExitCode::Done);
}

} // namespace mf::cli
