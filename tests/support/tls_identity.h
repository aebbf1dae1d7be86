// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace mf {

// Who a test's server says it is.
struct TlsIdentity {
    QByteArray certificate; // PEM
    QByteArray key; // PEM, P-256
    QString digest; // SHA-256 of the certificate (DER), hex
};

// For 127.0.0.1, signed by itself, valid from ten days ago for so many days from now; negative: it was.
TlsIdentity selfSigned(int days);

} // namespace mf
