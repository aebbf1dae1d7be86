// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <utility>
#include <variant>

namespace mf {

// A value or an Error: the only way a failure travels.
//
//     const auto file = openFile(path);
//     if (!file)
//         return file.error();
//     use(*file);
template <typename T = std::monostate> class [[nodiscard]] Result
{
public:
    Result()
        requires std::is_same_v<T, std::monostate>
        : m_state(std::in_place_index<0>)
    {
    }
    Result(T value)
        : m_state(std::in_place_index<0>, std::move(value))
    {
    }
    Result(Error error)
        : m_state(std::in_place_index<1>, std::move(error))
    {
    }

    explicit operator bool() const { return m_state.index() == 0; }

    // Precondition of the following five: there is a value.
    T &operator*() & { return std::get<0>(m_state); }
    const T &operator*() const & { return std::get<0>(m_state); }
    T &&operator*() && { return std::get<0>(std::move(m_state)); }
    T *operator->() { return &std::get<0>(m_state); }
    const T *operator->() const { return &std::get<0>(m_state); }

    // Precondition: there is no value.
    const Error &error() const { return std::get<1>(m_state); }
    Error &error() { return std::get<1>(m_state); }

private:
    std::variant<T, Error> m_state;
};

} // namespace mf
