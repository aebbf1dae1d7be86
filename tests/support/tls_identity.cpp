// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/tls_identity.h"

#include <QRandomGenerator>
#include <QSslCertificate>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace mf {

TlsIdentity selfSigned(int days)
{
    constexpr int day = 24 * 3600;
    EVP_PKEY *const key = EVP_EC_gen("P-256");
    X509 *const certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), QRandomGenerator::global()->bounded(1, 1'000'000'000));
    X509_gmtime_adj(X509_getm_notBefore(certificate), -10 * day);
    X509_gmtime_adj(X509_getm_notAfter(certificate), days * day);
    X509_set_pubkey(certificate, key);
    X509_NAME *const name = X509_get_subject_name(certificate);
    const auto *text = reinterpret_cast<const unsigned char *>("127.0.0.1");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_EXTENSION *const names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(certificate, names, -1);
    X509_sign(certificate, key, EVP_sha256());

    BIO *const out = BIO_new(BIO_s_mem());
    const auto written = [out] {
        char *bytes = nullptr;
        const auto size = BIO_get_mem_data(out, &bytes);
        const QByteArray copy(bytes, static_cast<qsizetype>(size));
        BIO_reset(out);
        return copy;
    };
    TlsIdentity made;
    PEM_write_bio_X509(out, certificate);
    made.certificate = written();
    PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    made.key = written();
    BIO_free(out);
    X509_EXTENSION_free(names);
    X509_free(certificate);
    EVP_PKEY_free(key);
    const QSslCertificate check(made.certificate);
    if (check.isNull() || made.key.isEmpty())
        qFatal("no certificate was made");
    made.digest = QString::fromLatin1(check.digest(QCryptographicHash::Sha256).toHex());
    return made;
}

} // namespace mf
