import { Gauge } from '../../platform/index.ts';
import type { GatewayContext } from '../gateway/model.ts';
import { type ArchiveCounts, countArchive } from './store.ts';

const FRESH_MS = 60_000;

/** How much is kept, since when, and whether erasing keeps up. Counted at most once a minute, whoever asks. */
export function archiveGauges({ db, clock, measures }: GatewayContext): void {
  let counted: { readonly at: number; readonly counts: Promise<ArchiveCounts> } | undefined;
  const counts = (): Promise<ArchiveCounts> => {
    const now = clock();
    if (counted === undefined || now.getTime() - counted.at >= FRESH_MS)
      counted = { at: now.getTime(), counts: countArchive(db.read, now) };
    return counted.counts;
  };
  const gauge = (name: string, help: string, read: (counts: ArchiveCounts) => number) =>
    new Gauge({
      name,
      help,
      registers: [measures.registry],
      async collect() {
        const value = await counts()
          .then(read)
          .catch(() => undefined);
        if (value === undefined) this.reset();
        else this.set(value);
      },
    });
  gauge('wasl_archive_bodies', 'Bodies of messages that are kept', ({ bodies }) => bodies);
  gauge('wasl_archive_bytes', 'Bytes of these bodies before encryption', ({ bytes }) => bytes);
  gauge('wasl_archive_overdue', 'Bodies past their date that are not erased yet', ({ overdue }) => overdue);
  gauge('wasl_archive_oldest_seconds', 'When the oldest body was kept, in seconds since 1970', ({ oldestAt }) =>
    oldestAt === null ? 0 : Math.floor(oldestAt.getTime() / 1000),
  );
}
