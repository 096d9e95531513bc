import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { portalEnv } from '@/scripts/portal'
import { startProcess } from '@/scripts/processes'
import { commandArgs } from '@/tests/support/command'
import { createTestDatabase } from '@/tests/support/database'
import { testSecrets } from '@/tests/support/portal'

export type ImportFigures = { rows: number; newS: number; againS: number; aboveIdleMb: number; said: string }

const header = 'local_id,given_name,family_name,email,department,kind,title,start\r\n'
const line = (n: number) =>
  `hr-${n},Given${n % 997},Family${n % 9_973},person${n}@example.org,Department ${n % 60},staff,Lecturer,2020-01-15\r\n`

/** Imports a roster of so many people by `npm run import`, and the same file again. Idle is the command with one row. */
export async function importRoster(rows: number): Promise<ImportFigures> {
  const database = await createTestDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'concord-bench-'))
  const registry = { url: 'http://127.0.0.1:9', clientId: 'APP-BENCH', clientSecret: 'b6c7a1d4-not-asked' }
  const env = portalEnv({ databaseUrl: database.portalUrl, port: 9, registry, secrets: testSecrets })
  const importFile = (name: string, count: number) => {
    const file = join(folder, name)
    writeFileSync(file, header + Array.from({ length: count }, (_, index) => line(index + 1)).join(''))
    return run([...commandArgs('scripts/import'), 'people', '--file', file], env)
  }
  try {
    const idle = await importFile('one.csv', 1)
    const first = await importFile('all.csv', rows)
    const again = await importFile('all.csv', rows)
    const peakMb = Math.max(first.peakMb, again.peakMb)
    return { rows, newS: first.seconds, againS: again.seconds, aboveIdleMb: peakMb - idle.peakMb, said: first.said }
  } finally {
    rmSync(folder, { recursive: true })
    await database.drop()
  }
}

async function run(args: string[], env: ReturnType<typeof portalEnv>) {
  const startedAt = Date.now()
  const command = startProcess({ name: 'The import', args, env })
  let peakMb = 0
  const timer = setInterval(() => {
    peakMb = Math.max(peakMb, residentMb(command.pid))
  }, 50)
  const ended = await command.ended
  clearInterval(timer)
  const said = command.lines.join(' ')
  if (ended !== 'exit code 0') throw new Error(`The import ended with ${ended}: ${said}`)
  return { seconds: (Date.now() - startedAt) / 1_000, peakMb, said }
}

/** The most that a process has had in memory, as Linux counts it; 0 once it is gone. */
function residentMb(pid: number | undefined): number {
  try {
    const [, kb] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kb ?? 0) / 1_024
  } catch {
    return 0
  }
}
