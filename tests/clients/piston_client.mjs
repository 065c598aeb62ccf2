// requires: piston-client@1.0.2
// `piston-client`, which sends JSON as text/plain.
import assert from 'node:assert';
import piston from 'piston-client';

const client = piston({ server: process.env.PISTON_ROOT });
const runtimes = await client.runtimes();
assert(runtimes.some((one) => one.language === 'python' && one.aliases.includes('py')), runtimes);
console.log('ok: runtimes');

const told = await client.execute('python', 'import sys\nprint(sys.argv[1:], input())', { stdin: '7' });
assert.equal(told.run.stdout, "['1', '2', '3'] 7\n", JSON.stringify(told));
assert.equal(told.run.code, 0);
console.log('ok: execute by language');

const files = { language: 'javascript', version: '20.x', files: [{ name: 'a.js', content: 'console.log(6 * 7)' }] };
const second = await client.execute(files);
assert.equal(second.run.stdout, '42\n', JSON.stringify(second));
console.log('ok: execute with files');
