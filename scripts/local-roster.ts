import type { ClientBase } from 'pg'

/** People of the local registry as the roster has them: three will be recognised, one under somebody else's name. */
const people = [
  ['hr-1001', 'Ada Quill', 'Example', 'ada.example@example.org', 'Mathematics', '0000-0099-9458-0735'],
  ['hr-1002', 'J. S.', 'Carberry', 'josiah.carberry@example.org', 'Psychology', '0000-0002-1825-0097'],
  ['hr-1003', 'Petra', 'Quiet', 'petra.quiet@example.org', 'Library', '0000-0099-9722-0030'],
  ['hr-1004', 'Walter', 'Mismatch', 'w.mismatch@example.org', 'Law', '0000-0099-3236-405X'],
]

/** Adds them to the roster, once. */
export async function addKnownPeopleToRoster(client: ClientBase): Promise<void> {
  const [localIds, given, family, emails, departments, orcids] = people[0]?.map((_, column) =>
    people.map((person) => person[column]),
  ) as string[][]
  await client.query(
    `INSERT INTO person (local_id, given_name, family_name, email, department, known_orcid, kind, origin)
     SELECT *, 'staff', 'imported' FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
     ON CONFLICT DO NOTHING`,
    [localIds, given, family, emails, departments, orcids],
  )
}
