// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/found_models.h"

#include "app/desktop/compression_sample.h"
#include "app/desktop/words.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QMap>
#include <QSet>

#include <algorithm>

namespace mf {
namespace {

// How often compression is tried: in each model, and in all.
constexpr int kSamples = 16;
constexpr int kAllSamples = 128;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(mf::FoundModels)
};

ModelFacts factsOf(const ModelTraits &traits)
{
    ModelFacts facts;
    facts.format = formatName(traits.format);
    facts.family = traits.family;
    facts.architecture = traits.architecture;
    facts.quantization = traits.quantization;
    facts.parameters = traits.parameters;
    facts.contextLength = traits.contextLength;
    facts.license = traits.license;
    return facts;
}

QString cleanPath(const QString &path) { return QDir::cleanPath(QFileInfo(path).absoluteFilePath()); }

// The folder that all of them lie in.
QString commonFolder(const QStringList &files)
{
    QString folder = QFileInfo(files.front()).path();
    for (const QString &file : files) {
        while (folder != QStringLiteral("/") && !file.startsWith(folder + u'/'))
            folder = QFileInfo(folder).path();
    }
    return folder;
}

// What to hand to a store so that these files are stored under their paths below their common folder, and no others:
// the folder's entries that hold nothing else, and single files for the rest.
QStringList asSources(const QStringList &files, const QStringList &strangers)
{
    if (files.size() < 2)
        return files;
    const QString folder = commonFolder(files) + u'/';
    QSet<QString> shared; // entries of the folder that hold others, too
    for (const QString &stranger : strangers) {
        if (stranger.startsWith(folder))
            shared.insert(stranger.mid(folder.size()).section(u'/', 0, 0));
    }
    QStringList sources;
    for (const QString &file : files) {
        const QString entry = file.mid(folder.size()).section(u'/', 0, 0);
        const QString source = shared.contains(entry) ? file : QString(folder + entry);
        if (sources.isEmpty() || sources.back() != source)
            sources.append(source);
    }
    sources.removeDuplicates();
    return sources;
}

std::vector<QByteArray> encoded(const QStringList &paths)
{
    std::vector<QByteArray> bytes;
    bytes.reserve(static_cast<std::size_t>(paths.size()));
    for (const QString &path : paths)
        bytes.push_back(QFile::encodeName(path));
    return bytes;
}

QStringList pathsOf(const ModelScan &scan, const std::vector<std::size_t> &files)
{
    QStringList paths;
    for (const std::size_t file : files)
        paths.append(cleanPath(scan.paths.at(static_cast<qsizetype>(file))));
    return paths;
}

bool cannotBeRead(const ModelFile &file)
{
    return file.problem && !file.problem->id.startsWith(QStringLiteral("MF-FORMAT"));
}

QString problemOf(const ModelScan &scan, const std::vector<std::size_t> &files)
{
    for (const std::size_t file : files) {
        const auto &problem = scan.files[file].model.problem;
        if (cannotBeRead(scan.files[file].model) || (problem && problem->id == QStringLiteral("MF-FORMAT-POINTER")))
            return sentence(problem->message);
    }
    return scan.isComplete ? QString()
                           : Words::tr("These are more files than one model can have here; give fewer at once.");
}

// Those in `all`, which is sorted, that lie where the files do and are not among them.
QStringList strangersOf(const QStringList &files, const QStringList &all)
{
    if (files.size() < 2)
        return {};
    const QSet<QString> own(files.begin(), files.end());
    const QString folder = commonFolder(files) + u'/';
    QStringList strangers;
    for (auto path = std::lower_bound(all.begin(), all.end(), folder); path != all.end() && path->startsWith(folder);
        ++path) {
        if (!own.contains(*path))
            strangers.append(*path);
    }
    return strangers;
}

// The same for files of which some were given by themselves, or in several folders: what lies beside a file that was
// given by itself was never looked at, so its folder is not handed on.
QStringList asSourcesOf(const QStringList &files, const QStringList &given, const QStringList &all)
{
    QMap<QString, QStringList> byGiven;
    for (const QString &file : files) {
        QString nearest = file;
        for (const QString &path : given) {
            if (file.startsWith(path + u'/'))
                nearest = path;
        }
        byGiven[nearest].append(file);
    }
    QStringList sources;
    for (const QStringList &together : std::as_const(byGiven))
        sources.append(asSources(together, strangersOf(together, all)));
    return sources;
}

// given: clean and absolute; all: the paths of all files, sorted.
ui::FoundModel foundSet(const ModelScan &scan, const ModelSet &set, const QStringList &given, const QStringList &all,
    bool isTwin, int samples)
{
    ui::FoundModel found;
    found.name = isTwin ? set.distinctName : set.name;
    found.facts = factsOf(set.traits);
    found.bytes = set.size;
    found.storedBytes = compressedSize(scan, set.files, samples);
    found.files = static_cast<int>(set.files.size());
    found.missing = set.missing;
    found.problem = problemOf(scan, set.files);
    found.paths = encoded(asSourcesOf(pathsOf(scan, set.files), given, all));
    return found;
}

void addOthers(
    std::vector<ui::FoundModel> &found, const ModelScan &scan, const QStringList &given, const QStringList &all)
{
    for (const QString &clean : given) {
        std::vector<std::size_t> files;
        for (const std::size_t file : scan.sets.others) {
            const QString &other = all.at(static_cast<qsizetype>(file));
            if (other == clean || other.startsWith(clean + u'/'))
                files.push_back(file);
        }
        if (files.empty())
            continue;
        ui::FoundModel entry;
        entry.isModel = false;
        entry.name = folderTitle(clean);
        entry.files = static_cast<int>(files.size());
        for (const std::size_t file : files)
            entry.bytes += scan.files[file].size;
        entry.storedBytes = entry.bytes;
        entry.problem = problemOf(scan, files);
        entry.paths = encoded(pathsOf(scan, files));
        const auto inside = std::count_if(all.begin(), all.end(),
            [&clean](const QString &one) { return one == clean || one.startsWith(clean + u'/'); });
        if (inside == entry.files) // nothing else is in it
            entry.paths = encoded(QStringList(clean));
        found.push_back(std::move(entry));
    }
}

} // namespace

std::vector<ui::FoundModel> findModels(const QStringList &paths)
{
    QStringList given;
    for (const QString &path : paths)
        given.append(cleanPath(path));
    const ModelScan scan = scanModels(given);
    QStringList all;
    for (const QString &path : scan.paths)
        all.append(cleanPath(path));
    QStringList sorted = all;
    sorted.sort();
    QHash<QString, int> named;
    for (const ModelSet &set : scan.sets.sets)
        ++named[set.name];
    const auto models = static_cast<int>(std::max<std::size_t>(1, scan.sets.sets.size()));
    const int samplesEach = std::min(kSamples, kAllSamples / models);
    std::vector<ui::FoundModel> found;
    for (const ModelSet &set : scan.sets.sets)
        found.push_back(foundSet(scan, set, given, sorted, named.value(set.name) > 1, samplesEach));
    addOthers(found, scan, given, all);
    return found;
}

} // namespace mf
