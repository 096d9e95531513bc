import { z } from 'zod'
import listed from './people.json' with { type: 'json' }
import { visibilitySchema } from './records/item'

export const RECORD_STATES = ['ok', 'merged', 'locked', 'deactivated'] as const

export const personSchema = z.strictObject({
  orcid: z.string().regex(/^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$/),
  given: z.string(),
  family: z.string(),
  creditName: z.string().nullable(),
  nameVisibility: z.enum(['public', 'private']),
  state: z.enum(RECORD_STATES),
  mergedInto: z.string().nullable(),
  email: z.string(),
  /** The visibility of items that organizations add; absent: everybody. */
  defaultVisibility: visibilitySchema.optional(),
  /** Signs in with a second factor; absent: with a password alone. */
  secondFactor: z.boolean().optional(),
  note: z.string(),
})

export type Person = z.infer<typeof personSchema>

export const PEOPLE: readonly Person[] = z.array(personSchema).parse(listed)

type RecordState = Pick<Person, 'state' | 'mergedInto'>
type Records = {
  people: ReadonlyMap<string, Person>
  store: { added: { people: ReadonlyMap<string, Person> }; recordStates: ReadonlyMap<string, RecordState> }
}

/** Everybody who has an iD here. */
export function everybody(registry: Records): Person[] {
  return [...registry.people.values(), ...registry.store.added.people.values()]
}

/** The person with the current state of the record, which may differ from people.json. */
export function personOf(registry: Records, orcid: string | null | undefined): Person | null {
  const person = registry.people.get(orcid ?? '') ?? registry.store.added.people.get(orcid ?? '')
  if (!person) return null
  const changed = registry.store.recordStates.get(person.orcid)
  return changed ? { ...person, state: changed.state, mergedInto: changed.mergedInto } : person
}

/** The name as its owner sees it, independent of its visibility; may be empty. */
export function ownName(person: Person): string {
  return person.creditName ?? `${person.given} ${person.family}`.trim()
}

/** `name` of the token answer. For a hidden name ORCID's code has "" and clients report `null`: both occur here. */
export function nameInTokenAnswer(person: Person): string | null {
  return person.nameVisibility === 'public' ? ownName(person) : null
}

/** The three name claims of userinfo and the id_token; `name` is the credit name only. */
export function publicNames(person: Person): { name: string | null; given: string | null; family: string | null } {
  if (person.nameVisibility !== 'public') return { name: null, given: null, family: null }
  return { name: person.creditName, given: person.given || null, family: person.family || null }
}
