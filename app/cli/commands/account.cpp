// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/account_words.h"
#include "app/cli/commands/commands.h"
#include "app/cli/render_account.h"
#include "app/cli/terminal.h"
#include "app/cli/values.h"
#include "core/distributor/library_log.h"

#include <algorithm>

#include <unistd.h>

namespace mf::cli {
namespace {

Result<> applySettings(AccountRecord &record, const QStringList &words)
{
    for (const QString &word : words) {
        const auto setting = settingFrom(word);
        if (!setting)
            return Error(Error::Kind::Invalid, QStringLiteral("MF-USAGE-VALUE"),
                QStringLiteral("“%1” is not of the form K=V").arg(word));
        const auto common = setCommonSetting(record, setting->first, setting->second);
        if (!common)
            return common.error();
        if (!*common)
            record.settings.insert(setting->first, setting->second);
    }
    return {};
}

// So that it shows which account is stale. One that a newer ModelFloat wrote to is set aside, the others are read.
Task<Result<>> readLogs(Library &library)
{
    auto accounts = library.accounts().verified();
    for (;;) {
        LibraryLog log(library.engine());
        const auto read = co_await log.sync(accounts);
        if (read)
            co_return Result<>();
        const Error &error = read.error();
        Account *newer = library.accounts().findByName(error.account);
        if (error.id != QStringLiteral("MF-LIBRARY-NEWER") || std::erase(accounts, newer) == 0)
            co_return error;
        newer->setTrouble(error);
    }
}

Task<Result<std::vector<AccountView>>> views(Library &library, bool look)
{
    if (look) {
        auto verifying
            = library.accounts().verifyAll(library.engine().ring, library.engine().clock, std::chrono::seconds(15));
        co_await verifying;
        const auto read = co_await readLogs(library);
        if (!read)
            co_return read.error();
    }
    const auto records = co_await library.registry().accounts();
    if (!records)
        co_return records.error();
    const auto use = co_await library.registry().accountUse();
    if (!use)
        co_return use.error();
    std::vector<AccountView> list;
    for (const AccountRecord &record : *records) {
        AccountView view;
        view.record = record;
        view.total = record.total;
        view.used = record.used;
        Account *account = library.accounts().find(record.id);
        if (account && account->isVerified()) {
            view.total = account->record().total;
            view.used = account->record().used;
            const auto noted = co_await library.registry().noteAccountSeen(
                record.id, view.total, view.used, library.engine().clock.now());
            if (!noted)
                co_return noted.error();
        }
        const Error *closed = library.whyClosed(record.id);
        if (account && look)
            view.state = accountStateOf(record, account->trouble(), account->room());
        if (closed)
            view.state = accountStateOf(record, *closed, std::nullopt);
        if (account && account->isStale() && view.state == AccountState::Connected)
            view.state = AccountState::Stale;
        for (const auto &used : *use) {
            if (used.account == record.id) {
                view.ours = used.bytes;
                view.fragments = used.fragments;
            }
        }
        list.push_back(std::move(view));
    }
    co_return list;
}

QByteArray askedSecret() { return readSecretLine(QStringLiteral("Password or key: ")).value_or(QString()).toUtf8(); }

// Of an account that is there; as a shell takes its name.
QString wordsToTrust(const QString &name)
{
    const bool isPlain
        = std::all_of(name.begin(), name.end(), [](QChar c) { return c.isLetterOrNumber() || c == u'-'; });
    QString word = name;
    if (!isPlain)
        word = QString(u'\'' + word.replace(u'\'', QStringLiteral("'\\''")) + u'\'');
    return QStringLiteral("account set %1 certificate=").arg(word);
}

Task<int> showOne(CommandContext &context, Library &library, QString name, QString said)
{
    const auto all = co_await views(library, true);
    if (!all)
        co_return context.output.fail(all.error());
    for (const AccountView &view : *all) {
        if (view.record.name == name && !view.record.retired)
            context.output.result(oneAccountJson(view), said);
    }
    co_return number(ExitCode::Done);
}

} // namespace

Task<int> runAccountAdd(CommandContext &context, const ParsedArguments &arguments)
{
    AccountRecord draft;
    draft.kind = arguments.argument(0);
    draft.name = arguments.argument(1);
    const auto named = checkAccountName(draft.name);
    if (!named)
        co_return context.output.fail(named.error());
    const auto set = applySettings(draft, arguments.values("set"));
    if (!set)
        co_return context.output.fail(set.error());
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    QByteArray secret;
    const ProviderKind *kind = findKind(draft.kind);
    if (arguments.has("secret-stdin") || (kind && hasSecret(*kind) && isTerminal(STDIN_FILENO)))
        secret = askedSecret();
    std::optional<Tidily> tidily(context);
    auto adding = (*library)->addAccount(draft, secret, tidily->interrupted());
    const auto added = co_await adding;
    tidily.reset();
    if (!added)
        co_return context.output.fail(sayingHowToTrust(added.error(), QStringLiteral("--set certificate=")));
    const QString said
        = QStringLiteral("%1 is connected. Its failure domain is “%2”.\n").arg(added->name, added->domain);
    co_return co_await showOne(context, **library, added->name, said);
}

Task<int> runAccountList(CommandContext &context, const ParsedArguments &)
{
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const auto all = co_await views(**library, true);
    if (!all)
        co_return context.output.fail(all.error());
    context.output.result(accountsJson(*all), accountsText(*all, context.output.width()));
    co_return number(ExitCode::Done);
}

Task<int> runAccountTest(CommandContext &context, const ParsedArguments &arguments)
{
    const QString name = arguments.argument(0);
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    std::optional<Tidily> tidily(context);
    auto testing = (*library)->testAccount(name, tidily->interrupted());
    const auto tested = co_await testing;
    tidily.reset();
    if (!tested)
        co_return context.output.fail(sayingHowToTrust(tested.error(), wordsToTrust(name)));
    const QString said = QStringLiteral("%1 works: written, read back, listed, deleted.\n").arg(name);
    co_return co_await showOne(context, **library, name, said);
}

Task<int> runAccountSet(CommandContext &context, const ParsedArguments &arguments)
{
    const QString name = arguments.argument(0);
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    auto record = co_await (*library)->account(name);
    if (!record)
        co_return context.output.fail(record.error());
    const auto set = applySettings(*record, arguments.arguments.mid(1));
    if (!set)
        co_return context.output.fail(set.error());
    const auto changed = co_await (*library)->changeAccount(*record);
    if (!changed)
        co_return context.output.fail(sayingHowToTrust(changed.error(), wordsToTrust(name)));
    const QString said = QStringLiteral("%1 is changed.\n").arg(name);
    co_return co_await showOne(context, **library, name, said);
}

Task<int> runAccountSignIn(CommandContext &context, const ParsedArguments &arguments)
{
    const QString name = arguments.argument(0);
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const auto record = co_await (*library)->account(name);
    if (!record)
        co_return context.output.fail(record.error());
    const ProviderKind *kind = findKind(record->kind);
    const bool asks = kind && hasSecret(*kind) && !record->retired; // else signIn says why not
    const QByteArray secret = asks ? askedSecret() : QByteArray();
    std::optional<Tidily> tidily(context);
    auto signingIn = (*library)->signIn(*record, secret, tidily->interrupted());
    const auto signedIn = co_await signingIn;
    tidily.reset();
    if (!signedIn)
        co_return context.output.fail(sayingHowToTrust(signedIn.error(), wordsToTrust(name)));
    library->reset(); // the new secret is used from the next opening on
    auto again = co_await openLibrary(context);
    if (!again)
        co_return context.output.fail(again.error());
    const QString said = QStringLiteral("%1 is signed in. The new password or key works and is kept.\n").arg(name);
    co_return co_await showOne(context, **again, name, said);
}

} // namespace mf::cli
