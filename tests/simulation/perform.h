// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

#include <optional>
#include <utility>

namespace mf::simulation {

// An operation whose object ends with it, also when the power goes.
template <typename Operation, typename Request> auto perform(Engine &engine, Request request)
    -> decltype(std::declval<Operation &>().run())
{
    Operation operation(engine, std::move(request), nullptr);
    auto running = operation.run();
    co_return co_await running;
}

template <typename T> QString wordOf(const std::optional<Result<T>> &outcome)
{
    if (!outcome)
        return QStringLiteral("the power went");
    return *outcome ? QStringLiteral("done") : (*outcome).error().id;
}

} // namespace mf::simulation
