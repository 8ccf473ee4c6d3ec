import { readOptions } from '../options.ts';
import { buildProgram, PROGRAM } from '../parts/program.ts';
import { print } from '../terminal.ts';

/** `./wasl build`: what `./wasl` runs from then on, until a source changes. */
export async function buildCommand(args: readonly string[]): Promise<number> {
  readOptions('build', args, {});
  const { bytes } = await buildProgram(PROGRAM);
  print(`built ${(bytes / 1_048_576).toFixed(1)} MB; ./wasl runs it until a source changes, then the sources again`);
  return 0;
}
