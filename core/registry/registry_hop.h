// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// How a method of Registry gets to the worker; for the files that implement it.

#include "core/registry/registry.h"
#include "core/registry/store.h"

namespace mf {

namespace detail {
// The registry may end before the hop comes back: then only what the worker owns is touched.
template <typename S, typename F>
Task<std::invoke_result_t<F &, S &>> hop(Pool *worker, S *store, bool writing, F function)
{
    auto work = [store, writing, inner = std::move(function)]() mutable { return store->transact(writing, inner); };
    auto result = co_await onPool(*worker, work);
    co_return result;
}
} // namespace detail

template <typename F> auto Registry::read(F function)
{
    return detail::hop(m_worker.get(), m_store.get(), false, std::move(function));
}

template <typename F> auto Registry::write(F function)
{
    return detail::hop(m_worker.get(), m_store.get(), true, std::move(function));
}

} // namespace mf
