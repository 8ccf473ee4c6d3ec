import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openLandRegister } from '../../../examples/land-register/server.ts';
import { parseOpenApi } from '../../exchange/index.ts';
import { ROOT } from '../../platform/index.ts';
import { CommandRefusal } from '../terminal.ts';
import type { Outside } from './sandbox.ts';

/** The service of a sandbox that was given none: an invented land register, of whose answers a commune may see a part. */
export async function openSample(): Promise<Outside & { close(): Promise<void> }> {
  const read = parseOpenApi(await readFile(join(ROOT, 'examples', 'land-register', 'openapi.yaml'), 'utf8'));
  if (!read.ok)
    throw new CommandRefusal(`the sample’s description is damaged: ${read.error.field} ${read.error.detail}`);
  const register = await openLandRegister(0);
  return {
    url: register.url,
    description: read.value,
    terms: {
      endpoints: [
        { method: 'GET', path: '/parcels' },
        { method: 'GET', path: '/parcels/*' },
      ],
      purposes: [
        {
          code: 'building-permit',
          text: {
            ar: 'دراسة طلب رخصة البناء',
            fr: 'Instruction d’une demande de permis de construire',
            en: 'Examining an application for a building permit',
          },
        },
      ],
      legalBasis: {
        ref: 'sample',
        text: {
          ar: 'اتفاقية خيالية للتجربة',
          fr: 'Convention fictive, pour essai',
          en: 'Invented agreement, for trying',
        },
      },
      fields: ['/number', '/commune', '/areaM2', '/parcels/*/number', '/parcels/*/commune'],
    },
    samples: [
      { method: 'GET', path: '/parcels/T-1001' },
      { method: 'GET', path: '/parcels?commune=Agdal' },
      { method: 'GET', path: '/parcels/T-9999' },
      { method: 'POST', path: '/statements', body: '{"number":"T-1001"}' },
    ],
    close: () => register.close(),
  };
}
