import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbeddedPostgres, startPostgres } from '@/scripts/postgres'
import { sharedTemporaryDirectory } from '@/scripts/postgres-system'

let directory: string
let server: EmbeddedPostgres

async function ask(sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows[0]?.[0]
  } finally {
    await client.end()
  }
}

beforeAll(async () => {
  directory = mkdtempSync(join(sharedTemporaryDirectory(), 'concord-test-'))
  server = await startPostgres({ directory })
  await ask('CREATE TABLE kept AS SELECT 42 AS answer')
})

afterAll(async () => {
  await server.stop()
  rmSync(directory, { recursive: true, force: true })
})

test('names itself, so that the portal can refuse to keep a production registry on it', async () => {
  expect(await ask('SHOW cluster_name')).toBe('concord_embedded')
})

test('listens on this machine only, and its password is for us only', async () => {
  expect(await ask('SHOW listen_addresses')).toBe('127.0.0.1')
  expect(statSync(join(directory, 'password')).mode & 0o777).toBe(0o600)
  const wrong = Object.assign(new URL(server.url), { password: 'wrong' }).toString()
  await expect(new pg.Client({ connectionString: wrong }).connect()).rejects.toThrow('password authentication failed')
})

test('takes letters of every script for letters', async () => {
  expect(await ask("SELECT lower('ÑÄ ЖΩ')")).toBe('ñä жω')
  await ask('CREATE EXTENSION IF NOT EXISTS pg_trgm')
  expect(await ask("SELECT array_length(show_trgm('日本'), 1)")).toBeGreaterThan(0)
})

test('a second server on the same data is refused by name', async () => {
  await expect(startPostgres({ directory })).rejects.toThrow(/Another PostgreSQL \(process \d+\) is using/)
})

test('keeps what it holds when it is stopped, and when it is killed', async () => {
  await server.stop()
  server = await startPostgres({ directory })
  expect(await ask('SELECT answer FROM kept')).toBe(42)
  await server.kill()
  server = await startPostgres({ directory, port: server.port })
  expect(await ask('SELECT answer FROM kept')).toBe(42)
})
