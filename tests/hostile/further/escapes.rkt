#lang racket/base
; What a program in Racket can try, as escapes.c does for C: an exception, or #f, is `contained`.
(require ffi/unsafe racket/port racket/string racket/system racket/tcp racket/udp)

(define wanted (string-trim (read-line)))
(define attempt #f)
(define-syntax-rule (ATTACK class name tried ...)
  (when (string=? name wanted) (set! attempt (lambda () tried ...))))

(define (runs command) (parameterize ([current-error-port (open-output-nowhere)] [current-input-port (open-input-string "")]) (system command)))
(define (call number argument) (zero? ((get-ffi-obj "syscall" #f (_fun _long _long -> _long)) number argument)))

(ATTACK "network" "tcp" (let-values ([(in out) (tcp-connect "93.184.215.14" 80)]) out))
(ATTACK "network" "names" (runs "getent hosts example.com >/dev/null"))
(ATTACK "network" "listen" (tcp-listen 0 1 #f "127.0.0.1"))
(ATTACK "network" "datagrams" (let ([plug (udp-open-socket)]) (udp-bind! plug "127.0.0.1" 0) plug))
(ATTACK "other processes" "environment of the runner" (not (eof-object? (read-byte (open-input-file "/proc/1/environ")))))
(ATTACK "privileges" "root by call" (call 105 0))
(ATTACK "privileges" "a setuid program" (runs "su -c true"))
(ATTACK "namespaces" "mounts" (call 272 #x20000))
(ATTACK "files" "the root" (open-output-file "/x" #:exists 'append))
(ATTACK "files" "the root by another program" (runs "touch /x"))
(ATTACK "files" "library of Racket" (open-output-file (collection-file-path "base.rkt" "racket") #:exists 'append))
(ATTACK "code" "run in the working directory" (copy-file "/bin/true" "/app/work/copy") (file-or-directory-permissions "/app/work/copy" #o755) (runs "/app/work/copy"))
(ATTACK "code" "a library in the working directory" (and (runs "cp /lib/*/libm.so.6 /app/work/x.so") (ffi-lib "/app/work/x.so")))
(ATTACK "what is kept secret" "in the environment" (for/or ([name (environment-variables-names (current-environment-variables))]) (regexp-match? #rx#"KEY|TOKEN|SECRET|PASS|AMQP|DOCKER" name)))

(unless attempt (exit 3))
(displayln (if (with-handlers ([exn:fail? (lambda (_) #f)]) (attempt)) (string-append "through: " wanted) "contained"))
