import { after } from 'node:test';

const PATIENCE_MS = 20_000;

// Loaded before each test file: one that leaves a connection or a database open would hold the whole run for ever.
after(() => {
  setTimeout(() => {
    const held = process.getActiveResourcesInfo().join(', ');
    process.stderr.write(`${process.argv[1]} is done but does not end: something was not closed (${held})\n`);
    process.exit(1);
  }, PATIENCE_MS).unref();
});
