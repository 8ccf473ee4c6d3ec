import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shippedCatalogue } from '../../../test/support/procedures.ts';
import { canonicalJson } from '../../kernel/index.ts';
import { toCpsvAp } from './cpsv-ap.ts';

type Node = { readonly [key: string]: unknown };

const BASE = 'https://portal.example';

test('every procedure is a CPSV-AP public service with its mandatory properties, each text in Arabic and French', () => {
  for (const procedure of shippedCatalogue().published) {
    const service = toCpsvAp(procedure, BASE) as Node;
    assert.equal(service['@type'], 'cpsv:PublicService');
    assert.equal(service['@id'], `${BASE}/procedures/${procedure.id}`);
    for (const key of ['dct:identifier', 'dct:title', 'dct:description', 'cv:hasCompetentAuthority', 'cpsv:produces']) {
      assert.ok(service[key] !== undefined, `${procedure.id} ${key}`);
    }
    const languages = (service['dct:title'] as readonly Node[]).map((title) => title['@language']);
    assert.deepEqual(languages.slice(0, 2), ['ar', 'fr']);
    assert.ok(canonicalJson(toCpsvAp(procedure, BASE)).length > 500);
  }
});

test('an unknown fee is left out, a known one is in dirhams with its certainty', () => {
  const { current } = shippedCatalogue();
  const costOf = (id: string) => {
    const procedure = current(id);
    assert.ok(procedure);
    return (toCpsvAp(procedure, BASE) as Node)['cv:hasCost'];
  };
  assert.deepEqual(costOf('passeport-biometrique'), []);
  const [cost] = costOf('livret-famille') as readonly Node[];
  assert.deepEqual([cost?.['cv:hasValue'], cost?.['wasl:certainty']], [50, 'confirmed']);
});

test('the effect of silence and the basis of the delay stand in our own namespace', () => {
  const permit = shippedCatalogue().current('permis-construire');
  assert.ok(permit);
  const service = toCpsvAp(permit, BASE) as Node;
  assert.deepEqual(
    [service['wasl:silenceEffect'], service['wasl:deadlineBasis'], service['cv:processingTime']],
    ['acceptance', 'authority', 'P30D'],
  );
});
