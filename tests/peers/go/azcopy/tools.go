//go:build tools

// Names the program, so that its version and those of all below it are fixed by go.mod and go.sum.
package azcopy

import _ "github.com/Azure/azure-storage-azcopy/v10"
