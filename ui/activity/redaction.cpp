// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/redaction.h"

#include <QRegularExpression>

#include <algorithm>

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

} // namespace

void Redaction::add(const QString &name, const QString &word)
{
    if (name.trimmed().isEmpty() || !standIn(name).isEmpty())
        return;
    const QString standsFor = QStringLiteral("%1-%2").arg(word).arg(++m_counts[word]);
    const auto place = std::find_if(
        m_names.begin(), m_names.end(), [&name](const auto &known) { return known.first.size() < name.size(); });
    m_names.insert(place, { name, standsFor });
}

QString Redaction::standIn(const QString &name) const
{
    for (const auto &[known, standsFor] : m_names) {
        if (known == name)
            return standsFor;
    }
    return {};
}

QString Redaction::apply(QString text) const
{
    for (const auto &[name, standsFor] : m_names) {
        // A short name must not eat parts of words.
        const Expression whole(
            QStringLiteral("(?<!\\w)") + Expression::escape(name) + QStringLiteral("(?!\\w)"), kUnicode);
        text.replace(whole, standsFor);
    }
    for (const Rule &rule : rules())
        text.replace(rule.expression, rule.standIn);
    // What is quoted is a name that nobody knows any more, unless it stands in for one.
    static const Expression quoted(QStringLiteral("“(?!(?:account|model|place|domain)-\\d+”)[^“”\n]*”"), kUnicode);
    text.replace(quoted, QStringLiteral("“<name>”"));
    return text;
}

} // namespace mf::ui
