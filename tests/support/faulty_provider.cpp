// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/faulty_provider.h"

#include <QRegularExpression>

namespace mf {

using Fault = FaultyProvider::Fault;

Fault &Fault::named(const QString &glob)
{
    m_glob = glob;
    return *this;
}

Fault &Fault::after(int calls)
{
    m_skip = calls;
    return *this;
}

Fault &Fault::times(int calls)
{
    m_times = calls;
    return *this;
}

Fault &Fault::always()
{
    m_times = -1;
    return *this;
}

Fault &Fault::callback(std::function<void()> function)
{
    m_callback = std::move(function);
    return *this;
}

Fault &Fault::delay(Clock::Duration time)
{
    m_delay = time;
    return *this;
}

Fault &Fault::hang()
{
    m_hangs = true;
    return *this;
}

Fault &Fault::error(Error error)
{
    m_error = std::move(error);
    return *this;
}

Fault &Fault::errorAfter(Error error)
{
    m_errorAfter = std::move(error);
    return *this;
}

Fault &Fault::truncate(qint64 n)
{
    m_truncated = n;
    return *this;
}

Fault &Fault::corrupt(qint64 offset)
{
    Q_ASSERT(m_method == Method::Put || m_method == Method::Get);
    m_corrupted = offset;
    return *this;
}

Fault &Fault::loseSilently()
{
    Q_ASSERT(m_method != Method::Get && m_method != Method::Quota);
    m_loses = true;
    return *this;
}

Fault &Fault::repeat()
{
    Q_ASSERT(m_method == Method::List);
    m_repeats = true;
    return *this;
}

bool Fault::fits(Method method, const QString &name)
{
    if (method != m_method || (m_times >= 0 && m_hits >= m_times))
        return false;
    QString pattern = QRegularExpression::escape(m_glob);
    pattern.replace(QStringLiteral("\\*"), QStringLiteral(".*")).replace(QStringLiteral("\\?"), QStringLiteral("."));
    if (!QRegularExpression(QRegularExpression::anchoredPattern(pattern)).match(name).hasMatch())
        return false;
    return m_skip-- <= 0;
}

QByteArray Fault::spoil(QByteArray bytes)
{
    if (m_corrupted) {
        const qint64 at = *m_corrupted < 0 ? bytes.size() + *m_corrupted : *m_corrupted;
        if (at >= 0 && at < bytes.size())
            bytes[at] = static_cast<char>(~bytes.at(at));
        else
            --m_hits; // there is no such byte: nothing happened
    }
    if (m_truncated)
        bytes.truncate(*m_truncated);
    return bytes;
}

void Fault::doubleUp(const QString &prefix, const QString &cursor, ListPage &page)
{
    const std::vector<BlobInfo> once = page.blobs;
    const std::vector<BlobInfo> before = cursor.isEmpty() ? std::vector<BlobInfo>() : m_pageBefore.value(prefix);
    page.blobs.insert(page.blobs.end(), before.begin(), before.end());
    page.blobs.insert(page.blobs.end(), once.begin(), once.end());
    m_pageBefore.insert(prefix, once);
}

QString Fault::text() const
{
    static const char *const names[] = { "put", "get", "remove", "list", "quota" };
    const QString planned = m_times < 0 ? QStringLiteral("always") : QString::number(m_times);
    return QStringLiteral("%1 %2: %3 of %4")
        .arg(QString::fromLatin1(names[static_cast<int>(m_method)]), m_glob, QString::number(m_hits), planned);
}

Fault &FaultyProvider::on(Method method)
{
    m_faults.push_back(std::make_unique<Fault>(method));
    return *m_faults.back();
}

QStringList FaultyProvider::unhit() const
{
    QStringList texts;
    for (const auto &fault : m_faults) {
        if (!fault->isHit())
            texts.append(fault->text());
    }
    return texts;
}

void FaultyProvider::release() { std::exchange(m_released, std::make_shared<Event>())->set(); }

Fault &FaultyProvider::take(Method method, const QString &name)
{
    for (const auto &fault : m_faults) {
        if (!m_healthy && fault->fits(method, name)) {
            ++fault->m_hits;
            return *fault;
        }
    }
    return m_none;
}

Task<Result<>> FaultyProvider::begin(Fault &fault)
{
    if (fault.m_callback)
        fault.m_callback();
    if (fault.m_delay.count() > 0) {
        auto sleeping = m_clock.sleep(fault.m_delay);
        co_await sleeping;
    }
    if (fault.m_hangs) {
        struct Counted {
            int &count;
            explicit Counted(int &c)
                : count(c)
            {
                ++count;
            }
            ~Counted() { --count; }
        };
        const Counted counted(m_hanging);
        const std::shared_ptr<Event> released = m_released;
        co_await *released;
    }
    if (fault.m_error)
        co_return *fault.m_error;
    co_return Result<>();
}

Task<Result<BlobInfo>> FaultyProvider::put(BlobName name, QByteArray data)
{
    Fault &fault = take(Method::Put, name.value);
    auto beginning = begin(fault);
    const auto begun = co_await beginning;
    if (!begun)
        co_return begun.error();
    const qint64 size = data.size();
    if (!fault.m_loses) {
        auto putting = m_inner.put(name, fault.spoil(std::move(data)));
        const auto put = co_await putting;
        if (!put)
            co_return put.error();
    }
    if (fault.m_errorAfter)
        co_return *fault.m_errorAfter;
    co_return BlobInfo(name, size);
}

Task<Result<QByteArray>> FaultyProvider::get(BlobName name, Range range)
{
    Fault &fault = take(Method::Get, name.value);
    auto beginning = begin(fault);
    const auto begun = co_await beginning;
    if (!begun)
        co_return begun.error();
    auto getting = m_inner.get(name, range);
    auto bytes = co_await getting;
    if (!bytes)
        co_return bytes;
    if (fault.m_errorAfter)
        co_return *fault.m_errorAfter;
    co_return fault.spoil(std::move(*bytes));
}

Task<Result<>> FaultyProvider::remove(BlobName name)
{
    Fault &fault = take(Method::Remove, name.value);
    auto beginning = begin(fault);
    const auto begun = co_await beginning;
    if (!begun || fault.m_loses)
        co_return begun;
    auto removing = m_inner.remove(name);
    const auto removed = co_await removing;
    if (removed && fault.m_errorAfter)
        co_return *fault.m_errorAfter;
    co_return removed;
}

Task<Result<ListPage>> FaultyProvider::list(QString prefix, QString cursor)
{
    Fault &fault = take(Method::List, prefix);
    auto beginning = begin(fault);
    const auto begun = co_await beginning;
    if (!begun)
        co_return begun.error();
    if (fault.m_loses)
        co_return ListPage();
    auto listing = m_inner.list(prefix, cursor);
    auto page = co_await listing;
    if (!page)
        co_return page;
    if (fault.m_errorAfter)
        co_return *fault.m_errorAfter;
    if (fault.m_truncated) {
        page->blobs.resize(std::min(page->blobs.size(), static_cast<std::size_t>(*fault.m_truncated)));
        page->next.clear();
    }
    if (fault.m_repeats)
        fault.doubleUp(prefix, cursor, *page);
    co_return page;
}

Task<Result<Quota>> FaultyProvider::quota()
{
    Fault &fault = take(Method::Quota, QString());
    auto beginning = begin(fault);
    const auto begun = co_await beginning;
    if (!begun)
        co_return begun.error();
    auto asking = m_inner.quota();
    auto quota = co_await asking;
    if (quota && fault.m_errorAfter)
        co_return *fault.m_errorAfter;
    co_return quota;
}

} // namespace mf
