#!/bin/sh
# gavel-nasm-compile ENTRY: assembles and links a program that begins at _start and talks to the kernel itself.
nasm -f elf64 -w-all -i /app/work/ -o /tmp/main.o "$1" && exec ld -o /tmp/out/main /tmp/main.o
