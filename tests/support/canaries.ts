import pg from 'pg'
import type { Visitor } from '@/tests/support/visitor'

type Places = Record<string, string>

/** A secret as it is, and as it would look in another coat. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  // Base64 of a text in the middle of another begins at one of three places; the ends depend on what is beside it.
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(4, -4),
  )
  return [secret, encodeURIComponent(secret), bytes.toString('hex'), ...base64, JSON.stringify(secret).slice(1, -1)]
}

/** Where which of the secrets was found, as sentences; empty when nowhere. */
export function findSecrets(secrets: Record<string, string>, places: Places): string[] {
  return Object.entries(places).flatMap(([place, text]) =>
    Object.entries(secrets)
      .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form)))
      .map(([name]) => `${name} is in ${place}`),
  )
}

/** Every row of every table as text, and every byte of every table's and index's file, dead rows included. */
export async function dumpDatabase(url: string): Promise<Places> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
        WHERE schemaname IN ('public', 'graphile_worker')`,
    )
    const contents: string[] = []
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
      contents.push(...rows.map(({ row }) => row))
    }
    await client.query('CHECKPOINT')
    const { rows: files } = await client.query<{ bytes: Buffer }>(
      `SELECT pg_read_binary_file(pg_relation_filepath(oid)) AS bytes FROM pg_class
        WHERE relkind IN ('r', 'i', 't', 'S') AND relfilenode <> 0 AND relnamespace::regnamespace::text
              IN ('public', 'graphile_worker', 'pg_toast')`,
    )
    return {
      'the dump': contents.join('\n'),
      'the files': files.map(({ bytes }) => bytes.toString('latin1')).join('\n'),
    }
  } finally {
    await client.end()
  }
}

/** What a browser received, apart from what the registry sent it: that is where codes come from. */
export const receivedBy = (visitors: Visitor[]): string => visitors.flatMap(({ received }) => received).join('\n')
