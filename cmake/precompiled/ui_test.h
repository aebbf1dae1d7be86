// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core_test.h"
#include "ui.h"
