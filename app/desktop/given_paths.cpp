// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/given_paths.h"

#include "core/base/path_text.h"

#include <QDir>
#include <QRegularExpression>

namespace mf {

QStringList givenPaths(const QStringList &arguments, QByteArrayList raw, const QByteArray &folder)
{
    static const QRegularExpression link(QStringLiteral("^[A-Za-z][A-Za-z0-9+.-]*://"));
    QStringList paths;
    for (const QString &argument : arguments) {
        if (link.match(argument).hasMatch()) {
            paths.append(argument);
            continue;
        }
        QByteArray bytes = argument.toUtf8();
        for (QByteArray &word : raw) {
            if (QString::fromLocal8Bit(word) == argument) {
                bytes = std::exchange(word, QByteArray()); // two names that are no text may look the same
                break;
            }
        }
        if (!bytes.startsWith('/'))
            bytes.prepend(folder + '/');
        paths.append(QDir::cleanPath(textOfPath(bytes)));
    }
    return paths;
}

} // namespace mf
