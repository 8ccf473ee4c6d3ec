import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// The information system behind both chains: answers every GET with the same JSON of the size asked for, and does
// nothing else, so that what is measured is the way there and back. Prints its port and ends when its parent does.
const bytes = Number(process.argv[2] ?? 1024);
const shell = JSON.stringify({ person: 'BENCH-0001', residence: '' }).length;
const body = Buffer.from(JSON.stringify({ person: 'BENCH-0001', residence: 'x'.repeat(Math.max(0, bytes - shell)) }));

const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
// Longer than any run, since a connection closed between two requests is an error in nobody's software.
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
