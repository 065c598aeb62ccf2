const { writeSync } = require('node:fs');

const line = '7'.repeat(1023) + '\n';
for (;;) writeSync(1, line);
