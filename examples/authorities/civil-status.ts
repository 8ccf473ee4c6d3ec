import { findPerson } from './people.ts';
import { type RegisterService, type RunningService, runService, startService } from './service.ts';

/** Civil status: who was born where and to whom, and who belongs to a family. */
const civilStatus: RegisterService = {
  name: 'civil-status',
  openapi: 'civil-status.openapi.json',
  records: { 'birth-records': birthRecord, family },
};

export function startCivilStatus(options: { readonly port: number; readonly host?: string }): Promise<RunningService> {
  return startService(civilStatus, options);
}

function birthRecord(nationalId: string): object | undefined {
  const person = findPerson(nationalId);
  if (person === undefined) return undefined;
  const { birthRecord: act } = person;
  return {
    nationalId: person.nationalId,
    actNumber: act.actNumber,
    registerYear: act.registerYear,
    office: act.office,
    registeredOn: act.registeredOn,
    fullName: person.name,
    givenName: person.givenName,
    familyName: person.familyName,
    sex: person.sex,
    birthDate: person.birthDate,
    birthTime: act.birthTime,
    birthPlace: person.birthPlace,
    birthProvinceCode: person.birthProvinceCode,
    father: person.father,
    mother: person.mother,
    declarant: act.declarant,
    marginalNotes: act.marginalNotes,
  };
}

function family(nationalId: string): object | undefined {
  const person = findPerson(nationalId);
  if (person === undefined) return undefined;
  const { maritalStatus, spouses, children } = person;
  return { nationalId: person.nationalId, fullName: person.name, maritalStatus, spouses, children };
}

if (import.meta.main) await runService(civilStatus);
