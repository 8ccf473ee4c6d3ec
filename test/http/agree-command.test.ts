import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type RunningCommand, runCommand, startCommand } from '../support/commands.ts';

const CLIENT = 'MA/GOV/COMMUNE/desk';
const SERVICE = 'MA/GOV/LAND/register/parcels';

type Json = Readonly<Record<string, unknown>>;

/** As two operators do it who have the command and nothing else: both gateways are processes of their own. */
describe('two operators agree by command', () => {
  const dir = mkdtempSync(join(tmpdir(), 'wasl-agree-'));
  const started: RunningCommand[] = [];
  const dataOf = (name: string) => ['--data', join(dir, name)];
  const run = (name: string, ...words: string[]) => runCommand(['gateway', 'agree', ...words, ...dataOf(name)]);
  const provider = (...words: string[]) => run('land', ...words);
  const client = (...words: string[]) => run('commune', ...words);
  const jsonOf = async (told: Promise<string>) => JSON.parse(await told) as Json;
  const refused = (told: Promise<string>, code: number, why: RegExp) =>
    assert.rejects(told, (error: Error) => {
      assert.match(error.message, new RegExp(`ended with ${code}: wasl: [^\\n]+\\n$`));
      assert.match(error.message, why);
      return true;
    });
  const start = async (...args: string[]) => {
    const one = await startCommand(args);
    started.push(one);
    return one;
  };
  let commune: RunningCommand;

  before(async () => {
    const registry = await start('registry', ...dataOf('registry'), '--port', '0');
    const joined = async (name: string, code: string, subsystem: string) => {
      const names = ['--name-ar', code, '--name-fr', code, '--subsystem', subsystem];
      const token = ['registry', 'token', ...dataOf('registry'), '--member', `MA/GOV/${code}`, ...names];
      return start('gateway', 'join', registry.url, (await runCommand(token)).trim(), ...dataOf(name), '--port', '0');
    };
    commune = await joined('commune', 'COMMUNE', 'desk');
    // It joins last: its list knows the other, and the other looks its sender up anew.
    await joined('land', 'LAND', 'register');
    const { url, operatorToken } = await doorsOf(join(dir, 'commune'));
    const described = ['examples/land-register/openapi.yaml', '--to', 'http://127.0.0.1:9', '--code', 'parcels'];
    await runCommand(['gateway', 'service', 'add', ...described, ...dataOf('land')]);
    await fetch(`${url}/operator/v1/trust/refresh`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operatorToken}` },
    });
  });
  after(async () => {
    for (const one of started.toReversed()) await one.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const reasons = [
    ...['--purpose', 'permit', '--purpose-ar', 'رخصة البناء', '--purpose-fr', 'Permis de construire'],
    ...['--basis', '55-19', '--basis-ar', 'القانون 55.19', '--basis-fr', 'Loi 55-19'],
  ];
  const asked = (id: string) => [
    ...['ask', '--client', CLIENT, '--service', SERVICE, '--id', id, '--field', '/number', ...reasons],
    ...['--note', 'for building permits'],
  ];
  const stateOf = async (id: string, version: number) => {
    const { agreements } = (await jsonOf(provider('list', '--json'))) as { agreements: Json[] };
    return agreements.find((one) => one['id'] === id && one['version'] === version)?.['status'];
  };

  it('asks, drafts, offers, answers with changes, and signs the version that both want', async () => {
    assert.match(await client(...asked('permits')), /permits is proposed to MA\/GOV\/LAND\/gw1, as [\w-]+\n/);
    assert.match(await provider('proposals'), /open +from MA\/GOV\/COMMUNE\/gw1 +permits: .*\n.*for building permits/);
    assert.match(await provider('draft', 'permits'), /version 1 is a draft: \.\/wasl gateway agree sign permits/);
    assert.match(await client('proposals'), /open +to|drafted +to/);
    assert.match(await provider('sign', 'permits'), /is signed, and offered to the client\n.*agree accept permits/);
    assert.match(await client('offers'), /waits +permits v1 of MA\/GOV\/LAND\/gw1/);

    const change = ['change', 'permits', '--field', '/number', '--field', '/areaM2', '--note', 'the area as well'];
    assert.match(await client(...change), /permits is proposed/);
    assert.match(await client('offers'), /declined +permits v1/);
    assert.equal(await stateOf('permits', 1), 'declined');
    assert.match(await provider('draft', 'permits'), /version 2 is a draft/);
    await provider('sign', 'permits');
    assert.match(await client('accept', 'permits'), /^permits version 2 is signed by both\n$/);
    // What the words say is so: the other member has it.
    assert.equal(await stateOf('permits', 2), 'active');
  });

  it('says no to a proposal and to an offer, with the reason that the other side reads', async () => {
    const proposal = (await jsonOf(client(...asked('refused'), '--json'))) as { id: string };
    const dismiss = ['dismiss', proposal.id, '--reason', 'law 09-08 does not allow it'];
    assert.match(await provider(...dismiss), /is dismissed, and MA\/GOV\/COMMUNE\/gw1 knows why/);
    assert.match(await client('proposals'), /dismissed +to .*refused.*\n.*law 09-08 does not allow it/);
    await refused(provider(...dismiss), 1, /answered already/);

    await provider('add', '--client', CLIENT, '--service', SERVICE, '--id', 'wide', '--all-fields', ...reasons);
    await provider('sign', 'wide');
    assert.match(await client('decline', 'wide', '--reason', 'more than we need'), /declined, and MA\/GOV\/LAND\/gw1/);
    assert.equal(await stateOf('wide', 1), 'declined');
    await refused(client('accept', 'wide'), 1, /no offer "wide" waits here, version 1 is declined/);
  });

  it('leaves an agreement with notice, which both sides see', async () => {
    const leave = ['leave', 'permits', '--reason', 'the project is over', '--at', '2035-12-31'];
    assert.match(await client(...leave), /permits ends on 2035-12-31, and MA\/GOV\/LAND\/gw1 knows why/);
    const { agreements } = (await jsonOf(provider('list', '--json'))) as { agreements: Json[] };
    const ending = agreements.find((one) => one['id'] === 'permits' && one['version'] === 2);
    assert.equal(ending?.['endsAt'], '2035-12-31T00:00:00.000Z');
    assert.match(await client('offers'), /ends 2035-12-31\n +the project is over/);
  });

  it('refuses what names nothing or says too little, with the remedy', async () => {
    type Case = readonly [() => Promise<string>, number, RegExp];
    const cases: readonly Case[] = [
      [() => client('accept'), 2, /name the agreement/],
      [() => client('leave', 'permits'), 2, /--reason is needed/],
      [() => client('leave', 'nothing', '--reason', 'x'), 1, /nobody has offered .*agree offers/],
      [() => client('change', 'permits', '--note', 'x'), 2, /say what shall be otherwise: --field/],
      [() => client('change', 'permits', '--field', '/a'), 2, /--note is needed/],
      [
        () => client('ask', '--client', CLIENT, '--service', 'parcels', '--note', 'x'),
        2,
        /is the whole name, INSTANCE/,
      ],
      [() => provider('draft'), 2, /name the proposal/],
      [() => provider('draft', 'nothing'), 1, /no proposal "nothing" here; .*agree proposals/],
      [() => provider('dismiss', 'permits'), 2, /--reason is needed/],
      [() => provider('sign', 'nothing'), 1, /no agreement "nothing" here; .*agree list/],
      [() => provider('send'), 2, /by its number; .*agree deliveries/],
      [() => provider('send', '999'), 1, /nothing of the number 999 waits/],
      [() => provider('whatever'), 2, /knows add, sign/],
    ];
    for (const [told, code, why] of cases) await refused(told(), code, why);
    await refused(run('nowhere', 'offers'), 1, /no gateway runs on/);
  });

  it('says what has not arrived and why, and sends again what was refused', async () => {
    await commune.stop();
    const add = ['add', '--client', CLIENT, '--service', SERVICE, '--id', 'late', '--field', '/number', ...reasons];
    assert.match(await provider(...add), /late version 1 is a draft: \.\/wasl gateway agree sign late/);
    assert.match(await provider('sign', 'late'), /is signed; MA\/GOV\/COMMUNE\/gw1 has not taken it yet \(not reached/);
    assert.match(await provider('deliveries'), /^(\d+) +offer of late to MA\/GOV\/COMMUNE\/gw1: again at /);
    const [number] = /^\d+/.exec(await provider('deliveries')) ?? [];
    await refused(provider('send', String(number)), 1, /was not refused: it is sent again by itself/);
    commune = await start('gateway', ...dataOf('commune'));
    assert.match(await client('accept', 'late'), /signed by both/);
    assert.equal(await provider('deliveries'), 'everything has arrived\n');
    assert.deepEqual(await jsonOf(provider('deliveries', '--json')), { deliveries: [] });
  });

  it('takes a whole agreement from a file', async () => {
    const held = (await jsonOf(provider('show', 'late'))) as Json;
    const file = join(dir, 'agreement.json');
    writeFileSync(file, JSON.stringify({ ...held, id: 'filed' }));
    assert.match(await provider('add', '--file', file), /filed version 1 is a draft/);
    await refused(provider('add', '--file', join(dir, 'absent.json')), 2, /cannot be read/);
  });
});

async function doorsOf(data: string): Promise<{ readonly url: string; readonly operatorToken: string }> {
  const status = JSON.parse(await runCommand(['gateway', 'status', '--data', data, '--json'])) as { url: string };
  const operatorToken = readFileSync(join(data, 'operator-token.secret'), 'utf8').trim();
  return { url: status.url, operatorToken };
}
