// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/redaction.h"

#include <QRegularExpression>

namespace mf::ui {
namespace {

using Expression = QRegularExpression;
constexpr auto kUnicode = Expression::UseUnicodePropertiesOption | Expression::CaseInsensitiveOption;

struct Rule {
    Expression expression;
    QString standIn;
};

const std::vector<Rule> &rules()
{
    static const std::vector<Rule> all {
        { Expression(QStringLiteral(R"(\b[a-z][a-z0-9+.-]*://[^\s"“”]+)"), kUnicode), QStringLiteral("<address>") },
        { Expression(QStringLiteral(R"([\w.+%-]+@[\w-]+(\.[\w-]+)*…?)"), kUnicode), QStringLiteral("<e-mail>") },
        // Up to what ends a clause: a path may hold spaces, and what follows it is worth less than what is in it.
        { Expression(QStringLiteral(R"((?<![\w<])(?:~|[a-z]:)?[/\\](?=\S)[^\n]*?(?=$|[:;]\s|\.\s|\.$|["“”]))"),
              kUnicode | Expression::MultilineOption),
            QStringLiteral("<path>") },
        { Expression(QStringLiteral(
                         R"([^\s"“”/]+\.(gguf|ggml|safetensors|bin|pt|pth|ckpt|onnx|json|model|txt|md|zip|tar|gz)\b)"),
              kUnicode),
            QStringLiteral("<file>") },
        { Expression(QStringLiteral(R"(\b[0-9a-f]{32,}\b)"), kUnicode), QStringLiteral("<hash>") },
    };
    return all;
}

bool isOfWord(QChar c) { return c.isLetterOrNumber() || c == u'_'; }

// A short name must not eat parts of words.
bool isInsideWord(const QString &text, qsizetype before)
{
    return before > 0 && before < text.size() && isOfWord(text[before - 1]) && isOfWord(text[before]);
}

quint64 branchOf(quint32 node, QChar letter) { return quint64(node) << 16 | letter.toCaseFolded().unicode(); }

} // namespace

void Redaction::add(const QString &name, const QString &word)
{
    if (name.trimmed().isEmpty())
        return;
    quint32 node = 0;
    for (const QChar letter : name) {
        quint32 &branch = m_branches[branchOf(node, letter)];
        if (branch == 0) {
            branch = static_cast<quint32>(m_standIns.size());
            m_standIns.emplace_back();
        }
        node = branch;
    }
    if (m_standIns[node].isEmpty())
        m_standIns[node] = QStringLiteral("%1-%2").arg(word).arg(++m_counts[word]);
}

QString Redaction::standIn(const QString &name) const
{
    quint32 node = 0;
    for (const QChar letter : name) {
        node = m_branches.value(branchOf(node, letter));
        if (node == 0)
            return {};
    }
    return m_standIns[node];
}

Redaction::Found Redaction::nameAt(const QString &text, qsizetype at) const
{
    Found found;
    quint32 node = 0;
    for (qsizetype end = at; end < text.size();) {
        node = m_branches.value(branchOf(node, text[end++]));
        if (node == 0)
            break;
        if (!m_standIns[node].isEmpty() && !isInsideWord(text, end))
            found = { end - at, m_standIns[node] };
    }
    return found;
}

QString Redaction::withStandIns(const QString &text) const
{
    QString redacted;
    qsizetype done = 0; // up to here the text is in `redacted`, or stood in for
    for (qsizetype i = 0; i < text.size(); ++i) {
        const Found found = isInsideWord(text, i) ? Found() : nameAt(text, i);
        if (i + found.length > done && found.length > 0) {
            if (i < done)
                redacted += u' '; // it begins within the one before: nothing of either stays
            redacted += found.standIn;
            done = i + found.length;
        } else if (i >= done) {
            redacted += text[i];
            done = i + 1;
        }
    }
    return redacted;
}

QString Redaction::apply(QString line) const
{
    if (line.size() > kLongestLine)
        return QStringLiteral("<a line of %1 characters>").arg(line.size());
    line = withStandIns(line);
    for (const Rule &rule : rules())
        line.replace(rule.expression, rule.standIn);
    // What is quoted is a name that nobody knows any more, unless it stands in for one.
    static const Expression quoted(QStringLiteral("“(?!(?:account|model|place|domain)-\\d+”)[^“”\n]*”"), kUnicode);
    line.replace(quoted, QStringLiteral("“<name>”"));
    return line;
}

} // namespace mf::ui
