import pg from 'pg'

/**
 * Writes down calls about everybody in a database: of every purpose, with every outcome, short and long. None was made.
 */
export async function addCalls(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(
    `insert into orcid_call
       (at, actor_kind, purpose, researcher_id, method, path, outcome, status, error_code, latency_ms, tries)
     select now() - make_interval(hours => place::int), (array['system', 'staff', 'researcher']::actor_kind[])[1 + place % 3],
       (enum_range(null::call_purpose))[1 + place % 5], r.id, 'GET', '/' || r.orcid || '/invited-position/1234567',
       outcome, 200 + place, case when outcome = 'invalid' then 9049 end, 40 * place * place, 1 + place % 3
     from researcher r, unnest(enum_range(null::call_outcome)) with ordinality as each (outcome, place)
     order by place desc`,
  )
  await client.end()
}
