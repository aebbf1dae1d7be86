// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/render_model.h"

#include "app/cli/layout.h"
#include "core/base/size_text.h"

#include <QHash>
#include <QJsonArray>

#include <array>

namespace mf::cli {

namespace {

QJsonObject jsonOf(const ModelView &model)
{
    const RevisionRecord &revision = model.revision;
    return { { QStringLiteral("name"), revision.name }, { QStringLiteral("id"), revision.model.toHex() },
        { QStringLiteral("revision"), revision.number }, { QStringLiteral("created"), timeJson(revision.created) },
        { QStringLiteral("bytes"), revision.bytes }, { QStringLiteral("storedBytes"), revision.storedBytes },
        { QStringLiteral("files"), revision.files }, { QStringLiteral("format"), revision.facts.format },
        { QStringLiteral("family"), revision.facts.family },
        { QStringLiteral("quantization"), revision.facts.quantization },
        { QStringLiteral("parameters"), revision.facts.parameters },
        { QStringLiteral("tags"), QJsonArray::fromStringList(revision.tags) },
        { QStringLiteral("protection"), protectionWord(model.protection) },
        { QStringLiteral("state"), stateWord(model.state) }, { QStringLiteral("spare"), model.spare },
        { QStringLiteral("onThisComputer"), model.onThisComputer() } };
}

// "7.62 B", "134 M": parameters in short scale.
QString parametersText(qint64 parameters)
{
    constexpr std::array<const char *, 4> kUnits = { "K", "M", "B", "T" };
    double value = static_cast<double>(parameters);
    std::size_t unit = 0;
    for (value /= 1000; value >= 999.5 && unit + 1 < kUnits.size(); value /= 1000)
        ++unit;
    const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return QStringLiteral("%1 %2").arg(value, 0, 'f', decimals).arg(QString::fromLatin1(kUnits[unit]));
}

QString formatText(const QString &format) { return format == QStringLiteral("gguf") ? QStringLiteral("GGUF") : format; }

QString orDash(const QString &word) { return word.isEmpty() ? QStringLiteral("—") : word; }

QString lossSentence(const ModelView &model)
{
    if (model.onThisComputer())
        return QStringLiteral("It moves to the accounts with the next `sync` that reaches them; until then losing this "
                              "computer loses it.");
    switch (model.state) {
    case ModelState::Safe:
    case ModelState::Reduced:
        return QStringLiteral("You can lose any %1 of its failure domains.").arg(model.spare);
    case ModelState::AtRisk:
        return QStringLiteral("Losing any one of its accounts makes it unreadable.");
    case ModelState::SingleCopy:
        return QStringLiteral("Stored once, as you chose: losing an account that it lies on loses it.");
    case ModelState::Unreadable:
        return QStringLiteral("Too many fragments are missing: it cannot be read back now.");
    case ModelState::Storing:
    case ModelState::Unknown:
        break;
    }
    return {};
}

// A line "label      value", the values below each other and wrapped.
void addFact(QStringList &lines, const char *label, const QString &value, int width)
{
    constexpr int kLabels = 12;
    constexpr int kUnlimited = 100'000;
    if (!value.isEmpty())
        lines += twoColumns(QString::fromUtf8(label), printable(value), kLabels, width == 0 ? kUnlimited : width);
}

QString filesText(const ModelDetails &model, int width)
{
    using Align = TextTable::Align;
    std::vector<TextTable::Column> columns { TextTable::Column(QStringLiteral("FILE"), Align::Left, true),
        TextTable::Column(QStringLiteral("SIZE"), Align::Right), TextTable::Column(QStringLiteral("SHA-256")) };
    if (model.withCid)
        columns.emplace_back(QStringLiteral("CID"));
    TextTable table(std::move(columns));
    for (const FileRecord &file : model.files) {
        QStringList cells { file.path, sizeText(file.size), file.sha256.toHex() };
        if (model.withCid)
            cells << file.cid;
        table.addRow(cells);
    }
    return table.isEmpty() ? QString() : QString(u'\n' + table.toText(width));
}

QString fragmentsText(const ModelDetails &model, int width)
{
    using Align = TextTable::Align;
    TextTable table({ TextTable::Column(QStringLiteral("ACCOUNT"), Align::Left, true),
        TextTable::Column(QStringLiteral("FRAGMENTS"), Align::Right),
        TextTable::Column(QStringLiteral("SIZE"), Align::Right),
        TextTable::Column(QStringLiteral("MISSING"), Align::Right) });
    for (const auto &spread : model.fragments)
        table.addRow(
            { spread.account, QString::number(spread.count), sizeText(spread.bytes), QString::number(spread.missing) });
    return table.isEmpty() ? QString() : QString(u'\n' + table.toText(width));
}

} // namespace

ModelView modelView(const RevisionRecord &revision, int k, std::optional<int> spare)
{
    ModelView view;
    view.revision = revision;
    view.protection = resolved(revision.protection, k);
    view.state = modelStateOf(revision.state, view.protection, spare);
    view.spare = view.onThisComputer() ? 0 : spare.value_or(view.protection.m);
    return view;
}

ModelView modelView(const RevisionRecord &revision, const RevisionHealth &health, const QDateTime &now)
{
    ModelView view = modelView(revision, health.k, health.spare);
    view.state = modelStateOf(revision.state, view.protection, health.spare, health.proven, now);
    return view;
}

QJsonObject modelsJson(const std::vector<ModelView> &models)
{
    QJsonArray array;
    for (const ModelView &model : models)
        array.append(jsonOf(model));
    return { { QStringLiteral("models"), array } };
}

QString modelsText(const std::vector<ModelView> &models, int width)
{
    if (models.empty())
        return QStringLiteral("No models.\n");
    using Align = TextTable::Align;
    TextTable table({ TextTable::Column(QStringLiteral("MODEL"), Align::Left, true),
        TextTable::Column(QStringLiteral("SIZE"), Align::Right),
        TextTable::Column(QStringLiteral("STORED"), Align::Right), TextTable::Column(QStringLiteral("FORMAT")),
        TextTable::Column(QStringLiteral("QUANT")), TextTable::Column(QStringLiteral("PROTECTION")),
        TextTable::Column(QStringLiteral("STATE")) });
    QHash<QString, int> namesakes;
    for (const ModelView &model : models)
        ++namesakes[model.revision.name];
    qint64 bytes = 0;
    qint64 stored = 0;
    for (const ModelView &model : models) {
        const RevisionRecord &revision = model.revision;
        // Two of one name, each from another computer, are told apart by their ids, which commands take, too.
        const QString id = QStringLiteral(" (%1)").arg(revision.model.toHex().left(8));
        table.addRow({ namesakes[revision.name] > 1 ? QString(revision.name + id) : revision.name,
            sizeText(revision.bytes), sizeText(revision.storedBytes), orDash(formatText(revision.facts.format)),
            orDash(revision.facts.quantization), protectionWord(model.protection),
            stateText(model.state, model.spare, model.onThisComputer()) });
        bytes += revision.bytes;
        stored += revision.storedBytes;
    }
    return table.toText(width)
        + QStringLiteral("%1, %2; %3 stored\n")
              .arg(counted(static_cast<qint64>(models.size()), "model", "models"), sizeText(bytes), sizeText(stored));
}

QJsonObject modelDetailsJson(const ModelDetails &model)
{
    QJsonArray files;
    for (const FileRecord &file : model.files) {
        QJsonObject entry { { QStringLiteral("path"), file.path }, { QStringLiteral("bytes"), file.size },
            { QStringLiteral("sha256"), file.sha256.toHex() } };
        if (model.withCid)
            entry.insert(QStringLiteral("cid"), file.cid);
        files.append(entry);
    }
    QJsonArray fragments;
    for (const auto &spread : model.fragments) {
        fragments.append(
            QJsonObject { { QStringLiteral("account"), spread.account }, { QStringLiteral("count"), spread.count },
                { QStringLiteral("bytes"), spread.bytes }, { QStringLiteral("missing"), spread.missing } });
    }
    const RevisionRecord &revision = model.view.revision;
    QJsonObject metadata;
    for (auto entry = revision.metadata.begin(); entry != revision.metadata.end(); ++entry)
        metadata.insert(entry.key(), entry.value());
    QJsonObject json = jsonOf(model.view);
    json.insert(QStringLiteral("architecture"), revision.facts.architecture);
    json.insert(QStringLiteral("contextLength"), revision.facts.contextLength);
    json.insert(QStringLiteral("license"), revision.facts.license);
    json.insert(QStringLiteral("uploadedBytes"), revision.uploadedBytes);
    json.insert(QStringLiteral("metadata"), metadata);
    json.insert(QStringLiteral("files"), files);
    json.insert(QStringLiteral("fragments"), fragments);
    return { { QStringLiteral("model"), json } };
}

QString modelDetailsText(const ModelDetails &model, int width)
{
    const RevisionRecord &revision = model.view.revision;
    const ModelFacts &facts = revision.facts;
    QStringList lines { printable(revision.name) };
    const QString state = stateText(model.view.state, model.view.spare, model.view.onThisComputer());
    addFact(lines, "State", QString(state + QStringLiteral(". ") + lossSentence(model.view)).trimmed(), width);
    addFact(lines, "Protection", protectionWord(model.view.protection), width);
    addFact(
        lines, "Revision", QStringLiteral("%1, stored %2").arg(revision.number).arg(timeText(revision.created)), width);
    addFact(lines, "Size",
        QStringLiteral("%1 in %2").arg(sizeText(revision.bytes), counted(revision.files, "file", "files")), width);
    addFact(lines, "Stored",
        QStringLiteral("%1; %2 with redundancy").arg(sizeText(revision.storedBytes), sizeText(revision.uploadedBytes)),
        width);
    addFact(lines, "Format", formatText(facts.format), width);
    addFact(lines, "Family", facts.family, width);
    addFact(lines, "Architecture", facts.architecture, width);
    addFact(lines, "Quantisation", facts.quantization, width);
    addFact(lines, "Parameters", facts.parameters > 0 ? parametersText(facts.parameters) : QString(), width);
    addFact(lines, "Context", facts.contextLength > 0 ? QString::number(facts.contextLength) : QString(), width);
    addFact(lines, "Licence", facts.license, width);
    addFact(lines, "Tags", revision.tags.join(QStringLiteral(", ")), width);
    QString text = lines.join(u'\n') + u'\n';
    if (!revision.metadata.isEmpty()) {
        QStringList metadata { QString(), QStringLiteral("What the files say of themselves") };
        constexpr int kLongest = 200; // a chat template fills screens; --json has it whole
        for (auto entry = revision.metadata.begin(); entry != revision.metadata.end(); ++entry)
            metadata << QStringLiteral("  ")
                    + elided(printable(entry.key() + QStringLiteral(": ") + entry.value()), kLongest);
        text += metadata.join(u'\n') + u'\n';
    }
    return text + filesText(model, width) + fragmentsText(model, width);
}

} // namespace mf::cli
