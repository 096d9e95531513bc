import pg from 'pg'

const statements = [
  `insert into person (local_id, given_name, family_name, department, kind, origin)
   select 'hr-' || n, 'Somebody', 'Else', (array['Law', 'Physics', 'Faculty of Arts / History'])[1 + n % 3],
     (array['staff', 'student'])[1 + n % 2]::person_kind, 'imported' from generate_series(1, 60) n`,
  `insert into daily_figure (day, figure, dimension, value)
   select current_date - days, figure::figure, dimension, value
   from generate_series(1, 400, 9) days, unnest(array['', 'kind/staff', 'kind/student', 'department/Physics']) dimension,
     (values ('people', 30), ('people_connected', 12)) as figures (figure, value)`,
]

/** People who never connected, in three departments, and what was written of past days. */
export async function addRoster(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  for (const sql of statements) await client.query(sql)
  await client.end()
}
