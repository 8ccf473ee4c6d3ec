import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// The information system behind the chains of stream.ts: takes any body and forgets it, answers `?size=N` with as
// many bytes. Prints its port and ends when its parent does.
const PIECE = Buffer.alloc(65_536, 'x');
const server = createServer((request, response) => {
  const size = Number(new URL(request.url ?? '', 'http://sink').searchParams.get('size') ?? 2);
  request.resume().on('end', () => {
    let left = size;
    const go = (): void => {
      while (left > 0) {
        const piece = PIECE.subarray(0, Math.min(left, PIECE.length));
        left -= piece.length;
        if (!response.write(piece)) return void response.once('drain', go);
      }
      response.end();
    };
    go();
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.stdin.on('end', () => process.exit(0)).resume();
