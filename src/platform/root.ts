import { dirname, join } from 'node:path';

/** The folder of the checkout: where content, migrations and packages are. */
export const ROOT: string = join(dirname(import.meta.filename), '..', '..');
