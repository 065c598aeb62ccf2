section .text
global _start
_start:
    mov qword [0], 7
