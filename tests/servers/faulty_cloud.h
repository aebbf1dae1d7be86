// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/pool.h"
#include "core/providers/provider.h"
#include "tests/servers/dav_servers.h"
#include "tests/servers/fault_proxy.h"
#include "tests/servers/s3_servers.h"

#include <vector>

namespace mf {

// A real server, a proxy before it that breaks what passes, and accounts that know only the proxy.
class FaultyCloud
{
public:
    struct Kind {
        const char *name;
        const char *program; // that must be installed
        DavServer (*dav)(); // one of the two
        S3Server (*s3)();
        bool isTls = false; // the proxy sees only that something passes
        bool readsBack = true; // what is put; S3 does not where the server tells the MD5 of what it keeps
    };
    static const std::vector<Kind> &kinds(); // each with its faults in tests
    static constexpr std::chrono::milliseconds kIdle { 3000 }; // how long accounts wait for a byte

    explicit FaultyCloud(const Kind &kind);

    const Kind &kind() const { return m_kind; }
    bool isDav() const { return m_kind.dav != nullptr; }
    FaultProxy &proxy() { return *m_proxy; }
    ServerProcess &server() { return isDav() ? *m_dav.process : *m_s3.process; }
    QString folder() { return server().path(QStringLiteral("files/account")); } // where the blobs lie

    // A new one, with connections of its own, in its decorator Verified. It has put a blob below f/00/: so its place is
    // there, and the next request is the one that is asked for.
    std::unique_ptr<Provider> account();
    // The next request makes a new connection, which meets this.
    void set(const Faults &faults);
    // Whether something met what was set, and nothing but requests that begin so: "PUT ".
    bool onlyMet(const QByteArray &request) const;

private:
    std::unique_ptr<Provider> adapter();

    const Kind m_kind;
    SystemClock m_clock;
    Pool m_io { 1 };
    DavServer m_dav;
    S3Server m_s3;
    std::unique_ptr<FaultProxy> m_proxy;
};

} // namespace mf
