// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/hub_files.h"
#include "core/formats/model_set.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QRegularExpression>

namespace mf {

namespace {

void addFile(ModelScan &scan, const QFileInfo &info, const QString &name)
{
    SetFile file;
    file.name = name;
    file.size = info.size();
    if (auto model = readModelFile(info.filePath()); model)
        file.model = *std::move(model);
    else
        file.model.problem = model.error();
    // Tensors and regions of a hundred thousand files are not kept: storing a file reads them again.
    file.model.tensors = {};
    file.model.regions = {};
    if (const qint64 limit = hubFileLimit(info.fileName()); limit > 0) {
        QFile text(info.filePath());
        if (text.open(QIODevice::ReadOnly))
            file.text = text.read(limit);
    }
    scan.files.push_back(std::move(file));
    scan.paths.append(info.filePath());
}

void addFolder(ModelScan &scan, const QString &path, const QString &prefix)
{
    const QDir folder(path);
    // Without QDir::Hidden: hidden folders hold what tools keep for themselves. No FollowSymlinks: links to folders are
    // listed as entries, not entered.
    QDirIterator entries(path, QDir::Files | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
    while (entries.hasNext()) {
        entries.next();
        if (scan.paths.size() >= ModelScan::kMostFiles) {
            scan.isComplete = false;
            return;
        }
        addFile(scan, entries.fileInfo(), prefix + folder.relativeFilePath(entries.filePath()));
    }
}

// Names of what was given: of folders, and of files beside them.
class GivenNames
{
public:
    explicit GivenNames(const QStringList &paths)
    {
        for (const auto &path : paths) {
            if (const QFileInfo info(path); !info.isDir())
                ++m_files[info.fileName()];
        }
    }
    QString ofFolder(const QString &path)
    {
        const QString title = folderTitle(path);
        const int nth = ++m_folders[title];
        return nth == 1 ? title : QStringLiteral("%1/%2").arg(nth).arg(title);
    }
    QString ofFile(const QFileInfo &info)
    {
        const QString name = info.fileName();
        return m_files.value(name) > 1 ? QString(ofFolder(info.path()) + u'/' + name) : name;
    }

private:
    QHash<QString, int> m_files; // how many have that name
    QHash<QString, int> m_folders;
};

} // namespace

QString folderTitle(const QString &path)
{
    static const QRegularExpression cached(QStringLiteral("/models--[^/]*?--([^/]+)/snapshots/[0-9a-f]{40}$"));
    const QString clean = QDir::cleanPath(QFileInfo(path).absoluteFilePath());
    if (const auto match = cached.match(clean); match.hasMatch())
        return match.captured(1);
    return clean.mid(clean.lastIndexOf(u'/') + 1);
}

ModelScan scanModels(const QStringList &paths)
{
    ModelScan scan;
    GivenNames names(paths);
    for (const auto &path : paths) {
        const QFileInfo info(path);
        if (info.isDir())
            addFolder(scan, path, names.ofFolder(path) + u'/');
        else
            addFile(scan, info, names.ofFile(info));
    }
    scan.sets = groupModels(scan.files);
    return scan;
}

} // namespace mf
