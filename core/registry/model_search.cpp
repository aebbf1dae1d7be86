// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/model_search.h"

#include "core/registry/blob.h"

#include <algorithm>

namespace mf {

namespace {

constexpr int kMostWords = 16;
constexpr qsizetype kLongestWord = 100;
constexpr qsizetype kShortestHash = 4;
constexpr qsizetype kHashDigits = 64;

QStringList wordsOf(const QString &text)
{
    QStringList words;
    QString word;
    const auto end = [&] {
        if (!word.isEmpty() && words.size() < kMostWords)
            words << word.left(kLongestWord);
        word.clear();
    };
    // Through UTF-8, so that half a surrogate pair does not get past here.
    const QString whole = QString::fromUtf8(text.left(kMostWords * kLongestWord).toUtf8());
    for (const QChar c : whole) {
        if (c.isSpace() || c.category() == QChar::Other_Control)
            end();
        else
            word += c;
    }
    end();
    return words;
}

// Whether FTS5's tokenizer finds a word in it.
bool hasLetters(const QString &word)
{
    const auto points = word.toUcs4();
    return std::ranges::any_of(points, [](char32_t c) { return QChar::isLetterOrNumber(c); });
}

bool isHashPrefix(const QString &word)
{
    return word.size() >= kShortestHash && word.size() <= kHashDigits && std::ranges::all_of(word, [](QChar c) {
        return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
    });
}

// As an FTS5 string, in which only the quote has a meaning; the last of its tokens may go on.
QString asPrefix(QString word)
{
    word.replace(u'"', QStringLiteral("\"\""));
    return u'"' + word + QStringLiteral("\" *");
}

} // namespace

SearchFilter searchFilter(const QString &text)
{
    SearchFilter filter;
    for (const QString &word : wordsOf(text)) {
        if (!hasLetters(word)) {
            filter.condition += QStringLiteral(" AND instr(m.name, ?) > 0");
            filter.values << word;
            continue;
        }
        filter.condition += QStringLiteral(" AND (m.id IN (SELECT rowid FROM model_search WHERE model_search MATCH ?)");
        filter.values << asPrefix(word);
        if (isHashPrefix(word)) {
            filter.condition += QStringLiteral(" OR r.id IN (SELECT revision FROM file WHERE sha256 BETWEEN ? AND ?)");
            const QByteArray digits = word.toLatin1();
            filter.values << QByteArray::fromHex(digits.leftJustified(kHashDigits, '0'))
                          << QByteArray::fromHex(digits.leftJustified(kHashDigits, 'f'));
        }
        filter.condition += u')';
    }
    return filter;
}

Result<> indexModel(Connection &db, qint64 model)
{
    const auto cleared = db.prepare("DELETE FROM model_search WHERE rowid = ?").bind(model).run();
    if (!cleared)
        return cleared;
    QString name;
    QString family;
    QString quantization;
    QStringList tags;
    {
        Statement query = db.prepare("SELECT m.name, r.family, r.quantization, m.tags FROM model m"
                                     " JOIN revision r ON r.id = m.current WHERE m.id = ?");
        query.bind(model);
        if (!query.next())
            return query.failed() ? Result<>(query.error()) : Result<>();
        name = query.text(0);
        family = query.text(1);
        quantization = query.text(2);
        tags = unpackTexts(query.bytes(3)).value_or(QStringList());
    }
    QStringList files;
    Statement query = db.prepare("SELECT path FROM file WHERE revision = (SELECT current FROM model WHERE id = ?)");
    query.bind(model);
    while (query.next())
        files << query.text(0);
    if (query.failed())
        return query.error();
    return db
        .prepare("INSERT INTO model_search(rowid, name, family, quantization, tags, files) VALUES(?, ?, ?, ?, ?, ?)")
        .bind(model, name, family, quantization, tags.join(u'\n'), files.join(u'\n'))
        .run();
}

} // namespace mf
