// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/layout.h"

#include <algorithm>
#include <array>

namespace mf::cli {

namespace {

struct Span {
    char32_t first;
    char32_t last;
};

// East Asian Wide and Fullwidth of Unicode (TR 11), and emoji, in few spans: what terminals draw over two cells.
constexpr std::array<Span, 16> kWide = { { { 0x1100, 0x115f }, { 0x231a, 0x231b }, { 0x23e9, 0x23ec },
    { 0x2e80, 0x303e }, { 0x3041, 0x33ff }, { 0x3400, 0x4dbf }, { 0x4e00, 0x9fff }, { 0xa000, 0xa4cf },
    { 0xac00, 0xd7a3 }, { 0xf900, 0xfaff }, { 0xfe30, 0xfe6f }, { 0xff00, 0xff60 }, { 0xffe0, 0xffe6 },
    { 0x1f300, 0x1f64f }, { 0x1f680, 0x1f9ff }, { 0x20000, 0x3fffd } } };

int cellsOf(char32_t c)
{
    if (c < 0x7f)
        return 1;
    switch (QChar::category(c)) {
    case QChar::Mark_NonSpacing:
    case QChar::Mark_Enclosing:
    case QChar::Other_Format:
        return 0;
    default:
        break;
    }
    const bool isWide = std::any_of(kWide.begin(), kWide.end(), [c](Span s) { return c >= s.first && c <= s.last; });
    return isWide ? 2 : 1;
}

// A byte of a file name that is not UTF-8, as textOfPath maps it.
constexpr char32_t kByteOfName = 0xf700;
bool isByteOfName(char32_t c) { return c >= kByteOfName + 0x80 && c <= kByteOfName + 0xff; }

QString escapeOf(char32_t c)
{
    if (c == U'\n')
        return QStringLiteral("\\n");
    if (c == U'\r')
        return QStringLiteral("\\r");
    if (c == U'\t')
        return QStringLiteral("\\t");
    if (isByteOfName(c))
        c -= kByteOfName;
    if (c <= 0xff)
        return QStringLiteral("\\x%1").arg(uint(c), 2, 16, QLatin1Char('0'));
    return QStringLiteral("\\u%1").arg(uint(c), 4, 16, QLatin1Char('0'));
}

bool isUnsafe(char32_t c)
{
    const bool isReversing = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f;
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Surrogate:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        return isReversing || isByteOfName(c);
    }
}

} // namespace

QString printable(const QString &text)
{
    QString result;
    result.reserve(text.size());
    for (const char32_t c : text.toUcs4()) {
        if (isUnsafe(c))
            result += escapeOf(c);
        else
            result += QString::fromUcs4(&c, 1);
    }
    return result;
}

int displayWidth(const QString &text)
{
    int width = 0;
    for (const char32_t c : text.toUcs4())
        width += cellsOf(c);
    return width;
}

QString elided(const QString &text, int width)
{
    if (displayWidth(text) <= width)
        return text;
    QString result;
    int used = 1; // the ellipsis
    for (const char32_t c : text.toUcs4()) {
        used += cellsOf(c);
        if (used > width)
            break;
        result += QString::fromUcs4(&c, 1);
    }
    return width < 1 ? QString() : QString(result + u'…');
}

QStringList wrapped(const QString &text, int width, int indent)
{
    QStringList lines;
    const QString margin(indent, u' ');
    QString line;
    for (const QString &word : text.split(u' ', Qt::SkipEmptyParts)) {
        if (!line.isEmpty() && indent + displayWidth(line) + 1 + displayWidth(word) > width) {
            lines << margin + line;
            line.clear();
        }
        line += (line.isEmpty() ? QString() : QStringLiteral(" ")) + word;
    }
    if (!line.isEmpty())
        lines << margin + line;
    return lines;
}

QStringList twoColumns(const QString &left, const QString &right, int leftWidth, int width)
{
    constexpr int kMargin = 2;
    const int start = kMargin + leftWidth + 2;
    QStringList lines = wrapped(right, width, start);
    const QString head = QString(kMargin, u' ') + left;
    if (displayWidth(left) > leftWidth || lines.isEmpty())
        lines.prepend(head);
    else
        lines.first().replace(0, displayWidth(head), head);
    return lines;
}

void TextTable::addRow(QStringList cells)
{
    for (QString &cell : cells)
        cell = printable(cell);
    m_rows.push_back(std::move(cells));
}

QString TextTable::toText(int width) const
{
    const auto count = static_cast<qsizetype>(m_columns.size());
    std::vector<int> widths;
    int total = 2 * static_cast<int>(count - 1);
    for (qsizetype c = 0; c < count; ++c) {
        int widest = displayWidth(m_columns[static_cast<std::size_t>(c)].title);
        for (const QStringList &row : m_rows)
            widest = std::max(widest, displayWidth(row.at(c)));
        widths.push_back(widest);
        total += widest;
    }
    constexpr int kLeast = 8;
    for (std::size_t c = 0; width > 0 && c < widths.size(); ++c) {
        if (m_columns[c].givesWay && total > width) {
            const int narrower = std::min(widths[c], std::max(kLeast, widths[c] - (total - width)));
            total -= widths[c] - narrower;
            widths[c] = narrower;
        }
    }
    const auto lineOf = [&](const QStringList &cells) {
        QString line;
        for (qsizetype c = 0; c < count; ++c) {
            const auto i = static_cast<std::size_t>(c);
            const QString cell = elided(cells.at(c), widths[i]);
            const QString fill(widths[i] - displayWidth(cell), u' ');
            line += c == 0 ? QString() : QStringLiteral("  ");
            line += m_columns[i].align == Align::Right ? QString(fill + cell) : QString(cell + fill);
        }
        while (line.endsWith(u' '))
            line.chop(1);
        return QString(line + u'\n');
    };
    QStringList titles;
    for (const Column &column : m_columns)
        titles << column.title;
    QString text = lineOf(titles);
    for (const QStringList &row : m_rows)
        text += lineOf(row);
    return text;
}

} // namespace mf::cli
