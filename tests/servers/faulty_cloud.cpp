// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/servers/faulty_cloud.h"

#include "core/providers/s3/s3.h"
#include "core/providers/verified.h"
#include "core/providers/webdav/webdav.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

namespace mf {

const std::vector<FaultyCloud::Kind> &FaultyCloud::kinds()
{
    static const std::vector<Kind> all {
        { "rclone", "rclone", [] { return startRclone(); }, nullptr },
        { "rclone, newest", "rclone_servers", [] { return startRclone(QStringLiteral("rclone_servers")); }, nullptr },
        { "Apache, TLS", "apache2", [] { return startApacheTls(); }, nullptr, true },
        { "versitygw", "versitygw", nullptr, [] { return startVersity(); }, false, false },
        { "rclone, S3", "rclone_servers", nullptr, [] { return startRcloneS3(); }, false, false },
    };
    return all;
}

FaultyCloud::FaultyCloud(const Kind &kind)
    : m_kind(kind)
{
    if (isDav())
        m_dav = m_kind.dav();
    else
        m_s3 = m_kind.s3();
    m_proxy = std::make_unique<FaultProxy>(server().port());
}

std::unique_ptr<Provider> FaultyCloud::adapter()
{
    HttpSettings settings;
    settings.proxy = HttpSettings::Proxy::None;
    settings.idleLimit = kIdle;
    settings.pinnedCertificate = isDav() ? m_dav.certificate : m_s3.certificate;
    const QString scheme = m_kind.isTls ? QStringLiteral("https") : QStringLiteral("http");
    const QString root = QStringLiteral("%1://127.0.0.1:%2").arg(scheme).arg(m_proxy->port());
    if (isDav()) {
        auto client = std::make_unique<webdav::DavClient>(QUrl(root + QStringLiteral("/account/")), m_dav.user,
            SecretText(m_dav.password.toUtf8()), settings, m_clock);
        return std::make_unique<WebDavProvider>(std::move(client), true);
    }
    auto client
        = std::make_unique<s3::S3Client>(s3::Place { QUrl(root), m_s3.region.toLatin1(), QStringLiteral("account") },
            s3::Keys { m_s3.accessKey.toLatin1(), SecretText(m_s3.secretKey.toLatin1()) }, settings, m_clock, m_io);
    return std::make_unique<S3Provider>(std::move(client), QString(), true);
}

std::unique_ptr<Provider> FaultyCloud::account()
{
    set({});
    auto made = std::make_unique<Verified>(adapter());
    must(runTask(made->put(BlobName(QStringLiteral("f/00/first")), "x")));
    return made;
}

void FaultyCloud::set(const Faults &faults)
{
    m_proxy->cutAll();
    QTest::qWait(20); // until whoever was connected knows
    m_proxy->set(faults);
}

bool FaultyCloud::onlyMet(const QByteArray &request) const
{
    const QList<QByteArray> &met = m_proxy->broken();
    const bool are = std::all_of(met.begin(), met.end(),
        [&](const QByteArray &line) { return m_kind.isTls ? line == "TLS" : line.startsWith(request); });
    if (met.isEmpty() || !are)
        qWarning() << "met:" << met;
    return !met.isEmpty() && are;
}

} // namespace mf
