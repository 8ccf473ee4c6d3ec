import { type LocalText, plainLetters } from '../../kernel/index.ts';
import type { ListedMember } from '../trust/list-parts.ts';
import type { ServiceHead } from './views.ts';

export type CatalogueService = ServiceHead & {
  readonly member: ListedMember | undefined;
  readonly subsystem: ListedMember['subsystems'][number] | undefined;
};
export type CatalogueMember = ListedMember & { readonly services: readonly ServiceHead[] };

/** What everybody may know: who takes part, and what each offers. */
export type PublicCatalogue = {
  readonly instance: string;
  readonly members: readonly CatalogueMember[];
  readonly services: readonly CatalogueService[];
};

export function catalogueOf(
  instance: string,
  members: readonly ListedMember[],
  services: readonly ServiceHead[],
): PublicCatalogue {
  const byId = new Map(members.map((member) => [member.id, member]));
  const offered = Map.groupBy(services, memberIdOf);
  return {
    instance,
    members: members.map((member) => ({ ...member, services: offered.get(member.id) ?? [] })),
    services: services.map((service) => {
      const member = byId.get(memberIdOf(service));
      const code = service.service.split('/')[3];
      return { ...service, member, subsystem: member?.subsystems.find((one) => one.code === code) };
    }),
  };
}

const memberIdOf = ({ service }: ServiceHead): string => service.split('/', 3).join('/');

/** Those that hold every word of the query, in either language, however it is spelt. All of them for an empty one. */
export function findServices({ services }: PublicCatalogue, query: string): readonly CatalogueService[] {
  return services.filter(
    matches(query, ({ service, title, member, subsystem }) => [
      service,
      title,
      ...textsOf(member),
      ...textsOf(subsystem),
    ]),
  );
}

export function findMembers({ members }: PublicCatalogue, query: string): readonly CatalogueMember[] {
  return members.filter(
    matches(query, (member) => [
      member.id,
      ...textsOf(member),
      ...member.subsystems.flatMap((one) => [one.code, ...textsOf(one)]),
    ]),
  );
}

function matches<T>(query: string, textsIn: (one: T) => readonly string[]): (one: T) => boolean {
  const words = plainLetters(query)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  return (one) => {
    const text = plainLetters(textsIn(one).join(' '));
    return words.every((word) => text.includes(word));
  };
}

const textsOf = (one: { readonly name: LocalText } | undefined): readonly string[] =>
  one === undefined ? [] : Object.values(one.name);

export const PAGE_SIZE = 20;

/** Page numbers come from addresses: what is none is the first, what is too high the last. */
export function pageOf<T>(
  all: readonly T[],
  wanted: string,
  size = PAGE_SIZE,
): { readonly page: number; readonly total: number; readonly shown: readonly T[] } {
  const last = Math.max(1, Math.ceil(all.length / size));
  const page = Math.min(last, Math.max(1, Number(/^\d{1,6}$/.exec(wanted)?.[0] ?? 1)));
  return { page, total: all.length, shown: all.slice((page - 1) * size, page * size) };
}
