// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/hub_files.h"

#include <nlohmann/json.hpp>

#include <QSet>

#include <algorithm>

namespace mf {

namespace {

using nlohmann::json;

constexpr int kDeepest = 32;
constexpr qint64 kLargestReadme = 64 << 10;
constexpr qsizetype kMostShards = 100'000;

// Not an object: the text is too long or not JSON. What is nested deeper than kDeepest is left out.
json parseSmall(QByteArrayView text)
{
    if (text.size() > kLargestConfig)
        return {};
    const auto shallow = [](int depth, json::parse_event_t, json &) { return depth <= kDeepest; };
    auto value = json::parse(text.begin(), text.end(), shallow, /*allow_exceptions=*/false);
    return value.is_object() ? value : json();
}

// A member of an object, or null.
const json &member(const json &object, const char *key)
{
    static const json nothing;
    if (!object.is_object())
        return nothing;
    const auto found = object.find(key);
    return found == object.end() ? nothing : *found;
}

QString text(const json &object, const char *key)
{
    const auto &value = member(object, key);
    return value.is_string() ? QString::fromStdString(value.get_ref<const std::string &>()) : QString();
}

qint64 number(const json &object, const char *key)
{
    const auto &value = member(object, key);
    if (!value.is_number_unsigned())
        return 0;
    return static_cast<qint64>(std::min<std::uint64_t>(value.get<std::uint64_t>(), 1ULL << 53));
}

bool isTrue(const json &object, const char *key)
{
    const auto &value = member(object, key);
    return value.is_boolean() && value.get<bool>();
}

QString dtypeName(const QString &torch)
{
    static const std::pair<QLatin1String, QLatin1String> names[] = {
        { QLatin1String("bfloat16"), QLatin1String("BF16") },
        { QLatin1String("float16"), QLatin1String("F16") },
        { QLatin1String("float32"), QLatin1String("F32") },
    };
    for (const auto &[from, to] : names) {
        if (torch == from)
            return to;
    }
    return torch.startsWith(QLatin1String("float8")) ? QStringLiteral("FP8") : QString();
}

QString withBits(const char16_t *method, qint64 bits)
{
    const QString name = QString::fromUtf16(method);
    return bits > 0 ? QStringLiteral("%1 %2-bit").arg(name).arg(bits) : name;
}

// compressed-tensors: the first group's weights.
void readGroups(const json &quantization, HubConfig &config)
{
    const auto &groups = member(quantization, "config_groups");
    if (!groups.is_object() || groups.empty())
        return;
    const auto &weights = member(*groups.begin(), "weights");
    const qint64 bits = std::min<qint64>(number(weights, "num_bits"), 64);
    if (bits > 0)
        config.quantization
            = (text(weights, "type") == QLatin1String("float") ? QStringLiteral("FP%1") : QStringLiteral("INT%1"))
                  .arg(bits);
    config.packedBits = bits < 8 ? static_cast<int>(bits) : 0;
}

void readQuantization(const json &quantization, HubConfig &config)
{
    const QString method = text(quantization, "quant_method").toLower();
    const qint64 bits = std::min<qint64>(number(quantization, "bits"), 64);
    config.quantization = method.toUpper();
    if (method == QLatin1String("awq") || method == QLatin1String("gptq")) {
        config.quantization = withBits(method == QLatin1String("awq") ? u"AWQ" : u"GPTQ", bits);
        config.packedBits = static_cast<int>(bits);
    } else if (method == QLatin1String("bitsandbytes")) {
        const bool four = isTrue(quantization, "load_in_4bit");
        config.quantization = withBits(u"BNB", four ? 4 : 8);
        config.packedBits = four ? 4 : 0;
    } else if (method.contains(QLatin1String("fp8"))) {
        config.quantization = QStringLiteral("FP8");
    } else if (method == QLatin1String("compressed-tensors")) {
        readGroups(quantization, config);
    } else if (bits > 0) {
        config.quantization = QStringLiteral("%1 %2-bit").arg(method.toUpper()).arg(bits);
    }
}

bool isPlainFileName(const QString &name)
{
    const auto isBad
        = [](QChar c) { return c == u'/' || c == u'\\' || c == u':' || c.unicode() < 0x20 || c.unicode() == 0x7f; };
    return !name.isEmpty() && name.size() <= 255 && !name.startsWith(u'.') && !name.contains(QLatin1String(".."))
        && std::ranges::none_of(name, isBad);
}

// Takes only the file names out of an index, however many tensors it lists.
class IndexSax final : public json::json_sax_t
{
public:
    QSet<QString> names;
    QString problem;

