// SPDX-License-Identifier: GPL-3.0-or-later
// secrets_client LIMIT-MS OPERATION…: uses the keychain and prints one line for each operation.
//
//     open                 openSecretStore, with the limit of the program
//     probe
//     write:KEY:HEX   read:KEY   remove:KEY
//
// A line is "ok", "ok HEX", or the id and the message of the error.
#include "core/base/bytes.h"
#include "core/secrets/keychain_secret_store.h"
#include "tests/support/run_task.h"

#include <QCoreApplication>

#include <cstdio>

using namespace mf;

namespace {

QByteArray lineOf(const Error &error) { return (error.id + u' ' + error.message).toUtf8(); }

template <typename T> QByteArray lineOf(const Result<T> &result)
{
    return result ? QByteArrayLiteral("ok") : lineOf(result.error());
}

QByteArray run(KeychainSecretStore &store, const QStringList &words)
{
    const QString verb = words.value(0);
    const QString key = words.value(1);
    if (verb == QStringLiteral("open")) {
        Pool pool(1);
        const QString home = QStringLiteral("/nonexistent");
        return lineOf(runTask(openSecretStore(SecretStoreKind::Keychain, home, pool)));
    }
    if (verb == QStringLiteral("probe"))
        return lineOf(runTask(store.probe()));
    if (verb == QStringLiteral("write"))
        return lineOf(runTask(store.write(key, fromHex(words.value(2)).value_or(QByteArray()))));
    if (verb == QStringLiteral("remove"))
        return lineOf(runTask(store.remove(key)));
    const auto value = runTask(store.read(key));
    return value ? QByteArray("ok " + value->toHex()) : lineOf(value.error());
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList arguments = application.arguments();
    KeychainSecretStore store(QStringLiteral("ModelFloat test"), std::chrono::milliseconds(arguments.value(1).toInt()));
    for (qsizetype i = 2; i < arguments.size(); ++i) {
        const QByteArray line = run(store, arguments.at(i).split(u':'));
        std::printf("%s\n", line.constData());
    }
    return 0;
}
