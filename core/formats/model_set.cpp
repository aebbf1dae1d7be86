// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/model_set.h"

#include "core/formats/hub_files.h"
#include "core/formats/model_name.h"
#include "core/formats/set_join.h"
#include "core/formats/set_traits.h"

#include <QMap>
#include <QRegularExpression>

#include <algorithm>

namespace mf {

namespace {

using Indices = std::vector<std::size_t>;

// Split models whose parts were renamed are matched by their metadata up to so many parts, and so many models a folder.
constexpr int kMostRenamed = 200;

// A file that goes with a model without being weights.
bool isCompanion(const QString &fileName)
{
    static const QRegularExpression pattern(
        QStringLiteral(
            "^(config|generation_config|adapter_config|quantize_config|preprocessor_config|processor_config|special_"
            "tokens_map"
            "|added_tokens|vocab|params|chat_template|tokenizer[^/]*|[^/]*\\.index)\\.(json|jinja|txt|model)$"
            "|^merges\\.txt$|\\.tiktoken$|^[^/]*\\.model$|^modelfile$|^template$"
            "|^(readme|license|licence|notice|use_policy|acceptable_use_policy)[^/]*$"),
        QRegularExpression::CaseInsensitiveOption);
    return pattern.match(fileName).hasMatch();
}

bool isProjector(const SetFile &file)
{
    return file.model.traits.kind == QLatin1String("mmproj")
        || fileNameOf(file.name).startsWith(QLatin1String("mmproj"), Qt::CaseInsensitive);
}

class Grouper
{
public:
    explicit Grouper(std::span<const SetFile> files)
        : m_files(files)
        , m_taken(files.size(), false)
    {
        for (std::size_t i = 0; i < files.size(); ++i)
            m_folders[folderOf(files[i].name)].push_back(i);
    }

    std::vector<SetDraft> group()
    {
        const auto folders = m_folders.keys();
        for (const auto &folder : folders)
            takeDiffusers(folder);
        for (const auto &folder : folders)
            takeConfigured(folder);
        for (const auto &folder : folders)
            takeLoose(folder);
        for (const auto index : joinScattered(m_files, m_drafts))
            m_taken[index] = false;
        return std::move(m_drafts);
    }
    bool isTaken(std::size_t index) const { return m_taken[index]; }

private:
    QString nameOf(std::size_t index) const { return fileNameOf(m_files[index].name); }
    std::optional<std::size_t> find(const QString &folder, const QString &fileName) const
    {
        for (const auto index : m_folders.value(folder)) {
            if (!m_taken[index] && nameOf(index) == fileName)
                return index;
        }
        return std::nullopt;
    }
    void take(SetDraft &draft, std::size_t index)
    {
        m_taken[index] = true;
        draft.files.push_back(index);
    }
    Indices open(const QString &folder, bool (*test)(const SetFile &)) const
    {
        Indices result;
        for (const auto index : m_folders.value(folder)) {
            if (!m_taken[index] && test(m_files[index]))
                result.push_back(index);
        }
        return result;
    }
    // All below the folder, itself not included.
    std::vector<QString> below(const QString &folder) const
    {
        std::vector<QString> result;
        const QString prefix = folder.isEmpty() ? QString() : QString(folder + u'/');
        for (auto it = m_folders.lowerBound(prefix); it != m_folders.end() && it.key().startsWith(prefix); ++it) {
            if (it.key() != folder)
                result.push_back(it.key());
        }
        return result;
    }

    void takeDiffusers(const QString &folder);
    void takeConfigured(const QString &folder);
    void takePlainSubfolders(SetDraft &draft);
    void takeLoose(const QString &folder);
    std::optional<QString> keyByMetadata(const QMap<QString, SetDraft> &sets, const ModelFile &model) const;
    std::vector<SetDraft> ggufDrafts(const QString &folder);
    void takeIndexed(const QString &folder, std::vector<SetDraft> &drafts);
    void takeParts(const QString &folder, std::vector<SetDraft> &drafts);
    void addMissing(SetDraft &draft, const Indices &weights) const;

