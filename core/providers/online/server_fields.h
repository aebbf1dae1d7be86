// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What every kind of account asks for that lies on a server.

#include "core/http/http_client.h"
#include "core/providers/form_field.h"

#include <vector>

namespace mf {

// How the server is reached: "certificate" and "proxy".
std::vector<FormField> serverFields();

// An address as a person typed it, fit to be repeated to them and in a log: without user and password before the host.
QString withoutPassword(const QString &address);

// What they say. Invalid "MF-ACCOUNT-SETTING" naming the field.
Result<HttpSettings> httpSettings(const AccountSettings &settings);

} // namespace mf
