// SPDX-License-Identifier: GPL-3.0-or-later
// limits: how fast, how much and how long; of all accounts and on this computer.
#include "app/cli/commands/commands.h"
#include "app/cli/render_transfer.h"
#include "app/cli/values.h"
#include "core/base/size_text.h"
#include "core/distributor/collect.h"
#include "core/distributor/memory_limit.h"
#include "core/distributor/model_state.h"
#include "core/distributor/repair.h"
#include "core/settings/speed_limits.h"

#include <algorithm>
#include <array>
#include <limits>

namespace mf::cli {
namespace {

using Settings = QMap<QString, QString>; // of the registry

std::optional<QString> sizeFrom(const QString &said, qint64 least)
{
    const auto size = sizeFromText(said);
    const bool isGood = size && *size >= least && said != QStringLiteral("none");
    return isGood ? std::optional(QString::number(*size)) : std::nullopt;
}

std::optional<QString> countFrom(const QString &said, qint64 most)
{
    bool isNumber = false;
    const qint64 count = said.toLongLong(&isNumber);
    return isNumber && count >= 1 && count <= most ? std::optional(QString::number(count)) : std::nullopt;
}

// What can be set besides the speed limits.
struct Setting {
    const char *word; // in K=V and in the JSON
    const char *key; // in the registry
    const char *wanted; // what a value has to be
    std::optional<QString> (*kept)(const QString &said); // as the registry keeps it; nothing: it is not what is wanted
    QJsonValue (*now)(const Settings &settings); // sizes in bytes
    const char *text; // for people, with %1 for the value
    bool isSize = false;
};

const std::array kSettings {
    Setting { "holding", kHoldingLimit, "a size, such as 20GB", [](const QString &said) { return sizeFrom(said, 0); },
        [](const Settings &settings) { return QJsonValue(holdingLimit(settings)); },
        "On this computer, while no account can be reached: at most %1", true },
    Setting { "revisions", kKeptRevisionsSetting, "a number of at least 1",
        [](const QString &said) { return countFrom(said, std::numeric_limits<int>::max()); },
        [](const Settings &settings) { return QJsonValue(keptRevisions(settings)); },
        "Revisions of a model that stay however old they are: %1" },
    Setting { "memory", kMemoryLimit, "a size of at least 16 MB, such as 128MB",
        [](const QString &said) { return sizeFrom(said, kLeastMemory); },
        [](const Settings &settings) { return QJsonValue(memoryLimit(settings)); },
        "Of models in memory at a time: at most %1", true },
    Setting { "away", kAwayIsLostSetting, "a number of hours from 1 to 8760",
        [](const QString &said) { return countFrom(said, kLongestAway.count()); },
        [](const Settings &settings) { return QJsonValue(qint64(awayIsLost(settings).count())); },
        "Hours after which an account that cannot be reached counts as lost: %1" },
    Setting { "repair", kSyncRepairs, "ask or always",
        [](const QString &said) {
            const bool isGood = said == QStringLiteral("ask") || said == QStringLiteral("always");
            return isGood ? std::optional(said) : std::nullopt;
        },
        [](const Settings &settings) {
            return QJsonValue(syncRepairs(settings) ? QStringLiteral("always") : QStringLiteral("ask"));
        },
        "When sync finds models below their protection, repair: %1" },
};

QString textOf(const Setting &setting, const QJsonValue &value)
{
    const QString shown = setting.isSize ? sizeText(value.toInteger()) : value.toVariant().toString();
    return QString::fromLatin1(setting.text).arg(shown) + u'\n';
}

// One K=V: into `changed` or into the speed limits.
Result<> take(const QString &word, SpeedLimits &limits, Settings &changed)
{
    const auto said = settingFrom(word).value_or(std::pair<QString, QString>());
    const QString &key = said.first;
    const QString &value = said.second;
    const auto isNamed = [&key](const Setting &setting) { return key == QLatin1String(setting.word); };
    const auto setting = std::find_if(kSettings.begin(), kSettings.end(), isNamed);
    if (setting == kSettings.end())
        return limits.set(key, value);
    const auto kept = setting->kept(value);
    if (!kept)
        return Error(Error::Kind::Invalid, QStringLiteral("MF-USAGE-VALUE"),
            QStringLiteral("%1: “%2” is not %3").arg(key, value, QString::fromLatin1(setting->wanted)));
    changed.insert(QString::fromLatin1(setting->key), *kept);
    return {};
}

} // namespace

Task<int> runLimits(CommandContext &context, const ParsedArguments &arguments)
{
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    Registry &registry = (*library)->registry();
    auto settings = co_await registry.settings();
    if (!settings)
        co_return context.output.fail(settings.error());
    SpeedLimits limits = SpeedLimits::fromSettings(*settings);
    Settings changed;
    for (const QString &word : arguments.arguments) {
        const auto taken = take(word, limits, changed);
        if (!taken)
            co_return context.output.fail(taken.error());
    }
    if (!arguments.arguments.isEmpty())
        changed.insert(limits.toSettings());
    for (auto it = changed.cbegin(); it != changed.cend(); ++it) {
        const auto kept = co_await registry.setSetting(it.key(), it.value());
        if (!kept)
            co_return context.output.fail(kept.error());
        settings->insert(it.key(), it.value());
    }
    const QDateTime now = QDateTime::currentDateTime();
    QJsonObject json = limitsJson(limits, now);
    QString text = limitsText(limits, now);
    for (const Setting &setting : kSettings) {
        const QJsonValue value = setting.now(*settings);
        json.insert(QLatin1String(setting.word), value);
        text += textOf(setting, value);
    }
    context.output.result(json, text);
    co_return number(ExitCode::Done);
}

} // namespace mf::cli
