const { readFileSync } = require('node:fs');

const line = readFileSync(0, 'utf8').split('\n')[0];
console.log(line);
console.log('ầ😀');
