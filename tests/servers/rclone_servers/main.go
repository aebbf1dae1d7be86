// SPDX-License-Identifier: GPL-3.0-or-later

// rclone with the servers that the tests want, over folders; the whole of it takes minutes to build.
package main

import (
	"github.com/rclone/rclone/cmd"

	_ "github.com/rclone/rclone/backend/local"
	_ "github.com/rclone/rclone/cmd/serve/s3"
	_ "github.com/rclone/rclone/cmd/serve/webdav"
)

func main() { cmd.Main() }
