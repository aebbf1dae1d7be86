// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/files_tab.h"

#include "ui/common/words.h"
#include "ui/models/details_tables.h"
#include "ui/models/small_widgets.h"

#include <QFontDatabase>
#include <QHeaderView>
#include <QLabel>
#include <QSet>
#include <QVBoxLayout>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr qsizetype kLongestLine = 4'000;
constexpr int kDeepest = 40; // further in, nothing is gained by more blanks

// Braces, brackets and commas outside of strings begin lines. No parser: what is cut off in its middle is shown, too.
QString indented(const QString &json)
{
    QString out;
    out.reserve(json.size() * 2);
    int depth = 0;
    bool inString = false;
    const auto newLine = [&out, &depth] {
        out += u'\n';
        out += QString(2 * std::clamp(depth, 0, kDeepest), u' ');
    };
    for (qsizetype i = 0; i < json.size(); ++i) {
        const QChar c = json[i];
        if (inString) {
            out += c;
            if (c == u'\\' && i + 1 < json.size())
                out += json[++i];
            else if (c == u'"')
                inString = false;
        } else if (c == u'"') {
            inString = true;
            out += c;
        } else if (c == u'{' || c == u'[') {
            out += c;
            const bool isEmpty = i + 1 < json.size() && (json[i + 1] == u'}' || json[i + 1] == u']');
            if (isEmpty) {
                out += json[++i];
                continue;
            }
            ++depth;
            newLine();
        } else if (c == u'}' || c == u']') {
            --depth;
            newLine();
            out += c;
        } else if (c == u',') {
            out += c;
            newLine();
        } else if (c == u':') {
            out += QStringLiteral(": ");
        } else if (!c.isSpace()) {
            out += c;
        }
    }
    return out;
}

QString folded(const QString &text)
{
    QString out;
    out.reserve(text.size());
    qsizetype column = 0;
    for (const QChar c : text) {
        column = c == u'\n' ? 0 : column + 1;
        out += c;
        if (column >= kLongestLine && !c.isHighSurrogate()) {
            out += u'\n';
            column = 0;
        }
    }
    return out;
}

} // namespace

bool isTextFile(const QString &path)
{
    static const QSet<QString> endings = { QStringLiteral("json"), QStringLiteral("jsonl"), QStringLiteral("txt"),
        QStringLiteral("md"), QStringLiteral("jinja"), QStringLiteral("yaml"), QStringLiteral("yml"),
        QStringLiteral("toml"), QStringLiteral("ini"), QStringLiteral("cfg"), QStringLiteral("py"),
        QStringLiteral("csv"), QStringLiteral("tsv"), QStringLiteral("xml"), QStringLiteral("log") };
    const QString name = path.section(u'/', -1).toLower();
    return endings.contains(name.section(u'.', -1)) || name.startsWith(QStringLiteral("license"))
        || name.startsWith(QStringLiteral("readme")) || name == QStringLiteral("notice")
        || name == QStringLiteral("modelfile");
}

QString previewText(const QByteArray &bytes, bool isJson)
{
    const QString text = QString::fromUtf8(bytes);
    const bool isOneLine = !text.trimmed().contains(u'\n');
    return folded(isJson && isOneLine ? indented(text) : text);
}

FilesTab::FilesTab(Desk &desk, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_files(new TextTable({ tr("File"), tr("Size"), tr("SHA-256") }, this))
    , m_table(new PlainTable(m_files, TextTable::SortKey, 0, QStringLiteral("models.files"), tr("Files of the model")))
    , m_caption(new QLabel)
    , m_text(new QPlainTextEdit)
{
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->header()->setSectionResizeMode(2, QHeaderView::Fixed);
    m_table->header()->resizeSection(2, m_table->fontMetrics().averageCharWidth() * 14);
    m_table->setTextElideMode(Qt::ElideMiddle);
    m_caption->setObjectName(QStringLiteral("models.previewCaption"));
    m_caption->setWordWrap(true);
    alignLeading(m_caption);
    m_text->setObjectName(QStringLiteral("models.preview"));
    m_text->setAccessibleName(tr("Preview of the file"));
    m_text->setReadOnly(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_text->setTabChangesFocus(true);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_table, 2);
    column->addWidget(m_caption);
    column->addWidget(m_text, 3);
    clear();
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &FilesTab::choose);
}

void FilesTab::clear()
{
    m_scope.cancelAll();
    m_details = {};
    m_files->setRows({});
    m_shown.clear();
    say(tr("Select a text or JSON file to read it here."));
}

void FilesTab::setDetails(const ModelDetails &details)
{
    const QString shown = details.model == m_details.model ? m_shown : QString();
    const bool isSame = details.model == m_details.model && details.files.size() == m_details.files.size()
        && std::equal(details.files.begin(), details.files.end(), m_details.files.begin(),
            [](const auto &a, const auto &b) { return a.path == b.path && a.sha256 == b.sha256; });
    if (isSame)
        return; // what is being read stays
    clear();
    m_details = details;
    m_files->setRows(fileRows(details));
    for (int row = 0; !shown.isEmpty() && row < m_table->proxy()->rowCount(); ++row)
        if (m_table->proxy()->index(row, 0).data().toString() == shown)
            m_table->setCurrentIndex(m_table->proxy()->index(row, 0));
}

void FilesTab::say(const QString &words)
{
    m_text->clear();
    m_text->hide();
    m_caption->setText(words);
}

void FilesTab::choose()
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    if (rows.isEmpty())
        return;
    const auto at = static_cast<std::size_t>(m_table->proxy()->mapToSource(rows.front()).row());
    const ModelDetails::File &file = m_details.files[at];
    m_scope.cancelAll();
    m_shown = file.path;
    if (!isTextFile(file.path)) {
        say(tr("“%1” is no text, so there is nothing to read here.").arg(file.path));
        return;
    }
    say({});
    m_scope.start(noteSlow());
    m_scope.start(load(m_details.model, file.path, file.size));
}

Task<void> FilesTab::noteSlow()
{
    co_await m_desk.clock.sleep(std::chrono::milliseconds(300));
    if (m_text->isHidden() && m_caption->text().isEmpty())
        say(tr("Reading “%1”…").arg(m_shown));
}

Task<void> FilesTab::load(ModelId model, QString path, qint64 size)
{
    const auto bytes = co_await m_desk.service.preview(model, path, kPreviewLimit);
    if (!bytes) {
        say(tr("“%1” could not be read: %2").arg(path, bytes.error().message));
        co_return;
    }
    if (bytes->contains('\0')) {
        say(tr("“%1” is no text, so there is nothing to read here.").arg(path));
        co_return;
    }
    const bool isJson = path.endsWith(QStringLiteral(".json"), Qt::CaseInsensitive);
    m_text->setPlainText(previewText(*bytes, isJson));
    m_text->show();
    m_caption->setText(size > kPreviewLimit
            ? tr("%1: the first %2 of %3").arg(path, sizeWords(kPreviewLimit), sizeWords(size))
            : path);
}

} // namespace mf::ui
