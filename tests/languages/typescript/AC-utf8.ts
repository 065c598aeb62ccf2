import { readFileSync } from 'node:fs';

const line: string = readFileSync(0, 'utf8').split('\n')[0];
console.log(line);
console.log('ầ😀');
