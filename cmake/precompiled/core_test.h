// SPDX-License-Identifier: GPL-3.0-or-later
// Not all of QtTest: the rest of it depends on which other libraries of Qt a test uses.
#pragma once

#include "core.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtCore>
#include <qtestcase.h>
