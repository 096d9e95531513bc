import { z } from 'zod'
import listed from './people.json' with { type: 'json' }

const personSchema = z.strictObject({
  orcid: z.string().regex(/^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$/),
  given: z.string(),
  family: z.string(),
  creditName: z.string().nullable(),
  nameVisibility: z.enum(['public', 'private']),
  state: z.enum(['ok', 'merged', 'locked', 'deactivated']),
  mergedInto: z.string().nullable(),
  email: z.string(),
  note: z.string(),
})

export type Person = z.infer<typeof personSchema>

export const PEOPLE: readonly Person[] = z.array(personSchema).parse(listed)

export function findPerson(orcid: string | null | undefined, among: readonly Person[] = PEOPLE): Person | null {
  return among.find((person) => person.orcid === orcid) ?? null
}

/** The name as its owner sees it, whatever its visibility; empty when the record has none. */
export function ownName(person: Person): string {
  return person.creditName ?? `${person.given} ${person.family}`.trim()
}

/** `name` of the token answer. ORCID's code says "" for a name that is not public, clients have met `null`: both occur here. */
export function nameInTokenAnswer(person: Person): string | null {
  return person.nameVisibility === 'public' ? ownName(person) : null
}

/** The three name claims of userinfo and of the id_token, where `name` is the credit name only. */
export function publicNames(person: Person): { name: string | null; given: string | null; family: string | null } {
  if (person.nameVisibility !== 'public') return { name: null, given: null, family: null }
  return { name: person.creditName, given: person.given || null, family: person.family || null }
}
