section .text
global _start
_start:
    mov eax, 9              ; mmap(0, 2 GiB, read and write, private and anonymous, -1, 0)
    xor edi, edi
    mov rsi, 1 << 31
    mov edx, 3
    mov r10d, 0x22
    mov r8, -1
    xor r9d, r9d
    syscall
    mov rcx, 1 << 19
.touch:                     ; a byte of each page, because only memory that is touched is memory in use
    mov byte [rax], 'x'
    add rax, 4096
    dec rcx
    jnz .touch
    mov eax, 60
    xor edi, edi
    syscall
