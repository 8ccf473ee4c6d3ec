import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { type Config, readConfig } from './config.ts';
import { CommandRefusal } from './terminal.ts';

export type Options = {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
};

/** What an option held that may stand several times; the type of `values` does not tell them from the others. */
export const severalOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** Reads the words after a command; an unknown or incomplete option is one line, not a stack. */
export function readOptions(command: string, args: readonly string[], options: ParseArgsOptionsConfig): Options {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
    return parsed as unknown as Options;
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('. ')[0] ?? '') : '';
    throw new CommandRefusal(`${reason}; see ./wasl help ${command}`, 2);
  }
}

export function configFrom(values: Options['values']): Config {
  const given = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name.replace(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase()),
      typeof value === 'string' ? value : undefined,
    ]),
  );
  const config = readConfig(given, process.env);
  if (config.ok) return config.value;
  const { name, detail } = config.error;
  throw new CommandRefusal(`the setting "${name}" ${detail}`, 2);
}
