import pg from 'pg'

/** A system that may see people and their changes, without its form. Returns its id. */
export async function addSystemRow(databaseUrl: string, name = 'Staff pages'): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query(
      `with made as (
         insert into system (name, contact, operator, made_by_id)
         select $1, 'pages@example.org', 'institution', id from staff_member limit 1 returning id, made_by_id)
       insert into system_term (system_id, number, purpose_number, purpose, rights, scopes, made_by_id)
       select id, 1, 1, '{"en": "Shows your works."}', '{people:read,events:read}', '{/read-limited}', made_by_id from made
       returning system_id`,
      [name],
    )
    return rows[0].system_id
  } finally {
    await client.end()
  }
}
