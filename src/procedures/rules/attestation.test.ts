import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circumstances, FILED_AT } from '../../../test/support/procedures.ts';
import type { IsoDate } from '../../kernel/index.ts';
import { validUntil } from './attestation.ts';

const lasting = (validMonths: number | undefined) => {
  const { procedure } = circumstances('certificat-residence', FILED_AT);
  return { ...procedure, attestation: { ...procedure.attestation, validMonths } };
};

test('an attestation is valid to the same day some months later, or to the last of a shorter month', () => {
  const cases: readonly (readonly [IsoDate, number, IsoDate])[] = [
    ['2026-11-23' as IsoDate, 3, '2027-02-23' as IsoDate],
    ['2026-11-30' as IsoDate, 3, '2027-02-28' as IsoDate],
    ['2027-11-30' as IsoDate, 3, '2028-02-29' as IsoDate],
    ['2026-12-31' as IsoDate, 1, '2027-01-31' as IsoDate],
    ['2026-01-31' as IsoDate, 13, '2027-02-28' as IsoDate],
  ];
  for (const [issued, months, until] of cases) assert.equal(validUntil(lasting(months), issued), until);
});

test('an attestation without a term has no end', () => {
  assert.equal(validUntil(lasting(undefined), '2026-11-23' as IsoDate), undefined);
});
