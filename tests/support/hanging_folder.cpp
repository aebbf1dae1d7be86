// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/hanging_folder.h"

#include <QFile>

#include <condition_variable>
#include <cstdarg>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <mutex>

namespace mf::hanging {
namespace {

struct State {
    std::mutex mutex;
    std::condition_variable answers;
    QByteArray folder; // empty: nothing hangs
    int calls = 0;
};

State &state()
{
    static State *const s = new State; // calls may outlive main()
    return *s;
}

void pass(const char *path)
{
    State &s = state();
    std::unique_lock lock(s.mutex);
    if (s.folder.isEmpty() || std::strcmp(path, s.folder.constData()) != 0)
        return;
    ++s.calls;
    s.answers.wait(lock, [&s] { return s.folder.isEmpty(); });
    --s.calls;
}

using Open = int (*)(const char *, int, mode_t);
Open real(const char *name) { return reinterpret_cast<Open>(::dlsym(RTLD_NEXT, name)); }

} // namespace

void begin(const QString &folder)
{
    const std::lock_guard lock(state().mutex);
    state().folder = QFile::encodeName(folder);
}

void end()
{
    {
        const std::lock_guard lock(state().mutex);
        state().folder.clear();
    }
    state().answers.notify_all();
}

int calls()
{
    const std::lock_guard lock(state().mutex);
    return state().calls;
}

} // namespace mf::hanging

extern "C" {

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = va_arg(arguments, mode_t);
    va_end(arguments);
    static const auto call = mf::hanging::real("open");
    mf::hanging::pass(path);
    return call(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = va_arg(arguments, mode_t);
    va_end(arguments);
    static const auto call = mf::hanging::real("open64");
    mf::hanging::pass(path);
    return call(path, flags, mode);
}

} // extern "C"
