// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// A question whose answer somebody waits for, and whose work belongs to somebody else: the library may be closed while
// a page waits, and the page while the library works.

#include "core/base/event.h"
#include "core/base/result.h"
#include "core/base/task.h"

#include <memory>

namespace mf {

inline QString libraryClosedId() { return QStringLiteral("MF-LIBRARY-CLOSED"); }

namespace detail {

template <typename T> struct Answer {
    std::optional<Result<T>> value;
    Event done;
};

// Whoever waits is told also when the work ends before it is done.
template <typename T> class AnswerPromise
{
public:
    explicit AnswerPromise(std::shared_ptr<Answer<T>> answer)
        : m_answer(std::move(answer))
    {
    }
    AnswerPromise(const AnswerPromise &) = delete;
    AnswerPromise &operator=(const AnswerPromise &) = delete;
    ~AnswerPromise()
    {
        if (!m_answer->value)
            m_answer->value.emplace(Error(Error::Kind::Cancelled, libraryClosedId(),
                QStringLiteral("the library was closed meanwhile; try again")));
        m_answer->done.set();
    }
    void set(Result<T> value) { m_answer->value.emplace(std::move(value)); }

private:
    std::shared_ptr<Answer<T>> m_answer;
};

template <typename T> Task<void> answer(std::shared_ptr<Answer<T>> state, Task<Result<T>> question)
{
    AnswerPromise<T> promise(std::move(state));
    auto value = co_await question;
    promise.set(std::move(value));
}

} // namespace detail

// The question's task runs in `scope`; Cancelled "MF-LIBRARY-CLOSED" if that ends it.
template <typename T> Task<Result<T>> asked(TaskScope &scope, Task<Result<T>> question)
{
    const auto state = std::make_shared<detail::Answer<T>>();
    scope.start(detail::answer(state, std::move(question)));
    co_await state->done;
    co_return std::move(*state->value);
}

// Sets the event when whoever asked does not wait any more: a page that was closed, a Cancel. The question goes on and
// ends as it sees fit.
template <typename T> Task<Result<T>> tellingWhenLeft(std::shared_ptr<Event> left, Task<Result<T>> question)
{
    struct Leaving {
        explicit Leaving(std::shared_ptr<Event> event)
            : left(std::move(event))
        {
        }
        Leaving(const Leaving &) = delete;
        Leaving &operator=(const Leaving &) = delete;
        ~Leaving() { left->set(); }
        std::shared_ptr<Event> left;
    };
    const Leaving leaving(std::move(left));
    co_return co_await question;
}

// What fails before anything is done.
template <typename T> Task<Result<T>> failed(Error error) { co_return error; }

} // namespace mf
