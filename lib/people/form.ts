import { z } from 'zod'
import { pathSeparator } from '@/lib/list/department'
import type { NewAppointment, NewPerson } from '@/lib/people/commands'
import { isBefore, parseFuzzyDate } from '@/lib/people/fuzzy-date'
import { personKinds } from '@/lib/people/person'

export const personFields = [
  'local_id',
  'given_name',
  'family_name',
  'email',
  'department',
  'kind',
  'title',
  'start',
  'end',
  'language',
  'confidential',
] as const
export type PersonField = (typeof personFields)[number]

/** As typed. */
export type TypedPerson = Partial<Record<PersonField, string>>

export type PersonFaultCode =
  | 'missing'
  | 'too_long'
  | 'bad_characters'
  | 'not_an_address'
  | 'not_a_date'
  | 'not_a_kind'
  | 'not_a_language'
  | 'end_before_start'
  | 'local_id_taken'
  | 'objected'
  | 'erased'
export type PersonFault = { field: PersonField; code: PersonFaultCode }

const charsMax = 200
const longest: Partial<Record<PersonField, number>> = { title: 1_000 }
const hasControls = (text: string) => /[\p{Cc}\p{Cs}\u2028\u2029\ufffd]/u.test(text)

type Parsed = NewPerson & { appointment: NewAppointment }

/** Parses the form for a person. Every fault is at its field. */
export function parsePerson(typed: TypedPerson): { person: Parsed } | { faults: PersonFault[] } {
  const faults: PersonFault[] = []
  const add = (field: PersonField, code: PersonFaultCode) => faults.push({ field, code })
  const read = (field: PersonField): string | null => {
    const text = (typed[field] ?? '').normalize('NFC').replace(/\s+/gu, ' ').trim()
    if ([...text].length > (longest[field] ?? charsMax)) add(field, 'too_long')
    else if (hasControls(text)) add(field, 'bad_characters')
    else return text || null
    return null
  }
  const readDate = (field: 'start' | 'end'): string | null => {
    const text = read(field)
    const date = text && parseFuzzyDate(text)
    if (text && !date) add(field, 'not_a_date')
    return date
  }
  const names = { localId: read('local_id'), givenName: read('given_name'), familyName: read('family_name') }
  if (!names.localId && !names.familyName && faults.length === 0) add('family_name', 'missing')
  const email = read('email')
  if (email && !z.email().safeParse(email).success) add('email', 'not_an_address')
  const department = toPath(read('department'))
  const kind = personKinds.find((each) => each === typed.kind)
  if (!kind) add('kind', 'not_a_kind')
  const language = read('language')
  if (language && !/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(language)) add('language', 'not_a_language')
  const title = read('title')
  const [startOn, endOn] = [readDate('start'), readDate('end')]
  if (startOn && endOn && isBefore(endOn, startOn)) add('end', 'end_before_start')
  if (faults.length > 0 || !kind) return { faults }
  const confidential = typed.confidential === 'yes'
  return {
    person: { ...names, email, department, kind, language, confidential, appointment: { title, startOn, endOn } },
  }
}

/** One way to write a path: `Faculty of Science / Physics`. */
function toPath(text: string | null): string | null {
  const parts = text?.split('/').map((part) => part.trim())
  return parts?.filter(Boolean).join(pathSeparator) || null
}
