package main

import "rollsync.dev/gojq/adapter"

func init() {
	releases["0.12.19"] = adapter.Compile
}
