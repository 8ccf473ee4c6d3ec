import { type RawBuilder, sql } from 'kysely';
import type { Role, Session } from './model.ts';
import { officesOf } from './rules.ts';

/**
 * The SQL condition "this column names an office in which the session holds the role", for lists and counts: rows
 * of other offices must not leave the database. Without the role it is false for every row.
 */
export function inOfficesOf(session: Session, role: Role, column: string): RawBuilder<boolean> {
  const offices = officesOf(session, role);
  if (offices.length === 0) return sql<boolean>`false`;
  return sql<boolean>`${sql.ref(column)} in (${sql.join(offices)})`;
}
