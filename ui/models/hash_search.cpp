// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/hash_search.h"

#include <algorithm>
#include <chrono>

namespace mf::ui {
namespace {

constexpr std::chrono::milliseconds kTyping { 150 };
constexpr qsizetype kFewest = 8; // digits: fewer are a word like any other ("cafe")
constexpr qsizetype kMost = 64;

bool isHash(const QString &word)
{
    return word.size() >= kFewest && word.size() <= kMost && std::all_of(word.begin(), word.end(), [](QChar c) {
        return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'f');
    });
}

} // namespace

HashSearch::HashSearch(Service &service, Clock &clock, QObject *parent)
    : QObject(parent)
    , m_service(service)
    , m_clock(clock)
{
}

void HashSearch::look(const QString &text)
{
    const QStringList words = text.toLower().split(u' ', Qt::SkipEmptyParts);
    const auto hash = std::find_if(words.begin(), words.end(), isHash);
    const QString wanted = hash == words.end() ? QString() : *hash;
    if (wanted == m_word)
        return;
    m_word = wanted;
    m_found.clear();
    m_scope.cancelAll();
    if (!m_word.isEmpty())
        m_scope.start(ask(m_word));
}

Task<void> HashSearch::ask(QString word)
{
    co_await m_clock.sleep(kTyping);
    const auto found = co_await m_service.modelsWithHash(word);
    if (!found) // then only what the list knows is found, as before
        co_return;
    m_found = *found;
    emit changed();
}

} // namespace mf::ui
