import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isFailure, renewGateway, verifyProof } from '../../src/exchange/index.ts';
import { LANGUAGES, unwrap } from '../../src/kernel/index.ts';
import { evidenceCommand } from '../../src/main/commands/evidence.ts';
import { exportLedgerPart } from '../../src/main/commands/evidence-ledger.ts';
import { fileOf, SEAL_FILE, writeManifest } from '../../src/main/commands/evidence-manifest.ts';
import { callOperator, type GatewayDoors } from '../../src/main/parts/operator-call.ts';
import { ABROAD, type FederatedExchange, startFederated } from '../support/federated.ts';
import { sendRaw, type TestGateway } from '../support/gateways.ts';

/** Two registries that trust each other, a gateway of each, and what their exchanges prove to a third person. */
describe('evidence of exchanges between two instances', () => {
  let all: FederatedExchange;
  let dir: string;
  const ids = { answered: '', refused: '' };
  const paths = { here: '', there: '' };
  before(async () => {
    all = await startFederated();
    dir = await mkdtemp(join(tmpdir(), 'wasl-federated-'));
    for (const name of ['here', 'there'] as const) {
      paths[name] = join(dir, `${name}.json`);
      await writeFile(paths[name], JSON.stringify(all[name].registry.keys.anchor));
    }
    ids.answered = await send('/AB123456', [], 200);
    ids.refused = await send('/AB123456', [['wasl-purpose', 'curiosity']], 403);
  });
  after(async () => {
    await all?.close();
    await rm(dir, { recursive: true, force: true });
  });

  const anchors = () => [all.here.registry.keys.anchor, all.there.registry.keys.anchor] as const;
  const headersOf = ({ token }: TestGateway) => ({ headers: { authorization: `Bearer ${token}` } });
  async function send(path: string, more: readonly (readonly [string, string])[], status: number): Promise<string> {
    const headers = [['x-road-client', all.client] as const, ...more];
    const answer = await sendRaw(all.consumer.gateway.url, { path: `/r1/${all.service}${path}`, headers });
    assert.equal(answer.status >= 400, status >= 400, answer.text);
    const listed = await fetch(`${all.consumer.gateway.url}/operator/v1/exchanges`, headersOf(all.consumer));
    const { exchanges } = (await listed.json()) as { exchanges: { exchange: string }[] };
    return exchanges[0]?.exchange ?? '';
  }
  const refusalOf = (bytes: Uint8Array, given: Parameters<typeof verifyProof>[1]) => {
    const result = verifyProof(bytes, given);
    return result.ok ? 'accepted' : `${result.error.step}: ${result.error.detail}`;
  };

  it('is exported by either party, below 20 KB, and holds by the anchor of each instance', async () => {
    for (const from of [all.consumer, all.provider]) {
      for (const id of [ids.answered, ids.refused]) {
        const bytes = await from.gateway.exportEvidence(id);
        assert.ok(bytes.length < 20_000, `${bytes.length} bytes`);
        const report = unwrap(verifyProof(bytes, anchors()));
        assert.equal(isFailure(report), id === ids.refused);
        assert.equal(report.consumer.instance, 'MA-TEST');
        assert.equal(report.provider?.instance, ABROAD);
        assert.equal(report.seal.by, from.server);
        assert.equal(report.instance, from.server.split('/')[0]);
      }
    }
  });

  it('is refused under one of the two, which names the other instance and what to do', async () => {
    for (const id of [ids.answered, ids.refused]) {
      const bytes = await all.consumer.gateway.exportEvidence(id);
      const [here, there] = anchors();
      assert.match(refusalOf(bytes, here), /^anchor: \/provider is of the instance XX-TEST: its anchor is needed too/);
      assert.match(refusalOf(bytes, there), /^anchor: the file is of the instance MA-TEST, the anchor of XX-TEST/);
      const swapped = [
        { ...there, instance: 'MA-TEST' },
        { ...here, instance: ABROAD },
      ];
      assert.match(refusalOf(bytes, swapped), /^statements: /);
    }
  });

  it('is verified by command with an anchor for each, and told in each language', async () => {
    const file = join(dir, 'evidence.json');
    await writeFile(file, await all.consumer.gateway.exportEvidence(ids.answered));
    const verify = (...more: readonly string[]) => evidenceCommand(['verify', file, ...more]);
    for (const language of LANGUAGES)
      assert.equal(await verify('--anchor', paths.here, '--anchor', paths.there, '--language', language), 0);
    await assert.rejects(verify('--anchor', paths.here), /anchor: \/provider is of the instance XX-TEST/);
    assert.equal(
      await evidenceCommand(['page', '--out', join(dir, 'p.html'), '--anchor', paths.here, '--anchor', paths.there]),
      0,
    );
  });

  it('is checked on the page of either gateway by both anchors, of which one is what the trust list says of the other’s', async () => {
    for (const one of [all.consumer, all.provider]) {
      const shown = await fetch(`${one.gateway.url}/en/verify`);
      const page = await shown.text();
      const data = /<script[^>]*id="data-anchors"[^>]*>(.*?)<\/script>/s.exec(page)?.[1] ?? '[]';
      const held = (JSON.parse(data) as { instance: string }[]).map(({ instance }) => instance);
      assert.deepEqual(held.toSorted(), ['MA-TEST', ABROAD]);
    }
  });

  it('of a period is whole under both anchors, and its seal under that of its own gateway', async () => {
    const [gateway, out] = [doorsOf(all.provider), await mkdtemp(join(dir, 'period-'))];
    const period = { from: '2020-01-01T00:00:00.000Z', until: '2100-01-01T00:00:00.000Z', service: undefined };
    const exchanges = await exportLedgerPart(gateway, out, period);
    assert.ok(exchanges.length >= 2);
    for (const { exchange } of exchanges)
      await writeFile(join(out, fileOf(exchange)), await all.provider.gateway.exportEvidence(exchange));
    const head = { gateway: gateway.server, from: period.from, until: period.until, service: null };
    const manifest = await writeManifest(out, { ...head, exchanges, missing: [] });
    const seal = await callOperator<object>(gateway, 'POST', '/evidence/seal', { manifest });
    await writeFile(join(out, SEAL_FILE), JSON.stringify(seal));
    const verify = (...given: readonly string[]) =>
      evidenceCommand(['verify', out, '--complete', ...given.flatMap((one) => ['--anchor', one])]);
    assert.equal(await verify(paths.here, paths.there), 0);
    assert.equal(await verify(paths.there), 1);
  });

  it('of before a renewal is sealed with the later key, and names who vouches for it', async () => {
    for (const [one, registry] of [
      [all.consumer, all.here],
      [all.provider, all.there],
    ] as const) {
      const approve = (id: string) =>
        void fetch(new URL(`/registry/v1/requests/${id}/approve`, registry.server.url), {
          method: 'POST',
          headers: { authorization: `Bearer ${registry.operatorToken}`, 'content-type': 'application/json' },
          body: '{}',
        });
      const keys = await renewGateway({
        registryUrl: registry.server.url,
        dir: one.dir,
        server: one.server,
        clock: () => new Date(),
        randomBytes,
        waitMs: 20_000,
        onWaiting: approve,
      });
      await one.trust.refresh();
      one.gateway.keyring.take(keys);
    }
    for (const registry of [all.here, all.there])
      await fetch(new URL('/registry/v1/federation/refresh', registry.server.url), {
        method: 'POST',
        headers: { authorization: `Bearer ${registry.operatorToken}` },
      });
    for (const one of [all.consumer, all.provider]) await one.trust.refresh();
    for (const from of [all.consumer, all.provider]) {
      for (const id of [ids.answered, ids.refused]) {
        const bytes = await from.gateway.exportEvidence(id);
        assert.ok(bytes.length < 20_000, `${bytes.length} bytes`);
        assert.equal(unwrap(verifyProof(bytes, anchors())).seal.by, from.server);
        assert.equal(JSON.parse(bytes.toString()).sealer !== undefined, true);
      }
    }
  });

  const doorsOf = ({ gateway, server, token }: TestGateway) =>
    ({ url: gateway.url, server, operatorToken: token, ledger: gateway.ledger }) as unknown as GatewayDoors;
});
