// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/audit/exceptions.h"

#include <QFile>
#include <QRegularExpression>

#include <algorithm>

namespace mf::ui {
namespace {

bool fits(const QString &pattern, const QString &text)
{
    QString expression = QRegularExpression::escape(pattern);
    expression.replace(QStringLiteral("\\*"), QStringLiteral(".*"));
    expression.replace(QStringLiteral("\\?"), QStringLiteral("."));
    return QRegularExpression(QRegularExpression::anchoredPattern(expression)).match(text).hasMatch();
}

} // namespace

Exceptions Exceptions::read(const QString &path)
{
    Exceptions result;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        result.m_errors.append(QStringLiteral("%1: %2").arg(path, file.errorString()));
        return result;
    }
    int number = 0;
    const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n');
    for (const QString &line : lines) {
        ++number;
        if (line.trimmed().isEmpty() || line.startsWith(u'#'))
            continue;
        QStringList parts = line.split(u'|');
        for (QString &part : parts)
            part = part.trimmed();
        if (parts.size() != 4 || parts.contains(QString()))
            result.m_errors.append(QStringLiteral("exceptions.txt, line %1: four parts are needed").arg(number));
        else
            result.m_lines.push_back({ parts[0], parts[1], parts[2] });
    }
    return result;
}

bool Exceptions::cover(const QString &scene, const QString &check, const QString &object) const
{
    return std::any_of(m_lines.begin(), m_lines.end(), [&](const Line &line) {
        return fits(line.scene, scene) && fits(line.check, check) && fits(line.object, object);
    });
}

} // namespace mf::ui
