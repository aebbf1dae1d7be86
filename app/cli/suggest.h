// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace mf::cli {

// The word out of `known` that was most likely meant; empty if none is near.
QString nearest(const QString &word, const QStringList &known);

// "; did you mean “store”?", or nothing.
QString suggestion(const QString &word, const QStringList &known, const QString &prefix = {});

} // namespace mf::cli