    std::span<const SetFile> m_files;
    std::vector<bool> m_taken;
    QMap<QString, Indices> m_folders;
    std::vector<SetDraft> m_drafts;
};

void Grouper::takeDiffusers(const QString &folder)
{
    if (!find(folder, QStringLiteral("model_index.json")))
        return;
    SetDraft draft;
    draft.folder = folder;
    draft.isFolder = true;
    auto folders = below(folder);
    folders.push_back(folder);
    for (const auto &each : folders) {
        for (const auto index : m_folders.value(each)) {
            if (isWeights(m_files[index]))
                draft.counted.push_back(index);
        }
    }
    if (draft.counted.empty())
        return;
    for (const auto &each : folders) {
        for (const auto index : m_folders.value(each))
            take(draft, index);
    }
    m_drafts.push_back(std::move(draft));
}

// Names the parts that an index or the names of the others promise.
void Grouper::addMissing(SetDraft &draft, const Indices &weights) const
{
    const QString prefix = draft.folder.isEmpty() ? QString() : QString(draft.folder + u'/');
    QMap<QString, std::vector<bool>> seen; // by a name of the set
    for (const auto index : weights) {
        const auto name = splitModelFileName(m_files[index].name);
        if (name.parts == 0)
            continue;
        auto &parts = seen[prefix + nameOfPart(nameOf(index), 1)];
        parts.resize(static_cast<std::size_t>(name.parts), false);
        parts[static_cast<std::size_t>(name.part - 1)] = true;
    }
    for (auto it = seen.cbegin(); it != seen.cend(); ++it) {
        for (std::size_t i = 0; i < it->size(); ++i) {
            if (!it.value()[i])
                draft.addMissing(nameOfPart(it.key(), static_cast<int>(i + 1)));
        }
    }
}

void Grouper::takePlainSubfolders(SetDraft &draft)
{
    const qsizetype prefix = draft.folder.isEmpty() ? 0 : draft.folder.size() + 1;
    QMap<QString, bool> hasModels; // by the first folder below
    const auto folders = below(draft.folder);
    for (const auto &each : folders) {
        bool &has = hasModels[each.mid(prefix).section(u'/', 0, 0)];
        for (const auto index : m_folders.value(each))
            has = has || m_taken[index] || isGguf(m_files[index]) || isWeights(m_files[index]);
    }
    for (const auto &each : folders) {
        if (hasModels.value(each.mid(prefix).section(u'/', 0, 0)))
            continue;
        for (const auto index : m_folders.value(each))
            take(draft, index);
    }
}

void Grouper::takeConfigured(const QString &folder)
{
    const auto weights = open(folder, isWeights);
    if (weights.empty() || !find(folder, QStringLiteral("config.json")))
        return;
    SetDraft draft;
    draft.folder = folder;
    draft.isFolder = true;
    std::vector<SetDraft> indexed;
    takeIndexed(folder, indexed);
    for (auto &each : indexed) {
        for (const auto index : each.files)
            draft.files.push_back(index);
        // The first index counts: model.safetensors before pytorch_model.bin.
        if (draft.counted.empty())
            draft.counted = std::move(each.counted);
        draft.missing.append(each.missing);
        draft.missingCount += each.missingCount;
    }
    for (const auto index : m_folders.value(folder)) {
        if (!m_taken[index] && !isGguf(m_files[index]))
            take(draft, index);
    }
    if (draft.counted.empty()) {
        addMissing(draft, weights);
        // Of the same weights in both formats one is enough to count.
        std::ranges::copy_if(weights, std::back_inserter(draft.counted),
            [&](std::size_t i) { return m_files[i].name.endsWith(QLatin1String(".safetensors")); });
        if (draft.counted.empty())
            draft.counted = weights;
    }
    takePlainSubfolders(draft);
    m_drafts.push_back(std::move(draft));
}

void Grouper::takeIndexed(const QString &folder, std::vector<SetDraft> &drafts)
{
    const QString prefix = folder.isEmpty() ? QString() : QString(folder + u'/');
    const auto isIndex = [](const SetFile &file) { return file.name.endsWith(QLatin1String(".index.json")); };
    auto indexes = open(folder, isIndex);
    // ".safetensors.index.json" before ".bin.index.json".
    std::ranges::sort(indexes, {}, [&](std::size_t i) {
        return std::pair(!m_files[i].name.endsWith(QLatin1String(".safetensors.index.json")), m_files[i].name);
    });
    for (const auto index : indexes) {
        const auto names = readShardNames(m_files[index].text);
        if (!names)
            continue;
        SetDraft draft;
        draft.folder = folder;
        for (const auto &name : *names) {
            if (const auto found = find(folder, name)) {
                take(draft, *found);
                draft.counted.push_back(*found);
            } else {
                draft.addMissing(prefix + name);
            }
        }
        if (draft.counted.empty())
            continue;
        take(draft, index);
        drafts.push_back(std::move(draft));
    }
}

// What is left of the weights in a folder, by the parts in their names.
void Grouper::takeParts(const QString &folder, std::vector<SetDraft> &drafts)
{
    QMap<QString, SetDraft> sets;
    for (const auto index : open(folder, isWeights)) {
        const auto name = splitModelFileName(m_files[index].name);
        auto &draft = sets[name.parts > 0 ? nameOfPart(nameOf(index), 1) : nameOf(index)];
        draft.folder = folder;
        take(draft, index);
        draft.counted.push_back(index);
    }
    for (auto &draft : sets) {
        addMissing(draft, draft.counted);
        drafts.push_back(std::move(draft));
    }
}

// For a part whose name does not say so: the first group of as many parts that lacks it. Begins with '/', as no name
// does.
std::optional<QString> Grouper::keyByMetadata(const QMap<QString, SetDraft> &sets, const ModelFile &model) const
{
    for (int i = 0; i < kMostRenamed; ++i) {
        const QString key = QStringLiteral("/%1/%2").arg(model.parts).arg(i);
        const auto set = sets.find(key);
        if (set == sets.end())
            return key;
        const auto hasPart = [&](std::size_t index) { return m_files[index].model.part == model.part; };
        if (std::ranges::none_of(set->counted, hasPart))
            return key;
    }
    return std::nullopt;
}

std::vector<SetDraft> Grouper::ggufDrafts(const QString &folder)
{
    QMap<QString, SetDraft> sets;
    for (const auto index : open(folder, isGguf)) {
        const auto &model = m_files[index].model;
        const auto name = splitModelFileName(m_files[index].name);
        QString key = nameOf(index);
        if (name.parts > 0)
            key = nameOfPart(key, 1);
        else if (model.parts > 1 && model.parts <= kMostRenamed) // parts that were given other names
            key = keyByMetadata(sets, model).value_or(key);
        auto &draft = sets[key];
        draft.kind = SetKind::Gguf;
        draft.folder = folder;
        take(draft, index);
        draft.counted.push_back(index);
    }
    std::vector<SetDraft> drafts;
    for (auto it = sets.begin(); it != sets.end(); ++it) {
        auto &draft = it.value();
        const auto &first = m_files[draft.counted.front()];
        if (it.key().startsWith(u'/')) {
            std::vector<bool> seen(static_cast<std::size_t>(first.model.parts), false);
            for (const auto index : draft.counted)
                seen[static_cast<std::size_t>(m_files[index].model.part - 1)] = true;
            for (std::size_t i = 0; i < seen.size(); ++i) {
                if (!seen[i])
                    draft.addMissing(QStringLiteral("part %1 of %2").arg(i + 1).arg(seen.size()));
            }
        } else {
            addMissing(draft, draft.counted);
        }
        drafts.push_back(std::move(draft));
    }
    return drafts;
}

void Grouper::takeLoose(const QString &folder)
{
    auto drafts = ggufDrafts(folder);
    takeIndexed(folder, drafts);
    takeParts(folder, drafts);
    std::vector<SetDraft> projectors;
    std::vector<SetDraft> models;
    for (auto &draft : drafts)
        (isProjector(m_files[draft.counted.front()]) ? projectors : models).push_back(std::move(draft));
    // A folder's only model takes what goes with it, projectors too; a projector alone is a model.
    if (models.empty())
        models.swap(projectors);
    if (models.size() == 1) {
        auto &only = models.front();
        for (auto &projector : projectors)
            only.files.insert(only.files.end(), projector.files.begin(), projector.files.end());
        projectors.clear();
        for (const auto index : m_folders.value(folder)) {
            if (!m_taken[index] && isCompanion(nameOf(index)))
                take(only, index);
        }
    }
    std::ranges::move(models, std::back_inserter(m_drafts));
    std::ranges::move(projectors, std::back_inserter(m_drafts));
}

} // namespace

ModelSets groupModels(std::span<const SetFile> files, const QString &title)
{
    ModelSets result;
    Grouper grouper(files);
    for (auto &draft : grouper.group())
        result.sets.push_back(describeSet(files, std::move(draft), title));
    std::ranges::sort(result.sets, {}, [&](const ModelSet &set) { return files[set.files.front()].name; });
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (!grouper.isTaken(i))
            result.others.push_back(i);
    }
    return result;
}

} // namespace mf
