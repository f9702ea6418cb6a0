#!/bin/sh
# What Slurm runs for a confined command; nothing of the command stands here. Given: node, a program, a folder with the rest.
exec /usr/bin/env -i "$1" "$2" "$3"
