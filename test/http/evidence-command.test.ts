import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildEvidence } from '../../src/exchange/evidence/build.ts';
import { parseWitnessPolicy, proposedPolicy } from '../../src/exchange/evidence/witnesses.ts';
import { unwrap } from '../../src/kernel/index.ts';
import { openWitness } from '../../src/ledger/index.ts';
import { evidenceCommand } from '../../src/main/commands/evidence.ts';
import { AT, anExchange, aWorld, sealerOf, type World } from '../support/evidence.ts';

/** The command over files: the anchor, and the witnesses that whoever verifies demands. */
describe('./wasl evidence verify', () => {
  const names = ['MA-TEST/GOV/A/gw1/witness', 'MA-TEST/GOV/B/gw1/witness', 'MA-TEST/GOV/C/gw1/witness'];
  const three = names.map((name) => openWitness(name, generateKeyPairSync('ed25519').privateKey));
  let dir: string;
  let world: World;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'wasl-evidence-command-'));
    world = await aWorld();
    await writeFile(join(dir, 'anchor.json'), JSON.stringify(world.instance.anchor));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  /** A file whose checkpoints the first `count` of three witnesses have signed. */
  async function cosigned(count: number): Promise<string> {
    const parts = anExchange(world);
    const sign = (note: string) => {
      const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
      return (
        note +
        three
          .slice(0, count)
          .map((one) => one.cosign(text, AT))
          .join('')
      );
    };
    const side = (one: typeof parts.consumer) => ({ ...one, checkpoint: sign(one.checkpoint) });
    const path = join(dir, `cosigned-${count}.json`);
    const file = { ...parts, consumer: side(parts.consumer), provider: side(parts.provider) };
    await writeFile(path, buildEvidence(file, sealerOf(world.consumer), AT));
    return path;
  }
  const verify = async (file: string, ...more: readonly string[]) =>
    evidenceCommand(['verify', file, '--anchor', join(dir, 'anchor.json'), ...more]);

  it('counts the witnesses of the policy that it is given, as the registry proposes one', async () => {
    const policy = proposedPolicy('MA-TEST', three);
    assert.equal(policy.required, 2);
    assert.deepEqual(unwrap(parseWitnessPolicy(JSON.stringify(policy))), policy);
    const path = join(dir, 'policy.json');
    await writeFile(path, JSON.stringify(policy));
    assert.equal(await verify(await cosigned(2), '--witnesses', path), 0);
    const one = await cosigned(1);
    await assert.rejects(verify(one, '--witnesses', path), /witnesses: .* of 1 known witnesses, 2 are required/);
    assert.equal(await verify(one), 0);
  });

  it('refuses a policy that is none, and one that is not there', async () => {
    const path = join(dir, 'wrong.json');
    await writeFile(path, '{"v":1}');
    await assert.rejects(verify(await cosigned(3), '--witnesses', path), /witnesses: the witness policy/);
    await assert.rejects(verify(await cosigned(3), '--witnesses', join(dir, 'nowhere.json')), /nowhere/);
  });

  it('is proposed without the same key twice, and demands nothing where there are no witnesses', () => {
    const [first] = three;
    const again = { vkey: first?.vkey ?? '' };
    assert.equal(proposedPolicy('MA-TEST', [again, again]).witnesses.length, 1);
    assert.deepEqual(proposedPolicy('MA-TEST', []), { v: 1, instance: 'MA-TEST', required: 0, witnesses: [] });
  });
});
