// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "ui/common/desk.h"

#include <QPlainTextEdit>

class QLabel;

namespace mf::ui {

class PlainTable;
class TextTable;

// The files of a model, and what stands in the one that is chosen, if it is text.
class FilesTab final : public QWidget
{
    Q_OBJECT
public:
    static constexpr qint64 kPreviewLimit = qint64(1) << 20;

    explicit FilesTab(Desk &desk, QWidget *parent = nullptr);
    void setDetails(const ModelDetails &details);
    void clear();

private:
    void choose();
    void say(const QString &words); // instead of a preview
    Task<void> load(ModelId model, QString path, qint64 size);
    Task<void> noteSlow();
    Desk &m_desk;
    ModelDetails m_details;
    TextTable *m_files;
    PlainTable *m_table;
    QLabel *m_caption;
    QPlainTextEdit *m_text;
    QString m_shown; // path of what is previewed
    TaskScope m_scope;
};

// True if it is likely to be text, by its name.
bool isTextFile(const QString &path);
// JSON that came in one line, with a line for each of its parts; everything else as it is. Lines that are absurdly long
// are folded: a text field needs seconds for them.
QString previewText(const QByteArray &bytes, bool isJson);

} // namespace mf::ui
