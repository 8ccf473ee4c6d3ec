import { findPerson } from './people.ts';
import { type RegisterService, type RunningService, runService, startService } from './service.ts';

/** National security's identity register: the holders of identity cards, with their addresses. */
const identityRegister: RegisterService = {
  name: 'identity-register',
  openapi: 'identity-register.openapi.json',
  records: { persons },
};

export function startIdentityRegister(options: {
  readonly port: number;
  readonly host?: string;
}): Promise<RunningService> {
  return startService(identityRegister, options);
}

function persons(nationalId: string): object | undefined {
  const person = findPerson(nationalId);
  if (person === undefined) return undefined;
  return {
    nationalId: person.nationalId,
    fullName: person.name,
    givenName: person.givenName,
    familyName: person.familyName,
    sex: person.sex,
    birthDate: person.birthDate,
    birthPlace: person.birthPlace,
    birthProvinceCode: person.birthProvinceCode,
    nationality: person.nationality,
    address: person.address,
    parents: { father: person.father.fullName, mother: person.mother.fullName },
    maritalStatus: person.maritalStatus,
    occupation: person.occupation,
    phone: person.phone,
    card: person.card,
    biometrics: person.biometrics,
    lastUpdatedOn: person.lastUpdatedOn,
  };
}

if (import.meta.main) await runService(identityRegister);
