import type { IsoDate } from '../../kernel/index.ts';
import type { Procedure } from './procedure.ts';

/** What anybody with the address may see: who issued what, when, and whether it stands; never the person's name. */
export type PublicView =
  | {
      readonly kind: 'attestation';
      readonly procedure: Procedure;
      readonly number: string;
      readonly issuedOn: IsoDate;
      readonly status: 'valid' | 'replaced' | 'revoked' | 'expired';
      /** The last day on which it is valid, where it has one. */
      readonly validUntil: IsoDate | undefined;
      readonly holder: string;
      readonly pdf: { readonly ar: string; readonly fr: string };
      readonly jws: string;
    }
  | {
      readonly kind: 'receipt';
      readonly procedure: Procedure;
      readonly number: string;
      readonly filedAt: Date;
      readonly deadlineOn: IsoDate;
      readonly holder: string;
    };
