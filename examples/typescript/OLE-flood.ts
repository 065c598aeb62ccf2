import { writeSync } from 'node:fs';

const line: string = '7'.repeat(1023) + '\n';
for (;;) writeSync(1, line);
