// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/setup_words.h"

#include "ui/common/words.h"
#include "ui/storage/account_words.h"

#include <QCoreApplication>
#include <QDir>
#include <QLocale>

#include <algorithm>

namespace mf::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(mf::ui::SetupWords)
};

bool isLetter(QChar c) { return c.isLetter(); }

} // namespace

QStringList kitWordsIn(const QString &text)
{
    QStringList words;
    const QStringList lines = text.split(u'\n');
    for (const QString &line : lines) {
        if (line.trimmed().startsWith(u'#'))
            continue;
        const QString ended = line + u' ';
        QString word;
        for (const QChar c : ended) {
            if (isLetter(c)) {
                word += c.toLower();
            } else if (!word.isEmpty()) {
                words.append(word);
                word.clear();
            }
        }
    }
    return words;
}

bool isSameWord(const QString &typed, const QString &word) { return typed.trimmed().toLower() == word.toLower(); }

std::optional<int> wrongWordOf(const Error &error)
{
    bool isNumber = false;
    const int position = error.parameters.value(QStringLiteral("position")).toInt(&isNumber);
    if (!isNumber || position < 1 || position > kKitWords)
        return std::nullopt;
    return position - 1;
}

QString kitErrorWords(const Error &error)
{
    const std::optional<int> wrong = wrongWordOf(error);
    if (!wrong)
        return errorWords(error);
    const QString number = QLocale().toString(*wrong + 1);
    const QString near = error.parameters.value(QStringLiteral("near"));
    return near.isEmpty() ? Words::tr("Word %1 isn’t right. Compare it with your kit.").arg(number)
                          : Words::tr("Word %1 isn’t right. Did you mean “%2”?").arg(number, near);
}

QString kitPlaceWarning(const QString &path, const std::vector<AccountEntry> &accounts)
{
    const QString file = QDir::cleanPath(path);
    for (const AccountEntry &account : accounts) {
        const QString place = QDir::cleanPath(account.place);
        if (place.startsWith(u'/') && file.startsWith(place + u'/'))
            return Words::tr("This folder holds your models (“%1”). Keep the kit somewhere else, too.")
                .arg(account.name);
    }
    return {};
}

QString recommendedWords(std::size_t accounts)
{
    const QString count = QLocale().toString(static_cast<qulonglong>(accounts));
    if (accounts >= static_cast<std::size_t>(kRecommendedAccounts))
        return Words::tr("%1 accounts: as many as recommended, or more.").arg(count);
    return Words::tr("%1 of %2 recommended").arg(count, QLocale().toString(kRecommendedAccounts));
}

QString foundWords(const std::vector<ModelEntry> &models, const QDateTime &now)
{
    if (models.empty())
        return Words::tr("Found your library. No models are stored in it.");
    const auto newest = std::max_element(
        models.begin(), models.end(), [](const ModelEntry &a, const ModelEntry &b) { return a.stored < b.stored; });
    const QString age = ageWords(newest->stored, now);
    return models.size() == 1 ? Words::tr("Found your library: 1 model, stored %1.").arg(age)
                              : Words::tr("Found your library: %1 models, the newest stored %2.")
                                    .arg(QLocale().toString(static_cast<qulonglong>(models.size())), age);
}

QString readableWords(const std::vector<ModelEntry> &models)
{
    const auto readable = std::count_if(models.begin(), models.end(), [](const ModelEntry &model) {
        return model.state != ModelState::Unreadable && model.state != ModelState::Storing;
    });
    if (static_cast<std::size_t>(readable) == models.size())
        return {};
    return Words::tr("%1 of %2 models can be downloaded now. Add the other accounts to get the rest.")
        .arg(QLocale().toString(static_cast<qlonglong>(readable)),
            QLocale().toString(static_cast<qulonglong>(models.size())));
}

SetupPlace setupPlace(const Service &service, bool isRecovering)
{
    if (service.state() != Service::State::Ready)
        return SetupPlace::Welcome;
    if (isRecovering)
        return SetupPlace::Library;
    if (!service.isKitSaved())
        return SetupPlace::Kit;
    return SetupPlace::Storage;
}

} // namespace mf::ui
