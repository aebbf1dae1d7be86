// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_columns.h"

#include "ui/common/words.h"

#include <QCoreApplication>
#include <QLocale>

#include <utility>

namespace mf::ui {
namespace {

QString words(const char *text) { return QCoreApplication::translate("ModelColumns", text); }

// The worst first, as a person who sorts by protection wants to see them.
int urgency(const ModelEntry &model)
{
    switch (model.state) {
    case ModelState::Unreadable:
        return 0;
    case ModelState::AtRisk:
        return 1;
    case ModelState::Reduced:
        return 2;
    case ModelState::Unknown:
        return 3;
    case ModelState::Storing:
        return 4;
    case ModelState::SingleCopy:
        return 5;
    case ModelState::Safe:
        break;
    }
    return 6;
}

int compared(const QString &a, const QString &b) { return a.compare(b, Qt::CaseInsensitive); }

QString dateWords(const QDateTime &when)
{
    return when.isValid() ? QLocale().toString(when.toLocalTime(), QLocale::LongFormat) : QString();
}

} // namespace

QString columnTitle(ModelColumn column)
{
    switch (column) {
    case ModelColumn::Name:
        return words("Name");
    case ModelColumn::Quantization:
        return words("Quantization");
    case ModelColumn::Size:
        return words("Size");
    case ModelColumn::Protection:
        return words("Protection");
    case ModelColumn::Stored:
        return words("Stored On");
    case ModelColumn::Format:
        return words("Format");
    case ModelColumn::Family:
        return words("Family");
    case ModelColumn::Architecture:
        return words("Architecture");
    case ModelColumn::Parameters:
        return words("Parameters");
    case ModelColumn::Context:
        return words("Context Length");
    case ModelColumn::License:
        return words("License");
    case ModelColumn::Accounts:
        return words("Accounts");
    case ModelColumn::Policy:
        return words("Policy");
    case ModelColumn::Uploaded:
        return words("On Accounts");
    case ModelColumn::Checked:
        return words("Last Checked");
    case ModelColumn::Here:
        return words("On This Computer");
    case ModelColumn::Tags:
        return words("Tags");
    case ModelColumn::Sha256:
        break;
    }
    return words("SHA-256");
}

bool isNumeric(ModelColumn column)
{
    return column == ModelColumn::Size || column == ModelColumn::Parameters || column == ModelColumn::Context
        || column == ModelColumn::Uploaded;
}

QString columnText(ModelColumn column, const ModelEntry &model, const QDateTime &now)
{
    switch (column) {
    case ModelColumn::Name:
        return model.name;
    case ModelColumn::Quantization:
        return model.facts.quantization;
    case ModelColumn::Size:
        return sizeWords(model.bytes);
    case ModelColumn::Protection:
        return stateLook(model, now).label;
    case ModelColumn::Stored:
        return model.state == ModelState::Storing ? words("storing now") : ageWords(model.stored, now);
    case ModelColumn::Format:
        return formatOrOther(model.facts.format);
    case ModelColumn::Family:
        return model.facts.family;
    case ModelColumn::Architecture:
        return model.facts.architecture;
    case ModelColumn::Parameters:
        return parameterWords(model.facts.parameters);
    case ModelColumn::Context:
        return model.facts.contextLength > 0 ? QLocale().toString(model.facts.contextLength) : QString();
    case ModelColumn::License:
        return model.facts.license;
    case ModelColumn::Accounts:
        return model.accounts.join(QStringLiteral(", "));
    case ModelColumn::Policy:
        return protectionWords(model.protection);
    case ModelColumn::Uploaded:
        return sizeWords(model.uploadedBytes);
    case ModelColumn::Checked:
        return model.proven.isValid() ? ageWords(model.proven, now) : words("never");
    case ModelColumn::Here:
        return model.onThisComputer ? words("yes") : QString();
    case ModelColumn::Tags:
        return model.tags.join(QStringLiteral(", "));
    case ModelColumn::Sha256:
        break;
    }
    return model.sha256;
}

QString columnToolTip(ModelColumn column, const ModelEntry &model)
{
    switch (column) {
    case ModelColumn::Name:
        return model.name;
    case ModelColumn::Size:
        return exactSizeWords(model.bytes);
    case ModelColumn::Protection:
        return stateSentence(model);
    case ModelColumn::Stored:
        return dateWords(model.stored);
    case ModelColumn::Uploaded:
        return exactSizeWords(model.uploadedBytes);
    case ModelColumn::Checked:
        return dateWords(model.proven);
    case ModelColumn::Accounts:
        return model.accounts.join(u'\n');
    case ModelColumn::Sha256:
        return model.sha256;
    default:
        return {};
    }
}

QString columnSample(ModelColumn column)
{
    switch (column) {
    case ModelColumn::Size:
    case ModelColumn::Uploaded:
        return sizeWords(888'000'000);
    case ModelColumn::Protection:
        return words("Reduced · 88 spare");
    case ModelColumn::Stored:
    case ModelColumn::Checked:
        return QLocale().toString(QDate(2028, 12, 28), QLocale::ShortFormat) + QStringLiteral("888");
    case ModelColumn::Parameters:
        return parameterWords(888'000'000'000);
    case ModelColumn::Context:
        return QLocale().toString(8'888'888);
    case ModelColumn::Policy:
        return words("8 copies");
    default:
        return {};
    }
}

bool isBefore(ModelColumn column, const ModelEntry &a, const ModelEntry &b)
{
    const auto inOrder = [](auto left, auto right) { return left < right; };
    switch (column) {
    case ModelColumn::Name:
        return compared(a.name, b.name) < 0;
    case ModelColumn::Quantization:
        return compared(a.facts.quantization, b.facts.quantization) < 0;
    case ModelColumn::Size:
        return inOrder(a.bytes, b.bytes);
    case ModelColumn::Protection:
        return std::pair(urgency(a), a.spare) < std::pair(urgency(b), b.spare);
    case ModelColumn::Stored:
        return inOrder(a.stored, b.stored);
    case ModelColumn::Format:
        return compared(a.facts.format, b.facts.format) < 0;
    case ModelColumn::Family:
        return compared(a.facts.family, b.facts.family) < 0;
    case ModelColumn::Architecture:
        return compared(a.facts.architecture, b.facts.architecture) < 0;
    case ModelColumn::Parameters:
        return inOrder(a.facts.parameters, b.facts.parameters);
    case ModelColumn::Context:
        return inOrder(a.facts.contextLength, b.facts.contextLength);
    case ModelColumn::License:
        return compared(a.facts.license, b.facts.license) < 0;
    case ModelColumn::Accounts:
        return inOrder(a.accounts.size(), b.accounts.size());
    case ModelColumn::Policy:
        return std::pair(a.protection.m, a.protection.k) < std::pair(b.protection.m, b.protection.k);
    case ModelColumn::Uploaded:
        return inOrder(a.uploadedBytes, b.uploadedBytes);
    case ModelColumn::Checked:
        return inOrder(a.proven, b.proven);
    case ModelColumn::Here:
        return inOrder(a.onThisComputer, b.onThisComputer);
    case ModelColumn::Tags:
        return inOrder(a.tags, b.tags);
    case ModelColumn::Sha256:
        break;
    }
    return a.sha256 < b.sha256;
}

QString formatOrOther(const QString &format) { return format.isEmpty() ? words("Other files") : formatWords(format); }

QString secondLine(const ModelEntry &model, bool withAge, const QDateTime &now)
{
    QStringList parts;
    if (model.state != ModelState::Storing || !model.facts.format.isEmpty()) // else it is not known yet
        parts.append(formatOrOther(model.facts.format));
    if (model.facts.parameters > 0)
        parts.append(words("%1 parameters").arg(parameterWords(model.facts.parameters)));
    if (model.state == ModelState::Storing) {
        if (withAge)
            parts.append(words("storing now"));
    } else if (model.onThisComputer)
        parts.append(words("on this computer only"));
    else if (withAge && model.stored.isValid())
        parts.append(words("stored %1").arg(ageWords(model.stored, now)));
    if (!model.tags.isEmpty())
        parts.append(model.tags.join(QStringLiteral(", ")));
    return parts.join(QStringLiteral(" · "));
}

QString stateName(ModelState state)
{
    switch (state) {
    case ModelState::Safe:
        return words("Safe");
    case ModelState::Reduced:
        return words("Reduced");
    case ModelState::AtRisk:
        return words("At risk");
    case ModelState::SingleCopy:
        return words("Single copy");
    case ModelState::Unreadable:
        return words("Unreadable");
    case ModelState::Storing:
        return words("Storing");
    case ModelState::Unknown:
        break;
    }
    return words("Not checked");
}

bool needsRepair(const ModelEntry &model)
{
    return model.state == ModelState::Reduced || model.state == ModelState::AtRisk
        || model.state == ModelState::Unreadable;
}

} // namespace mf::ui
