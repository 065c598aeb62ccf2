// Acts out a script; see actor.c.
const fs = require('fs');

const script = process.argv.length > 3 ? fs.readFileSync(process.argv[2], 'utf8') : process.argv[2];
let rest = Buffer.alloc(0);

/** A line without its end, or null after the last one. */
function line() {
    const piece = Buffer.alloc(65536);
    for (;;) {
        const end = rest.indexOf(10);
        if (end >= 0) {
            const text = rest.subarray(0, end).toString();
            rest = rest.subarray(end + 1);
            return text;
        }
        const count = fs.readSync(0, piece);
        if (count === 0) return null;
        rest = Buffer.concat([rest, piece.subarray(0, count)]);
    }
}

for (const word of script.trim().split(/\s+/)) {
    const [op, arg = ''] = word.split('=');
    const number = (otherwise) => (arg === '' ? otherwise : Number(arg));
    switch (op) {
        case 'say':
        case 'mutter': console.log(arg); break;
        case 'flood': for (let i = number(Infinity), kib = 'x'.repeat(1023); i > 0; i--) console.log(kib); break;
        case 'hear': line(); break;
        case 'want': {
            const [text, code] = arg.split(':');
            if (line() !== text) process.exit(Number(code));
            break;
        }
        case 'eof': while (line() !== null); break;
        case 'nap': Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, number(600000)); break;
        case 'spin': for (const end = Date.now() + number(600000); Date.now() < end;); break;
        case 'hush': fs.closeSync(1); break;
        case 'deaf': fs.closeSync(0); break;
        case 'bomb': for (const held = []; ; ) held.push(Buffer.alloc(1 << 20, 1));
        case 'crash': throw new Error('crash');
        case 'kill': process.kill(process.pid, Number(arg)); break;
        case 'exit': process.exit(Number(arg));
        default: process.exit(98);
    }
}
process.exit(97);
