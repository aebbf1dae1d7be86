// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/drop_contents.h"

#include "core/base/path_text.h"
#include "ui/common/words.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QSet>
#include <QUrl>

namespace mf::ui {
namespace {

QString tr(const char *text) { return QCoreApplication::translate("mf::ui::DropContents", text); }

constexpr int kNamedModels = 2;
constexpr qsizetype kLongName = 48;
constexpr qsizetype kMostPaths = 100'000;

enum class Looks { Model, Other, Folder };

// A name that may stand in a sentence: both ends tell names of models apart.
QString shown(const QString &name)
{
    if (name.size() <= kLongName)
        return isolated(name);
    return isolated(QString(name.left(kLongName / 2) + QChar(0x2026) + name.right(kLongName / 2)));
}

QString nameOf(const QString &path) { return path.section(u'/', -1, -1, QString::SectionSkipEmpty); }

Looks looksOf(const QString &path)
{
    static const QSet<QString> models { QStringLiteral("gguf"), QStringLiteral("safetensors"), QStringLiteral("ggml"),
        QStringLiteral("bin"), QStringLiteral("pt"), QStringLiteral("pth"), QStringLiteral("ckpt"),
        QStringLiteral("onnx") };
    // "TinyLlama-1.1B" and "model.Q4_K_M" are names of folders, "README.txt" is not.
    static const QRegularExpression extension(QStringLiteral("\\A[a-z][a-z0-9]{0,10}\\z"));
    const QString name = nameOf(path);
    if (path.endsWith(u'/') || !name.contains(u'.'))
        return Looks::Folder;
    const QString last = name.section(u'.', -1);
    if (models.contains(last.toLower()))
        return Looks::Model;
    return extension.match(last).hasMatch() && last.size() <= 4 ? Looks::Other : Looks::Folder;
}

// Parts of one model have one name here.
QString withoutPart(const QString &name)
{
    static const QRegularExpression part(QStringLiteral("-\\d{5}-of-\\d{5}(?=\\.)"));
    return QString(name).remove(part);
}

// The bytes of the path as they are in the URL, which need not be UTF-8.
QString pathOfUrl(const QUrl &url)
{
#ifdef Q_OS_WIN
    return url.toLocalFile();
#else
    return textOfPath(QByteArray::fromPercentEncoding(url.path(QUrl::FullyEncoded).toLatin1()));
#endif
}

bool isHere(const QUrl &url)
{
    if (!url.isLocalFile())
        return false;
#ifdef Q_OS_WIN
    return true;
#else
    return url.host().isEmpty() || url.host() == QStringLiteral("localhost");
#endif
}

QList<QUrl> urlsIn(const QString &text)
{
    QList<QUrl> urls;
    const QStringList lines = text.split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        const QString word = line.trimmed();
        if (word.isEmpty())
            continue;
        QUrl url;
        if (word.startsWith(u'/') && !word.startsWith(QStringLiteral("//")))
            url = QUrl::fromLocalFile(word);
        else if (word.contains(QStringLiteral(":/")))
            url = QUrl(word, QUrl::StrictMode);
        if (!url.isValid() || url.scheme().isEmpty())
            return {}; // text that only mentions a link
        urls.append(url);
    }
    return urls;
}

QString problemOf(const QList<QUrl> &foreign)
{
    const QUrl &first = foreign.front();
    if (first.scheme() == QStringLiteral("http") || first.scheme() == QStringLiteral("https"))
        return tr("“%1” is a link. Download it first, then drop the file.").arg(shown(first.toDisplayString()));
    return tr("“%1” isn’t on this computer. Copy it here first, then drop the copy.")
        .arg(shown(first.toDisplayString()));
}

} // namespace

DropContents contentsOf(const QMimeData &data)
{
    DropContents contents;
    const QList<QUrl> urls = data.hasUrls() ? data.urls() : data.hasText() ? urlsIn(data.text()) : QList<QUrl>();
    if (urls.isEmpty()) {
        contents.problem = tr("ModelFloat stores files and folders, not text or pictures from other programs. Save it "
                              "as a file first, then drop the file.");
        return contents;
    }
    if (urls.size() > kMostPaths) {
        contents.problem = tr("These are too many files at once. Drop the folder that they are in.");
        return contents;
    }
    QList<QUrl> foreign;
    QSet<QString> seen;
    for (const QUrl &url : urls) {
        const QString path = isHere(url) ? pathOfUrl(url) : QString();
        if (path.isEmpty() || path.contains(QChar(0)))
            foreign.append(url);
        else if (!seen.contains(path)) {
            seen.insert(path);
            contents.paths.append(path);
        }
    }
    if (!foreign.isEmpty())
        contents.problem = problemOf(foreign);
    return contents;
}

DropContents contentsOf(const QStringList &given)
{
    DropContents contents;
    QList<QUrl> links;
    for (const QString &one : given) {
        if (!one.startsWith(u'/') && one.contains(QStringLiteral("://")))
            links.append(QUrl(one));
        else
            contents.paths.append(one);
    }
    if (links.isEmpty())
        return contents;
    QMimeData data;
    data.setUrls(links);
    const DropContents linked = contentsOf(data);
    contents.paths += linked.paths;
    contents.problem = linked.problem;
    return contents;
}

QString dropSentence(const QStringList &paths)
{
    QStringList models;
    int others = 0;
    int folders = 0;
    QSet<QString> seen;
    for (const QString &path : paths) {
        const Looks looks = looksOf(path);
        others += looks == Looks::Other ? 1 : 0;
        folders += looks == Looks::Folder ? 1 : 0;
        const QString name = withoutPart(nameOf(path));
        if (looks == Looks::Model && !seen.contains(name)) {
            seen.insert(name);
            models.append(name);
        }
    }
    if (paths.isEmpty())
        return {};
    if (models.isEmpty() && folders == 0)
        return others == 1 ? tr("This file doesn’t look like a model") : tr("These files don’t look like models");
    if (folders > 0)
        return paths.size() == 1 ? tr("Drop to look inside this folder")
            : folders == paths.size()
            ? tr("Drop to look inside %1").arg(countWords(folders, tr("folder"), tr("folders")))
            : tr("Drop to look at %1").arg(countWords(paths.size(), tr("file or folder"), tr("files and folders")));
    const QString count = countWords(models.size(), tr("model"), tr("models"));
    if (others > 0)
        return tr("Drop to store %1 (%2 will be skipped)")
            .arg(count, countWords(others, tr("other file"), tr("other files")));
    QStringList named;
    for (const QString &name : models.mid(0, kNamedModels))
        named.append(shown(name));
    if (models.size() > kNamedModels)
        named.append(tr("%1 more").arg(models.size() - kNamedModels));
    return tr("Drop to store %1 (%2)").arg(count, named.join(QStringLiteral(", ")));
}

} // namespace mf::ui
