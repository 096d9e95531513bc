import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { portalEnv } from '@/scripts/portal'
import { root } from '@/scripts/processes'
import { commandArgs } from '@/tests/support/command'
import { testSecrets } from '@/tests/support/portal'
import { stackPerFile } from '@/tests/support/stack-per-file'

const fixture = stackPerFile({ WORKER: 'none' })

function run(args: string[]): Promise<{ code: number | null; said: string }> {
  const { portal, registry, database } = fixture.stack
  const settings = { databaseUrl: database.portalUrl, port: portal.port, registry, secrets: testSecrets }
  const child = spawn(process.execPath, [...commandArgs('scripts/import'), ...args], {
    cwd: root,
    env: portalEnv(settings) as unknown as NodeJS.ProcessEnv,
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part) => {
      said += part
    })
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, said })))
}

test('npm run import reads people and affiliations, saves nothing with --dry-run, and leaves doubts to people', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-import-'))
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  try {
    const roster = write('roster.csv', 'local_id,given_name,family_name\n001,Ada,Example\n')
    expect(await run(['people', '--file', roster])).toMatchObject({ code: 0, said: expect.stringContaining('1 added') })
    const items = write('items.csv', 'local_id,type,title,start\n001,employment,Dean,2021\n001,job,Dean,2021\n')
    const dry = await run(['affiliations', '--file', items, '--dry-run'])
    expect(dry).toMatchObject({ code: 0, said: expect.stringContaining('line 3: type not_a_type') })
    expect(await fixture.rows('select 1 from affiliation')).toEqual([])
    expect(await run(['affiliations', '--file', items])).toMatchObject({ code: 0 })
    expect(await fixture.rows('select title, state::text from affiliation')).toEqual([
      { title: 'Dean', state: 'waiting_for_person' },
    ])
    const near = write('near.csv', 'local_id,type,title,start\n001,employment,DEAN,2021-03\n')
    const doubtful = await run(['affiliations', '--file', near])
    expect(doubtful).toMatchObject({ code: 3, said: expect.stringContaining('1 perhaps the same') })
    expect((await run(['grants', '--file', near])).code).toBe(2)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
