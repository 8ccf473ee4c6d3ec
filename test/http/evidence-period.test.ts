import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { callOperator, findGateway } from '../../src/main/parts/operator-call.ts';
import { type RunningCommand, runCommand, startCommand } from '../support/commands.ts';

/** By command, on a gateway that runs: the evidence of a period as files, and all of them verified. */
describe('the evidence of a period', () => {
  let dir: string;
  let outside: Server;
  let sandbox: RunningCommand;
  let gateway: string;
  let anchor: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'wasl-period-'));
    outside = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1');
    await once(outside, 'listening');
    const service = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
    const json = join(dir, 'sandbox.json');
    sandbox = await startCommand(['sandbox', '--service', service, '--data', join(dir, 'data'), '--json', json]);
    const told = JSON.parse(await readFile(json, 'utf8')) as Record<string, string>;
    anchor = String(told['anchorFile']);
    gateway = join(dir, 'data');
    for (let n = 0; n < 5; n += 1) {
      const answer = await fetch(`${told['consumerUrl']}/r1/${told['service']}/${n}`, {
        headers: { 'x-road-client': String(told['client']) },
      });
      assert.equal(answer.status, 200);
    }
  });
  after(async () => {
    await sandbox?.stop();
    outside.close();
    await rm(dir, { recursive: true, force: true });
  });

  const period = ['--from', '2020-01-01', '--until', '2100-01-01'];

  it('is a file an exchange below 20 kB, goes on where it stopped, and is verified as a whole', async () => {
    const out = join(dir, 'out');
    const first = await runCommand(['evidence', 'export', ...period, '--out', out, '--data', gateway]);
    assert.match(first, /5 exchanges .* 5 new/);
    const files = (await readdir(out)).filter((name) => name.endsWith('.json') && name !== 'manifest.json');
    assert.equal(files.length, 5);
    for (const name of files) assert.ok((await stat(join(out, name))).size < 20_000);
    await rm(join(out, files[0] ?? ''));
    assert.match(
      await runCommand(['evidence', 'export', ...period, '--out', out, '--data', gateway]),
      /1 new, 4 were there/,
    );
    assert.match(
      await runCommand(['evidence', 'verify', out, '--anchor', anchor, '--complete']),
      /verified: 5 of 5[\s\S]*complete: the ledger .* has 5 exchanges of the period/,
    );
    const [gone = '', kept = ''] = [files[2], files[3]];
    const bytes = await readFile(join(out, gone));
    await rm(join(out, gone));
    await assert.rejects(
      runCommand(['evidence', 'verify', out, '--anchor', anchor]),
      new RegExp(`verified: 4 of 4[\\s\\S]*missing: ${gone}`),
    );
    await writeFile(join(out, gone), await readFile(join(out, kept)));
    await writeFile(join(out, 'added.json'), bytes);
    await assert.rejects(
      runCommand(['evidence', 'verify', out, '--anchor', anchor]),
      new RegExp(`altered: ${gone}[\\s\\S]*not in the manifest: added.json`),
    );
    await writeFile(join(out, gone), bytes);
    await rm(join(out, 'added.json'));
    const path = join(out, files[1] ?? '');
    await writeFile(path, (await readFile(path, 'utf8')).replace('GET', 'PUT'));
    await assert.rejects(runCommand(['evidence', 'verify', out, '--anchor', anchor]), /refused: .*verified: 4 of 5/s);
  });

  it('tells a file that was withheld on purpose, with a list made anew and signed, from the ledger itself', async () => {
    const out = join(dir, 'withheld');
    await runCommand(['evidence', 'export', ...period, '--out', out, '--data', gateway]);
    const path = join(out, 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8')) as { exchanges: { exchange: string }[] };
    const [taken, ...rest] = manifest.exchanges;
    await rm(join(out, `${taken?.exchange}.json`));
    await writeFile(path, JSON.stringify({ ...manifest, exchanges: rest }));
    const verify = () => runCommand(['evidence', 'verify', out, '--anchor', anchor]);
    await assert.rejects(verify(), /verified: 4 of 4[\s\S]*not signed by a gateway: it is over another manifest/);
    // An operator can have anything signed, but what the ledger holds stands in it.
    const seal = async () => {
      const digest = createHash('sha256')
        .update(await readFile(path))
        .digest('base64url');
      const sealed = await callOperator(await findGateway(gateway), 'POST', '/evidence/seal', { manifest: digest });
      await writeFile(join(out, 'manifest.seal'), JSON.stringify(sealed));
    };
    await seal();
    await assert.rejects(verify(), new RegExp(`withheld: entry \\d+, re\\w+ of ${taken?.exchange}`));
    // Nor can the entries be taken out of the part, or the part be cut short.
    const part = join(out, 'ledger.part');
    const lines = (await readFile(part, 'utf8')).split('\n');
    const resign = async (text: string) => {
      await writeFile(part, text);
      const ledger = createHash('sha256').update(text).digest('base64url');
      await writeFile(path, JSON.stringify({ ...manifest, exchanges: rest, ledger }));
      await seal();
    };
    await resign(lines.filter((line) => !line.includes(taken?.exchange ?? '')).join('\n'));
    await assert.rejects(verify(), /not the ledger’s: it holds \d+ entries, \d+ are due/);
    const head = JSON.parse(lines[0] ?? '') as { first: number; end: number };
    const hidden = lines.filter((line) => !line.includes(taken?.exchange ?? ''));
    hidden[0] = JSON.stringify({ ...head, end: head.first + hidden.length - 2 });
    await resign(hidden.join('\n'));
    await assert.rejects(verify(), /do not lead to the root|part of the ledger/);
    // Without list and part nothing is claimed, and who demands completeness is refused.
    await rm(join(out, 'manifest.seal'));
    await writeFile(path, JSON.stringify({ ...manifest, exchanges: rest, ledger: undefined }));
    assert.match(await verify(), /whether one was withheld cannot be told/);
    await assert.rejects(runCommand(['evidence', 'verify', out, '--anchor', anchor, '--complete']));
  });

  it('of another time is empty, and of no time is refused with the remedy', async () => {
    const out = join(dir, 'empty');
    const past = ['--from', '2020-01-01', '--until', '2020-02-01', '--out', out, '--data', gateway];
    assert.match(await runCommand(['evidence', 'export', ...past]), /0 exchanges/);
    await assert.rejects(
      runCommand(['evidence', 'export', '--from', 'x', '--out', out, '--data', gateway]),
      /--from is needed/,
    );
    await assert.rejects(runCommand(['evidence', 'verify', out, '--anchor', anchor]), /holds no evidence/);
  });
});
