// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/path_text.h"

#include <QList>
#include <QStringDecoder>

namespace mf {
namespace {

constexpr char16_t kEscape = 0xF700; // + byte: U+F780 … U+F7FF

bool isEscape(QChar c) { return c.unicode() >= kEscape + 0x80 && c.unicode() <= kEscape + 0xFF; }

// Length of the valid UTF-8 sequence at i, or 0.
int sequenceAt(const QByteArray &bytes, qsizetype i)
{
    const auto at = [&bytes](qsizetype n) { return static_cast<unsigned char>(bytes[n]); };
    const unsigned char first = at(i);
    const int length = first < 0x80       ? 1
        : (first >= 0xC2 && first < 0xE0) ? 2
        : (first >= 0xE0 && first < 0xF0) ? 3
        : (first >= 0xF0 && first < 0xF5) ? 4
                                          : 0;
    if (length == 0 || i + length > bytes.size())
        return 0;
    for (int n = 1; n < length; ++n) {
        if ((at(i + n) & 0xC0) != 0x80)
            return 0;
    }
    if (length == 3 && ((first == 0xE0 && at(i + 1) < 0xA0) || (first == 0xED && at(i + 1) > 0x9F)))
        return 0; // overlong, surrogate
    if (length == 4 && ((first == 0xF0 && at(i + 1) < 0x90) || (first == 0xF4 && at(i + 1) > 0x8F)))
        return 0; // overlong, past U+10FFFF
    return length;
}

} // namespace

QString textOfPath(const QByteArray &path)
{
    QString text;
    text.reserve(path.size());
    for (qsizetype i = 0; i < path.size();) {
        const int length = sequenceAt(path, i);
        const QString character = length > 0 ? QString::fromUtf8(path.constData() + i, length) : QString();
        if (length > 0 && !isEscape(character[0])) {
            text += character;
            i += length;
            continue;
        }
        const qsizetype end = i + std::max(length, 1);
        for (; i < end; ++i)
            text += QChar(static_cast<char16_t>(kEscape + static_cast<unsigned char>(path[i])));
    }
    return text;
}

QByteArray pathOfText(const QString &text)
{
    QByteArray path;
    path.reserve(text.size());
    qsizetype plain = 0; // begin of the text not yet converted
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (!isEscape(text[i]))
            continue;
        path += QStringView(text).mid(plain, i - plain).toUtf8();
        path += static_cast<char>(text[i].unicode() - kEscape);
        plain = i + 1;
    }
    path += QStringView(text).mid(plain).toUtf8();
    return path;
}

Result<> checkRelativePath(const QString &text)
{
    constexpr qsizetype kLongestPart = 255;
    constexpr qsizetype kLongestPath = 4096;
    QByteArray path = pathOfText(text);
    if (path.endsWith('/'))
        path.chop(1);
    bool safe = !path.isEmpty() && path.size() <= kLongestPath && !path.contains('\0');
    for (const QByteArray &part : path.split('/'))
        safe = safe && !part.isEmpty() && part != "." && part != ".." && part.size() <= kLongestPart;
    if (safe)
        return {};
    return Error(Error::Kind::Invalid, QStringLiteral("MF-PATH-UNSAFE"),
        QStringLiteral("refused a file name that does not stay below its folder: “%1”").arg(text.left(200)))
        .with(QStringLiteral("path"), text);
}

} // namespace mf