    bool null() override { return other(); }
    bool boolean(bool) override { return other(); }
    bool number_integer(number_integer_t) override { return other(); }
    bool number_unsigned(number_unsigned_t) override { return other(); }
    bool number_float(number_float_t, const string_t &) override { return other(); }
    bool binary(binary_t &) override { return other(); }
    bool start_object(std::size_t) override { return open(); }
    bool end_object() override
    {
        if (m_depth == 2)
            m_inMap = false;
        --m_depth;
        return true;
    }
    bool start_array(std::size_t) override { return other() && open(); }
    bool end_array() override
    {
        --m_depth;
        return true;
    }
    bool key(string_t &value) override
    {
        if (m_depth == 1)
            m_inMap = value == "weight_map";
        return true;
    }
    bool string(string_t &value) override
    {
        if (!m_inMap || m_depth != 2)
            return other();
        const QString name = QString::fromStdString(value.substr(0, 1024));
        if (!isPlainFileName(name) || value.size() > 1024)
            problem = QStringLiteral("it names the file “%1”").arg(name.left(80));
        else if (names.size() >= kMostShards)
            problem = QStringLiteral("it names too many files");
        names.insert(name);
        return problem.isEmpty();
    }
    bool parse_error(std::size_t, const std::string &, const json::exception &) override { return false; }

private:
    bool open()
    {
        ++m_depth;
        return m_depth <= kDeepest && (m_depth <= 2 || other());
    }
    bool other()
    {
        if (m_inMap)
            problem = QStringLiteral("it has something else than names of files");
        return problem.isEmpty();
    }
    int m_depth = 0;
    bool m_inMap = false;
};

} // namespace

std::optional<HubConfig> readHubConfig(QByteArrayView json)
{
    const auto root = parseSmall(json);
    if (!root.is_object())
        return std::nullopt;
    HubConfig config;
    // Models that see or hear keep the language model's numbers one level down.
    const auto &inner = member(root, "text_config");
    config.architecture = text(root, "model_type");
    if (const auto &classes = member(root, "architectures");
        config.architecture.isEmpty() && classes.is_array() && !classes.empty() && classes[0].is_string())
        config.architecture = QString::fromStdString(classes[0].get_ref<const std::string &>());
    for (const auto *level : { &root, &inner }) {
        for (const char *key :
            { "max_position_embeddings", "n_positions", "max_sequence_length", "seq_length", "n_ctx" }) {
            if (config.contextLength == 0)
                config.contextLength = number(*level, key);
        }
        for (const char *key : { "torch_dtype", "dtype" }) {
            if (config.dtype.isEmpty())
                config.dtype = dtypeName(text(*level, key));
        }
    }
    if (const auto &quantization = member(root, "quantization_config"); quantization.is_object())
        readQuantization(quantization, config);
    else if (const qint64 bits = std::min<qint64>(number(member(root, "quantization"), "bits"), 64); bits > 0) {
        config.quantization = withBits(u"MLX", bits);
        config.packedBits = static_cast<int>(bits);
    }
    return config;
}

Result<QStringList> readShardNames(QByteArrayView json)
{
    const auto invalid = [](const QString &what) {
        return Error(Error::Kind::Invalid, QStringLiteral("MF-FORMAT-INDEX"),
            QStringLiteral("The list of a model's parts could not be read: %1.").arg(what));
    };
    if (json.size() > kLargestIndex)
        return invalid(QStringLiteral("it is too large"));
    IndexSax sax;
    const bool parsed = nlohmann::json::sax_parse(json.begin(), json.end(), &sax);
    if (!sax.problem.isEmpty())
        return invalid(sax.problem);
    if (!parsed)
        return invalid(QStringLiteral("it is not JSON"));
    if (sax.names.isEmpty())
        return invalid(QStringLiteral("it names no files"));
    QStringList names(sax.names.begin(), sax.names.end());
    names.sort();
    return names;
}

QString licenseOfReadme(QByteArrayView markdown)
{
    const auto lines = markdown.first(std::min<qsizetype>(markdown.size(), kLargestReadme)).toByteArray().split('\n');
    if (lines.first().trimmed() != "---")
        return {};
    QByteArray license;
    QByteArray name;
    for (qsizetype i = 1; i < lines.size() && lines[i].trimmed() != "---"; ++i) {
        const auto value = [&](const char *key, QByteArray &out) {
            if (!lines[i].startsWith(key))
                return;
            out = lines[i].mid(static_cast<qsizetype>(std::strlen(key))).trimmed();
            if (out.size() >= 2 && (out.front() == '"' || out.front() == '\'') && out.back() == out.front())
                out = out.sliced(1, out.size() - 2);
        };
        value("license:", license);
        value("license_name:", name);
    }
    return QString::fromUtf8(license == "other" && !name.isEmpty() ? name : license).left(200);
}

QString chatTemplateOf(QByteArrayView json)
{
    const auto root = parseSmall(json);
    const auto &value = member(root, "chat_template");
    if (!value.is_array())
        return text(root, "chat_template");
    for (const auto &each : value) {
        if (text(each, "name") == QLatin1String("default"))
            return text(each, "template");
    }
    return value.empty() ? QString() : text(value.front(), "template");
}

qint64 hubFileLimit(const QString &fileName)
{
    static const QString config[] = { QStringLiteral("config.json"), QStringLiteral("tokenizer_config.json"),
        QStringLiteral("chat_template.json"), QStringLiteral("chat_template.jinja") };
    if (std::ranges::find(config, fileName) != std::end(config))
        return kLargestConfig;
    if (fileName == QLatin1String("README.md"))
        return kLargestReadme;
    const bool isIndex = fileName.endsWith(QLatin1String(".safetensors.index.json"))
        || fileName.endsWith(QLatin1String(".bin.index.json"));
    return isIndex ? kLargestIndex : 0;
}

} // namespace mf
