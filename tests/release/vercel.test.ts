import { execFile } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { root } from '@/scripts/processes'

// The package `vercel` builds without an account where the settings of a project are there.
const vercel = 'vercel@60.1.3'
const settings = { projectId: 'prj_none', orgId: 'team_none', settings: { framework: 'nextjs', nodeVersion: '22.x' } }
const run = promisify(execFile)
const directory = mkdtempSync(join(tmpdir(), 'concord-vercel-'))
const output = join(directory, '.vercel/output')

beforeAll(async () => {
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const file of stdout.split('\0').filter((name) => name && existsSync(join(root, name)))) {
    cpSync(join(root, file), join(directory, file))
  }
  mkdirSync(join(directory, '.vercel'))
  writeFileSync(join(directory, '.vercel/project.json'), JSON.stringify(settings))
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, VERCEL_TELEMETRY_DISABLED: '1' }
  const args = ['--yes', vercel, 'build', '--prod', '--yes', '--token', 'none']
  await run('npx', args, { cwd: directory, env: env as unknown as NodeJS.ProcessEnv, maxBuffer: 64 * 1024 * 1024 })
}, 1_800_000)

afterAll(() => rmSync(directory, { recursive: true }))

const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(output, ...path), 'utf8'))
const functionSchema = z.object({
  filePathMap: z.record(z.string(), z.string()).optional(),
})

/** Each function once, as many paths are links to one. */
function listFunctions() {
  const folder = join(output, 'functions')
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith('.func') && entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
  return names.map((path) => {
    const { filePathMap = {} } = functionSchema.parse(JSON.parse(readFileSync(join(path, '.vc-config.json'), 'utf8')))
    const own = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const files = [
      ...own.map((entry) => join(entry.parentPath, entry.name)),
      ...Object.values(filePathMap).map((file) => join(directory, file)),
    ]
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0)
    return { name: path.slice(folder.length), megabytes: Math.round(bytes / 1_048_576) }
  })
}

test('a build for Vercel has the timer, functions of at most 100 MB, and 60 seconds for the timer and the callback', () => {
  expect(read('config.json')).toMatchObject({ crons: [{ path: '/api/jobs', schedule: '* * * * *' }] })
  const functions = listFunctions()
  console.info(functions.map(({ name, megabytes }) => `${name} ${megabytes} MB`).join('\n'))
  expect(functions.length).toBeGreaterThan(0)
  for (const { megabytes } of functions) expect(megabytes).toBeLessThanOrEqual(100)
  for (const path of ['api/jobs', 'api/auth/callback/orcid']) {
    const config = JSON.parse(readFileSync(join(output, 'functions', `${path}.func`, '.vc-config.json'), 'utf8'))
    expect(config.maxDuration, path).toBe(60)
  }
})
