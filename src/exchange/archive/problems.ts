import { Problem } from '../../kernel/index.ts';
import type { ArchivedBody } from './model.ts';

export const bodyErased = ({ erasedAt }: ArchivedBody): Problem =>
  new Problem(410, 'archived-body-erased', 'The body was erased', {
    detail: `It was erased at ${erasedAt?.toISOString()}; the proof of its exchange is whole.`,
  });

export const bodyDamaged = (state: 'damaged' | 'missing'): Problem =>
  new Problem(409, 'archived-body-damaged', 'The archived body is damaged', {
    detail:
      state === 'missing'
        ? 'Its file is not in the archive folder of this process; put it back from where files are backed up.'
        : 'Its file is not as it was written; put it back from where files are backed up.',
  });
