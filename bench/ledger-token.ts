import { randomBytes } from 'node:crypto';
import { openTokenKey, parsePkcs11Uri } from '../src/platform/index.ts';

/** Signatures a second by the token that the URI of the first argument names, one after the other as a log makes them. */
const SECONDS = 5;
const uri = parsePkcs11Uri(process.argv[2] ?? '');
if (!uri.ok) throw new Error(uri.error);
const key = await openTokenKey(uri.value);
const text = randomBytes(100);
const from = performance.now();
let count = 0;
for (; performance.now() - from < SECONDS * 1000; count += 1) await key.sign(text);
process.stdout.write(`${Math.round(count / ((performance.now() - from) / 1000))} signatures a second, each verified\n`);
await key.close();
