import type { ClientBase } from 'pg'

type KnownPerson = { number: string; given: string; family: string; email: string; department: string; orcid: string }

/** People of the local registry as the roster has them: three will be recognised, one under somebody else's name. */
const people: KnownPerson[] = [
  {
    number: 'hr-1001',
    given: 'Ada Quill',
    family: 'Example',
    email: 'ada.example@example.org',
    department: 'Mathematics',
    orcid: '0000-0099-9458-0735',
  },
  {
    number: 'hr-1002',
    given: 'J. S.',
    family: 'Carberry',
    email: 'josiah.carberry@example.org',
    department: 'Psychology',
    orcid: '0000-0002-1825-0097',
  },
  {
    number: 'hr-1003',
    given: 'Petra',
    family: 'Quiet',
    email: 'petra.quiet@example.org',
    department: 'Library',
    orcid: '0000-0099-9722-0030',
  },
  {
    number: 'hr-1004',
    given: 'Walter',
    family: 'Mismatch',
    email: 'w.mismatch@example.org',
    department: 'Law',
    orcid: '0000-0099-3236-405X',
  },
]

/** Adds them to the roster, once. */
export async function addKnownPeopleToRoster(client: ClientBase): Promise<void> {
  await client.query(
    `INSERT INTO person (local_id, given_name, family_name, email, department, known_orcid, kind, origin)
     SELECT number, given, family, email, department, orcid, 'staff', 'imported'
     FROM jsonb_to_recordset($1::jsonb)
       AS known (number text, given text, family text, email text, department text, orcid text)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(people)],
  )
}
