import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { entryPoint } from '../../src/main/parts/program.ts';
import { ROOT } from '../../src/platform/index.ts';
import { areFree } from '../support/ports.ts';

type Block = { readonly kind: 'serve' | 'after-ready' | 'run'; readonly script: string };

/** The commands of a guide: what its fences marked `sh` hold, in their order. */
async function blocksOf(guide: string): Promise<readonly Block[]> {
  const text = await readFile(join(ROOT, 'docs', 'guides', `${guide}.md`), 'utf8');
  return [...text.matchAll(/^```sh ?(serve|after-ready)?\n([\s\S]*?)^```$/gm)].map(([, kind, script]) => ({
    kind: (kind ?? 'run') as Block['kind'],
    script: script ?? '',
  }));
}

/** A newcomer in an empty folder, who pastes one block after the other; only the ports are others. */
class Newcomer {
  readonly #dir: string;
  readonly #offset: number;
  readonly #serving: { readonly child: ChildProcess; said: string }[] = [];

  constructor(dir: string, offset: number) {
    this.#dir = dir;
    this.#offset = offset;
  }

  async follow(guide: string): Promise<readonly string[]> {
    const said: string[] = [];
    for (const { kind, script } of await blocksOf(guide)) {
      if (kind === 'serve') await this.#serve(script);
      else {
        if (kind === 'after-ready') await this.#until(() => this.#serving.every((one) => / ready: /.test(one.said)));
        said.push(await this.#run(script));
      }
    }
    return said;
  }

  async leave(): Promise<void> {
    for (const { child } of this.#serving.toReversed()) {
      if (child.exitCode !== null) continue;
      child.kill('SIGTERM');
      await once(child, 'close');
    }
  }

  #bash(script: string): ChildProcess {
    const moved = script.replace(/\b(8[12]\d\d|9000)\b/g, (port) => String(Number(port) + this.#offset));
    return spawn('bash', ['-euo', 'pipefail', '-c', moved], { cwd: this.#dir, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async #serve(script: string): Promise<void> {
    // `exec`, so that the signal at the end reaches the command and not a shell around it.
    const child = this.#bash(`exec ${script}`);
    const serving = { child, said: '' };
    this.#serving.push(serving);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        serving.said += chunk.toString('utf8');
      });
    }
    await this.#until(() => / ready: |; waiting\./.test(serving.said));
  }

  async #run(script: string): Promise<string> {
    const child = this.#bash(script);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8');
      });
    }
    const [code] = (await once(child, 'close')) as [number | null];
    assert.equal(code, 0, `${script}\nended with ${code}: ${said}`);
    return said;
  }

  async #until(holds: () => boolean): Promise<void> {
    for (let turn = 0; turn < 2400 && !holds(); turn += 1) {
      const ended = this.#serving.find(({ child }) => child.exitCode !== null);
      assert.equal(ended, undefined, `it ended: ${ended?.said}`);
      await sleep(50);
    }
    assert.ok(holds(), this.#serving.map((one) => one.said).join('\n'));
  }
}

/** By how much every port of the guides moves, so that all of them are free here. */
async function freeOffset(): Promise<number> {
  for (const offset of [11_000, 14_000, 17_000, 20_000, 23_000, 26_000]) {
    const ports = [...Array.from({ length: 30 }, (_one, nth) => 8100 + nth), 8200, 8203, 8204, 8205, 8206, 9000];
    if (await areFree(ports.map((port) => port + offset))) return offset;
  }
  throw new Error('no ports are free');
}

describe('the guides, followed word for word', () => {
  let dir: string;
  let newcomer: Newcomer;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'wasl-guides-'));
    await mkdir(join(dir, 'trial'));
    await symlink(join(ROOT, 'examples'), join(dir, 'examples'));
    const start = `exec '${process.execPath}' --disable-warning=ExperimentalWarning '${entryPoint()}' "$@"`;
    await writeFile(join(dir, 'wasl'), `#!/usr/bin/env bash\n${start}\n`, { mode: 0o755 });
    newcomer = new Newcomer(dir, await freeOffset());
  });
  after(async () => {
    await newcomer?.leave();
    await rm(dir, { recursive: true, force: true });
  });

  it('a member joins and is approved', async () => {
    const said = (await newcomer.follow('joining')).join('\n');
    assert.match(said, /waiting +[0-9a-f]{32} +join +MA\/GOV\/LAND\/gw1/);
    assert.match(said, /approved: join of MA\/GOV\/LAND\/gw1/);
    assert.match(said, /gateway +MA\/GOV\/LAND\/gw1/);
    assert.match(said, /\/console\/enrol/);
    assert.match(said, /specifies HTTPS but did not supply TLS certificate/);
    assert.match(said, /"service":\[\]/);
    assert.match(said, /verified +registry: \d+ entries[\s\S]*verified +MA\/registry: \d+ entries/);
  });

  it('its first service is published, refused without an agreement, agreed on, called and proved', async () => {
    const said = await newcomer.follow('first-service');
    const at = (pattern: RegExp) => said.findIndex((one) => pattern.test(one));
    const refused = at(/Server\.ServerProxy\.AccessDenied/);
    const agreed = at(/agreement commune-parcels version 1 is a draft/);
    const signed = at(/commune-parcels version 1 is signed by both/);
    const explained = at(/allowed: [\s\S]*\(commune-parcels v1\)[\s\S]*REFUSED: /);
    const answered = at(/^\{"number":"T-1001","commune":"Sidi Moumen","areaM2":420\}$/);
    const proved = at(/verified: .*evidence\.json/);
    const order = [refused, agreed, signed, explained, answered, proved];
    assert.ok(refused >= 0, said.join('\n---\n'));
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
      said.join('\n---\n'),
    );
    assert.equal(new Set(order).size, order.length);
  });

  it('events are published, agreed on, pulled and acknowledged', async () => {
    const said = (await newcomer.follow('events')).join('\n');
    assert.match(said, /parcel-events version 1 is signed by both/);
    assert.match(said, /"delivery":"pull"[\s\S]*"state":"active"/);
    assert.match(said, /"data":\{"number":"T-1001"\}/);
    assert.doesNotMatch(said, /not agreed on/);
    assert.match(said, /\{"done":1,"failed":0\}/);
    assert.match(said, /parcel-changed may be published/);
    assert.match(said, /\.\d+ {2}\S+ {2}MA\S+ {2}refused by our system MA\/GOV\/COMMUNE\/desk: not-processed/);
    assert.match(said, /"number": "T-1003"[\s\S]*1 sent again\nno dead letters/);
    assert.match(said, /active {2}MA\/GOV\/COMMUNE\/desk ← MA\/GOV\/LAND\/register\S+ {2}waiting 0, last delivered/);
    assert.match(said, /pulls {2}waiting 1, dead 0/);
    assert.match(said, /"asyncapi":"3.0.0"/);
  });

  it('an X-Road adapter meets the sandbox', async () => {
    const said = (await newcomer.follow('x-road-adapter')).join('\n');
    assert.match(said, /^x-road-request-hash: /m);
    assert.match(said, /"service_type":"OPENAPI"/);
    assert.match(said, /Land register/);
    assert.match(said, /"xroad_instance":"SANDBOX"/);
  });
});
