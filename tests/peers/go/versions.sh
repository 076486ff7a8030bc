#!/usr/bin/env bash
# Prints what the Go programs are built from: it tells whether those that are there are the right ones.
cd "$(dirname "${BASH_SOURCE[0]}")" && LC_ALL=C sha256sum */*.go */go.mod */go.sum
