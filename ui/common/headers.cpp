// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/desk.h"
#include "ui/common/icons.h"
#include "ui/common/words.h"
